"""Judged items -> the configs of a dataset, split by split. Routes rows to writers; knows neither paths nor servers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import regex

from ...label_configs.tasks import TextRanking
from ..formats.manifest import other_fields
from ..formats.remarks import declined_how
from ..judgement.criteria import Criterion, criteria
from ..judgement.job_item import JobItem
from ..ledger import Ledger, content, refuse_loss
from .annotation import annotation_rows, rows_content
from .opinions import Opinions
from .options import CONFIGS, BuildOptions
from .preference import preference_rows
from .prompts import Prompts
from .qa import question_answer_rows
from .ranking import ranking_rows
from .rows import Making, Pseudonyms, prompt_text, split_of
from .sft import best_response_rows, question_rows
from .squad import squad_rows
from .ties import tie_rows
from .unpaired import unpaired_rows
from .writers import BuiltConfig, OpenShard, Writers

if TYPE_CHECKING:
    from .batch import Batch

__all__ = ["Built", "BuiltConfig", "Source", "build", "config_names", "join"]

_LONGEST_ENDING = 60  # bytes: a file name has at most 255, and `datasets` locks files named after path and config
_BY_CRITERION = (
    ("preference", preference_rows),
    ("unpaired", unpaired_rows),
    ("ties", tie_rows),
    ("sft", best_response_rows),
)
_OF_QUESTIONS = (("sft", question_rows), ("qa", question_answer_rows), ("squad", squad_rows))
_ABOUT_PASSAGES = ("qa", "squad")

_Rows = tuple[str, str, list[dict[str, Any]]]  # kind, name of the config, rows


@dataclass
class Built:
    """A dataset as written: its configs, and who gave the answers that count."""

    configs: list[BuiltConfig] = field(default_factory=list)
    annotators: set[str] = field(default_factory=set)
    answers: int = 0
    simulated: int = 0

    def merge(self, later: Built) -> None:
        """Add the answers that ``later`` counts."""
        self.annotators |= later.annotators
        self.answers += later.answers
        self.simulated += later.simulated


def build(
    items: Iterable[JobItem],
    dimensions: Sequence[str],
    options: BuildOptions,
    open_shard: OpenShard,
    ledger: Ledger,
    see: Callable[[JobItem], None] | None = None,
) -> Built:
    """Write all rows through ``open_shard(config, split, number)`` and say what was written.

    ``dimensions`` are the names of all dimensions that the items' tasks have; ``see`` is shown each item. Items,
    answers, pairs and the like that give no rows go into ``ledger``. MissingError if an option asks for a dimension
    that is not among them, InputError if an option is none.
    """
    options.check(dimensions)
    source, built = Source(dimensions, options, ledger), Built()
    with Writers(options, open_shard, ledger) as writers:
        for job_item in items:
            source.count(job_item, built)
            if see is not None:
                see(job_item)
            split = source.split(job_item)
            for kind, config, rows in source.rows(job_item):
                writers.write(kind, config, split, rows, job_item.place)
    built.configs = sorted(writers.finish(), key=source.order)
    ledger.close()
    return built


def join(
    batches: Iterable[Batch],
    dimensions: Sequence[str],
    options: BuildOptions,
    open_shard: OpenShard,
    ledger: Ledger,
    see: Callable[[Batch], None] | None = None,
) -> Built:
    """The same of items that were made batches of (see ``batch.build_batch``), in the order of the items: the same
    files to the byte, the same ledger. ``see`` is shown each batch.
    """
    options.check(dimensions)
    built = Built()
    with Writers(options, open_shard, ledger) as writers:
        for batch in batches:
            ledger.merge(batch.ledger)
            built.merge(batch.built)
            if see is not None:
                see(batch)
            writers.join(batch)
    built.configs = sorted(writers.finish(), key=Source(dimensions, options, ledger).order)
    ledger.close()
    return built


class Source:
    """The rows of each item, by the options. Of no item it knows another one."""

    def __init__(self, dimensions: Sequence[str], options: BuildOptions, ledger: Ledger):
        self._making = making = Making(options, Pseudonyms(options.pseudonym_key), ledger)
        dimensions = tuple(dict.fromkeys(options.dimensions or dimensions))
        self._criteria = criteria(dimensions, options.aggregate, dict(options.weights))
        several = len(self._criteria) > 1
        self._endings = config_names([criterion.name for criterion in self._criteria]) if several else {}
        self._prompts = Prompts(making)
        wanted = [(kind, made) for kind, made in _BY_CRITERION if options.wants(kind)]
        self._by_criterion = [
            (one, [(kind, kind + self._endings.get(one.name, ""), made) for kind, made in wanted])
            for one in self._criteria
        ]

    def split(self, job_item: JobItem) -> str:
        """Where the item's rows go."""
        options, prompted = self._making.options, isinstance(job_item.definition, TextRanking)
        text = prompt_text(job_item.item) if prompted or job_item.answers_prompt else job_item.item.text
        return split_of(text, options.seed, options.test_size)

    def count(self, job_item: JobItem, built: Built) -> None:
        """The item and its answers, in ``built`` and in the ledger."""
        making = self._making
        judged, place, ledger = job_item.judged, job_item.place, making.ledger
        built.annotators.update(making.names.of(answer) for answer in judged.valid)
        built.answers += len(judged.valid)
        built.simulated += sum(answer.worker.simulated for answer in judged.valid)
        ledger.enter("items")
        if judged.valid:
            ledger.leave("items")
        else:
            answered = judged.declined or judged.invalid or judged.superseded
            unanswered = "not labelled" if job_item.failure is None else "that the labeling job failed to label"
            ledger.drop("items", "without a valid answer" if answered else unanswered, place)
        ledger.enter_answers(judged.everyone)
        for answer in judged.declined:
            ledger.drop_answer(answer, declined_how(answer, job_item.definition), place)
        for answer in judged.superseded:
            ledger.drop_answer(answer, "superseded by the same worker", place)
        for answer, broken in judged.invalid:
            ledger.drop_answer(answer, "invalid", f"{place}: {broken[0]}")
        ledger.leave_answers(judged.valid)

    def rows(self, job_item: JobItem) -> Iterator[_Rows]:
        """(kind, config name, rows) for each config that the item may have rows in."""
        making, options = self._making, self._making.options
        wanted = options.fields and (options.wants("ranking") or options.wants("annotations"))
        fields = other_fields(job_item.item) if wanted else None
        if job_item.judged.valid:
            ranked = isinstance(job_item.definition, TextRanking)
            yield from self._of_ranking(job_item, fields) if ranked else self._of_questions(job_item)
            if options.wants("prompts"):
                yield "prompts", "prompts", list(self._prompts.rows(job_item))
        if options.wants("annotations"):
            annotations = list(annotation_rows(job_item, making, fields))
            refuse_loss(content(job_item.judged.everyone), rows_content(annotations), job_item.place)
            yield "annotations", "annotations", annotations

    def _of_ranking(self, job_item: JobItem, fields: str | None) -> Iterator[_Rows]:
        opinions, options = Opinions(job_item), self._making.options
        for criterion, wanted in self._by_criterion:
            if self._applies(criterion, job_item):
                for kind, config, made in wanted:
                    yield kind, config, list(made(opinions, criterion, self._making))
        if options.wants("ranking"):
            yield "ranking", "ranking", list(ranking_rows(opinions, self._making, fields))

    def _of_questions(self, job_item: JobItem) -> Iterator[_Rows]:
        for kind, made in _OF_QUESTIONS:
            if not self._making.options.wants(kind):
                continue
            if job_item.answers_prompt and kind in _ABOUT_PASSAGES:
                self._making.ledger.note("items", f"left out of {kind}: a prompt is no passage", job_item.place)
            else:
                yield kind, kind, list(made(job_item, self._making))

    def _applies(self, criterion: Criterion, job_item: JobItem) -> bool:
        """Whether the item's task asks for all that the criterion compares by. Some of it would be something else."""
        task = job_item.definition
        asked = [entry.name for entry in task.dimensions] if isinstance(task, TextRanking) else ()
        found = [name in asked for name in criterion.dimensions]
        if len(found) > 1 and not all(found):
            remark = f"left out of {criterion.name}: their task lacks a dimension of it"
            self._making.ledger.note("items", remark, job_item.place)
        return all(found)

    def order(self, config: BuiltConfig) -> tuple[int, int]:
        """Where the config stands among all: by kind, then by dimension."""
        names = [config.kind, *(config.kind + ending for ending in self._endings.values())]
        return CONFIGS.index(config.kind), names.index(config.name)


def config_names(dimensions: Iterable[str]) -> Mapping[str, str]:
    """The ending of each dimension's configs: ``-Helpfulness``.

    What a config name or folder cannot hold becomes ``-``, long names are cut, and names that would then be equal are
    numbered.
    """
    endings: dict[str, str] = {}
    for dimension in dimensions:
        short = regex.sub(r"[^\w\p{M}.]+", "-", dimension).encode()[:_LONGEST_ENDING].decode(errors="ignore")
        base = "-" + (short.strip("-.") or "dimension")
        ending, copy = base, 2
        while ending.casefold() in (taken.casefold() for taken in endings.values()):
            ending, copy = f"{base}-{copy}", copy + 1
        endings[dimension] = ending
    return endings
