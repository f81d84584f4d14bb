"""Judged items -> the configs of a dataset, split by split. Routes rows to writers; knows neither paths nor servers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import IO, Any

import regex

from ...label_configs.errors import InputError, MissingError
from ...label_configs.tasks import TextRanking
from ..formats.manifest import other_fields
from ..ledger import Ledger
from . import annotation, preference, ranking, sft
from .parquet import SplitWriter
from .rows import JobItem, Pseudonyms, split_of

__all__ = ["CONFIGS", "BuildOptions", "Built", "BuiltConfig", "build", "config_names"]

FEATURES = {
    "preference": preference.FEATURES,
    "ranking": ranking.FEATURES,
    "sft": sft.FEATURES,
    "annotations": annotation.FEATURES,
}
CONFIGS = tuple(FEATURES)
CONSENSUS = ("majority", "none")
_LONGEST_ENDING = 60  # bytes: a file name has at most 255, and `datasets` locks files named after path and config


@dataclass(frozen=True)
class BuildOptions:
    """What to build. Empty ``configs`` are all that the answers allow, empty ``dimensions`` all of the task's.

    ``fields`` says whether ``ranking`` and ``annotations`` carry the items' other fields along.
    """

    pseudonym_key: bytes = field(repr=False)
    configs: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    consensus: str = "majority"
    test_size: float = 0.1
    seed: int = 0
    fields: bool = True


@dataclass
class Built:
    """A dataset as written: its configs, and who gave the answers that count."""

    configs: list[BuiltConfig] = field(default_factory=list)
    annotators: set[str] = field(default_factory=set)
    answers: int = 0
    simulated: int = 0


@dataclass
class BuiltConfig:
    """One config as written: its name, its ``datasets`` features, and rows and bytes of each split that has rows."""

    name: str
    kind: str
    features: Any
    rows: dict[str, int] = field(default_factory=dict)
    bytes: dict[str, int] = field(default_factory=dict)


def build(
    items: Iterable[JobItem],
    dimensions: Sequence[str],
    options: BuildOptions,
    open_shard: Callable[[str, str, int], IO[bytes]],
    ledger: Ledger,
) -> Built:
    """Write all rows through ``open_shard(config, split, number)`` and say what was written.

    ``dimensions`` are the names of all dimensions that the items' tasks have. Items and answers that give no rows go
    into ``ledger``. MissingError if an option asks for a dimension that is not among them, InputError if an option
    is none.
    """
    _check(options, dimensions)
    names = Pseudonyms(options.pseudonym_key)
    wanted = tuple(dict.fromkeys(options.dimensions or dimensions))
    built = Built()
    suffixes = config_names(wanted) if len(wanted) > 1 else dict.fromkeys(wanted, "")
    with ExitStack() as stack:
        writers: dict[tuple[str, str], Any] = {}
        kinds: dict[str, str] = {}
        for job_item in items:
            _count(job_item, ledger)
            built.annotators.update(names.of(answer) for answer in job_item.judged.valid)
            built.answers += len(job_item.judged.valid)
            built.simulated += sum(answer.worker.simulated for answer in job_item.judged.valid)
            split = split_of(job_item.item.text, options.seed, options.test_size)
            for kind, config, row in _rows(job_item, suffixes, options, names, ledger):
                if (config, split) not in writers:
                    writers[config, split] = stack.enter_context(_writer(kind, config, split, open_shard))
                    kinds[config] = kind
                writers[config, split].write(row)
    ledger.check()
    built.configs = _configs(writers, kinds)
    return built


def _writer(kind: str, config: str, split: str, open_shard: Callable[[str, str, int], IO[bytes]]) -> Any:
    return SplitWriter(FEATURES[kind], lambda number: open_shard(config, split, number))


def _configs(writers: dict[tuple[str, str], Any], kinds: dict[str, str]) -> list[BuiltConfig]:
    configs: dict[str, BuiltConfig] = {}
    for (config, split), writer in writers.items():
        entry = configs.setdefault(config, BuiltConfig(config, kinds[config], writer.features))
        entry.rows[split], entry.bytes[split] = writer.rows, writer.bytes
    return sorted(configs.values(), key=lambda config: CONFIGS.index(config.kind))


def _check(options: BuildOptions, dimensions: Sequence[str]) -> None:
    for name in options.dimensions:
        if name not in dimensions:
            known = ", ".join(dimensions) or "none"
            raise MissingError(f"no dimension is called {name!r}; the answers have {known}")
    for name in options.configs:
        if name not in CONFIGS:
            raise InputError(f"{name!r} is no config; choose from {', '.join(CONFIGS)}")
    if options.consensus not in CONSENSUS:
        raise InputError(f"{options.consensus!r} is no consensus; choose from {', '.join(CONSENSUS)}")
    if not 0 <= options.test_size < 1:
        raise InputError(f"a test size of {options.test_size} is not between 0 and 1")


def _count(job_item: JobItem, ledger: Ledger) -> None:
    judged, place = job_item.judged, job_item.place
    ledger.enter("items")
    if judged.valid:
        ledger.leave("items")
    else:
        answered = judged.declined or judged.invalid or judged.superseded
        unanswered = "not labelled" if job_item.failure is None else "that the labeling job failed to label"
        ledger.drop("items", "without a valid answer" if answered else unanswered, place)
    for answers, reason in (
        (judged.declined, "declined"),
        (judged.superseded, "superseded by the same worker"),
    ):
        for _ in answers:
            ledger.enter("answers")
            ledger.drop("answers", reason, place)
    for _, broken in judged.invalid:
        ledger.enter("answers")
        ledger.drop("answers", "invalid", f"{place}: {broken[0]}")
    ledger.enter("answers", len(judged.valid))
    ledger.leave("answers", len(judged.valid))


def _rows(
    job_item: JobItem, suffixes: dict[str, str], options: BuildOptions, names: Pseudonyms, ledger: Ledger
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(kind, config name, row) for each row of the item."""
    wanted, task = options.configs or CONFIGS, job_item.definition
    ranked = task.dimensions if isinstance(task, TextRanking) and job_item.judged.valid else ()
    for dimension in (entry.name for entry in ranked if entry.name in suffixes):
        suffix = suffixes[dimension]
        if "preference" in wanted:
            for row in preference.preference_rows(job_item, dimension, options.consensus, names, ledger):
                yield "preference", f"preference{suffix}", row
        if "sft" in wanted:
            for row in sft.best_response_rows(job_item, dimension, ledger):
                yield "sft", f"sft{suffix}", row
    fields = other_fields(job_item.item) if options.fields else None
    if "ranking" in wanted:
        for row in ranking.ranking_rows(job_item, names, fields):
            yield "ranking", "ranking", row
    if "sft" in wanted:
        for row in sft.question_rows(job_item, names, ledger):
            yield "sft", "sft", row
    if "annotations" in wanted:
        for row in annotation.annotation_rows(job_item, names, fields):
            yield "annotations", "annotations", row


def config_names(dimensions: Sequence[str]) -> dict[str, str]:
    """The ending of each dimension's configs: ``-Helpfulness``.

    What a config name or folder cannot hold becomes ``-``, long names are cut, and names that would then be equal are
    numbered.
    """
    endings: dict[str, str] = {}
    for dimension in dimensions:
        short = regex.sub(r"[^\w\p{M}.]+", "-", dimension).encode()[:_LONGEST_ENDING].decode(errors="ignore")
        base = "-" + (short.strip("-.") or "dimension")
        ending, copy = base, 2
        while ending.casefold() in (taken.casefold() for taken in endings.values()):
            ending, copy = f"{base}-{copy}", copy + 1
        endings[dimension] = ending
    return endings
