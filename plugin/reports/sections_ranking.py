"""The sections about rankings: each dimension, and what the dimensions have in common."""

from __future__ import annotations

from collections.abc import Iterator

from . import charts_ranking as charts
from .page import Name, Part, Section, Table, Text
from .tables import FIGURE_HEADS, figure_cells
from .undefined import why_no_agreement, why_no_length, why_no_position, why_not_untouched
from .wording import Fig, Numbers, decimals, percent, plural

__all__ = ["ranking_sections"]


def ranking_sections(numbers: Numbers) -> Iterator[Section]:
    """An overview where there are several dimensions, a section for each, and one for how they go together."""
    dimensions = numbers["dimensions"]
    if len(dimensions) > 1:
        yield _overview(numbers)
    for number, dimension in enumerate(dimensions, start=1):
        yield _dimension(dimension, f"dimension-{number}")
    if dimensions:
        yield _halo(numbers)


def _overview(numbers: Numbers) -> Section:
    return Section("agreement", ("Agreement on each dimension",), charts=(charts.alphas(numbers["dimensions"]),))


def _dimension(dimension: Numbers, section: str) -> Section:
    ties = "may be tied" if dimension["allow_tie"] else "may not be tied"
    position = dimension["position"]
    known = "No answer records the order in which they were shown."
    if position["orders_known"]:
        order = "random" if position["shown_at_random"] else "not random"
        part = "all" if position["orders_known"] == 1 else f"{percent(position['orders_known'])} of the"
        known = f"The order shown is recorded in {part} answers, and was {order}."
    about = (
        f"{plural(dimension['items'], 'item')} with {plural(dimension['answers'], 'answer')} by "
        f"{plural(len(dimension['annotators']), 'annotator')}; responses {ties}. {known}"
    )
    return Section(
        section,
        ("Dimension ", Name(dimension["name"])),
        ((about,),),
        (_figures(dimension),),
        tuple(charts.of_dimension(dimension, section)),
    )


def _figures(dimension: Numbers) -> Table:
    rows = tuple(
        (what, *figure_cells(figure, shares=shares), why if figure["value"] is None else meaning)
        for what, figure, shares, meaning, why in _rows(dimension)
    )
    return Table("Agreement and biases", ("measure", *FIGURE_HEADS, "what it says"), rows)


def _rows(dimension: Numbers) -> Iterator[tuple[Part, Fig, bool, str, str]]:
    """(measure, figure, whether it is a share, what it says, why it has no value)"""
    apart = f"Not defined: {why_no_agreement(dimension)}."
    one = "1 is full agreement, 0 what chance gives."
    yield "alpha_pair_verdicts", dimension["alpha_pair_verdicts"], False, f"Krippendorff, better or worse. {one}", apart
    yield "alpha_midranks", dimension["alpha_midranks"], False, f"Krippendorff, places from 0 to 1. {one}", apart
    together, chance = dimension["kendall_w_annotators"], dimension["kendall_w_chance"]
    said = "" if chance is None else f"Items that {together} annotators ranked whole; chance gives {decimals(chance)}."
    several = f"Not defined: {why_no_agreement(dimension)}."
    if dimension["alpha_midranks"]["value"] is not None:
        several = "Not defined: no item was ranked whole by several annotators who do not tie everything."
    yield "kendall_w", dimension["kendall_w"], False, said, several
    yield "mean_spearman", dimension["mean_spearman"], False, "Mean rank correlation, from kendall_w.", several
    tied = (
        apart if dimension["alpha_pair_verdicts"]["value"] is None else "Not defined: one of any two ties everything."
    )
    yield "tau_b", dimension["tau_b"], False, "Mean over two annotators of an item; −1 is the opposite order.", tied
    same = "Two annotators say the same of a pair: first, second or tie."
    yield "verdict_agreement", dimension["verdict_agreement"], True, same, apart
    yield (
        "ties",
        dimension["ties"],
        True,
        "Pairs that an annotator ties.",
        "Not defined: nobody compared two responses.",
    )
    circles = "Items whose majority prefers a to b, b to c and c to a."
    yield "majority_cycles", dimension["majority_cycles"], True, circles, "Not defined: no item with three responses."
    if dimension["tie_parameter"] is not None:
        nu = "Davidson's: how readily equals are tied. 0 is never."
        yield "tie_parameter", dimension["tie_parameter"], False, nu, "Not defined: no models were compared."
    first = dimension["position"]["first_shown_preferred"]
    shown = "Of two responses the one shown earlier is preferred; 50 % without bias."
    yield "first_shown_preferred", first, True, shown, f"Not known: {why_no_position(dimension)}."
    yield _untouched(dimension)
    longer = dimension["longer"]["longer_preferred"]
    words = "Of two responses the one with more words is preferred."
    yield "longer_preferred", longer, True, words, f"Not known: {why_no_length(dimension)}."


def _untouched(dimension: Numbers) -> tuple[Part, Fig, bool, str, str]:
    untouched = dimension["untouched"]
    why = f"Not known: {why_not_untouched(dimension)}."
    if untouched is None:
        nothing = {"value": None, "low": None, "high": None, "n": 0, "of": "answers"}
        return "untouched", nothing, True, "", why
    said = f"Orders that are as they were shown; chance gives {percent(untouched['chance'])}."
    return "untouched", untouched["share"], True, said, why


def _halo(numbers: Numbers) -> Section:
    heading: Text = ("How the dimensions go together",)
    pairs = numbers["halo"]
    if not pairs:
        only: Text = ("There is one dimension: nothing to compare it with.",)
        return Section("halo", heading, (only,))
    rows = [((Name(pair["dimensions"][0], 30), Name(pair["dimensions"][1], 30)), pair) for pair in pairs]
    cells = tuple(
        (*names, *figure_cells(pair["tau_b"], shares=False), *figure_cells(pair["same_order"], shares=True))
        for names, pair in rows
    )
    heads = ("one", "other", "tau-b", "95 % interval", "n", "same order", "95 % interval", "n")
    about: Text = (
        f"{plural(len(pairs), 'pair')} of dimensions, compared within each answer: tau-b, from −1 (opposite orders) to "
        "1 (the same), and the share of answers with exactly the same order, ties included.",
    )
    table = Table("Dimensions two by two", heads, cells)
    return Section("halo", heading, (about,), (table,), (charts.halo(numbers),))
