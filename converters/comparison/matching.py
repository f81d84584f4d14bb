"""Which answer of one output is which of another. Compares items' answers only; the findings are made elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..records import Answer
from .answers import answer_findings

__all__ = ["Matched", "match_answers"]


@dataclass(slots=True)
class Matched:
    """``pairs`` of answers of one worker; ``renamed`` say the same, but not of whom; ``a`` and ``b`` have no partner.

    ``reordered`` are, for a worker whose answers stand in another order, those that count on either side: of several
    that were given and understood, the last one does.
    """

    pairs: list[tuple[Answer, Answer]] = field(default_factory=list)
    renamed: list[tuple[Answer, Answer]] = field(default_factory=list)
    reordered: list[tuple[Answer, Answer]] = field(default_factory=list)
    a: list[Answer] = field(default_factory=list)
    b: list[Answer] = field(default_factory=list)


def match_answers(a: Sequence[Answer], b: Sequence[Answer]) -> Matched:
    """Match by worker. Of several answers of one worker those that say the same belong together, the rest in order."""
    found = Matched()
    for worker in sorted({answer.worker.id for answer in (*a, *b)}):
        ones, others = ([answer for answer in side if answer.worker.id == worker] for side in (a, b))
        places, *rest = _pair_up(ones, others, identity=True)
        places += zip(*rest, strict=False)
        both = min(map(len, rest))
        found.a += [ones[i] for i in rest[0][both:]]
        found.b += [others[j] for j in rest[1][both:]]
        found.pairs += [(ones[i], others[j]) for i, j in sorted(places)]
        found.reordered += _reordered(ones, others, places)
    places, *rest = _pair_up(found.a, found.b, identity=False)
    found.renamed = [(found.a[i], found.b[j]) for i, j in places]
    found.a, found.b = [found.a[i] for i in rest[0]], [found.b[j] for j in rest[1]]
    return found


def _pair_up(
    ones: Sequence[Answer], others: Sequence[Answer], *, identity: bool
) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """The indices of those that say the same, and of the rest on either side."""
    if identity and len(ones) == len(others) == 1:
        return [], [0], [0]  # they belong together, whatever they say
    places, left, free = [], [], list(range(len(others)))
    for i, one in enumerate(ones):
        j = next((j for j in free if _alike(one, others[j], identity)), None)
        if j is None:
            left.append(i)
        else:
            places.append((i, j))
            free.remove(j)
    return places, left, free


def _alike(one: Answer, other: Answer, identity: bool) -> bool:
    return all(finding.note for finding in answer_findings(one, other, "", identity=identity))


def _reordered(
    ones: Sequence[Answer], others: Sequence[Answer], places: Sequence[tuple[int, int]]
) -> list[tuple[Answer, Answer]]:
    given = [(i, j) for i, j in places if _counts(ones[i]) and _counts(others[j])]
    if not given:
        return []
    last, last_there = max(i for i, _ in given), max(j for _, j in given)
    return [] if (last, last_there) in given else [(ones[last], others[last_there])]


def _counts(answer: Answer) -> bool:
    return answer.status == "given" and not answer.unread
