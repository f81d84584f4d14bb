"""The attributes of the two crowd elements <-> the fields of a task definition. Pure: sees tags, never a page.

Source: the Amazon SageMaker developer guide, "Crowd HTML Elements V2"; attributes that only AWS's older templates
have are read as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from .crowd_page import Tag, plain_text
from .errors import DefinitionError
from .tasks import TextRanking

__all__ = ["ELEMENTS", "attribute_of", "dimensions_json", "element_instructions", "element_to_fields"]

RANKING = "crowd-text-ranking"
QUESTIONS = "crowd-question-answer-generation"

# The elements, with the name under which their answers are written: the one in AWS's templates.
ELEMENTS = {RANKING: "textRanking", QUESTIONS: "questionAndAnswers"}

DIMENSIONS = "ordinal-ranking-dimensions"
TAGS = "question-tags"
CUSTOM_TAGS = ("allow-custom-question-tags", "allow-custom-tags")
_RANGES = {
    "questions": ("min-questions", "max-questions"),
    "question_words": ("question-min-words", "question-max-words"),
    "answer_words": ("answer-min-words", "answer-max-words"),
}
_SHARED = {"name", "text", "instructions", "crowd-form-element-id", "id"}
_KNOWN = {
    RANKING: _SHARED | {DIMENSIONS, "responses"},
    QUESTIONS: _SHARED | {TAGS, *CUSTOM_TAGS} | {name for pair in _RANGES.values() for name in pair},
}

Remark = Callable[[int, str], None]


def element_to_fields(tag: Tag, source: str, remark: Remark) -> dict[str, Any]:
    """The fields that the element says, in the form that ``definition_from_dict`` takes.

    Calls ``remark`` with line and sentence for whatever they cannot hold. DefinitionError for an attribute that is
    missing, differs from item to item, or is not of the documented form.
    """
    for line, sentence in _not_held(tag):
        remark(line, sentence)
    reader = _Attributes(tag, source, remark)
    return _ranking_fields(reader) if tag.name == RANKING else _question_fields(reader)


def attribute_of(path: str) -> str:
    """The attribute that says the field at ``path`` of a definition, ``$.questions`` say."""
    name = re.split(r"[.\[]", path)[1] if "." in path else ""
    fields = {"dimensions": DIMENSIONS, "tags": TAGS, **{name: pair[1] for name, pair in _RANGES.items()}}
    return fields.get(name, "")


def element_instructions(tag: Tag) -> str:
    """The instructions in the element's own attribute, where AWS's first templates had them."""
    return plain_text(re.sub(r"\n\s*\n", "\f", tag.attributes.get("instructions") or ""))


def dimensions_json(definition: TextRanking) -> list[dict[str, Any]]:
    """The value of ``ordinal-ranking-dimensions``."""
    return [{"name": dimension.name, "allowTie": dimension.allow_tie} for dimension in definition.dimensions]


class _Attributes:
    """The attributes of one element, each read as what it should be or refused with its line and name."""

    def __init__(self, tag: Tag, source: str, remark: Remark) -> None:
        self.tag = tag
        self._source = source
        self._remark = remark

    def require(self, *names: str) -> str:
        """The first of ``names`` that the element has."""
        found = [name for name in names if name in self.tag.attributes]
        if not found:
            self.refuse(f"<{self.tag.name}> has no attribute {names[0]!r}, which it must have", "")
        return found[0]

    def value(self, name: str) -> str | None:
        """An attribute's value as written; refused where Liquid computes it."""
        value = self.tag.attributes.get(name)
        if name in self.tag.computed:
            self.refuse(f"is computed for each item by {value}; a task definition is one for all items", name)
        return value

    def json(self, name: str) -> list[Any]:
        try:
            value = json.loads(self.value(name) or "")
        except (ValueError, RecursionError) as error:
            problem = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
            self.refuse(f"is not JSON: {problem[:1].lower()}{problem[1:]}", name)
        if not isinstance(value, list):
            self.refuse(f"expected a list in JSON, found {value!r:.80}", name)
        return value

    def whole(self, name: str) -> int | None:
        if name not in self.tag.attributes:
            return None
        value = self.value(name) or ""
        if not re.fullmatch(r"\s*[0-9]{1,9}\s*", value, re.ASCII):
            self.refuse(f"expected a whole number, found {value!r:.80}", name)
        return int(value)

    def least(self, name: str) -> int:
        """A minimum, which Ground Truth takes to be 1 if it is not given."""
        value = self.whole(name)
        if value == 0:
            self.remark("is 0; a task definition asks for at least 1", name)
        return value or 1

    def flag(self, name: str) -> bool:
        """True for an attribute without a value, as HTML has it."""
        value = (self.value(name) or "").strip().lower()
        if value not in ("", "true", "false"):
            self.refuse(f"expected true or false, found {value!r:.80}", name)
        return value != "false"

    def remark(self, sentence: str, name: str, place: str = "") -> None:
        self._remark(self.tag.line_of(name), f"{name}{place} {sentence}")

    def refuse(self, message: str, name: str, place: str = "") -> NoReturn:
        raise DefinitionError(message, source=self._source, line=self.tag.line_of(name), path=f"{name}{place}" or None)


