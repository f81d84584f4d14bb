"""Numbers of an audit in which nothing stands out, changes that make something stand out, and what is then said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from audit_numbers import audit_numbers, figure

from gtbridge.plugin.reports.findings import Findings, findings
from gtbridge.plugin.reports.page import plain
from gtbridge.plugin.reports.wording import for_terminal

Numbers = dict[str, Any]
Change = Callable[[Numbers], None]


def quiet(dimensions: tuple[str, ...] = ("Help",), *, questions: bool = False) -> Numbers:
    """Numbers in which nothing stands out."""
    numbers = audit_numbers(dimensions, annotators=("a", "b"), models=(), questions=questions)
    for job in numbers["jobs"]:
        job.update(items=240, items_answered=240, declined=0, invalid=0)
    for dimension in numbers["dimensions"]:
        dimension["alpha_pair_verdicts"] = figure(0.9, "pairs")
        dimension["verdict_agreement"] = figure(0.9, "pairs of verdicts")
        dimension["ties"] = figure(0.1, "verdicts")
        dimension["majority_cycles"] = figure(0.0)
        dimension["position"]["first_shown_preferred"] = figure(0.5, "pairs")
        dimension["longer"]["longer_preferred"] = figure(0.5, "pairs")
        dimension["untouched"] = {"share": figure(0.05, "answers"), "chance": 1 / 24}
        for one in dimension["annotators"]:
            one.update(agreement=figure(0.9, "pairs of verdicts"), ties=figure(0.1, "verdicts"), answers=240)
    for pair in numbers["halo"]:
        pair["tau_b"] = figure(0.3, "answers")
    numbers["answers"]["too_fast"]["share"] = figure(0.0, "answers")
    if questions:
        numbers["questions"]["duplicates"]["share"] = figure(0.0, "questions")
        numbers["questions"]["coverage"]["by_part"] = [figure(0.4)] * 10
    return numbers


def sentences(found: Findings, kind: str = "wrong") -> list[str]:
    groups = getattr(found, kind)
    ones = groups if kind == "fine" else [one for group in groups for one in group.found]
    return [for_terminal(plain(one.text)).replace("\u202f", " ") for one in ones]


def changed(change: Change, **more: Any) -> Findings:
    numbers = quiet(**more)
    change(numbers)
    return findings(numbers)


def of_alpha(value: float, n: int = 240, half: float = 0.06) -> Change:
    return of_dimension(alpha_pair_verdicts=figure(value, "pairs", n, half))


def of_circles(value: float) -> Change:
    return of_dimension(majority_cycles=figure(value, half=0.02))


def of_duplicates(value: float) -> Change:
    return of_questions(duplicates={"share": figure(value, "questions", half=0.01), "groups": [], "near": 0})


def of_dimension(**values: Any) -> Change:
    return lambda numbers: numbers["dimensions"][0].update(values)


def of_position(value: float, **more: Any) -> Change:
    return lambda n: n["dimensions"][0]["position"].update(
        first_shown_preferred=figure(value, "pairs", half=0.02), **more
    )


def of_ties(value: float) -> Change:
    """Of all, and of everybody."""

    def change(numbers: Numbers) -> None:
        for entry in (numbers["dimensions"][0], *numbers["dimensions"][0]["annotators"]):
            entry["ties"] = figure(value, "verdicts")

    return change


def of_longer(value: float) -> Change:
    return lambda n: n["dimensions"][0]["longer"].update(longer_preferred=figure(value, "pairs", half=0.02))


def of_job(**values: Any) -> Change:
    return lambda numbers: numbers["jobs"][0].update(values)


def of_annotator(**values: Any) -> Change:
    return lambda numbers: numbers["dimensions"][0]["annotators"][1].update(values)


def of_untouched(value: float) -> Change:
    return of_dimension(untouched={"share": figure(value, "answers", half=0.02), "chance": 1 / 24})


def of_halo(value: float) -> Change:
    same = figure(0.7, "answers", 200)
    return lambda numbers: numbers["halo"][0].update(tau_b=figure(value, "answers", half=0.02), same_order=same)


def of_questions(**values: Any) -> Change:
    return lambda numbers: numbers["questions"].update(values)


def of_last_tenth(value: float) -> Change:
    parts = [*[figure(0.6, half=0.02)] * 9, figure(value, n=120, half=0.02)]
    return lambda numbers: numbers["questions"]["coverage"].update(by_part=parts)


def of_too_fast(value: float) -> Change:
    return lambda numbers: numbers["answers"]["too_fast"].update(share=figure(value, "answers", 250, 0.02))
