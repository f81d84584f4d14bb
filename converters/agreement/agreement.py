"""How far the annotators of labeling jobs agree, dimension by dimension. Sees judged items one by one; knows no files.

``see`` keeps ranks and numbers of names only (see ``Panel``: 15 bytes for an item of 4 responses and 3 annotators, per
dimension, and no texts); all arithmetic is in ``dimensions``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...label_configs.tasks import TextRanking
from ..judgement.job_item import JobItem
from ..judgement.ranks import Ranks
from ..records import Answer, Item
from .dimension import Annotator, dimension_agreement
from .figures import RESAMPLES
from .panel import Panel
from .results import AnnotatorAgreement, DimensionAgreement
from .strengths import Strength

__all__ = ["Agreement", "AnnotatorAgreement", "DimensionAgreement", "Strength"]


class Agreement:
    """Collects the valid answers of text-ranking items and says how far they agree.

    ``name_of`` gives the pseudonym of an answer's worker. Dimensions of the same name are one, whichever job they are
    of; it allows ties if it does in any of them. A ranking that compares nothing (fewer than two responses are
    ranked) does not count. ``resamples`` is how many the intervals are taken from (of strengths at most 200); 0 leaves
    them out. The same items give the same numbers in any order.
    """

    def __init__(self, name_of: Callable[[Answer], str], *, resamples: int = RESAMPLES, seed: int = 0) -> None:
        self._name_of = name_of
        self._resamples = resamples
        self._seed = seed
        self._panels: dict[str, Panel] = {}
        self._allow_tie: dict[str, bool] = {}
        self._workers: dict[tuple[str, bool], int] = {}
        self._annotators: dict[str, tuple[int, bool]] = {}
        self._models: dict[str, int] = {}

    def see(self, job_item: JobItem) -> None:
        """One more item with its valid answers."""
        task = job_item.definition
        if not isinstance(task, TextRanking):
            return
        models = self._numbers_of_models(job_item.item)
        given: dict[str, tuple[list[int], list[Ranks]]] = {}
        for answer in job_item.judged.valid:
            number = self._number_of(answer)
            for ranking in answer.rankings:
                if _compares(ranking.ranks):
                    annotators, rankings = given.setdefault(ranking.dimension, ([], []))
                    annotators.append(number)
                    rankings.append(ranking.ranks)
        for dimension in task.dimensions:
            panel = self._panel(dimension.name, allow_tie=dimension.allow_tie)
            if dimension.name in given:
                panel.add(*given[dimension.name], models)

    def merge(self, later: Agreement) -> None:
        """Add what ``later`` has seen, as if it had been seen here after everything else."""
        annotators = [self._number(name, simulated) for name, (_, simulated) in later._annotators.items()]
        models = [self._models.setdefault(name, len(self._models)) for name in later._models]
        for name, panel in later._panels.items():
            self._panel(name, allow_tie=later._allow_tie[name]).merge(panel, annotators, models)

    def to_plain(self) -> dict[str, Any]:
        """What was seen, as plain JSON values: 20 bytes an item and dimension where ``see`` keeps 15."""
        return {
            "annotators": [[name, simulated] for name, (_, simulated) in self._annotators.items()],
            "models": list(self._models),
            "panels": [[name, self._allow_tie[name], panel.to_plain()] for name, panel in self._panels.items()],
        }

    @classmethod
    def from_plain(cls, value: Any, name_of: Callable[[Answer], str], *, resamples: int = RESAMPLES) -> Agreement:
        """The way back; KeyError, TypeError or ValueError for what is none."""
        made = cls(name_of, resamples=resamples)
        for name, simulated in value["annotators"]:
            made._number(name, simulated)
        made._models = {name: number for number, name in enumerate(value["models"])}
        for name, allow_tie, panel in value["panels"]:
            made._allow_tie[name], made._panels[name] = allow_tie, Panel.from_plain(panel)
        return made

    def dimensions(self, *, single: bool = True) -> tuple[DimensionAgreement, ...]:
        """What was seen so far, each dimension in the order of its first appearance.

        Not ``single``, the figures of single annotators and models, which take most of the time, are left out. While it
        computes it takes about 16 bytes for each item that adds to a figure what no other does (40 for an alpha), and
        as much again while these are sorted; and a few MB.
        """
        annotators: list[Annotator] = [(name, simulated) for name, (_, simulated) in self._annotators.items()]
        return tuple(
            dimension_agreement(
                name,
                self._allow_tie[name],
                panel,
                annotators,
                list(self._models),
                seed=self._seed,
                resamples=self._resamples,
                single=single,
            )
            for name, panel in self._panels.items()
        )

    def _panel(self, name: str, *, allow_tie: bool) -> Panel:
        self._allow_tie[name] = self._allow_tie.get(name, False) or allow_tie
        if name not in self._panels:
            self._panels[name] = Panel()
        return self._panels[name]

    def _number_of(self, answer: Answer) -> int:
        # A pseudonym is costly; a worker is asked for once.
        worker = answer.worker.id, answer.worker.simulated
        number = self._workers.get(worker)
        if number is None:
            number = self._workers[worker] = self._number(self._name_of(answer), worker[1])
        return number

    def _number(self, name: str, simulated: bool) -> int:
        number, so_far = self._annotators.get(name, (len(self._annotators), False))
        self._annotators[name] = number, so_far or simulated
        return number

    def _numbers_of_models(self, item: Item) -> list[int]:
        names = self._models
        return [names.setdefault(name, len(names)) for name in item.models or ()]


def _compares(ranks: Ranks) -> bool:
    return len(ranks) - ranks.count(None) > 1
