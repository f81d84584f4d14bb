"""Input manifests from files, and their check. Opens the files; the formats are floor 2's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath

from ..converters.formats.json_text import read_json
from ..converters.formats.manifest import blank_texts, check_task_fit, limit_problems, read_manifest
from ..converters.formats.sources import Columns, json_lines_to_manifest, json_to_manifest
from ..label_configs.errors import InputError
from ..label_configs.tasks import TaskDefinition
from .storage import open_input, open_output, read_bytes

__all__ = ["ManifestReport", "inspect_manifest", "make_manifest"]

_NO_PROMPT = "is no conversation of texts that waits for the assistant, so annotators are shown $.source instead"


def make_manifest(inputs: tuple[str, ...], out: str, columns: Columns) -> int:
    """Write the records of ``inputs`` (.json, .jsonl, .manifest) as one manifest; returns how many objects it has."""
    count = 0
    with open_output(out) as file:
        for path in inputs:
            for line in _lines(path, columns):
                file.write(f"{line}\n".encode())
                count += 1
        if not count:
            raise InputError("holds no records", source=", ".join(inputs))
    return count


def _lines(path: str, columns: Columns) -> Iterator[str]:
    suffix = PurePath(path).suffix.lower()
    if suffix == ".json":
        yield from json_to_manifest(read_bytes(path), path, columns)
    elif suffix in (".jsonl", ".ndjson", ".manifest") or path == "-":
        with open_input(path) as file:
            yield from json_lines_to_manifest(file, path, columns)
    else:
        raise InputError("is neither .json nor .jsonl", source=path)


@dataclass
class ManifestReport:
    """What a manifest holds: objects, those with responses (and how few and many), notes on what is odd in them."""

    objects: int = 0
    conversations: int = 0
    with_responses: int = 0
    fewest: int = 0
    most: int = 0
    notes: list[str] = field(default_factory=list)


def inspect_manifest(path: str, definition: TaskDefinition | None, target: str) -> ManifestReport:
    """Read the whole manifest; InputError names the first line that is wrong.

    ``target`` is ``sagemaker``, for which Ground Truth's limits are errors, or ``label-studio``, for which they are
    notes.
    """
    report = ManifestReport()
    with open_input(path) as file:
        for item in read_manifest(file, path):
            if definition is not None:
                check_task_fit(item, definition, path)
            value = read_json(item.line, path)
            if item.messages is None and "messages" in value:
                problem = InputError(_NO_PROMPT, source=path, line=item.index + 1, path="$.messages")
                report.notes.append(str(problem))
            for place, message in limit_problems(item, value):
                problem = InputError(message, source=path, line=item.index + 1, path=place)
                if target == "sagemaker":
                    raise problem
                report.notes.append(str(problem))
            for place in blank_texts(item):
                report.notes.append(str(InputError("is blank", source=path, line=item.index + 1, path=place)))
            report.objects += 1
            report.conversations += item.messages is not None
            if item.responses is not None:
                count = len(item.responses)
                report.fewest = min(report.fewest, count) if report.with_responses else count
                report.most = max(report.most, count)
                report.with_responses += 1
    if not report.objects:
        raise InputError("holds no objects", source=path)
    return report
