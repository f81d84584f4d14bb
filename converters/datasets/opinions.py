"""An item and what the valid answers to it say by a criterion, worked out once for all configs. Writes no rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial

from ..judgement.consensus import Outcome
from ..judgement.criteria import Criterion, Rankings, outcomes, scores
from ..judgement.job_item import JobItem
from ..records import Answer
from .rows import message, prompt_messages, quoted, quoted_messages

__all__ = ["Opinions", "Scores", "Voice"]

Scores = tuple[Fraction | None, ...]  # by response, 0 best .. 1 worst; None is not ranked


@dataclass(frozen=True, slots=True)
class Voice:
    """Whoever prefers one response to another: all annotators together, or the one who gave ``answer``.

    ``scores()`` are those of each of them, worked out when somebody asks.
    """

    outcomes: Mapping[tuple[int, int], Outcome]
    scores: Callable[[], Sequence[Scores]]
    simulated: bool
    answer: Answer | None = None


class Opinions:
    """The valid answers to ``job_item``, a ranking, and its texts as rows hold them.

    ``place`` and ``simulated`` are the item's, ``texts`` its responses, none if the manifest no longer holds them. What
    is made of texts here is for all rows of the item to share; nothing may change it.
    """

    def __init__(self, job_item: JobItem):
        self.job_item = job_item
        self.place = job_item.place
        self.simulated = job_item.simulated
        self.texts = job_item.item.responses or ()
        self._rankings: list[Rankings] = [
            {ranking.dimension: ranking.ranks for ranking in answer.rankings} for answer in job_item.judged.valid
        ]
        self._scores: dict[Criterion, list[Scores]] = {}
        self._outcomes: dict[tuple[Criterion, str], Mapping[tuple[int, int], Outcome]] = {}

    @cached_property
    def responses(self) -> int:
        """How many responses were ranked, whether or not the item still holds their texts."""
        ranked = (len(ranks) for rankings in self._rankings for ranks in rankings.values())
        return len(self.texts) or max(ranked, default=0)

    @cached_property
    def prompt(self) -> list[dict[str, str]]:
        """The prompt as messages."""
        return prompt_messages(self.job_item.item)

    @cached_property
    def replies(self) -> list[list[dict[str, str]]]:
        """Each response as a conversation of one message."""
        return [message("assistant", text) for text in self.texts]

    @cached_property
    def models(self) -> tuple[str | None, ...]:
        """The model that gave each response, None where the item does not name one for each."""
        models = self.job_item.item.models
        return models if models is not None and len(models) == len(self.texts) else (None,) * len(self.texts)

    @cached_property
    def quoted_prompt(self) -> str:
        """The prompt as part of a row's id: see ``rows.quoted``."""
        return quoted_messages(self.prompt)

    @cached_property
    def quoted_texts(self) -> list[str]:
        """Each response as part of a row's id."""
        return [quoted(text) for text in self.texts]

    def scores(self, criterion: Criterion) -> list[Scores]:
        """The scores that each annotator gave who judged by ``criterion`` at all."""
        if criterion not in self._scores:
            self._scores[criterion] = [given for one in self._rankings for given in _scores_of(criterion, one)]
        return self._scores[criterion]

    def outcomes(self, criterion: Criterion, consensus: str) -> Mapping[tuple[int, int], Outcome]:
        """What all annotators say together of each pair of responses; see ``criteria.outcomes``."""
        key = criterion, consensus
        if key not in self._outcomes:
            self._outcomes[key] = outcomes(criterion, self._rankings, consensus)
        return self._outcomes[key]

    def voices(self, criterion: Criterion, consensus: str) -> Iterator[Voice]:
        """All annotators together, or with the consensus ``none`` each of those who judged by ``criterion``."""
        if consensus != "none":
            together = self.outcomes(criterion, consensus)
            yield Voice(together, lambda: self.scores(criterion), self.simulated)
            return
        for answer, rankings in zip(self.job_item.judged.valid, self._rankings, strict=True):
            own = outcomes(criterion, [rankings], "majority")
            if own:
                yield Voice(own, partial(_scores_of, criterion, rankings), answer.worker.simulated, answer)


def _scores_of(criterion: Criterion, rankings: Rankings) -> list[Scores]:
    """One annotator's scores, in a list; none if they did not judge by ``criterion``."""
    given = scores(criterion, rankings)
    return [] if given is None else [given]
