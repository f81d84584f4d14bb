"""Findings about answers of either kind: who gave them, how many count, how fast they came; and about questions."""

from __future__ import annotations

from collections.abc import Iterator

from . import thresholds as t
from .findings import Finding
from .page import Text
from .wording import Numbers, count, decimals, of_n, percent, plural, share

__all__ = ["found"]


def found(numbers: Numbers) -> Iterator[Finding]:
    """Those of all answers together, then those of questions and answers."""
    for check in (_simulated, _left_out, _few, _unanswered, _too_fast):
        yield from check(numbers)
    if numbers["questions"] is not None:
        yield from _duplicates(numbers["questions"])
        yield from _uneven(numbers["questions"])


def _sum(numbers: Numbers, key: str) -> int:
    return int(sum(job[key] for job in numbers["jobs"]))


def _simulated(numbers: Numbers) -> Iterator[Finding]:
    simulated, answers = _sum(numbers, "simulated"), _sum(numbers, "answers")
    if simulated:
        which = "All answers" if simulated == answers else f"{count(simulated)} of {plural(answers, 'answer')}"
        text: Text = (f"{which} are simulated: a program gave them.",)
        advice = "What this page says of them is said of that program. Do not train on them."
        yield Finding("wrong", 1, text, advice, "jobs")


def _left_out(numbers: Numbers) -> Iterator[Finding]:
    declined, invalid = _sum(numbers, "declined"), _sum(numbers, "invalid")
    whole = _sum(numbers, "answers") + declined + invalid
    if not whole:
        return
    part = (declined + invalid) / whole
    if not declined + invalid:
        yield Finding(
            "fine", 0, (f"All answers count, {count(whole)} of them: none was declined or breaks a rule.",), "", "jobs"
        )
        return
    text: Text = (
        f"{count(declined + invalid)} of {plural(whole, 'answer')} ({percent(part)}) do not count: "
        f"{count(declined)} declined, {count(invalid)} invalid.",
    )
    if part < t.LEFT_OUT.value:
        yield Finding("fine", 0, text, "", "jobs")
        return
    advice = (
        "The ledger of the export names the rules that were broken; the table of annotators, whose answers they are. "
        "Send invalid answers back (job export --requeue), and read why items were declined."
    )
    yield Finding("wrong", part, text, advice, "jobs")


def _few(numbers: Numbers) -> Iterator[Finding]:
    items = _sum(numbers, "items_answered")
    if items < t.FEW.value:
        said = plural(items, "item") if items else "No item"
        text: Text = (f"{said} {'has' if items < 2 else 'have'} an answer: figures and intervals are rough.",)
        yield Finding("wrong", 0.1, text, "Take this page as a trial run; look again with more items.", "jobs")


def _unanswered(numbers: Numbers) -> Iterator[Finding]:
    items, answered = _sum(numbers, "items"), _sum(numbers, "items_answered")
    if answered < items:
        text: Text = (f"{count(items - answered)} of {plural(items, 'item')} have no answer that counts.",)
        advice = "If the job runs still, look again when it is done: the items to come may differ."
        yield Finding("wrong", (items - answered) / items / 2, text, advice, "jobs")


def _too_fast(numbers: Numbers) -> Iterator[Finding]:
    fast = numbers["answers"]["too_fast"]
    figure, limit = fast["share"], decimals(fast["words_per_minute"], 0)
    if figure["value"] is None:
        text: Text = ("Whether answers were given too fast cannot be said: no answer records its time.",)
        yield Finding("unknown", 0, text, "", "answers")
        return
    part = share(figure) if figure["value"] else "None"
    text = (f"{part} of the answers came faster than {limit} words a minute could be read, {of_n(figure)}.",)
    if figure["value"] < t.TOO_FAST.value:
        yield Finding("fine", 0, text, "", "answers")
        return
    advice = (
        "Look at the examples; if they are careless, talk to who gave them and have these items answered again. Times "
        "are what was recorded: a page that was opened early, or twice, shows as a wrong time."
    )
    yield Finding("wrong", figure["value"], text, advice, "answers")


def _duplicates(questions: Numbers) -> Iterator[Finding]:
    figure = questions["duplicates"]["share"]
    if figure["value"] is None:
        return
    text: Text = (f"{share(figure)} of the questions repeat one about the same passage, {of_n(figure)}.",)
    if figure["value"] < t.DUPLICATES.value:
        yield Finding("fine", 0, text, "", "questions")
        return
    advice = (
        "Ask for fewer questions about each passage, or give annotators different parts of it; train on one of each."
    )
    yield Finding("wrong", figure["value"], text, advice, "questions")


def _uneven(questions: Numbers) -> Iterator[Finding]:
    parts = questions["coverage"]["by_part"]
    known = [part for part in parts if part["low"] is not None]
    if len(known) < len(parts) or not parts:
        text: Text = (
            "Which parts of the passages are asked about cannot be said: too few pairs are linked to sections.",
        )
        yield Finding("unknown", 0, text, "Ask annotators to mark the sections that a pair is about.", "questions")
        return
    least = min(range(len(parts)), key=lambda part: parts[part]["value"])
    most = max(range(len(parts)), key=lambda part: parts[part]["value"])
    if parts[least]["high"] >= t.UNEVEN.value * parts[most]["low"]:
        ends = f"between {percent(parts[least]['value'])} and {percent(parts[most]['value'])}"
        text = (
            f"No tenth of the passages is clearly asked about less than the others: {ends} of each is in a section, "
            f"{of_n(parts[0])}.",
        )
        yield Finding("fine", 0, text, "", "questions")
        return
    text = (
        f"Questions keep to some parts of the passages: {share(parts[most])} of the {_tenth(most)} tenth is in a "
        f"marked section, and {share(parts[least])} of the {_tenth(least)}, {of_n(parts[least])}.",
    )
    advice = "Split long passages, or ask for a question about each part; the list of unasked parts says where."
    missing = parts[most]["value"] - parts[least]["value"]
    yield Finding("wrong", missing / 2, text, advice, "questions")


def _tenth(part: int) -> str:
    return ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "last")[part]
