"""The options of `dataset build` that make a dataset what it is. Builds nothing."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import wraps
from typing import Any

import click

from ...converters.datasets.options import CHOICES, CONFIGS

__all__ = ["build_options"]


def _number(value: str, option: str) -> Fraction:
    try:
        return Fraction(value)
    except (ValueError, ZeroDivisionError):
        raise click.BadParameter(f"{value!r} is no number", param_hint=option) from None


def _weights(ctx: click.Context, option: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, Fraction], ...]:
    found = []
    for value in values:
        name, equals, number = value.rpartition("=")  # a name may hold an equals sign, a number does not
        if not equals or not name:
            raise click.BadParameter(f"{value!r} is not NAME=NUMBER", param_hint="--weights")
        found.append((name, _number(number, "--weights")))
    return tuple(found)


def _threshold(ctx: click.Context, option: click.Parameter, value: str | None) -> Fraction | None:
    return None if value is None else _number(value, "--threshold")


def _configs(ctx: click.Context, option: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.strip() for value in values for name in value.split(","))


def _choice(name: str, help: str) -> Callable[[Any], Any]:
    choices = CHOICES[name]
    return click.option(f"--{name}", type=click.Choice(choices), default=choices[0], show_default=True, help=help)


_OPTIONS = (
    click.option(
        "--config",
        "configs",
        multiple=True,
        callback=_configs,
        metavar="NAME[,NAME...]",
        help=f"Only these of {', '.join(CONFIGS)}. [default: all that the answers allow; ties only with --ties config]",
    ),
    click.option(
        "--dimension",
        "dimensions",
        multiple=True,
        metavar="NAME",
        help="Only this dimension. Repeatable. [default: all]",
    ),
    _choice(
        "aggregate",
        "Several dimensions: each its own config; weighted: one, by the weighted mean of each annotator's mid-ranks; "
        "pareto: one, of the pairs on which no dimension disagrees.",
    ),
    click.option(
        "--weights",
        multiple=True,
        callback=_weights,
        metavar="NAME=NUMBER",
        help="The weight of a dimension, for --aggregate weighted; one for each.",
    ),
    _choice(
        "consensus",
        "Several annotators: majority: their votes on each pair; none: each one's own pairs; borda, kemeny: one order "
        "for them all, of which the pairs are kept that no majority is against.",
    ),
    _choice("pairs", "Which pairs of an item's responses."),
    _choice("ties", "What becomes of ties, which are never chosen and rejected: dropped, or a config of their own."),
    click.option(
        "--near-duplicates",
        type=float,
        metavar="RATIO",
        help="Make no pair of responses that are so similar, 0 to 1. [default: of equal ones only]",
    ),
    _choice(
        "margin",
        "Add a column `margin`, which reward trainers act on: rank: by how much of the item's scale the chosen one is "
        "ranked better; vote: by what share of the votes.",
    ),
    click.option(
        "--threshold",
        callback=_threshold,
        metavar="T",
        help="unpaired: responses within T of the best possible rank (0 to 0.5 of the scale) are desirable, within T "
        "of the worst undesirable. [default: the best and the worst of each item]",
    ),
    _choice(
        "preset", "The trainer whose columns preference, unpaired, sft and prompts get; the card shows how to use them."
    ),
    _choice("format", "Lists of messages, or plain texts (presets trl and trl-implicit)."),
    _choice("context", "Questions and answers: what the model is given beside the question; none is closed-book."),
    _choice("direction", "Questions and answers: whether the model is to answer the question, or to ask it."),
    click.option(
        "--test-size", type=float, default=0.1, show_default=True, help="The share of prompts in the test split."
    ),
    click.option("--seed", type=int, default=0, show_default=True, help="Decides which prompts are in the test split."),
    click.option(
        "--pseudonym-key", metavar="FILE", help="The key for annotators' pseudonyms. [default: one of your own]"
    ),
    click.option("--no-fields", is_flag=True, help="Leave out the items' other fields (ids and the like of your own)."),
)


def build_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that say what to build; the command gets one ``chosen``, a BuildOptions."""

    @wraps(command)
    def with_choices(*args: Any, pseudonym_key: str | None, no_fields: bool, **more: Any) -> Any:
        from ...converters.datasets.options import BuildOptions
        from ..outputs.pseudonym_key import pseudonym_key as read_key

        names = {*CHOICES, "configs", "dimensions", "weights", "near_duplicates", "threshold", "test_size", "seed"}
        chosen = {name: more.pop(name) for name in names}
        options = BuildOptions(pseudonym_key=read_key(pseudonym_key), fields=not no_fields, **chosen)
        return command(*args, chosen=options, **more)

    made: Callable[..., Any] = with_choices
    for option in reversed(_OPTIONS):
        made = option(made)
    return made
