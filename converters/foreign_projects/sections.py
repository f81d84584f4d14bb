"""What a labeling config and the user tell of a project of questions and answers -> how to read it. Reads no answer."""

from __future__ import annotations

from collections.abc import Sequence

from ...label_configs.errors import DefinitionError, InputError
from ...label_configs.tasks import QuestionAnswer, definition_from_dict
from .config import Config, ControlTag
from .mapping import ProjectMapping
from .plans import Needs, Plan
from .prompts import PromptSource, prompt_source
from .section_pairs import SectionPairs
from .typed_texts import text_areas

__all__ = ["section_plan"]


def section_plan(config: Config, mapping: ProjectMapping, needs: Needs) -> Plan | None:
    """How to read a project of questions and answers; None, and asked for in ``needs``, if something is not said.

    The passage is the Text that Labels mark, else where ``prompt_source`` finds it. A question is what ``question``
    names, a TextArea or a key of the data. The answer is what ``answer`` names; unsaid, it is the only other TextArea,
    and where there is none the section itself.

    InputError if what is said cannot go together.
    """
    marks = _marks(config, needs)
    areas = text_areas(config)
    if marks is None:
        areas = [area for area in areas if not area.per_region]  # there is no region to answer them for
    question = _question(config, mapping, areas, marks, needs)
    answers = [area for area in areas if area is not question]
    answer = _answer(mapping, answers, marks, needs)
    passage = _passage(config, mapping, marks, question, needs)
    tags = _tags(config, mapping, marks, needs)
    if needs.asked or question is None or passage is None:
        return None
    if isinstance(question, ControlTag) and question.per_region and answer is not None and not answer.per_region:
        raise InputError(
            f"{question} is answered for each region, {answer} once for the task: which belong together is not stored",
            source=config.source,
        )
    return SectionPairs(_definition(tags), passage, question, answer, marks, tags)


def _marks(config: Config, needs: Needs) -> ControlTag | None:
    found = [control for control in config.controls if control.makes_regions]
    if len(found) > 1:
        names = ", ".join(control.name for control in found)
        needs.ask("ignore=CONTROL[,CONTROL...]", f"only one of the controls {names} can mark the sections of pairs")
    for control in found[:1]:
        shown = config.object(control.to_names[0]) if control.to_names else None
        coded = shown is not None and shown.attributes.get("encoding", "none") != "none"
        if shown is None or shown.kind != "text" or shown.key is None or shown.elsewhere or coded or control.repeats:
            needs.ask(f"ignore={control.name}", "only parts of a Text whose text is in the tasks' data are read")
    return found[0] if found else None


def _question(
    config: Config, mapping: ProjectMapping, areas: Sequence[ControlTag], marks: ControlTag | None, needs: Needs
) -> ControlTag | str | None:
    if mapping.question is not None and config.control(mapping.question) is None:
        return mapping.question
    found = next((area for area in areas if area.name == mapping.question), None)
    if found is None:
        marked = () if marks is None else marks.to_names
        keys = [tag.key for tag in config.objects if tag.kind == "text" and tag.key and tag.name not in marked]
        among = ", ".join(dict.fromkeys([*keys, *(area.name for area in areas)])) or "none"
        needs.ask("question=KEY_OR_CONTROL", f"the key of the question in the tasks' data, or its TextArea: {among}")
    return found


def _answer(
    mapping: ProjectMapping, areas: Sequence[ControlTag], marks: ControlTag | None, needs: Needs
) -> ControlTag | None:
    """The TextArea; None if the section is the answer, or if it was asked for."""
    of_section = mapping.answer == "section" or (mapping.answer is None and not areas)
    if of_section and marks is not None:
        return None
    found = [area for area in areas if mapping.answer in (None, area.name)]
    if len(found) != 1:
        names = ", ".join([*(area.name for area in areas), *(["section"] if marks else [])]) or "none"
        needs.ask("answer=CONTROL", f"the TextArea of the answer, or section if what is highlighted is it: {names}")
        return None
    return found[0]


def _passage(
    config: Config, mapping: ProjectMapping, marks: ControlTag | None, question: ControlTag | str | None, needs: Needs
) -> PromptSource | None:
    if marks is None:
        # Which Text is left for the passage is known once the question is.
        return None if question is None else prompt_source(config, mapping, (), needs, "passage")
    shown = config.object(marks.to_names[0])
    key = None if shown is None else shown.key
    if mapping.passage not in (None, key):
        raise InputError(
            f"--map passage={mapping.passage}: {marks} marks parts of {key}, which must be the passage",
            source=config.source,
        )
    return PromptSource(key, shown=shown)


def _tags(config: Config, mapping: ProjectMapping, marks: ControlTag | None, needs: Needs) -> ControlTag | None:
    if mapping.tags is None:
        if marks is not None and (len(marks.options) > 1 or marks.key):
            labels = ", ".join(option.stored for option in marks.options) or f"those in {marks.key}"
            needs.ask(f"tags={marks.name}", f"its labels say something of each pair: {labels}")
        return None
    if marks is not None and mapping.tags == marks.name:
        return marks
    found = config.control(mapping.tags)
    if found is None or found.kind != "choices" or found.repeats or (found.per_region and marks is None):
        needs.ask("tags=CONTROL", f"the Labels of the sections or Choices; {mapping.tags} holds no tags of pairs")
        return None
    return found


def _definition(tags: ControlTag | None) -> QuestionAnswer:
    """The task; tags that no definition can hold, or that each task has of its own, are tags of the annotators' own."""
    offered = [] if tags is None else [option.stored for option in tags.options]
    try:
        definition = definition_from_dict({"task": "question-answer", "tags": offered})
    except DefinitionError:
        offered = []
        definition = QuestionAnswer()
    assert isinstance(definition, QuestionAnswer)
    return definition.model_copy(
        update={"allow_custom_tags": tags is not None and (tags.key is not None or not offered)}
    )
