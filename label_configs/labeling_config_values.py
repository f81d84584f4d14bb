"""What the labeling configs' templates are filled with. Knows which controls a definition needs, not how they look."""

from __future__ import annotations

from itertools import cycle, islice
from typing import Any

from .controls import (
    CANNOT_JUDGE,
    COMMENT,
    CONFIRMED,
    HIGHLIGHTED,
    NO_KEY,
    PAIR_COUNT,
    PASSAGE,
    PROMPT,
    REFERENCE,
    SECTION,
    WHOLE_PASSAGE,
    confirm_name,
    dimension_slugs,
    flags_name,
    order_name,
    rank_name,
    section_label,
    slot_count,
    slot_name,
)
from .tasks import QuestionAnswer, Range, TaskDefinition, TextRanking

__all__ = ["PAIR_COLOURS", "template_values"]

# Each has a contrast of at least 3 to both themes' backgrounds (WCAG 2.1, 1.4.11) and lies more than 0.11 from every
# other in OKLab, about the most that twenty can under that condition.
PAIR_COLOURS = (
    *("#e1005a", "#00a500", "#0069ff", "#b400ff", "#ff5a00", "#00a0a0", "#ff00f0", "#877800", "#0078a5", "#b44ba5"),
    *("#d27887", "#9687c3", "#785ad2", "#ff4ba5", "#00875a", "#c369ff", "#1e96f0", "#c34b1e", "#929274", "#876978"),
)


def template_values(definition: TaskDefinition) -> dict[str, Any]:
    """The values that ``<task>.xml`` and what it includes name, but for the definition itself and the style sheet."""
    if isinstance(definition, TextRanking):
        return _shared_values(definition, PROMPT) | _ranking_values(definition)
    return _shared_values(definition, PASSAGE) | _question_values(definition)


def _shared_values(definition: TaskDefinition, subject: str) -> dict[str, Any]:
    return {
        "no_key": NO_KEY,
        "subject": subject,
        "comment": {"name": COMMENT, "required": definition.comment == "required"} if definition.comment else None,
        "cannot_judge": CANNOT_JUDGE,
        "reasons": definition.cannot_judge,
    }


def _ranking_values(definition: TextRanking) -> dict[str, Any]:
    return {
        "markdown": definition.markdown,
        "confirmed": CONFIRMED,
        "reference": REFERENCE if definition.reference else "",
        "flags": flags_name("{{idx}}") if definition.flags else "",
        "dimensions": [
            {
                "name": dimension.name,
                "allow_tie": dimension.allow_tie,
                "rank": rank_name(slug, "{{idx}}"),
                "order": order_name(slug),
                "confirm": confirm_name(slug),
            }
            for dimension, slug in zip(definition.dimensions, dimension_slugs(definition), strict=True)
        ],
    }


def _question_values(definition: QuestionAnswer) -> dict[str, Any]:
    least, most = definition.questions.min, slot_count(definition)
    fields = ("question", "answer", "scope", "tags", "custom_tags")
    return {
        "section": SECTION,
        "passage": PASSAGE,
        "pair_count": PAIR_COUNT,
        "counts": range(least, most + 1) if least < most else (),
        "unlimited": definition.questions.max is None,
        "slots": [
            {
                "label": section_label(number),
                "colour": colour,
                "opened_by": ",".join(map(str, range(number, most + 1))) if number > least else "",
                **{field: slot_name(field, number) for field in fields},
            }
            for number, colour in enumerate(islice(cycle(PAIR_COLOURS), most), start=1)
        ],
        "scopes": (WHOLE_PASSAGE, HIGHLIGHTED),
        "question_hint": _hint("Question", definition.question_words, definition.count),
        "answer_hint": _hint("Answer", definition.answer_words, definition.count),
        "tags": definition.tags,
        "custom_tags": definition.allow_custom_tags,
    }


def _hint(what: str, limits: Range, count: str) -> str:
    """E.g. "Question, 3 to 20 words"; a limit that any text meets goes without saying."""
    if limits == Range():
        return what
    unit = "character" if count == "characters" else "word"
    return f"{what}, {limits.of(unit)}"
