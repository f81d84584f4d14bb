"""Task definitions: what annotators are asked, for both tasks. Validates; reads and writes no files.

The field names are those of the YAML that people write; ``definition_files`` reads it.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)

from .errors import DefinitionError
from .wrong_fields import path_of, sentence, short

__all__ = [
    "Dimension",
    "QuestionAnswer",
    "Range",
    "TaskDefinition",
    "TextRanking",
    "asks_beside",
    "definition_from_dict",
    "definition_to_dict",
    "fingerprint",
]

_MOST_QUESTIONS = 1000

# XML 1.0 cannot hold these, not even escaped, so neither can a labeling config.
_NOT_IN_XML = {*map(chr, range(0x20)), "\x7f", "\ufffe", "\uffff"} - {"\t", "\n"}


def _printable(text: str) -> str:
    for character in text:
        if character in _NOT_IN_XML or unicodedata.category(character) == "Cs":
            raise ValueError(f"holds the character U+{ord(character):04X}, which no labeling config can hold")
    return text


def _single_line(text: str) -> str:
    _printable(text)
    if not text.strip():
        raise ValueError("must not be empty")
    if text != text.strip():
        raise ValueError("must not begin or end with white space")
    if len(text.splitlines()) > 1 or "\t" in text:
        raise ValueError("must be a single line without tabs")
    return text


Label = Annotated[str, AfterValidator(_single_line), Field(max_length=200)]
Prose = Annotated[str, AfterValidator(_printable)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Dimension(_Strict):
    """One thing to rank by, e.g. helpfulness, with its own tie rule.

    Where annotators give each response a number, those of at least ``good_score`` are good in themselves.
    """

    name: Label
    allow_tie: bool
    good_score: Annotated[float, Field(allow_inf_nan=False)] | None = None


class Range(_Strict):
    """How many: at least ``min`` and, unless it is None, at most ``max``."""

    min: Annotated[int, Field(ge=1)] = 1
    max: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.max is not None and self.max < self.min:
            raise ValueError(f"max ({self.max}) is less than min ({self.min})")
        return self

    def __contains__(self, count: int) -> bool:
        return self.min <= count and (self.max is None or count <= self.max)

    def __str__(self) -> str:
        if self.max is None:
            return f"at least {self.min}"
        return str(self.min) if self.min == self.max else f"{self.min} to {self.max}"

    def of(self, unit: str) -> str:
        """With the ``unit`` that is counted: ``1 to 3 words``, ``at least 1 word``."""
        return f"{self} {unit}{'' if (self.max or self.min) == 1 else 's'}"


def _distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    seen: dict[str, str] = {}
    for name in names:
        key = unicodedata.normalize("NFC", name)
        if key in seen:
            raise ValueError(f"{name!r} appears twice")
        seen[key] = name
    return names


Names = Annotated[tuple[Label, ...], Field(strict=False), AfterValidator(_distinct)]
Comment = Literal["optional", "required"]


class TextRanking(_Strict):
    """Rank the responses to a prompt on each dimension. (Ground Truth: crowd-text-ranking.)

    With ``reference``, items show an answer that was given beforehand. ``flags`` are what a single response can be
    marked with; ``comment`` asks for a remark; ``cannot_judge`` are the reasons for which an item may be declined.
    """

    task: Literal["text-ranking"] = "text-ranking"
    title: Prose = ""
    instructions: Prose = ""
    dimensions: Annotated[tuple[Dimension, ...], Field(min_length=1, strict=False)]
    shuffle_responses: bool = True
    markdown: bool = False
    reference: bool = False
    flags: Names = ()
    comment: Comment | None = None
    cannot_judge: Names = ()
    prompt_completion: ClassVar[bool] = False  # only the other task's, but to be asked of both

    @field_validator("dimensions")
    @classmethod
    def _distinct_dimensions(cls, dimensions: tuple[Dimension, ...]) -> tuple[Dimension, ...]:
        _distinct(tuple(dimension.name for dimension in dimensions))
        return dimensions


class QuestionAnswer(_Strict):
    """Write questions about a passage, with their answers. (Ground Truth: crowd-question-answer-generation.)

    ``count`` says what a word is: ``words`` follows the script of the text, ``whitespace`` splits at white space,
    ``characters`` counts grapheme clusters other than white space. With ``prompt_completion`` the text is no passage
    but a prompt, and what annotators write are answers to it, without questions; such answers are read from projects
    that were made elsewhere, and there is no screen of gtbridge's that asks for them. ``comment`` and ``cannot_judge``
    are as in ``TextRanking``.
    """

    task: Literal["question-answer"] = "question-answer"
    title: Prose = ""
    instructions: Prose = ""
    questions: Range = Range()
    question_words: Range = Range()
    answer_words: Range = Range()
    tags: Names = ()
    allow_custom_tags: bool = False
    count: Literal["words", "whitespace", "characters"] = "words"
    prompt_completion: bool = False
    comment: Comment | None = None
    cannot_judge: Names = ()
    reference: ClassVar[bool] = False
    flags: ClassVar[tuple[str, ...]] = ()

    @field_validator("questions")
    @classmethod
    def _room_for_questions(cls, questions: Range) -> Range:
        if max(questions.min, questions.max or 0) > _MOST_QUESTIONS:
            raise ValueError(f"asks for more than {_MOST_QUESTIONS:,} questions, for which no screen has room")
        return questions


TaskDefinition = TextRanking | QuestionAnswer

# So that a definition without them has the fingerprint that it always had.
_BEYOND = {"reference", "flags", "comment", "cannot_judge", "prompt_completion", "good_score"}

_MODELS: dict[str, TypeAdapter[Any]] = {
    "text-ranking": TypeAdapter(TextRanking),
    "question-answer": TypeAdapter(QuestionAnswer),
}
TASKS = tuple(_MODELS)


def definition_from_dict(data: object) -> TaskDefinition:
    """The task definition that ``data`` (parsed YAML or JSON) spells; DefinitionError names the first wrong field."""
    if not isinstance(data, dict):
        raise DefinitionError("a task definition is a mapping of fields, e.g. 'task: text-ranking'", path="$")
    task = data.get("task")
    if not isinstance(task, str) or task not in _MODELS:
        found = "is missing" if task is None else f"is {short(task)}"
        raise DefinitionError(f"{found}; it must be one of {', '.join(TASKS)}", path="$.task")
    try:
        definition: TaskDefinition = _MODELS[task].validate_python(data)
    except ValidationError as error:
        first = error.errors()[0]
        raise DefinitionError(sentence(first), path=path_of(first["loc"])) from None
    return definition


def definition_to_dict(definition: TaskDefinition) -> dict[str, Any]:
    """The fields as plain JSON values, in the order people write them; the inverse of ``definition_from_dict``.

    What is asked for beyond the two tasks of Ground Truth is left out where it is not asked for.
    """
    data: dict[str, Any] = definition.model_dump(mode="json")
    for holder in (data, *data.get("dimensions", ())):
        for name in _BEYOND & holder.keys():
            if not holder[name] and not isinstance(holder[name], float):
                del holder[name]
    return data


def asks_beside(definition: TaskDefinition) -> bool:
    """Whether it asks for anything beside ranks or pairs."""
    return bool(definition.flags or definition.comment or definition.cannot_judge)


def fingerprint(definition: TaskDefinition) -> str:
    """SHA-256 (hex) of the definition: equal exactly when all its fields are equal."""
    text = json.dumps(definition_to_dict(definition), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
