"""The layout of a Ground Truth job's output, and what one finished item contributes to it. Names paths; opens none.

Source: Amazon SageMaker Developer Guide, "Labeling job output data": under ``<output path>/<job name>/`` stand
``manifests/output/output.manifest`` (of a job that runs still, ``manifests/intermediate/<n>/output.manifest``),
``annotations/worker-response/iteration-<k>/<object index>/<time>.json``, and what went to the consolidation function,
``annotations/consolidated-annotation/consolidation-request/iteration-<k>/<time>.json``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ...label_configs.errors import InputError
from ..judgement.judge import Judged
from ..records import Answer, Item
from .manifest import OutputLine
from .reading import PLAIN, Reading
from .worker_response import (
    EXTENSION,
    answer_to_response,
    declined_in_form,
    document_to_answers,
    response_to_answer,
)

__all__ = [
    "DEFINITION",
    "LEDGER",
    "OBJECTS",
    "OUTPUT_MANIFEST",
    "PULLED",
    "REQUEST",
    "AnsweredLine",
    "Layout",
    "distinct_answers",
    "document_to_job_answers",
    "failure_reason",
    "item_document",
    "label_metadata",
    "reference_to_path",
    "worker_response_path",
]

OUTPUT_MANIFEST = "manifests/output/output.manifest"
# What Ground Truth's layout has no place for stands in a folder of its own, which other readers pass over.
DEFINITION = "gtbridge/task.yaml"
REQUEST = "gtbridge/request.json"
LEDGER = "gtbridge/ledger.json"
OBJECTS = "gtbridge/objects.json"
PULLED = "gtbridge/pulled.jsonl.gz"
_RESPONSES = "annotations/worker-response/"
_INTERMEDIATE = re.compile(r"manifests/intermediate/([0-9]+)/output\.manifest")
_RESPONSE = re.compile(_RESPONSES + r"iteration-([0-9]+)/([0-9]+)/[^/]+\.json")
_REQUEST = re.compile(
    r"annotations/consolidated-annotation/consolidation-request/iteration-([0-9]+)/[^/]+\.json",
)


@dataclass(frozen=True, slots=True)
class AnsweredLine:
    """A line of a job's output with all answers that the job has for it, unjudged, in the order of their submission.

    ``remarks`` says in sentences what stands beside the answers and is none that gtbridge reads.
    """

    line: OutputLine
    answers: tuple[Answer, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """The files in a job's folder, as paths within it.

    ``manifest`` is the living one: the output manifest or, while the job is ``running``, the last intermediate one;
    None if there is none. ``responses`` are the worker-response files of each object, which Ground Truth numbers by
    manifest line over all iterations, and ``consolidation_requests`` those: both by iteration, then by time.
    """

    manifest: str | None = None
    running: bool = False
    responses: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    consolidation_requests: tuple[str, ...] = ()

    @classmethod
    def of(cls, paths: Iterable[str]) -> Layout:
        """The layout of a folder with these files; what is no part of it is passed over."""
        finished, intermediate, requests = False, (-1, ""), []
        responses: dict[int, list[tuple[int, str]]] = {}
        for path in paths:
            finished = finished or path == OUTPUT_MANIFEST
            if match := _RESPONSE.fullmatch(path):
                responses.setdefault(int(match[2]), []).append((int(match[1]), path))
            elif match := _REQUEST.fullmatch(path):
                requests.append((int(match[1]), path))
            elif match := _INTERMEDIATE.fullmatch(path):
                intermediate = max(intermediate, (int(match[1]), path))
        return cls(
            manifest=OUTPUT_MANIFEST if finished else intermediate[1] or None,
            running=not finished and bool(intermediate[1]),
            responses={index: tuple(path for _, path in sorted(found)) for index, found in responses.items()},
            consolidation_requests=tuple(path for _, path in sorted(requests)),
        )


def distinct_answers(files: Iterable[Sequence[Answer]]) -> list[Answer]:
    """The answers of several worker-response files of one object, in their order, without what an earlier file says.

    The manifest's ``worker-response-ref`` says which file of an object is meant. Where there is no manifest line to say
    it, no file is preferred to another: a later file may repeat the answers of an earlier one, or hold further ones.
    """
    found: list[Answer] = []
    for answers in files:
        earlier = tuple(found)
        for answer in answers:
            if not any(answer.raw == other.raw and answer.status == other.status for other in earlier):
                found.append(answer)
    return found


def worker_response_path(index: int, time: str) -> str:
    """Where the answers to object ``index`` stand; ``time`` is ``YYYY-MM-DD_HH:MM:SS``."""
    return f"{_RESPONSES}iteration-1/{index}/{time}.json"


def reference_to_path(reference: str, source: str, line: int) -> str:
    """The path within the job's folder that a ``worker-response-ref`` means, whether it is relative or an S3 URI.

    So a copy of a job can be read wherever it lies. InputError if it means no worker-response file of the job.
    """
    start = reference.rfind(_RESPONSES)
    path = reference[start:] if start >= 0 else ""
    whole = start == 0 or (start > 0 and reference.startswith("s3://") and reference[start - 1] == "/")
    if not whole or ".." in path.split("/") or "\\" in path or "\0" in path or not path.endswith(".json"):
        raise InputError(f"{reference!r} is no worker-response file", source=source, line=line)
    return path


def item_document(judged: Judged) -> dict[str, Any]:
    """The item's worker-response file: what counts in ``answers``, what does not under a key of gtbridge's own.

    An answer that a Ground Truth form declined stands in ``answers`` still, where that form's answers do.
    """
    in_form = [answer for answer in judged.declined if declined_in_form(answer)]
    others = {
        "declined": [answer_to_response(answer) for answer in judged.declined if not declined_in_form(answer)],
        "invalid": [{**answer_to_response(answer), "problems": list(broken)} for answer, broken in judged.invalid],
        "superseded": [answer_to_response(answer) for answer in judged.superseded],
    }
    others = {key: value for key, value in others.items() if value}
    return {
        "answers": [answer_to_response(answer) for answer in (*judged.valid, *in_form)],
        **({EXTENSION: others} if others else {}),
    }


def document_to_job_answers(
    document: Any, source: str, reading: Reading = PLAIN, item: Item | None = None
) -> list[Answer]:
    """All answers of a worker-response file, such as ``judge`` sorts into what ``item_document`` wrote.

    InputError names ``source`` and the path of what cannot be used.
    """
    answers = document_to_answers(document, source, reading, item)
    others = document.get(EXTENSION)
    if not isinstance(others, dict):
        return answers
    # Of answers that do not count, some are there for the very reason that they do not fit the responses.
    passage = None if item is None else replace(item, responses=None)

    def read(key: str) -> list[tuple[Mapping[str, Any], Answer]]:
        entries = others.get(key)
        path = f"$.{EXTENSION}.{key}"
        return [
            (entry, response_to_answer(entry, source, f"{path}[{i}]", reading, passage))
            for i, entry in enumerate(entries if isinstance(entries, list) else [])
        ]

    return [
        *(answer for _, answer in read("superseded")),
        *answers,
        *(replace(answer, status="declined") for _, answer in read("declined")),
        *(replace(answer, unread=_problems(entry) or answer.unread) for entry, answer in read("invalid")),
    ]


def _problems(entry: Mapping[str, Any]) -> tuple[str, ...]:
    stored = entry.get("problems")
    return tuple(map(str, stored)) if isinstance(stored, list) else ()


def failure_reason(judged: Judged) -> str | None:
    """Why an item that was answered has no label; None if it has one."""
    if judged.valid:
        return None
    counts = [(len(judged.declined), "declined"), (len(judged.invalid), "invalid")]
    return "No valid answer: " + ", ".join(f"{count} {what}" for count, what in counts if count)


def label_metadata(
    job: str, reference: str, created: str, *, human: bool = True, failure: str | None = None
) -> dict[str, Any]:
    """The object under ``<label attribute>-metadata``; ``created`` is an ISO time without zone, in UTC."""
    metadata: dict[str, Any] = {
        "type": "groundtruth/custom",
        "job-name": job,
        "human-annotated": "yes" if human else "no",
        "creation-date": created,
        "worker-response-ref": reference,
    }
    return metadata | ({"failure-reason": failure} if failure else {})
