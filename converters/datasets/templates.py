"""What a model is asked and what it is to answer, in projects of questions and answers. Writes no rows."""

from __future__ import annotations

from ..judgement.job_item import JobItem
from ..records import Pair
from .options import BuildOptions
from .rows import message, prompt_messages

__all__ = ["TEMPLATES", "asked_turns"]

# By --direction and --context. Each is filled from passage, sections and question.
TEMPLATES = {
    ("answer", "passage"): "Answer the question from the passage.\n\nPassage:\n{passage}\n\nQuestion: {question}",
    ("answer", "sections"): "Answer the question from the excerpts.\n\nExcerpts:\n{sections}\n\nQuestion: {question}",
    ("answer", "none"): "{question}",
    ("ask", "passage"): "Ask a question that the passage answers.\n\nPassage:\n{passage}",
    ("ask", "sections"): "Ask a question that the excerpts answer.\n\nExcerpts:\n{sections}",
}


def asked_turns(job_item: JobItem, pair: Pair, options: BuildOptions) -> tuple[list[dict[str, str]], str] | None:
    """(the messages that ask, the answer to them) for a pair that was written about the item.

    A passage is asked about by the template for the options' ``direction`` and ``context``; a prompt, to which the
    pair is an answer, stands as it is. None if the template is filled from linked sections and the pair links none: the
    passage in their place would be another kind of row.
    """
    if job_item.answers_prompt:
        return prompt_messages(job_item.item), pair.answer
    if options.context == "sections" and not pair.sections:
        return None
    template = TEMPLATES[options.direction, options.context]
    turn = template.format(passage=job_item.item.text, sections=_sections_text(pair), question=pair.question)
    return message("user", turn), pair.question if options.direction == "ask" else pair.answer


def _sections_text(pair: Pair) -> str:
    """The texts of the linked sections as they follow each other in the passage, a blank line between them."""
    return "\n\n".join(text for _, _, text in sorted({(s.start, s.end, s.text) for s in pair.sections}))
