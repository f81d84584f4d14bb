"""Whether what the user says fits the labeling config: are there such controls, can that be said of them?"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ...label_configs.errors import InputError
from .compared import SCORES
from .config import Config, ControlTag
from .mapping import ProjectMapping

__all__ = ["check_mapping"]


def check_mapping(mapping: ProjectMapping, config: Config) -> None:
    """InputError if ``mapping`` names a control, bucket or option that ``config`` does not have, and then says which
    there are; or if it says of one what cannot be said of it, such as anything at all of a control to ignore.

    Keys of the data are not checked: a task may hold more than its config shows.
    """
    controls = [control.name for control in config.controls]
    for name in mapping.ignored:
        if name not in controls:  # one repetition of a control is not left out by itself
            raise _unknown(config, name, "control", controls)
    named = [
        *(control for group in mapping.dimensions.values() for control in group),
        *filter(None, [mapping.tags, mapping.answer if mapping.answer != "section" else None]),
    ]
    for name in named:
        _control(config, mapping, name)
    for head, said, fits, what in _ABOUT_CONTROLS:
        for name in said(mapping):
            if not fits(_control(config, mapping, name)):
                raise InputError(f"--map {head}:{name} cannot be said: {name!r} is no {what}", source=config.source)
    buckets = [bucket.name for control in config.controls for bucket in control.buckets]
    for name in mapping.buckets:
        if name not in buckets and not (buckets and name == "_"):
            raise _unknown(config, name, "bucket", buckets)
    every_option = [option for control in config.controls for option in control.options]
    options = [text for option in every_option for text in (option.stored, option.value)]
    for name in mapping.choices:
        if name not in options and not any(control.key for control in config.controls):
            raise _unknown(config, name, "choice", options)


def _control(config: Config, mapping: ProjectMapping, name: str) -> ControlTag:
    control = config.control(name)
    if control is None:
        raise _unknown(config, name, "control", [control.name for control in config.controls])
    if config.without(mapping.ignored).control(name) is None:
        raise InputError(f"--map says to ignore {name!r}, and what it means; choose one", source=config.source)
    return control


def _unknown(config: Config, name: str, what: str, known: Iterable[str]) -> InputError:
    there = ", ".join(dict.fromkeys(known)) or "none"
    return InputError(
        f"--map names the {what} {name!r}, which is not in the config; there are: {there}", source=config.source
    )


_ABOUT_CONTROLS: tuple[
    tuple[str, Callable[[ProjectMapping], Iterable[str]], Callable[[ControlTag], bool], str], ...
] = (
    ("within", lambda mapping: mapping.within, lambda control: bool(control.buckets), "Ranker with buckets"),
    ("rest", lambda mapping: mapping.rest, lambda control: control.kind == "choices", "Choices"),
    ("better", lambda mapping: mapping.lower, lambda control: control.kind in SCORES, "Rating or Number"),
    (
        "middle",
        lambda mapping: mapping.middle,
        lambda control: control.kind in SCORES and len(control.to_names) == 2,
        "Rating or Number of two responses at once",
    ),
)
