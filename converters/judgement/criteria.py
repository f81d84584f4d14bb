"""What responses are compared by: one dimension, or several together. Rankings in, what annotators say together out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import zip_longest
from math import lcm

from .consensus import AGAINST_MAJORITY, DISAGREE, Outcome, Votes, borda_order, by_majority, count_votes, decide, tally
from .kemeny import kemeny_order
from .ranks import Ranks, doubled_midranks, verdicts

__all__ = ["Criterion", "Outcome", "Rankings", "criteria", "outcomes", "scores"]

Rankings = Mapping[str, Ranks]  # one annotator's raw ranks by dimension
Two = tuple[int, int]  # the places of two responses, in order


@dataclass(frozen=True, slots=True)
class Criterion:
    """What responses are compared by.

    ``name`` is the dimension's, or ``weighted`` or ``pareto``; ``weights`` stand beside ``dimensions`` where they are
    weighted.
    """

    name: str
    dimensions: tuple[str, ...]
    weights: tuple[Fraction, ...] = ()
    pareto: bool = False


def criteria(dimensions: Sequence[str], aggregate: str, weights: Mapping[str, Fraction]) -> tuple[Criterion, ...]:
    """``each`` dimension a criterion, or all of them together one: ``weighted`` or ``pareto``.

    ValueError if ``aggregate`` is none of these, KeyError if a dimension has no weight.
    """
    together = tuple(dimensions)
    if aggregate == "each" or not together:
        return tuple(Criterion(name, (name,)) for name in together)
    if aggregate == "weighted":
        return (Criterion(aggregate, together, tuple(weights[name] for name in together)),)
    if aggregate == "pareto":
        return (Criterion(aggregate, together, pareto=True),)
    raise ValueError(f"{aggregate!r} is no way to take dimensions together")


def scores(criterion: Criterion, rankings: Rankings) -> tuple[Fraction | None, ...] | None:
    """One annotator's score of each response, 0 best .. 1 worst: scaled mid-ranks, or their mean over dimensions.

    The mean is weighted by the criterion's weights, plain for pareto; mid-ranks are then taken among the responses
    that the annotator ranked on all of its dimensions, the others have None. None altogether if the annotator did not
    judge by this criterion: fewer than two responses are comparable.
    """
    if len(criterion.dimensions) == 1:
        return _scores_of_one(tuple(rankings.get(criterion.dimensions[0], ())))
    found = _totals(criterion, rankings)
    return None if found is None else _fractions(*found)


def outcomes(criterion: Criterion, answers: Sequence[Rankings], consensus: str) -> dict[Two, Outcome]:
    """What ``answers`` say together of each pair (i, j), i < j, that at least one of them compares.

    A response is preferred if more annotators prefer it than prefer the other and the order that ``consensus`` names
    (``majority``, ``borda`` or ``kemeny``) says so as well. For pareto an annotator prefers it if no dimension
    disagrees and at least one is strict, and so must the dimensions' own outcomes, by the same consensus. ValueError
    if ``consensus`` is none of these.
    """
    if consensus not in ("majority", *_ORDERS):
        raise ValueError(f"{consensus!r} is no consensus")
    if criterion.pareto and len(criterion.dimensions) > 1:
        return _pareto_outcomes(criterion, answers, consensus)
    levels = _levels(criterion, answers)
    if consensus == "majority":
        return by_majority(levels)
    votes = count_votes(levels)
    order = _ORDERS[consensus](votes, criterion, answers)
    return {pair: decide(vote, order[pair]) for pair, vote in votes.items()}


@lru_cache(1024)  # the same few rankings come again and again; fractions are slow to make
def _scores_of_one(ranks: tuple[int | None, ...]) -> tuple[Fraction | None, ...] | None:
    """By one dimension, whatever its weight."""
    ranked = len(ranks) - ranks.count(None)
    return _fractions(doubled_midranks(ranks), 2 * (ranked - 1)) if ranked > 1 else None


def _fractions(totals: Iterable[int | None], whole: int) -> tuple[Fraction | None, ...]:
    return tuple(None if total is None else Fraction(total, whole) for total in totals)


def _comparable(criterion: Criterion, rankings: Rankings) -> list[Ranks] | None:
    """The ranks on each dimension of the criterion, None for responses that are not ranked on all of them."""
    vectors = [rankings.get(dimension, ()) for dimension in criterion.dimensions]
    if len(vectors) > 1:
        complete = [None not in ranks for ranks in zip_longest(*vectors)]
        vectors = [[rank if known else None for rank, known in zip_longest(vector, complete)] for vector in vectors]
    return vectors if sum(rank is not None for rank in vectors[0]) > 1 else None


def _totals(criterion: Criterion, rankings: Rankings) -> tuple[list[int | None], int] | None:
    """The scores as whole numbers, and what to divide them by: exact, and much faster than sums of fractions."""
    vectors = _comparable(criterion, rankings)
    if vectors is None:
        return None
    weights = _whole_numbers(criterion.weights) or (1,) * len(vectors)
    totals = [_total(weights, places) for places in zip(*map(doubled_midranks, vectors), strict=True)]
    return totals, 2 * (len(totals) - totals.count(None) - 1) * sum(weights)


def _total(weights: Sequence[int], places: Sequence[int | None]) -> int | None:
    known = [weight * place for weight, place in zip(weights, places, strict=True) if place is not None]
    return sum(known) if len(known) == len(places) else None


def _whole_numbers(weights: Sequence[Fraction]) -> tuple[int, ...]:
    """Whole numbers in the same proportions."""
    scale = lcm(*(weight.denominator for weight in weights))
    return tuple(weight.numerator * (scale // weight.denominator) for weight in weights)


def _levels(criterion: Criterion, answers: Sequence[Rankings]) -> list[Ranks]:
    """What orders the responses for each annotator: raw ranks where they do, scores of several dimensions."""
    if len(criterion.dimensions) == 1:
        return [rankings.get(criterion.dimensions[0], ()) for rankings in answers]
    return [found[0] for rankings in answers if (found := _totals(criterion, rankings)) is not None]


# Pareto


def _pareto_outcomes(criterion: Criterion, answers: Sequence[Rankings], consensus: str) -> dict[Two, Outcome]:
    judged = [_signs_by_dimension(vectors) for rankings in answers if (vectors := _comparable(criterion, rankings))]
    votes = tally({pair: _common(signs) or 0 for pair, signs in judgement.items()} for judgement in judged)
    torn = {pair for judgement in judged for pair, signs in judgement.items() if _common(signs) is None}
    own = [outcomes(single, answers, consensus) for single in criteria(criterion.dimensions, "each", {})]
    return {pair: _agreed(vote, pair in torn, [dimension[pair] for dimension in own]) for pair, vote in votes.items()}


def _signs_by_dimension(vectors: Sequence[Ranks]) -> dict[Two, tuple[int, ...]]:
    each = [verdicts(vector) for vector in vectors]
    return {pair: tuple(signs[pair] for signs in each) for pair in each[0]}


def _common(signs: Sequence[int]) -> int | None:
    """The sign that some of ``signs`` have and none contradicts, 0 if all are 0; None if they disagree."""
    found = set(signs) - {0}
    return next(iter(found), 0) if len(found) < 2 else None


def _agreed(votes: Votes, torn: bool, own: Sequence[Outcome]) -> Outcome:
    """The outcome of a pair: ``torn`` if some annotator's dimensions disagree on it, ``own`` what each says by itself.

    A dimension disagrees if its majority does, even where its order ties the pair; and if it is at odds with itself,
    its order against its majority.
    """
    sign = votes.verdict
    majorities = {outcome.votes.verdict for outcome in own}
    if sign == 0:
        return Outcome(0, votes, DISAGREE) if torn or majorities >= {1, -1} else decide(votes, 0)
    if -sign in majorities or any(outcome.reason == AGAINST_MAJORITY for outcome in own):
        return Outcome(0, votes, DISAGREE)
    return decide(votes, sign if any(outcome.sign == sign for outcome in own) else 0)


# Consensus orders

_Order = Callable[[Mapping[Two, Votes], Criterion, Sequence[Rankings]], Mapping[Two, int]]


def _borda(votes: Mapping[Two, Votes], criterion: Criterion, answers: Sequence[Rankings]) -> dict[Two, int]:
    scored = (scores(criterion, rankings) for rankings in answers)
    return borda_order(votes, (given for given in scored if given is not None))


def _kemeny(votes: Mapping[Two, Votes], *_: object) -> dict[Two, int]:
    return kemeny_order(votes)


_ORDERS: Mapping[str, _Order] = {"borda": _borda, "kemeny": _kemeny}
