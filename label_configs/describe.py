"""Task definitions in sentences, for people who check what annotators will be asked."""

from __future__ import annotations

from collections.abc import Iterator

from .controls import SLOTS_WITHOUT_MAXIMUM, slot_count
from .tasks import QuestionAnswer, Range, TaskDefinition, TextRanking, asks_beside

__all__ = ["definition_to_remarks", "definition_to_sentences", "definition_to_template_remarks"]


def definition_to_sentences(definition: TaskDefinition) -> Iterator[str]:
    """What the definition asks of annotators."""
    if definition.title:
        yield f"Title: {definition.title}"
    if isinstance(definition, TextRanking):
        yield "Rank the responses to each prompt, 1 being best:"
        for dimension in definition.dimensions:
            good = "" if dimension.good_score is None else f"; a score of {dimension.good_score:g} or more is good"
            yield f"  {dimension.name}: ties {'allowed' if dimension.allow_tie else 'not allowed'}{good}"
        yield f"The responses are shown in {'random' if definition.shuffle_responses else 'the given'} order."
        yield f"Texts are shown {'as rendered Markdown' if definition.markdown else 'as they are'}."
        if definition.reference:
            yield "A reference answer is shown beside the responses."
        if definition.flags:
            yield f"Each response can be marked as: {', '.join(definition.flags)}"
    else:
        yield from _question_sentences(definition)
    if definition.comment:
        yield f"A comment is {definition.comment}."
    if definition.cannot_judge:
        yield f"An item can be declined, with a reason in place of an answer: {', '.join(definition.cannot_judge)}"
    yield from (f"Note: {remark}" for remark in definition_to_remarks(definition))


def _question_sentences(definition: QuestionAnswer) -> Iterator[str]:
    unit = "characters" if definition.count == "characters" else "words"
    if definition.prompt_completion:
        yield f"Write {definition.questions.of('answer')} to each prompt:"
    else:
        yield f"Write {definition.questions.of('pair')} of question and answer about each passage:"
        yield f"  a question has {definition.question_words} {unit}"
    yield f"  an answer has {definition.answer_words} {unit}"
    if definition.tags:
        yield f"  tags to choose from: {', '.join(definition.tags)}"
    yield f"  tags of the annotator's own: {'allowed' if definition.allow_custom_tags else 'not allowed'}"


def definition_to_remarks(definition: TaskDefinition) -> Iterator[str]:
    """What the screens make of a definition that it does not say itself."""
    if isinstance(definition, QuestionAnswer) and not definition.prompt_completion and definition.questions.max is None:
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
    if asks_beside(definition):
        yield (
            "Ground Truth does not document how plain HTML fields go together with its element; comments, flags and "
            "reasons are asked for in such fields"
        )
    if definition.cannot_judge:
        yield (
            "Ground Truth cannot hide its element once somebody says that they cannot judge an item; where they give "
            "an answer as well, both together are refused"
        )
