"""What a definition can say of answers that were given elsewhere, and no screen of gtbridge's asks for. Refuses it."""

from __future__ import annotations

from .errors import DefinitionError
from .tasks import TaskDefinition

__all__ = ["refuse_unasked"]


def refuse_unasked(definition: TaskDefinition) -> None:
    """DefinitionError if no screen can be made of ``definition``: it is about answers to prompts."""
    if definition.prompt_completion:
        raise DefinitionError(
            "no screen asks for answers to prompts, which are only read from projects that were made elsewhere",
            path="$.prompt_completion",
        )