def _ranking_fields(reader: _Attributes) -> dict[str, Any]:
    reader.require("responses")
    entries = reader.json(reader.require(DIMENSIONS))
    return {"task": "text-ranking", "dimensions": [_dimension(reader, *entry) for entry in enumerate(entries)]}


def _dimension(reader: _Attributes, index: int, entry: Any) -> dict[str, Any]:
    place = f"[{index}]"
    if not isinstance(entry, dict):
        reader.refuse(
            f'expected an object like {{"name": "Clarity", "allowTie": true}}, found {entry!r:.80}', DIMENSIONS, place
        )
    name, tie = entry.get("name"), entry.get("allowTie")
    if name is None:
        name = f"dimension {index + 1}"  # as readers of worker responses call it
        reader.remark(f"has no name and is called {name!r}", DIMENSIONS, place)
    elif not isinstance(name, str):
        reader.refuse(f"expected text, found {name!r:.80}", DIMENSIONS, f"{place}.name")
    if tie is None:
        reader.remark("does not say allowTie, which means no ties", DIMENSIONS, place)
        tie = False
    elif tie in ("true", "false"):
        reader.remark(f"has allowTie in quotes, which is taken to mean {tie}", DIMENSIONS, place)
        tie = tie == "true"
    elif not isinstance(tie, bool):
        reader.refuse(f"expected true or false, found {tie!r:.80}", DIMENSIONS, f"{place}.allowTie")
    if more := [key for key in entry if key not in ("name", "allowTie")]:
        reader.remark(f"also says {', '.join(more)}, which is not kept", DIMENSIONS, place)
    return {"name": name, "allow_tie": tie}


def _question_fields(reader: _Attributes) -> dict[str, Any]:
    tags = reader.json(reader.require(TAGS))
    for index, tag in enumerate(tags):
        if not isinstance(tag, str):
            reader.refuse(f"expected text, found {tag!r:.80}", TAGS, f"[{index}]")
    return {
        "task": "question-answer",
        **{field: {"min": reader.least(least), "max": reader.whole(most)} for field, (least, most) in _RANGES.items()},
        "tags": tags,
        "allow_custom_tags": reader.flag(reader.require(*CUSTOM_TAGS)),
    }


_SHOWN = {"text": r"source(?:-ref)?", "responses": "responses"}


def _not_held(tag: Tag) -> Iterator[tuple[int, str]]:
    """What the element's attributes say that a task definition cannot, beyond what reading them tells."""
    name = tag.attributes.get("name")
    if name is not None and name != ELEMENTS[tag.name]:
        yield tag.line_of("name"), f"answers are written under the name {ELEMENTS[tag.name]!r}, not {name!r}"
    for attribute, key in _SHOWN.items():
        if attribute in _KNOWN[tag.name] and not _shows(tag, attribute, key):
            shown = tag.attributes.get(attribute)
            what = "nothing" if shown is None else f"{' '.join(shown.split())!r:.80}"
            wanted = f"{{{{ task.input.{key.split('(')[0]} }}}}"
            yield tag.line_of(attribute), f"{attribute} shows {what}; here it will be {wanted}"
    for attribute, value in tag.attributes.items():
        if attribute not in _KNOWN[tag.name]:
            said = attribute if value is None else f"{attribute}={value!r:.80}"
            yield tag.line_of(attribute), f"<{tag.name}> says {said}, which is not kept"
    for attribute in tag.repeated:
        yield tag.line_of(attribute), f"{attribute} is given twice; the first one counts, as in browsers"
    if "instructions" in tag.computed:
        yield tag.line_of("instructions"), "the instructions hold Liquid, which is kept as it is written"
    if set(CUSTOM_TAGS) <= tag.attributes.keys():
        yield tag.line_of(CUSTOM_TAGS[1]), f"{CUSTOM_TAGS[1]} is ignored beside {CUSTOM_TAGS[0]}"


def _shows(tag: Tag, attribute: str, key: str) -> bool:
    value = (tag.attributes.get(attribute) or "").strip()
    variable = rf"task\.input(?:\.{key}|\[['\"]{key}['\"]\])"
    return attribute in tag.computed and bool(re.fullmatch(rf"{{{{-?\s*{variable}\s*(?:\|[^{{}}]*)?-?}}}}", value))
