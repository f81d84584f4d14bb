"""A Label Studio project that gtbridge did not make -> its items and answers. What its labeling config and the user do
not tell is asked for by name, all at once, and never guessed. Pure: handed parsed tasks, opens nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ...label_configs.errors import InputError
from ...label_configs.tasks import TaskDefinition, fingerprint
from ..formats.annotation_envelope import read_envelope, submission_order
from ..formats.job_output import AnsweredLine
from ..formats.json_text import to_line
from ..formats.manifest import OutputLine
from ..records import Answer, Item, Worker
from .config import Config, read_config
from .kinds import chosen_plan
from .mapping import NOTHING_SAID, ProjectMapping
from .mapping_check import check_mapping
from .plans import Needs, Plan
from .rankings import RankingPlan
from .stored import Stored
from .task_data import TaskData

__all__ = ["ProjectReading", "project_reading"]


@dataclass(frozen=True)
class ProjectReading:
    """How one project is read. ``definition`` is what its annotators were asked, as far as it is read; ``remarks`` are
    the controls that are not.
    """

    source: str
    definition: TaskDefinition
    remarks: tuple[str, ...]
    _config: Config = field(repr=False)
    _plan: Plan = field(repr=False)
    _fingerprint: str = field(repr=False)
    _reference: str | None = field(repr=False)

    def answered(
        self, task: Mapping[str, Any], worker_of: Callable[[Mapping[str, Any]], Worker], position: int = 0
    ) -> AnsweredLine:
        """The item that ``task`` (as the JSON export has it) shows, with the answers of all its annotators in the order
        of their submission; cancelled ones are declined.

        The item's index is the task's id, else its ``inner_id``, else ``position``; its line is the manifest line that
        says the same, with the task's data whole in ``data``. ``worker_of`` tells who gave an annotation. InputError
        names the task and the key that is missing.
        """
        index = next((n for n in (task.get("id"), task.get("inner_id")) if type(n) is int and n >= 0), position)
        content = task.get("data")
        data = TaskData(content if isinstance(content, dict) else {}, str(index), self.source)
        if not isinstance(content, dict):
            raise data.refuse("has no data")
        item = self._plan.item(data)
        if self._reference is not None:
            item = replace(item, reference=data.text(self._reference))
        try:
            item = replace(item, index=index, line=to_line(_manifest_line(item, content)))
        except ValueError:
            raise data.refuse("holds a number that JSON has none for") from None
        found = task.get("annotations")
        annotations = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
        annotations.sort(key=submission_order)
        order, remarks = self._plan.order(data), dict[str, None]()
        answers = []
        for each in annotations:
            answer = replace(read_envelope(each, worker_of(each)), definition=self._fingerprint, order=order)
            if answer.status == "given":
                stored = Stored.of(each.get("result"))
                remarks.update(dict.fromkeys(self._strange(stored)))
                answer = self._filled(answer, stored, item, data)
            answers.append(answer)
        output = OutputLine(item, {}, {}) if answers else OutputLine(item, None, None)
        return AnsweredLine(output, tuple(answers), tuple(remarks))

    def _strange(self, stored: Stored) -> Iterator[str]:
        for name in stored.entries:
            if self._config.control(name) is None:
                yield f"{name!r} was answered, which the labeling config does not have (any more)"

    def _filled(self, answer: Answer, stored: Stored, item: Item, data: TaskData) -> Answer:
        """``answer`` with what its result says."""
        if not stored.entries and not stored.unread:
            return replace(answer, unread=("nothing was answered",))
        said = self._plan.said(stored, item, data)
        if said.declined is not None and not stored.unread:
            return replace(answer, status="declined", reason=said.declined)
        return replace(answer, rankings=said.rankings, pairs=said.pairs, unread=tuple(stored.unread))

    def untouched(self, answered: AnsweredLine) -> int:
        """How many of the answers are what the project's controls store if nobody touches them: the order in which a
        Ranker shows the responses, the default of a Number.
        """
        plan = self._plan
        if not isinstance(plan, RankingPlan):
            return 0
        given = [answer for answer in answered.answers if answer.status == "given" and answer.order is not None]
        return sum(plan.untouched(answer.rankings, answer.order or ()) for answer in given)


def _manifest_line(item: Item, data: Mapping[str, Any]) -> dict[str, Any]:
    """What ``item_from_line`` makes an equal item of."""
    beside = {"responses": item.responses, "models": item.models, "reference": item.reference}
    return {
        "source": item.text,
        **({"messages": [{"role": role, "content": text} for role, text in item.messages]} if item.messages else {}),
        **{key: value for key, value in beside.items() if value is not None},
        "data": data,
    }


def project_reading(xml: str, mapping: ProjectMapping = NOTHING_SAID, source: str = "the project") -> ProjectReading:
    """How the tasks of a project with this labeling config are read, with what the user says in ``mapping``.

    InputError lists everything that has still to be said, each as the option to type; or says what was said that cannot
    be. DefinitionError if ``xml`` is none.
    """
    config = read_config(xml, source)
    check_mapping(mapping, config)
    asked, needs = config.without(mapping.ignored), Needs()
    plan = chosen_plan(asked, mapping, needs)
    needs.check(source)
    if plan is None:
        raise InputError("cannot be read: nothing tells what its answers are", source=source)
    read = plan.controls
    remarks = tuple(str(control) for control in asked.controls if not any(map(control.is_called, read)))
    return ProjectReading(
        source, plan.definition, remarks, config, plan, fingerprint(plan.definition), mapping.reference
    )
