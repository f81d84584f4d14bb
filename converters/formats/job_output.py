"""The layout of a Ground Truth job's output, and what one finished item contributes to it. Names paths; opens none.

Source: Amazon SageMaker Developer Guide, "Labeling job output data": under ``<output path>/<job name>/`` stand
``manifests/output/output.manifest`` and ``annotations/worker-response/iteration-<k>/<object index>/<time>.json``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...label_configs.errors import InputError
from ..judgement.judge import Judged
from ..records import Answer
from .manifest import OutputLine
from .worker_response import EXTENSION, answer_to_response, document_to_answers, response_to_answer

__all__ = [
    "DEFINITION",
    "LEDGER",
    "OUTPUT_MANIFEST",
    "REQUEST",
    "AnsweredLine",
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
_RESPONSES = "annotations/worker-response/"


@dataclass(frozen=True, slots=True)
class AnsweredLine:
    """A line of a job's output with all answers that the job has for it, unjudged, in the order of their submission."""

    line: OutputLine
    answers: tuple[Answer, ...] = ()


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
    """The item's worker-response file: what counts in ``answers``, what does not under a key of gtbridge's own."""
    others = {
        "declined": [answer_to_response(answer) for answer in judged.declined],
        "invalid": [{**answer_to_response(answer), "problems": list(broken)} for answer, broken in judged.invalid],
        "superseded": [answer_to_response(answer) for answer in judged.superseded],
    }
    others = {key: value for key, value in others.items() if value}
    return {
        "answers": [answer_to_response(answer) for answer in judged.valid],
        **({EXTENSION: others} if others else {}),
    }


def document_to_job_answers(document: Any, source: str) -> list[Answer]:
    """All answers of a worker-response file, such as ``judge`` sorts into what ``item_document`` wrote.

    InputError names ``source`` and the path of what cannot be used.
    """
    answers = document_to_answers(document, source)
    others = document.get(EXTENSION)
    others = others if isinstance(others, dict) else {}

    def read(key: str) -> list[tuple[Mapping[str, Any], Answer]]:
        entries = others.get(key)
        path = f"$.{EXTENSION}.{key}"
        return [
            (entry, response_to_answer(entry, source, f"{path}[{i}]"))
            for i, entry in enumerate(entries if isinstance(entries, list) else [])
        ]

    return [
        *(answer for _, answer in read("superseded")),
        *answers,
        *(replace(answer, status="declined") for _, answer in read("declined")),
        *(replace(answer, unread=_problems(entry)) for entry, answer in read("invalid")),
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
