"""The options of every command that reads a job's output: what the output does not tell of itself. Opens nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from ...converters.foreign_projects.mapping import KEYS as MAP_KEYS
from ...converters.formats.reading import KEYS, RANK_ENCODINGS, Reading
from ...converters.judged_datasets.shapes import SHAPES
from ..manifests.hub_datasets import Selection
from ..outputs.options import ONLY, JobOutputOptions
from .common import label_studio_options, storage_options

__all__ = ["dataset_options", "job_output_options", "refs_option"]

# An equals sign may be part of a name in S3, so the place after it must look like one.
_PLACE = re.compile(r"=(?=s3://|file://|\.{0,2}/|~|\.{1,2}$)")


def _moves(ctx: click.Context, option: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple(_move(value) for value in values)


refs_option = click.option(
    "--refs",
    "moves",
    multiple=True,
    callback=_moves,
    metavar="FROM[=TO]",
    help="Files outside the job's own folder are not read, unless a manifest refers to them beneath FROM. With TO, "
    "they lie there now (TO begins with s3://, / or ./). Repeatable.",
)

_DATASET_OPTIONS = (
    click.option("--hub-config", metavar="NAME", help="Which configuration of a dataset."),
    click.option(
        "--split", metavar="NAME", help="Which split of a dataset; train+test are both. [default: the only one]"
    ),
    click.option(
        "--revision", metavar="REVISION", help="Which revision of a dataset on the Hub. [default: the newest]"
    ),
    click.option(
        "--dataset-shape",
        "shape",
        type=click.Choice(SHAPES),
        help="What the columns of a dataset of judgements are. [default: what they look like]",
    ),
)


def dataset_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that say how to read a dataset: ``hub_config``, ``split``, ``revision`` and ``shape``."""
    for option in reversed(_DATASET_OPTIONS):
        command = option(command)
    return command


_OPTIONS = (
    click.option(
        "--task",
        "task_file",
        metavar="FILE",
        help="The task definition; of a Label Studio project that gtbridge did not make, its labeling config. "
        "[default: the job's own]",
    ),
    click.option(
        "--label-attribute",
        metavar="NAME",
        help="Which labels to read, where the lines of a manifest carry those of several jobs.",
    ),
    click.option(
        "--rank-encoding",
        type=click.Choice(RANK_ENCODINGS),
        default="rank",
        show_default=True,
        help="What the numbers of a ranking are. rank: the rank of each response, 1 is best. zero-based: the same, 0 "
        "is best. order: the numbers of the responses from best to worst, 1 is the first response. order-zero-based: "
        "the same, 0 is the first response.",
    ),
    click.option(
        "--element",
        metavar="NAME",
        help="Which answers to read, where the annotators' form had several elements: the name of one.",
    ),
    click.option(
        "--key-map",
        "key_map",
        multiple=True,
        metavar="KEY=NAME",
        help=f"Where questions and answers stand under names that are not recognised: NAME is the file's name for KEY, "
        f"which is one of {', '.join(KEYS)}. Repeatable.",
    ),
    click.option(
        "--map",
        "mapping",
        multiple=True,
        metavar="KEY=VALUE",
        help=f"What the labeling config of a Label Studio project that gtbridge did not make does not tell; what is "
        f"missing is asked for by name. Repeatable. {'; '.join(MAP_KEYS)}.",
    ),
    click.option(
        "--only",
        type=click.Choice(ONLY),
        help="Of a Label Studio project with reviews: only the answers whose last review accepts them.",
    ),
    refs_option,
    click.option(
        "--allow-missing",
        is_flag=True,
        help="Go on where answer files are missing or damaged; the report names them.",
    ),
    dataset_options,
    label_studio_options,
)


def job_output_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that say how to read job outputs; the command gets one ``opening``, a JobOutputOptions.

    Among them is the Label Studio that ``label-studio:NAME`` is on, as ``opening.label_studio`` (URL, API key), and how
    S3 is reached.
    """

    @wraps(command)
    def with_opening(
        *args: Any,
        task_file: str | None,
        label_attribute: str | None,
        rank_encoding: Any,
        element: str | None,
        key_map: tuple[str, ...],
        moves: tuple[tuple[str, str], ...],
        allow_missing: bool,
        mapping: tuple[str, ...],
        only: Any,
        label_studio_url: str | None,
        api_key: str | None,
        hub_config: str | None,
        split: str | None,
        revision: str | None,
        shape: Any,
        **more: Any,
    ) -> Any:
        opening = JobOutputOptions(
            task=task_file,
            label_attribute=label_attribute,
            reading=Reading(rank_encoding, element, _keys(key_map)),
            moves=moves,
            allow_missing=allow_missing,
            label_studio=(label_studio_url, api_key),
            selection=Selection(hub_config, split, revision),
            shape=shape,
            mapping=mapping,
            only=only,
        )
        return command(*args, opening=opening, **more)

    made = storage_options(with_opening)
    for option in reversed(_OPTIONS):
        made = option(made)
    return made


def _keys(given: tuple[str, ...]) -> dict[str, str]:
    keys: dict[str, str] = {}
    for value in given:
        key, _, name = value.partition("=")
        if key not in KEYS or not name:
            raise _wrong("--key-map", f"{value!r} is not KEY=NAME, with KEY one of {', '.join(KEYS)}")
        if key in keys:
            raise _wrong("--key-map", f"{key} is given twice")
        keys[key] = name
    return keys


def _move(value: str) -> tuple[str, str]:
    begin, *end = _PLACE.split(value, maxsplit=1)
    if not begin or (not end and "=" in value):
        raise _wrong("--refs", f"{value!r} is not FROM or FROM=TO, with a TO that begins with s3://, / or ./")
    return begin, end[0] if end else begin


def _wrong(option: str, message: str) -> click.BadParameter:
    return click.BadParameter(message, param_hint=option)
