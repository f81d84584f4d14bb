"""Tasks pulled from a Label Studio project, as they are kept until the next pull, and how to tell what has changed.

A pull file is gzip-compressed JSON Lines: a header, then a task a line as Label Studio's JSON export has it, by
ascending ids. It is a cache: whoever finds one damaged, or of something else, may throw it away.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import IO, Any, cast

import msgspec

from ...label_configs.errors import InputError
from .annotation_envelope import DERIVED
from .json_text import bounded_lines, known_json, to_line
from .sent_back import meta_without, set_aside

__all__ = [
    "LISTED",
    "Header",
    "Proof",
    "Seen",
    "data_digest",
    "kept_form",
    "line_task",
    "listed_proof",
    "read_lines",
    "read_pull",
    "seen",
    "task_line",
    "write_lines",
]

_VERSION = 1
_LEVEL = 5  # of compression; 9 takes three times as long for a twentieth less

# What a listing of tasks must hold for ``listed_proof``. Label Studio cuts a task's list of annotation ids here:
LISTED = (
    *("id", "updated_at", "total_annotations", "cancelled_annotations", "total_predictions"),
    *("annotations_ids", "draft_exists"),
)
_LONGEST_LIST = 500
_MOST = 2**63  # as many as a database counts


@dataclass(frozen=True)
class Header:
    """Whose tasks a pull file holds: of which ``server`` (URL), ``project`` (id) and ``created`` (when that was made).

    ``user`` is the id of the account that pulled, ``release`` the server's version, ``config`` a digest of the labeling
    config, ``time`` when it was pulled; ``users`` were the accounts then.
    """

    server: str
    project: int
    created: str | None
    user: int
    release: str
    config: str
    time: str
    users: tuple[int, ...] = ()

    def is_of(self, now: Header) -> bool:
        """Whether the tasks are of the same project as those of ``now``."""
        return (self.server, self.project, self.created) == (now.server, now.project, now.created)

    def outdated(self, now: Header) -> str | None:
        """Why the tasks may look otherwise ``now`` though none was changed; None if nothing says so."""
        if self.user != now.user:
            return "another account pulled last time"
        if self.release != now.release:
            return "Label Studio has another version than last time"
        return "the labeling config was changed" if self.config != now.config else None

    def line(self) -> bytes:
        """The first line of a pull file."""
        return f"{to_line({'gtbridge_pull': _VERSION, **asdict(self)})}\n".encode()

    @classmethod
    def of(cls, line: bytes, source: str) -> Header:
        """What ``line`` gave; InputError if it is something else."""
        try:
            known = known_json(line)
            if known.pop("gtbridge_pull") != _VERSION:
                raise InputError("is of another version of gtbridge", source=source)
            return cls(**{**known, "users": tuple(known["users"])})
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise error if isinstance(error, InputError) else InputError("is no pull file", source=source) from None


@dataclass(frozen=True, slots=True)
class Proof:
    """What of a task is another whenever it or its answers are. Equal proofs: nothing has changed.

    Label Studio touches ``updated`` whenever an annotation or the task is saved, but not where it moves annotations or
    deletes them through its administration pages; the rest is for these. Two things leave no trace in it: data
    rewritten in bulk, for which there is ``data_digest``, and results rewritten through ``/api/labels/bulk``. The
    project's count of each key of the data is no witness: Label Studio writes it without a lock, and counts anew.
    """

    updated: Any
    counts: tuple[Any, ...]
    annotations: frozenset[int]


@dataclass(frozen=True, slots=True)
class Seen:
    """What is remembered of a task: its ``proof`` (None: ask again), digests of each answer and of the ``data``, and
    the accounts that its annotations name.
    """

    proof: Proof | None
    answers: Mapping[tuple[Any, Any], bytes]
    data: bytes
    people: frozenset[int]


def listed_proof(row: Mapping[str, Any]) -> Proof | None:
    """The proof of a task in a listing with the fields LISTED.

    None if it has drafts, which come and go without a trace, or more annotations than a listing names.
    """
    named = row.get("annotations_ids") or ""
    if row.get("draft_exists") is not False or len(named) >= _LONGEST_LIST:
        return None
    return _proof(row, frozenset(map(int, re.findall(r"\d+", named))))


def _proof(task: Mapping[str, Any], annotations: frozenset[int]) -> Proof:
    counts = tuple(task.get(key) for key in LISTED if key.startswith(("total_", "cancelled_")))
    return Proof(task.get("updated_at"), counts, annotations)


def seen(task: Mapping[str, Any]) -> Seen:
    """What to remember of a task in its kept form. LookupError, TypeError or AttributeError for what is no task."""
    annotations = task.get("annotations") or []
    proof = _proof(task, frozenset(annotation["id"] for annotation in annotations))
    answers = [*annotations, *set_aside(task)]
    return Seen(
        proof=None if task.get("drafts") else proof,
        answers={(answer.get("id"), answer.get("created_at")): _digest(_said(answer)) for answer in answers},
        data=data_digest(task.get("data")),
        people=frozenset(user for annotation in annotations for user in _people(annotation)),
    )


def _said(answer: Mapping[str, Any]) -> list[Any]:
    return [answer.get(key) for key in ("result", "was_cancelled", "ground_truth", "completed_by", "lead_time")]


def _people(annotation: Mapping[str, Any]) -> Iterator[int]:
    for key in ("completed_by", "updated_by", "last_created_by"):
        if isinstance(user := annotation.get(key), int):
            yield user


def data_digest(data: Any) -> bytes:
    """What tells a task's data from others."""
    return _digest(data)


