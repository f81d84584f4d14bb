"""How a model is asked about a passage: the user's turn and the answer to it. Templates only; writes no rows."""

from __future__ import annotations

from ..records import Pair
from .options import BuildOptions

__all__ = ["TEMPLATES", "filled", "sections_text"]

# By --direction and --context. Each is filled from passage, sections and question.
TEMPLATES = {
    ("answer", "passage"): "Answer the question from the passage.\n\nPassage:\n{passage}\n\nQuestion: {question}",
    ("answer", "sections"): "Answer the question from the excerpts.\n\nExcerpts:\n{sections}\n\nQuestion: {question}",
    ("answer", "none"): "{question}",
    ("ask", "passage"): "Ask a question that the passage answers.\n\nPassage:\n{passage}",
    ("ask", "sections"): "Ask a question that the excerpts answer.\n\nExcerpts:\n{sections}",
}


def filled(pair: Pair, passage: str, options: BuildOptions) -> tuple[str, str] | None:
    """(the user's turn, the assistant's) for a pair about ``passage``.

    None if the turn is made of linked sections and the pair links none: the passage in their place would be another
    kind of row.
    """
    if options.context == "sections" and not pair.sections:
        return None
    template = TEMPLATES[options.direction, options.context]
    turn = template.format(passage=passage, sections=sections_text(pair), question=pair.question)
    return turn, pair.question if options.direction == "ask" else pair.answer


def sections_text(pair: Pair) -> str:
    """The texts of the linked sections as they follow each other in the passage, a blank line between them."""
    return "\n\n".join(text for _, _, text in sorted({(s.start, s.end, s.text) for s in pair.sections}))
