"""Findings about rankings: agreement, ties, circles, place, length, orders left as they were, dimensions alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from . import thresholds as t
from .findings import Finding
from .page import Name, Text
from .undefined import why_no_agreement, why_no_length, why_no_position
from .wording import Fig, Numbers, coefficient, count, of_n, percent, share

__all__ = ["found"]

_NAMED = 3


def found(numbers: Numbers) -> Iterator[Finding]:
    """Those of each dimension, then those between dimensions."""
    answers = sum(job["answers"] for job in numbers["jobs"]) or 1
    for number, dimension in enumerate(numbers["dimensions"], start=1):
        section = f"dimension-{number}"
        for check in (_agreement, _position, _untouched, _longer, _ties, _circles):
            yield from check(dimension, section)
        yield from _annotators(dimension, section, answers)
    yield from _halo(numbers)


def _agreement(dimension: Numbers, section: str) -> Iterator[Finding]:
    alpha, name = dimension["alpha_pair_verdicts"], Name(dimension["name"])
    if alpha["value"] is None:
        text: Text = ("How far annotators agree on ", name, " cannot be said: ", why_no_agreement(dimension), ".")
        advice = "Let several people answer the same items; two answers each to a hundred items say a lot."
        yield Finding("unknown", 0, text, advice, section)
        return
    value, low, high = alpha["value"], alpha["low"], alpha["high"]
    numbers = f": alpha {coefficient(alpha)}, {of_n(alpha)} {alpha['of']}."
    if low is not None and low <= 0:
        text = ("On ", name, f" agreement {'cannot be told from' if high >= 0 else 'is below that of'} chance", numbers)
    elif value >= t.TENTATIVE.value:
        how = "strongly" if value >= t.RELIABLE.value else "well"
        yield Finding("fine", 0, (f"Annotators agree {how} on ", name, numbers), "", section)
        return
    else:
        text = (f"Annotators agree {'weakly' if value < t.WEAK.value else 'moderately'} on ", name, numbers)
    advice = (
        "Read items with opposite answers together, and say in the instructions what decides. Until then collect more "
        "answers to each item, and train on pairs that a clear majority backs."
    )
    yield Finding("wrong", min(1 - value, 1), text, advice, section)


def _position(dimension: Numbers, section: str) -> Iterator[Finding]:
    position, name = dimension["position"], Name(dimension["name"])
    first = position["first_shown_preferred"]
    if first["value"] is None:
        text: Text = ("Whether the place on the screen matters for ", name, " cannot be said: ")
        advice = "Set shuffle_responses in the task; the order is then recorded in each answer."
        yield Finding("unknown", 0, (*text, why_no_position(dimension), "."), advice, section)
        return
    distance = _beyond_half(first)
    if distance < t.POSITION.value:
        text = ("On ", name, " the place on the screen hardly matters: the response shown earlier is preferred in ")
        yield Finding("fine", 0, (*text, f"{share(first)} of the pairs, {of_n(first)}."), "", section)
        return
    which, figure = ("earlier", first) if first["value"] > 0.5 else ("later", _others(first))
    text = ("On ", name, f" the response shown {which} is preferred in {share(figure)} of the pairs, {of_n(first)}.")
    if position["shown_at_random"]:
        advice = (
            "Keep the order random for each annotator, so that the pull falls on all responses alike; look for "
            "annotators who read the first response only, and show fewer or shorter responses at a time."
        )
    else:
        advice = (
            "The responses were not shown in random order, so this may as well be what they deserve. Shuffle them "
            "(shuffle_responses in the task) before anything is concluded from it."
        )
    yield Finding("wrong", 2 * distance, text, advice, section)


def _untouched(dimension: Numbers, section: str) -> Iterator[Finding]:
    untouched, name = dimension["untouched"], Name(dimension["name"])
    if untouched is None or untouched["share"]["value"] is None:
        return
    figure, chance = untouched["share"], untouched["chance"]
    surplus = (figure["value"] if figure["low"] is None else figure["low"]) - chance
    numbers = (
        f"{share(figure)} of the orders are as they were shown, where chance gives {percent(chance)}, {of_n(figure)}."
    )
    if surplus < t.UNTOUCHED.value:
        yield Finding("fine", 0, ("On ", name, f" {numbers}"), "", section)
        return
    advice = (
        "Somebody confirms lists without touching them: the table of annotators says who. Ask them, send these answers "
        "back, or leave them out."
    )
    yield Finding("wrong", figure["value"] - chance, ("On ", name, f" {numbers}"), advice, section)


def _longer(dimension: Numbers, section: str) -> Iterator[Finding]:
    longer, name = dimension["longer"]["longer_preferred"], Name(dimension["name"])
    if longer["value"] is None:
        text: Text = ("Whether length matters for ", name, f" cannot be said: {why_no_length(dimension)}.")
        yield Finding("unknown", 0, text, "", section)
        return
    distance = _beyond_half(longer)
    if distance < t.LONGER.value:
        text = ("On ", name, f" the longer response is preferred in {share(longer)} of the pairs, {of_n(longer)}.")
        yield Finding("fine", 0, text, "", section)
        return
    which, figure, learns = (
        ("longer", longer, "length") if longer["value"] > 0.5 else ("shorter", _others(longer), "brevity")
    )
    text = ("On ", name, f" the {which} response is preferred in {share(figure)} of the pairs, {of_n(longer)}.")
    advice = (
        f"A reward model can learn {learns} in place of quality. See how it grows with the difference in length; "
        "balance the pairs by length, or compare responses of about the same length."
    )
    yield Finding("wrong", 2 * distance, text, advice, section)


def _ties(dimension: Numbers, section: str) -> Iterator[Finding]:
    ties, name = dimension["ties"], Name(dimension["name"])
    if ties["value"] is None or ties["value"] < t.TIES.value:
        return
    text: Text = ("On ", name, f" {share(ties)} of the compared pairs are ties, {of_n(ties)}.")
    advice = (
        "Ties give no preference pairs. If the responses really are alike, sample ones that differ more; if not, say "
        "in the instructions when a tie is meant."
    )
    yield Finding("wrong", ties["value"] / 2, text, advice, section)


def _circles(dimension: Numbers, section: str) -> Iterator[Finding]:
    circles, name = dimension["majority_cycles"], Name(dimension["name"])
    if circles["value"] is None or circles["value"] < t.CYCLES.value:
        return
    text: Text = ("On ", name, f" the majority runs in a circle in {share(circles)} of the items, {of_n(circles)}.")
    advice = (
        "No order is the majority's there: build with --consensus kemeny, which leaves such pairs out, or collect more "
        "answers to these items."
    )
    yield Finding("wrong", circles["value"], text, advice, section)


def _annotators(dimension: Numbers, section: str, answers: int) -> Iterator[Finding]:
    name, people = Name(dimension["name"]), dimension["annotators"]
    agreed, tied = dimension["verdict_agreement"], dimension["ties"]
    apart = [one for one in people if _beyond(one["agreement"], agreed) < 0]
    if apart:
        who = _who(apart, "agrees", "agree")
        text: Text = (
            "On ",
            name,
            f" {who} much less with the others than is usual ({percent(agreed['value'])}): ",
            *_names(apart),
        )
        advice = (
            "Read some of their answers: a misunderstanding can be cleared up, and a view that others do not share can "
            "be right. Leave nobody out for disagreeing alone."
        )
        yield Finding("wrong", _share_of(apart, answers), (*text, "."), advice, section)
    odd = [one for one in people if _beyond(one["ties"], tied)]
    if odd:
        who = _who(odd, "ties", "tie")
        text = ("On ", name, f" {who} far more or less often than is usual ({percent(tied['value'])}): ", *_names(odd))
        advice = "Say in the instructions when two responses are as good as each other, with examples."
        yield Finding("wrong", _share_of(odd, answers) / 2, (*text, "."), advice, section)


def _beyond(figure: Fig, pooled: Fig) -> int:
    """On which side (-1, 1) the interval stands out from the figure of all; 0 if it does not."""
    if figure["low"] is None or pooled["value"] is None:
        return 0
    above = figure["low"] > pooled["value"] + t.STANDS_OUT.value
    return int(above) - int(figure["high"] < pooled["value"] - t.STANDS_OUT.value)


def _who(people: Sequence[Numbers], one: str, several: str) -> str:
    return f"one annotator {one}" if len(people) == 1 else f"{count(len(people))} annotators {several}"


def _names(people: Sequence[Numbers]) -> Text:
    parts: list[Name | str] = []
    for one in people[:_NAMED]:
        parts += [Name(one["name"], 30), ", "]
    return (*parts[:-1], *([f" and {count(len(people) - _NAMED)} more"] if len(people) > _NAMED else []))


def _share_of(people: Sequence[Numbers], answers: int) -> float:
    return float(sum(one["answers"] for one in people) / answers)


def _halo(numbers: Numbers) -> Iterator[Finding]:
    for pair in numbers["halo"]:
        tau, same = pair["tau_b"], pair["same_order"]
        if tau["value"] is None or tau["value"] < t.HALO.value:
            continue
        one, other = (Name(name) for name in pair["dimensions"])
        text: Text = (one, " and ", other, f" say nearly the same: tau-b {coefficient(tau)} within an answer")
        text = (*text, f"; {share(same)} of the answers give both the same order, {of_n(same)}.")
        advice = (
            "Either one of them is enough, or people copy one to the other. Ask about one at a time, or define them so "
            "that they can differ; do not count both as evidence."
        )
        yield Finding("wrong", tau["value"] / 2, text, advice, "halo")


def _others(figure: Numbers) -> Numbers:
    """The share of all others."""
    low, high = figure["low"], figure["high"]
    ends = {"low": None, "high": None} if low is None else {"low": 1 - high, "high": 1 - low}
    return {**figure, "value": 1 - figure["value"], **ends}


def _beyond_half(figure: Fig) -> float:
    """How far the share is from one half; 0 if its interval holds one half, or there is none."""
    if figure["low"] is None or figure["low"] <= 0.5 <= figure["high"]:
        return 0.0
    return float(abs(figure["value"] - 0.5))
