"""What a worker's answer to a crowd-question-answer-generation says -> pairs of question and answer.

No sample of it is public, so it is read with tolerance: a list of objects that have a text under a key like
``question`` and one under a key like ``answer``. What is not understood becomes a sentence, never a smaller answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..records import Item, Pair, Section
from .key_names import plain, text_of, words
from .place import Place
from .reading import Reading
from .text_references import Reference, holds_spans, read_references, sections_of

__all__ = ["PAIRS", "read_pairs"]

PAIRS = "questionAnswerPairs"
_DEEPEST = 4
_TAGS = {"tags", "tag", "questiontags", "questiontag", "labels"}


@dataclass
class _Pair:
    question: str
    answer: str
    tags: tuple[str, ...]
    references: list[Reference]
    whole: bool  # whether all that it refers to was understood


@dataclass
class _Found:
    keys: Mapping[str, str]
    pairs: list[_Pair] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read_pairs(
    content: Mapping[str, Any], place: Place, reading: Reading, item: Item | None
) -> tuple[tuple[Pair, ...], tuple[str, ...]] | None:
    """The pairs in ``content`` and what of them was not understood; None if no list of pairs is here.

    Offsets are checked against the item's text, and stored in code points. InputError if several lists could be it.
    """
    lists = _lists(content, place, _DEEPEST)
    hits = [(holder, where, key) for holder, where, key in lists if _holds_pairs(key, holder[key], reading.keys)]
    if not hits:
        return None
    if len(hits) > 1:
        names = ", ".join(where[key].path[len(place.path) + 1 :] for _, where, key in hits)
        raise place.refuse(
            f"several lists hold questions with answers ({names}); name the one to read with --key-map pairs=NAME or "
            "its element with --element"
        )
    holder, where, key = hits[0]
    found = _Found(reading.keys)
    for position, entry in enumerate(holder[key]):
        _read_pair(entry, where[key][position], found)
    for other, value in holder.items():
        if other != key and holds_spans(value):
            sentence = "sections stand here, but nothing tells to which pair they belong"
            found.remarks.append(where[other].says(sentence))
    sections = _sections(found, item)
    return tuple(map(_pair, found.pairs, sections)), tuple(found.remarks)


def _lists(holder: Mapping[str, Any], place: Place, deep: int) -> Iterator[tuple[Mapping[str, Any], Place, str]]:
    """(the object that holds a list, where it is, the list's key) for each list that stands in no other list."""
    for key, value in holder.items():
        if isinstance(value, list):
            yield holder, place, key
        elif isinstance(value, dict) and deep:
            yield from _lists(value, place[key], deep - 1)


def _holds_pairs(key: str, value: Sequence[Any], keys: Mapping[str, str]) -> bool:
    if "pairs" in keys:
        return key == keys["pairs"]
    return key == PAIRS or any(
        isinstance(entry, dict) and _key_of(entry, "question", keys) and _key_of(entry, "answer", keys)
        for entry in value
    )


def _key_of(entry: Mapping[str, Any], word: str, keys: Mapping[str, str]) -> str | None:
    """The key under which the text of the question (or answer) stands; None if there is none, or several."""
    if word in keys:
        return keys[word] if text_of(entry.get(keys[word])) is not None else None
    like = [key for key in entry if _is_like(key, word) and text_of(entry[key]) is not None]
    return next((key for key in like if key.casefold() == word), like[0] if len(like) == 1 else None)


def _is_like(key: str, word: str) -> bool:
    parts = words(key) if word in key.casefold() else []
    return parts[-1:] == [word] or (word in parts and parts[-1] in ("text", "value", "content"))


def _read_pair(entry: Any, place: Place, found: _Found) -> None:
    if not isinstance(entry, dict):
        found.remarks.append(place.says("expected an object with a question and an answer"))
        return
    names = {word: _key_of(entry, word, found.keys) for word in ("question", "answer")}
    missing = [word for word, key in names.items() if key is None]
    if missing:
        found.remarks += [place[found.keys.get(word, word)].says("expected text") for word in missing]
        return
    texts = {word: entry[key] for word, key in names.items() if key is not None}
    parts = [(part, place[names[word] or word]) for word, part in texts.items() if isinstance(part, dict)]
    holders = [(entry, place), *parts]
    references, unread = read_references(holders, found.keys)
    found.remarks += unread
    found.pairs.append(
        _Pair(
            question=text_of(texts["question"]) or "",
            answer=text_of(texts["answer"]) or "",
            tags=_tags(holders, found),
            references=references,
            whole=not unread,
        )
    )


def _tags(holders: Sequence[tuple[Mapping[str, Any], Place]], found: _Found) -> tuple[str, ...]:
    tags: dict[tuple[str, ...], Place] = {}
    for holder, place in holders:
        for key, value in holder.items():
            wanted = key == found.keys["tags"] if "tags" in found.keys else plain(key) in _TAGS
            if not wanted or value in (None, "", []):
                continue
            texts = [text_of(tag) for tag in (value if isinstance(value, list) else [value])]
            read = tuple(text for text in texts if text is not None)
            if len(read) < len(texts):
                found.remarks.append(place[key].says("expected a list of texts"))
            else:
                tags[read] = place[key]
    if len(tags) > 1:
        names = ", ".join(place.path.rpartition(".")[2] for place in tags.values())
        found.remarks.append(holders[0][1].says(f"has different tags under several keys ({names}); name one"))
    return next(iter(tags), ())


def _sections(found: _Found, item: Item | None) -> list[list[Section]]:
    """The sections of each pair. How offsets are counted is told by all of the answer's texts together."""
    references = [reference for pair in found.pairs for reference in pair.references]
    if item is not None:
        read = iter(sections_of(references, item.text))
    else:
        found.remarks += [
            r.place.says("has no text, and the passage is not at hand") for r in references if r.text is None
        ]
        read = iter([Section(r.start, r.end, r.text or "") for r in references])
    return [[next(read) for _ in pair.references] for pair in found.pairs]


def _pair(pair: _Pair, sections: Sequence[Section]) -> Pair:
    scope = "sections" if sections else "passage"
    return Pair(pair.question, pair.answer, pair.tags, tuple(sections), scope if pair.whole else None)  # type: ignore[arg-type]
