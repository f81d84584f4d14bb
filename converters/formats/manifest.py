"""Ground Truth manifests: JSON Lines, one data object a line <-> items. Handed open files; opens none.

Format: Amazon SageMaker Developer Guide, "Input data" and "Labeling job output data". A line is kept as text and only
ever added to at its end, so that whatever else it holds comes out as it went in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...label_configs.errors import InputError
from ..records import Item
from .json_members import without_members
from .json_text import read_json_lines, to_line
from .manifest_line import METADATA_SUFFIX, blank_texts, check_task_fit, is_metadata, item_from_line, other_fields

__all__ = [
    "METADATA_SUFFIX",
    "OutputLine",
    "blank_texts",
    "check_label_is_free",
    "check_task_fit",
    "item_from_line",
    "label_line",
    "limit_problems",
    "line_with",
    "line_without",
    "other_fields",
    "read_manifest",
    "read_output_manifest",
]

MAX_LINE = 100_000
MAX_ATTRIBUTE = 20_000
MAX_OBJECTS = 100_000


@dataclass(frozen=True, slots=True)
class OutputLine:
    """A line of an output manifest: the item as it went in, and what the job said of it.

    ``attribute`` is the label attribute that was read, ``label`` its value and ``metadata`` what the job says of it;
    all three are None where the job said nothing. ``others`` are the metadata of the line's other label attributes, of
    jobs that this one was chained to. Real jobs write the metadata's keys with hyphens, some of the documentation with
    underscores: both are read.
    """

    item: Item
    label: Any
    metadata: Mapping[str, Any] | None
    attribute: str | None = None
    others: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def reference(self) -> str | None:
        """Where the item's answers are: the ``worker-response-ref``, if any."""
        return self._said("worker-response-ref")

    @property
    def failure(self) -> str | None:
        """Why the object has no label, if the job tried and failed."""
        return self._said("failure-reason")

    @property
    def labelled(self) -> bool:
        """Whether the job finished the object. If not, it failed, or the job ended before its turn."""
        return self.metadata is not None and self.failure is None

    @property
    def job_name(self) -> str | None:
        """The name of the labeling job."""
        name = self._said("job-name")
        return None if name is None else name.removeprefix("labeling-job/")

    @property
    def created(self) -> str | None:
        """When the job wrote the label, as it stands there."""
        return self._said("creation-date")

    def _said(self, key: str) -> str | None:
        metadata = self.metadata or {}
        found = metadata.get(key, metadata.get(key.replace("-", "_")))
        return found if isinstance(found, str) else None


def read_manifest(lines: Iterable[bytes], source: str) -> Iterator[Item]:
    """The items of an input manifest, in order. InputError names the line and the field that is wrong."""
    for number, text, value in read_json_lines(lines, source):
        yield item_from_line(text, value, number, source)


def limit_problems(item: Item, value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(path, sentence) for each of Ground Truth's limits that the line breaks; lengths are in characters."""
    if len(item.line) > MAX_LINE:
        yield "$", f"{len(item.line):,} characters; Ground Truth takes {MAX_LINE:,} a line"
    for key, member in value.items():
        if key.startswith("$"):
            yield f"$.{key}", "Ground Truth takes no attribute whose name begins with $"
        length = len(member if isinstance(member, str) else to_line(member))
        if length > MAX_ATTRIBUTE:
            yield f"$.{key}", f"{length:,} characters; Ground Truth takes {MAX_ATTRIBUTE:,} an attribute"
    if item.index == MAX_OBJECTS:
        yield "$", f"Ground Truth takes {MAX_OBJECTS:,} objects a job"


def check_label_is_free(value: Mapping[str, Any], attribute: str, source: str, line: int) -> None:
    """InputError if the parsed line has a key already that a job with this label ``attribute`` would add."""
    present = {attribute, attribute + METADATA_SUFFIX} & value.keys()
    if present:
        message = "is there already, but is what the job would add; choose another LabelAttributeName"
        raise InputError(message, source=source, line=line, path=f"$.{min(present)}")


def label_line(line: str, attribute: str, metadata: Mapping[str, Any]) -> str:
    """The input ``line`` with the label attribute and its metadata added at the end; nothing before them changes.

    As in Ground Truth, an object whose metadata gives a ``failure-reason`` gets no label. ValueError if the line is
    no JSON object. Callers make sure that it has neither key yet. ``line_without`` takes both out again.
    """
    label: dict[str, Any] = {} if "failure-reason" in metadata else {attribute: {}}
    return line_with(line, {**label, attribute + METADATA_SUFFIX: metadata})


def line_with(line: str, members: Mapping[str, Any]) -> str:
    """``line`` with these top-level members, which it has not yet, at its end. ValueError if it is no JSON object."""
    body = line.strip()
    if not (body.startswith("{") and body.endswith("}")):
        raise ValueError("not a manifest line")
    head, tail = line.rstrip()[:-1], line[len(line.rstrip()) :]
    return f"{head}{',' if body[1:-1].strip() else ''}{to_line(members)[1:]}{tail}"


def line_without(line: str, keys: Collection[str]) -> str:
    """``line`` without its top-level members of these names; every other character stays as it is.

    ``line_without(label_line(line, K, ...), {K, K-metadata}) == line``. ValueError if the line is no JSON object.
    """
    return without_members(line, keys)


def read_output_manifest(lines: Iterable[bytes], source: str, attribute: str | None = None) -> Iterator[OutputLine]:
    """The lines of an output manifest, in order.

    The label attribute is the key K for which ``K-metadata`` is an object. With several (chained jobs) the ones with a
    ``worker-response-ref`` are preferred; InputError asks for ``attribute`` while several remain, on one line or from
    one line to another.
    """
    settled: str | None = None
    for number, text, value in read_json_lines(lines, source):
        item = item_from_line(text, value, number, source)
        jobs = {key.removesuffix(METADATA_SUFFIX): said for key, said in value.items() if is_metadata(key, said)}
        names = [attribute] if attribute else _candidates(jobs)
        seen = list(dict.fromkeys(([settled] if settled else []) + names))
        if len(seen) > 1:
            message = f"several label attributes ({', '.join(seen)}); name one with --label-attribute"
            raise InputError(message, source=source, line=number)
        settled = seen[0] if seen else None
        yield _output_line(item, value, names[0] if names else None, jobs, source)


def _candidates(jobs: Mapping[str, Mapping[str, Any]]) -> list[str]:
    return [name for name, metadata in jobs.items() if "worker-response-ref" in metadata] or list(jobs)


def _output_line(
    item: Item, value: Mapping[str, Any], name: str | None, jobs: Mapping[str, Mapping[str, Any]], source: str
) -> OutputLine:
    found = value.get(f"{name}{METADATA_SUFFIX}") if name else None
    if found is not None and name not in jobs:
        path = f"$.{name}{METADATA_SUFFIX}"
        raise InputError("expected an object", source=source, line=item.index + 1, path=path)
    others = {other: metadata for other, metadata in jobs.items() if other != name}
    return OutputLine(item, value.get(name) if name else None, found, name if found is not None else None, others)
