"""Task definitions in sentences, for people who check what annotators will be asked."""

from __future__ import annotations

from collections.abc import Iterator

from .controls import SLOTS_WITHOUT_MAXIMUM, slot_count
from .tasks import QuestionAnswer, Range, TaskDefinition, TextRanking

__all__ = ["definition_to_remarks", "definition_to_sentences", "definition_to_template_remarks"]


def definition_to_sentences(definition: TaskDefinition) -> Iterator[str]:
    """What the definition asks of annotators."""
    if definition.title:
        yield f"Title: {definition.title}"
    if isinstance(definition, TextRanking):
        yield "Rank the responses to each prompt, 1 being best:"
        for dimension in definition.dimensions:
            yield f"  {dimension.name}: ties {'allowed' if dimension.allow_tie else 'not allowed'}"
        yield f"The responses are shown in {'random' if definition.shuffle_responses else 'the given'} order."
        yield f"Texts are shown {'as rendered Markdown' if definition.markdown else 'as they are'}."
    else:
        yield from _question_sentences(definition)
    yield from (f"Note: {remark}" for remark in definition_to_remarks(definition))


def _question_sentences(definition: QuestionAnswer) -> Iterator[str]:
    unit = "characters" if definition.count == "characters" else "words"
    yield f"Write {_pairs(definition.questions)} of question and answer about each passage:"
    yield f"  a question has {definition.question_words} {unit}"
    yield f"  an answer has {definition.answer_words} {unit}"
    if definition.tags:
        yield f"  tags to choose from: {', '.join(definition.tags)}"
    yield f"  tags of the annotator's own: {'allowed' if definition.allow_custom_tags else 'not allowed'}"


def _pairs(questions: Range) -> str:
    return f"{questions} {'pair' if (questions.max or questions.min) == 1 else 'pairs'}"


def definition_to_remarks(definition: TaskDefinition) -> Iterator[str]:
    """What the screens make of a definition that it does not say itself."""
    if isinstance(definition, QuestionAnswer) and definition.questions.max is None:
        yield (
            f"there is no maximum of pairs; the screen has room for {slot_count(definition)} "
            f"(write 'questions: {{max: ...}}' for another number than {SLOTS_WITHOUT_MAXIMUM})"
        )


def definition_to_template_remarks(definition: TaskDefinition) -> Iterator[str]:
    """What Ground Truth cannot do of a definition. Its worker template carries it all the same, for the way back."""
    if definition.title:
        yield "Ground Truth does not show the title; its workers see the labeling job's TaskTitle"
    if isinstance(definition, TextRanking):
        if definition.shuffle_responses:
            yield "Ground Truth does not shuffle the responses; its workers see them in the manifest's order"
        if definition.markdown:
            yield "Ground Truth does not render Markdown; its workers see texts as they are"
    elif {definition.question_words, definition.answer_words} != {Range()}:
        unit = "characters" if definition.count == "characters" else "words"
        yield f"Ground Truth does not count {unit} as gtbridge does; how its own counting goes is not documented"
