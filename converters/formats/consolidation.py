"""Consolidation requests -> the answers in them, for objects whose worker-response files are lost. Opens nothing.

Source: Amazon SageMaker Developer Guide, "Post-annotation Lambda": a list of objects with ``datasetObjectId``,
``dataObject`` (its text in ``content`` or its address in ``s3Uri``) and ``annotations``, each with ``workerId`` and, as
text, the form's content. They have no times and no identities.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..records import Answer, Item
from .place import Place
from .reading import PLAIN, Reading
from .worker_response import response_to_answer

__all__ = ["consolidation_request_to_answers"]

_LONGEST = 10  # digits of a number that can be a manifest line's


@dataclass(frozen=True, slots=True)
class _Object:
    id: str
    text: str | None
    reference: str | None
    annotations: list[Any]
    place: Place

    def is_item(self, item: Item | None) -> bool:
        """Whether this is what ``item`` says."""
        if item is None or (self.text is None and self.reference is None):
            return False
        return self.text in (None, item.text) and self.reference in (None, item.text_ref)


def consolidation_request_to_answers(
    document: Any, source: str, items: Mapping[int, Item], reading: Reading = PLAIN
) -> dict[int, list[Answer]]:
    """The answers of a consolidation request by object index. ``items`` are all of the job, by index.

    No documentation says what ``datasetObjectId`` counts. In the outputs that public tools read, it is the manifest
    line, from 0. So it is believed where each object of the document is what its line says; otherwise an object belongs
    to the one item that says the same. InputError where that is none or several, and for what cannot be used.
    """
    place = Place(source)
    if not isinstance(document, list):
        raise place.refuse("expected a list")
    objects = [_object(entry, place[i]) for i, entry in enumerate(document)]
    indices = [int(found.id) if found.id.isdecimal() and len(found.id) < _LONGEST else -1 for found in objects]
    if not all(found.is_item(items.get(index)) for found, index in zip(objects, indices, strict=True)):
        indices = _by_what_they_say(objects, items)
    answers: dict[int, list[Answer]] = {}
    for found, index in zip(objects, indices, strict=True):
        if index in answers:
            raise found.place.refuse(f"object {index} of the manifest is here twice")
        where, entries = found.place["annotations"], enumerate(found.annotations)
        answers[index] = [_answer(entry, where[i], reading, items[index]) for i, entry in entries]
    return answers


def _object(entry: Any, place: Place) -> _Object:
    if not isinstance(entry, dict):
        raise place.refuse("expected an object")
    identifier, data, annotations = (entry.get(key) for key in ("datasetObjectId", "dataObject", "annotations"))
    if not isinstance(identifier, str | int) or isinstance(identifier, bool):
        raise place["datasetObjectId"].refuse("expected text")
    if not isinstance(annotations, list):
        raise place["annotations"].refuse("expected a list")
    data = data if isinstance(data, dict) else {}
    text, reference = data.get("content", data.get("source")), data.get("s3Uri", data.get("source-ref"))
    return _Object(
        str(identifier),
        text if isinstance(text, str) else None,
        reference if isinstance(reference, str) else None,
        annotations,
        place,
    )


def _by_what_they_say(objects: Sequence[_Object], items: Mapping[int, Item]) -> list[int]:
    said: dict[str, list[int]] = {}
    for index, item in items.items():
        for text in {item.text, item.text_ref} - {None, ""}:
            said.setdefault(str(text), []).append(index)
    indices = []
    for found in objects:
        fitting = [i for i in said.get(found.text or found.reference or "", []) if found.is_item(items[i])]
        if len(fitting) != 1:
            several = f"{len(fitting)} of its objects say" if fitting else "none of its objects says"
            raise found.place.refuse(f"cannot tell which object of the manifest this is: {several} the same")
        indices += fitting
    return indices


def _answer(entry: Any, place: Place, reading: Reading, item: Item) -> Answer:
    """The answer, with the annotation as its raw document in the shape of a worker-response file's entry."""
    data = entry.get("annotationData") if isinstance(entry, dict) else None
    if not isinstance(data, dict):
        raise place["annotationData"].refuse("expected an object")
    if "content" not in data:
        raise place["annotationData"].refuse("has no content; answers that lie elsewhere are not followed from here")
    response = {key: value for key, value in entry.items() if key != "annotationData"}
    response["answerContent"] = data["content"]
    if len(data) > 1:
        response["annotationData"] = {key: value for key, value in data.items() if key != "content"}
    return response_to_answer(response, place.source, place.path, reading, item)
