"""Two answers of one worker to one item -> what they do not say alike. Reads nothing, and matches nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from ..formats.json_text import to_line
from ..judgement.ranks import dense_ranks
from ..records import Answer, Pair, Ranking, Section
from .findings import Finding, difference, note
from .originals import content_as_written, other_fields
from .values import as_text, json_differences, same_instant

__all__ = ["answer_findings", "summary"]


def answer_findings(one: Answer, other: Answer, place: str, *, identity: bool = True) -> list[Finding]:
    """What ``one`` and ``other`` do not say alike; who gave them is compared only as far as ``identity`` asks for it.

    Rankings are weak orders: other numbers for one order are a note, as are times that are spelled otherwise, tags and
    sections in another order, and content of another form.
    """
    if _is_same(one, other):
        return []
    content = [*_rankings(one.rankings, other.rankings, place), *_pairs(one.pairs, other.pairs, place)]
    found = [*_standing(one, other, place), *content, *_remarks(one, other, place), *_times(one, other, place)]
    if identity:
        found += _identities(one.worker.identity, other.worker.identity, f"{place}/identity")
    found += _values("shown order", f"{place}/shown order", _list(one.order), _list(other.order))
    if one.definition != other.definition:
        found.append(note("task definition", place, one.definition, other.definition))
    rest = list(json_differences(other_fields(one), other_fields(other)))
    # Of content whose form is not gtbridge's own all is left over: no need to say it twice.
    said = {(finding.a, finding.b) for finding in content}
    for path, a, b in rest:
        if (a, b) not in said or not path.startswith("answerContent."):
            found.append(difference("other field", f"{place}/{path}", a, b))
    if not content and not rest and any(json_differences(content_as_written(one), content_as_written(other))):
        found.append(note("form", place, as_text(content_as_written(one)), as_text(content_as_written(other))))
    return found


def _is_same(one: Answer, other: Answer) -> bool:
    """Whether they are equal, their documents to the letter: there is nothing to find then. Most are, in most jobs."""
    if one != other or one.raw is None or other.raw is None:
        return False
    try:
        return to_line(one.raw) == to_line(other.raw)  # 1 is equal to true
    except (TypeError, ValueError):
        return False


def summary(answer: Answer) -> str:
    """The answer in a few words, for where the other side has none."""
    if answer.status != "given":
        return answer.status if answer.reason is None else f"{answer.status} ({answer.reason})"
    if answer.rankings:
        return "; ".join(f"{ranking.dimension}: {_ranks(ranking)}" for ranking in answer.rankings)
    pairs = f"{len(answer.pairs)} pairs" if len(answer.pairs) != 1 else "1 pair"
    return f"{pairs}: {answer.pairs[0].question or answer.pairs[0].answer}" if answer.pairs else "nothing"


def _standing(one: Answer, other: Answer, place: str) -> Iterator[Finding]:
    if one.status != other.status:
        yield difference("status", f"{place}/status", one.status, other.status)
    if one.reason != other.reason:
        yield difference("reason", f"{place}/reason", one.reason, other.reason)
    if one.unread != other.unread:
        found = note if one.unread and other.unread else difference
        yield found("problems", f"{place}/problems", " ".join(one.unread) or None, " ".join(other.unread) or None)


def _remarks(one: Answer, other: Answer, place: str) -> Iterator[Finding]:
    if one.comment != other.comment:
        yield difference("comment", f"{place}/comment", one.comment, other.comment)
    for index in range(max(len(one.flags), len(other.flags))):
        a, b = one.flags_on(index), other.flags_on(index)
        if a != b:
            found = note if set(a) == set(b) else difference
            yield found("flags", f"{place}/flags on response {index + 1}", ", ".join(a) or None, ", ".join(b) or None)


def _times(one: Answer, other: Answer, place: str) -> Iterator[Finding]:
    times = {
        "acceptanceTime": (one.accepted, other.accepted),
        "submissionTime": (one.submitted, other.submitted),
    }
    for name, (a, b) in times.items():
        if a != b:
            found = note if a is not None and b is not None and same_instant(a, b) else difference
            yield found("time", f"{place}/{name}", a, b)
    yield from _values("time", f"{place}/timeSpentInSeconds", one.seconds, other.seconds)


def _identities(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None, place: str) -> Iterator[Finding]:
    """A note where one side knows less, as exports of Label Studio do, which do not tell whose accounts they name."""
    known = one.keys() & other.keys() if one and other else ()
    if one and other and known and all(one[key] == other[key] for key in known) and one.keys() != other.keys():
        yield note("identity", place, as_text(one), as_text(other))
    else:
        yield from _values("identity", place, one, other)


def _values(kind: str, place: str, one: Any, other: Any) -> Iterator[Finding]:
    if any(json_differences(one, other)):
        a, b = (None if value is None else as_text(value) for value in (one, other))
        yield difference(kind, place, a, b)


# Text ranking


def _rankings(one: Sequence[Ranking], other: Sequence[Ranking], place: str) -> Iterator[Finding]:
    names = [[ranking.dimension for ranking in rankings] for rankings in (one, other)]
    for name in sorted({*names[0], *names[1]}):
        both = [[ranking for ranking in rankings if ranking.dimension == name] for rankings in (one, other)]
        for a, b in zip_longest(*both):
            yield from _ranking(a, b, f"{place}/{name}")
    if names[0] != names[1] and sorted(names[0]) == sorted(names[1]):
        yield note("dimension order", place, as_text(names[0]), as_text(names[1]))


def _ranking(one: Ranking | None, other: Ranking | None, place: str) -> Iterator[Finding]:
    if one is None or other is None:
        yield difference("ranking", place, _ranks(one), _ranks(other))
        return
    if one.ranks != other.ranks:
        found = note if dense_ranks(one.ranks) == dense_ranks(other.ranks) else difference
        yield found("ranking", place, _ranks(one), _ranks(other))
    yield from _values("tie rule", f"{place}/allowTie", one.allow_tie, other.allow_tie)
    if one.scores != other.scores:
        found = note if one.scores is None or other.scores is None else difference
        yield found("scores", f"{place}/scores", _numbers(one.scores), _numbers(other.scores))


def _ranks(ranking: Ranking | None) -> str | None:
    return None if ranking is None else _numbers(ranking.ranks)


def _numbers(numbers: Sequence[float | None] | None) -> str | None:
    return None if numbers is None else " ".join("-" if number is None else str(number) for number in numbers)


# Question and answer


def _pairs(one: Sequence[Pair], other: Sequence[Pair], place: str) -> Iterator[Finding]:
    """The pairs one by one, from the beginning; where one side has more, those that are equal at the end are set off
    against each other first, so that a pair that is missing in the middle is one difference."""
    same = 0
    if len(one) != len(other):
        while same < min(len(one), len(other)) and one[-1 - same] == other[-1 - same]:
            same += 1
    middles = (one[: len(one) - same], other[: len(other) - same])
    for number, (a, b) in enumerate(zip_longest(*middles), start=1):
        where = f"{place}/pair {number}"
        if a is None or b is None:
            yield difference("pair", where, _told(a), _told(b))
        else:
            yield from _pair(a, b, where)


def _pair(one: Pair, other: Pair, place: str) -> Iterator[Finding]:
    if one.question != other.question:
        yield difference("question", f"{place}/question", one.question, other.question)
    if one.answer != other.answer:
        yield difference("answer text", f"{place}/answer", one.answer, other.answer)
    if one.tags != other.tags:
        found = note if set(one.tags) == set(other.tags) else difference
        yield found("tags", f"{place}/tags", as_text(_list(one.tags)), as_text(_list(other.tags)))
    if one.sections != other.sections:
        found = note if set(one.sections) == set(other.sections) else difference
        yield found("sections", f"{place}/sections", _sections(one.sections), _sections(other.sections))


def _told(pair: Pair | None) -> str | None:
    return None if pair is None else f"{pair.question} {pair.answer}"


def _sections(sections: Sequence[Section]) -> str | None:
    return "; ".join(f"{section.start}-{section.end} {section.text}" for section in sections) or None


def _list(values: Sequence[Any] | None) -> list[Any] | None:
    return None if values is None else list(values)
