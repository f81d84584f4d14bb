"""The audit of labeling jobs: how far annotators agree, and what pulls them. Knows no files.

``see`` keeps numbers, and no texts but those of a few examples. An item of 4 responses, 3 annotators and 2 dimensions
takes about 180 bytes: 30 for agreement, 104 for the biases, 44 for times. A passage with 3 annotators takes about 140.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from ...label_configs.tasks import TextRanking
from ..agreement.agreement import Agreement, AnnotatorAgreement
from ..agreement.figures import RESAMPLES
from ..judgement.job_item import JobItem
from ..judgement.words import count_words
from ..records import Answer
from .halo import halo
from .jobs import Jobs
from .length import longer
from .people import People
from .position import left_untouched, position, untouched
from .questions import QuestionAudit
from .remarks import RemarkAudit
from .result import Annotator, AuditResult, DimensionAudit
from .table import Block, RankingTable
from .times import WORDS_PER_MINUTE, Times

__all__ = ["Audit", "AuditResult"]


class Audit:
    """Collects judged items and says what there is to know of them.

    ``name_of`` gives the pseudonym of an answer's worker. Answers faster than ``words_per_minute`` of what was shown
    (prompt and responses, or passage) are counted as too fast. Dimensions of the same name are one, whichever job
    they are of, as in ``Agreement``. ``resamples`` is how many intervals are taken from. The items of a job give the
    same numbers in any order.
    """

    def __init__(
        self,
        name_of: Callable[[Answer], str],
        *,
        words_per_minute: float = WORDS_PER_MINUTE,
        resamples: int = RESAMPLES,
    ) -> None:
        self._resamples = resamples
        self._people = People(name_of)
        self._agreement = Agreement(name_of, resamples=resamples)
        self._jobs = Jobs()
        self._rankings = RankingTable()
        self._times = Times(words_per_minute)
        self._questions = QuestionAudit()
        self._remarks = RemarkAudit()

    def see(self, job_item: JobItem) -> None:
        """One more item with its judged answers."""
        task = job_item.definition
        numbers = self._people.see(job_item.judged, task)
        self._jobs.see(job_item, numbers)
        self._remarks.see(job_item)
        if isinstance(task, TextRanking):
            self._agreement.see(job_item)
        elif not job_item.answers_prompt:
            self._questions.see(job_item, task, numbers)
        if numbers:
            self._see_screen(job_item, numbers)

    def _see_screen(self, job_item: JobItem, numbers: Sequence[int]) -> None:
        """What annotators had before them, beside what they made of it."""
        item, task = job_item.item, job_item.definition
        answers = list(zip(numbers, job_item.judged.valid, strict=True))
        words: int | None = None if item.text_ref is not None and not item.text else count_words(item.text)
        if isinstance(task, TextRanking):
            lengths = None if item.responses is None else [count_words(response) for response in item.responses]
            self._rankings.add(task, answers, lengths)
            words = None if words is None or lengths is None else words + sum(lengths)
        seconds = [(number, answer.seconds) for number, answer in answers]
        self._times.see(job_item.place, words, seconds, self._people)

    def result(self) -> AuditResult:
        """What was seen so far."""
        blocks = list(self._rankings.blocks())
        agreements = self._agreement.dimensions()
        dimensions = []
        for agreement in agreements:
            of_it = [
                (block, number)
                for block in blocks
                for number, dimension in enumerate(block.dimensions)
                if dimension.name == agreement.name
            ]
            dimensions.append(
                DimensionAudit(
                    agreement,
                    position(of_it, self._resamples),
                    untouched(of_it, self._resamples),
                    longer(of_it, self._resamples),
                )
            )
        return AuditResult(
            self._jobs.result(),
            tuple(dimensions),
            halo(blocks, [agreement.name for agreement in agreements], self._resamples),
            self._times.result(self._resamples),
            self._annotators(dimensions, blocks),
            self._questions.result(self._resamples),
            self._remarks.result(),
        )

    def _annotators(self, dimensions: Sequence[DimensionAudit], blocks: Sequence[Block]) -> tuple[Annotator, ...]:
        of_dimension = {
            dimension.agreement.name: {one.name: one for one in dimension.agreement.annotators}
            for dimension in dimensions
        }
        medians = self._times.medians()
        left = _untouched_answers(blocks)
        made = []
        for number, person in self._people.by_name():
            own: dict[str, AnnotatorAgreement] = {
                dimension: people[person.name] for dimension, people in of_dimension.items() if person.name in people
            }
            made.append(
                Annotator(
                    name=person.name,
                    simulated=person.simulated,
                    answers=person.answers,
                    declined=person.declined,
                    declined_for=dict(person.declined_for),
                    invalid=person.invalid,
                    median_seconds=medians.get(number),
                    too_fast=self._times.too_fast_of(number),
                    untouched=left.get(number),
                    ties={dimension: agreement.ties for dimension, agreement in own.items()},
                    agreement={dimension: agreement.agreement for dimension, agreement in own.items()},
                )
            )
        return tuple(made)


def _untouched_answers(blocks: Sequence[Block]) -> dict[int, int]:
    """How many answers of each annotator are untouched on some dimension, where that can be told of any."""
    found: Counter[int] = Counter()
    for block in blocks:
        left, can_tell = left_untouched(block)
        same, telling = np.any(left, axis=1), np.any(can_tell, axis=1)
        numbers, place = np.unique(block.annotators[telling], return_inverse=True)
        for number, answers in zip(numbers.tolist(), np.bincount(place, same[telling]), strict=True):
            found[number] += int(answers)
    return dict(found)
