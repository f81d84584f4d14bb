"""Label Studio's own files of answers: JSON exports, snapshots, and what target storage holds. Recognises and reads
them, locally and in S3; knows nothing of what the answers mean.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from ...converters.formats.exported_tasks import (
    TaskHead,
    exported_as,
    glance_at_task,
    head_of,
    is_table_of_answers,
    merged,
    project_name,
    project_of,
    task_part,
)
from ...converters.formats.json_stream import read_json_records
from ...converters.formats.json_text import read_json, to_line
from ...converters.ledger import Ledger
from ...label_configs.errors import GtbridgeError, InputError
from ..files.on_disk import Pieces
from ..storage import absolute, exists, is_folder, join, list_files, open_input, read_bytes, read_each

__all__ = ["LabelStudioExport", "find_export"]

_FIRST_BYTES = 4096
_LONGEST_HEADER = 2**20
_MOST_LOOKED_AT = 1000
_FLAT = "export, which lacks the answers that were skipped, and how the others were given; export it as JSON instead"


@dataclass(frozen=True)
class LabelStudioExport:
    """A file, or with ``in_parts`` a folder of them, one an answer or a task. ``project`` is the one that it is of."""

    path: str
    project: int | None
    in_parts: bool

    @property
    def name(self) -> str:
        """What the job is called: by its project, as the names of these files change with every export."""
        if self.project is not None:
            return project_name(self.project)
        name = PurePosixPath(absolute(self.path).rstrip("/")).name
        return name.removesuffix(".json") or name

    def tasks(self, allow_missing: bool, ledger: Ledger) -> Iterator[dict[str, Any]]:
        """Each task as the JSON export has it, in the order of their objects.

        InputError names what is no task, is damaged, or is of another project; with ``allow_missing`` files in a folder
        that cannot be read are in the ledger instead.
        """
        parts = Pieces()
        for part in self._parts(allow_missing, ledger):
            self._check_project(part)
            number = part.head.index
            if number is None:
                message = "has no id, so its answers cannot be told from those of others"
                raise InputError(message, source=part.source)
            parts.add(number, part.spelling)
        for pieces in parts.by_number():
            yield merged([self._read(piece) for piece in pieces])

    def _read(self, piece: bytes) -> Any:
        try:
            return read_json(piece, self.path)
        except InputError:
            with open_input(self.path) as file:
                for _ in read_json_records(file, self.path):
                    pass  # until that record, of which the error there says where it stands
            raise

    def _parts(self, allow_missing: bool, ledger: Ledger) -> Iterator[_Part]:
        if not self.in_parts:
            with open_input(self.path) as file:
                for record in read_json_records(file, self.path, glance_at_task):
                    source = f"{self.path}: {record.path}"
                    if isinstance(record.value, TaskHead):
                        yield _Part(record.value, record.data, source)
                    else:
                        yield _part(record.value, record.data, source)
            return
        places = [join(self.path, name) for name in list_files(self.path) if _is_numbered(name)]
        for place, data in zip(places, read_each(places), strict=True):
            try:
                if isinstance(data, GtbridgeError):
                    raise data
                yield _part(read_json(data, place), data, place)
            except GtbridgeError as error:
                if not allow_missing:
                    error.message += " (--allow-missing goes on without it)"
                    raise
                ledger.note("files", "that cannot be read", str(error))

    def _check_project(self, part: _Part) -> None:
        project = part.head.of_project
        if project is not None and project != self.project:
            said = "no project" if self.project is None else f"project {self.project}"
            message = f"is of project {project}, others here of {said}; read them one by one"
            raise InputError(message, source=part.source)


class _Part(NamedTuple):
    """What a record holds of a task, spelled in the form of the JSON export."""

    head: TaskHead
    spelling: bytes
    source: str


def find_export(path: str) -> LabelStudioExport | None:
    """What of these is at ``path``; None if it is something else. InputError for exports that leave something out."""
    if is_folder(path):
        return None if is_folder(join(path, "manifests")) else _in_folder(path)
    if not exists(path):
        return None
    with open_input(path) as file:
        first = file.read(_FIRST_BYTES).removeprefix(b"\xef\xbb\xbf").lstrip()
    if first[:1] not in (b"[", b"{"):
        _refuse_table(path)
        return None
    try:
        with open_input(path) as file:
            record = next(read_json_records(file, path), None)
    except InputError:
        return None  # whatever it is, its own reader says what is wrong with it
    kind = exported_as(record.value) if record else None
    if kind == "flat":
        raise InputError(f"is Label Studio's JSON_MIN {_FLAT}", source=path)
    return LabelStudioExport(path, project_of(record.value), False) if record and kind else None


def _in_folder(path: str) -> LabelStudioExport | None:
    """Target storage, if its first file is of it. What has other names there is not looked at."""
    name = next((name for name in islice(list_files(path), _MOST_LOOKED_AT) if _is_numbered(name)), None)
    if name is None:
        return None
    try:
        value = read_json(read_bytes(join(path, name)), path)
    except InputError:
        return None
    return LabelStudioExport(path, project_of(value), True) if exported_as(value) in ("task", "annotation") else None


def _is_numbered(name: str) -> bool:
    """Whether target storage could have named it: the number of an annotation or a task, with .json or without."""
    return PurePosixPath(name).name.removesuffix(".json").isdecimal()


def _part(value: Any, data: bytes, source: str) -> _Part:
    kind = exported_as(value)
    if kind not in ("task", "annotation"):
        raise InputError("is no task with its annotations, as Label Studio exports them", source=source)
    task = task_part(value, kind)
    return _Part(head_of(task), data if kind == "task" else to_line(task).encode(), source)


def _refuse_table(path: str) -> None:
    """InputError if it is a CSV or TSV export."""
    with open_input(path) as file:
        line = file.readline(_LONGEST_HEADER)
    header = line.decode("utf-8", errors="replace").strip("\ufeff\r\n")
    for delimiter, name in ((",", "CSV"), ("\t", "TSV")):
        if is_table_of_answers(next(csv.reader([header], delimiter=delimiter), [])):
            raise InputError(f"is Label Studio's {name} {_FLAT}", source=path)
