"""Projects in which annotators compare responses -> text ranking. Which control is which dimension is told beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...label_configs.errors import DefinitionError, InputError
from ...label_configs.tasks import TextRanking, definition_from_dict
from ..records import Item, Ranking
from .compared import responses_of, shown_keys
from .config import Config, ObjectTag
from .dimensions import dimension_readers
from .mapping import ProjectMapping
from .plans import Needs, Said, among
from .prompts import PromptSource, prompt_source
from .rank_readers import RankReader
from .responses import ResponseSource
from .scores import ScoreReader
from .stored import Stored
from .task_data import TaskData

__all__ = ["RankingPlan", "ranking_plan"]


@dataclass(frozen=True)
class RankingPlan:
    """The ``readers`` are in the order of the definition's dimensions."""

    definition: TextRanking
    prompt: PromptSource
    responses: ResponseSource
    readers: tuple[RankReader, ...]

    @property
    def controls(self) -> frozenset[str]:
        """The names of the controls that it reads."""
        return frozenset(control.name for reader in self.readers for control in reader.controls)

    def item(self, data: TaskData) -> Item:
        """The prompt with its responses. InputError if something is missing."""
        text, messages = self.prompt.read(data)
        shown = self.responses.read(data)
        return Item(0, "", text, shown.texts, shown.models, messages)

    def order(self, data: TaskData) -> tuple[int, ...]:
        """The order in which the responses were shown."""
        return self.responses.read(data).order

    def said(self, stored: Stored, item: Item, data: TaskData) -> Said:
        """The rankings; or, where nothing is ranked, the option that says that nothing can be."""
        shown = self.responses.read(data)
        rankings = tuple(reader.read(stored, shown) for reader in self.readers)
        if any(rank is not None for ranking in rankings for rank in ranking.ranks):
            return Said(rankings=rankings)
        return Said(rankings=rankings, declined=next(filter(None, (r.declined(stored) for r in self.readers)), None))

    def untouched(self, rankings: Sequence[Ranking], order: Sequence[int]) -> bool:
        """Whether one of the rankings is what its control stores if nobody touches it."""
        return any(r.untouched(given, order) for r, given in zip(self.readers, rankings, strict=False))


def ranking_plan(config: Config, mapping: ProjectMapping, needs: Needs) -> RankingPlan | None:
    """How the project's comparisons are read; None if something has to be said first.

    InputError if what was said cannot be.
    """
    responses = responses_of(config, mapping)
    if responses is None:
        needs.ask("responses=KEY[,KEY...]", f"the keys of the responses in the tasks' data{among(shown_keys(config))}")
    elif far := [tag for tag in responses.objects if isinstance(tag, ObjectTag) and tag.elsewhere]:
        raise InputError(
            f"{far[0]} shows what lies at an address; responses must stand in the tasks", source=config.source
        )
    readers = dimension_readers(config, mapping, responses, needs)
    prompt = _prompt(config, mapping, responses, needs)
    good = _good_scores(config, mapping, responses, readers, needs)
    if not readers and not needs.asked:
        raise InputError("no control compares the responses, so there is nothing to read", source=config.source)
    if responses is None or prompt is None or needs.asked:
        return None
    definition = _definition(config, mapping, readers, good)
    return RankingPlan(definition, prompt, responses, tuple(readers))


def _prompt(
    config: Config, mapping: ProjectMapping, responses: ResponseSource | None, needs: Needs
) -> PromptSource | None:
    taken = [tag.name for tag in config.objects if responses and responses.has(tag.name)]
    dialogues = [tag for tag in config.objects if tag.kind == "paragraphs"]
    if responses is None and len(dialogues) == 1:
        return None  # once the responses are known, it may well be the only one left
    return prompt_source(config, mapping, taken, needs)


def _good_scores(
    config: Config,
    mapping: ProjectMapping,
    responses: ResponseSource | None,
    readers: Sequence[RankReader],
    needs: Needs,
) -> dict[str, float]:
    """The least number of a good response, by dimension; asked for where an item has but one response."""
    found: dict[str, float] = {}
    for said, number in mapping.good.items():
        reader = next((reader for reader in readers if said in _names(reader)), None)
        if reader is None and not needs.asked:
            there = ", ".join(reader.dimension for reader in readers)
            raise InputError(f"good:{said} names no dimension; there are: {there}", source=config.source)
        if isinstance(reader, ScoreReader) and not reader.lower:
            found[reader.dimension] = number
        elif reader is not None:
            why = "lower is better" if isinstance(reader, ScoreReader) else "no response is given a number"
            raise InputError(
                f"good:{said} is the least number of a good response, but in {reader.dimension!r} {why}",
                source=config.source,
            )
    if responses is not None and responses.count == 1:
        for reader in readers:
            if reader.dimension not in found:
                why = "the least number of a good response, as each task has but one"
                needs.ask(f"good:{reader.dimension}=NUMBER", why)
    return found


def _names(reader: RankReader) -> list[str]:
    return [reader.dimension, *(control.name for control in reader.controls)]


def _definition(
    config: Config, mapping: ProjectMapping, readers: Sequence[RankReader], good: dict[str, float]
) -> TextRanking:
    dimensions: list[dict[str, Any]] = [
        {"name": reader.dimension, "allow_tie": reader.may_tie}
        | ({"good_score": good[reader.dimension]} if reader.dimension in good else {})
        for reader in readers
    ]
    fields = {"task": "text-ranking", "dimensions": dimensions, "shuffle_responses": False}
    if mapping.reference is not None:
        fields["reference"] = True
    try:
        definition = definition_from_dict(fields)
    except DefinitionError as error:
        raise error.at(source=config.source) from None
    assert isinstance(definition, TextRanking)
    return definition
