"""Which response to a prompt is worth learning, by what its annotators say of it. Makes no rows."""

from __future__ import annotations

from collections.abc import Iterator

from ...label_configs.tasks import TextRanking
from ..judgement.criteria import Criterion
from .opinions import Opinions

__all__ = ["best_response", "learnable_response"]


def best_response(opinions: Opinions, criterion: Criterion) -> int | None:
    """The response that beats every other by majority; None if there is none, whatever an order of all may say."""
    count = len(opinions.job_item.item.responses or ())
    wins = [0] * count
    for (first, second), outcome in opinions.outcomes(criterion, "majority").items() if count else ():
        wins[first] += outcome.sign == 1
        wins[second] += outcome.sign == -1
    return next((index for index in range(count) if wins[index] == count - 1 > 0), None)


def learnable_response(opinions: Opinions, criterion: Criterion) -> int | str:
    """The best response by ``criterion``, or in a few words why none is to be learnt.

    It is not empty, nobody flagged it, and on each dimension of the criterion that has a ``good_score`` more of those
    who scored it gave at least that much than gave less. A response that stands alone is compared with none, so only
    such scores can tell that it is good.
    """
    responses = opinions.job_item.item.responses
    if responses is None:
        return "the manifest no longer holds the responses"
    scored, alone = list(_scored_dimensions(opinions, criterion)), len(responses) == 1
    best = 0 if alone and scored else best_response(opinions, criterion)
    if best is None:
        return "nothing says whether the only response is good" if alone else "no response beats all others by majority"
    which = "the only response" if alone else "the best response"
    if not responses[best].strip():
        return f"{which} is empty"
    if any(answer.flags_on(best) for answer in opinions.job_item.judged.valid):
        return f"{which} is flagged"
    if not all(_is_good(opinions, dimension, least, best) for dimension, least in scored):
        return f"{which} is not scored good by a majority"
    return best


def _scored_dimensions(opinions: Opinions, criterion: Criterion) -> Iterator[tuple[str, float]]:
    """Name and least good score."""
    task = opinions.job_item.definition
    for dimension in task.dimensions if isinstance(task, TextRanking) else ():
        if dimension.name in criterion.dimensions and dimension.good_score is not None:
            yield dimension.name, dimension.good_score


def _is_good(opinions: Opinions, dimension: str, least: float, response: int) -> bool:
    rankings = [ranking for answer in opinions.job_item.judged.valid for ranking in answer.rankings]
    given = [ranking.scores[response] for ranking in rankings if ranking.dimension == dimension and ranking.scores]
    known = [score for score in given if score is not None]
    return 2 * sum(score >= least for score in known) > len(known)