def _digest(value: Any) -> bytes:
    try:
        spelling = msgspec.json.encode(value, order="deterministic")
    except (UnicodeError, RecursionError):  # half of a surrogate pair, or more levels than it takes
        spelling = json.dumps(value, sort_keys=True).encode()
    return hashlib.sha256(spelling).digest()[:16]


def kept_form(task: Mapping[str, Any]) -> dict[str, Any]:
    """The task without what is nobody's answer yet, and without e-mail addresses: of drafts their ids only."""
    drafts = task.get("drafts") or []
    ids = [{"id": draft.get("id") if isinstance(draft, dict) else draft} for draft in drafts]
    return {**task, "drafts": ids, "meta": meta_without(task, DERIVED)}


def task_line(task: Mapping[str, Any]) -> bytes:
    """The line of a pull file that ``json.loads`` gives ``task`` for, whatever the server's JSON held."""
    try:
        return msgspec.json.encode(task) + b"\n"
    except (UnicodeError, RecursionError):
        return json.dumps(task, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"


def line_task(line: bytes) -> Any:
    """What ``task_line`` was given; ValueError if nothing was."""
    return known_json(line)


def write_lines(file: IO[bytes], lines: Iterable[bytes]) -> None:
    """Compress ``lines``; what is written one after another reads as one."""
    with gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=file, mtime=0) as compressed:
        for line in lines:
            compressed.write(line)


def read_lines(file: IO[bytes], source: str) -> Iterator[bytes]:
    """What ``write_lines`` was given. InputError if it is not whole."""
    try:
        with gzip.GzipFile(fileobj=file) as compressed:
            yield from bounded_lines(cast(IO[bytes], compressed), source)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise InputError("is damaged", source=source) from None


def read_pull(file: IO[bytes], source: str) -> tuple[Header, Iterator[dict[str, Any]]]:
    """The header of a pull file, and its tasks; InputError, maybe later, if it is damaged or something else."""
    lines = read_lines(file, source)
    header = Header.of(next(lines, b""), source)

    def tasks() -> Iterator[dict[str, Any]]:
        last = 0
        for number, line in enumerate(lines, start=2):
            try:
                task = line_task(line)
                ascending = type(task["id"]) is int and last < task["id"] < _MOST
                last = task["id"]
            except (ValueError, KeyError, TypeError):
                ascending = False
            if not ascending:
                raise InputError("is damaged", source=source, line=number)
            yield task

    return header, tasks()
