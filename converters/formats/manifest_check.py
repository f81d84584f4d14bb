"""Every line of an input manifest -> what it holds, and all that is wrong or odd in it. Handed open files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from ...label_configs.errors import InputError
from ...label_configs.tasks import TaskDefinition
from ..ledger import refuse_loss
from ..records import Item
from .json_text import read_json
from .manifest import blank_texts, check_task_fit, item_from_line, limit_problems

__all__ = ["LISTED", "Findings", "ManifestReport", "Target", "check_lines"]

Target = Literal["sagemaker", "label-studio"]
LISTED = 100
_NO_PROMPT = "is no conversation of texts that waits for the assistant, so annotators are shown $.source instead"
_BOM = b"\xef\xbb\xbf"
_S3_ADDRESS = re.compile(r"s3://[^/\s]+/.+")


@dataclass
class Findings:
    """Problems or remarks: ``count`` of them, of which the first hundred are ``listed``."""

    count: int = 0
    listed: list[InputError] = field(default_factory=list)

    def add(self, problem: InputError) -> None:
        """One more."""
        self.count += 1
        if self.count <= LISTED:
            self.listed.append(problem)


@dataclass
class ManifestReport:
    """What a manifest holds: ``objects`` that can be read, and of them those with a conversation, with their text
    elsewhere, with responses (and how few and many); what is wrong with the manifest, and what is worth a remark.

    Each of the ``lines`` that were looked at is an object, ``unreadable`` or ``blank``.
    """

    lines: int = 0
    unreadable: int = 0
    blank: int = 0
    objects: int = 0
    conversations: int = 0
    references: int = 0
    with_responses: int = 0
    fewest: int = 0
    most: int = 0
    problems: Findings = field(default_factory=Findings)
    remarks: Findings = field(default_factory=Findings)

    @property
    def notes(self) -> list[str]:
        """The remarks that are listed, each with its place."""
        return [str(remark) for remark in self.remarks.listed]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        counts = {key: value for key, value in vars(self).items() if isinstance(value, int)}
        problems = [str(problem) for problem in self.problems.listed]
        return {
            **counts,
            "problem_count": self.problems.count,
            "problems": problems,
            "note_count": self.remarks.count,
            "notes": self.notes,
        }


def check_lines(
    lines: Iterable[bytes],
    source: str,
    definition: TaskDefinition | None,
    target: Target,
    check_reference: Callable[[str, int], object] | None = None,
) -> ManifestReport:
    """Read all lines, and say what is wrong with each; a first line that is no JSON is where it ends.

    Ground Truth's limits are problems for ``sagemaker`` and remarks for ``label-studio``. ``check_reference`` is given
    each ``source-ref`` and its line, and raises InputError for one that will not be followed, which is a remark.
    """
    report = ManifestReport()
    for number, line in _lines_between_blanks(lines, source, report):
        try:
            value = read_json(line, source, number)
            item = item_from_line(line.decode("utf-8"), value, number, source)
        except InputError as error:
            report.problems.add(error)
            report.unreadable += 1
            if number == 1 and error.path is None:
                break
            continue
        _count(report, item)
        if item.text_ref is not None:
            _check_reference(report, item.text_ref, number, source, target, check_reference)
            # The text itself is not looked at; it is neither missing nor blank for that.
            item = replace(item, text=item.text_ref)
        if definition is not None:
            try:
                check_task_fit(item, definition, source)
            except InputError as error:
                report.problems.add(error)
        limits = report.problems if target == "sagemaker" else report.remarks
        for path, message in limit_problems(item, value):
            limits.add(InputError(message, source=source, line=number, path=path))
        for path, message in _oddities(item, value):
            report.remarks.add(InputError(message, source=source, line=number, path=path))
    if not report.objects and not report.problems.count:
        report.problems.add(InputError("holds no objects", source=source))
    refuse_loss({"lines": report.lines}, {"lines": report.objects + report.unreadable + report.blank}, source)
    return report


def _lines_between_blanks(lines: Iterable[bytes], source: str, report: ManifestReport) -> Iterator[tuple[int, bytes]]:
    """(number, line without its end); blank ones at the end are none, others are problems."""
    blank, problems = 0, report.problems
    for number, data in enumerate(lines, start=1):
        report.lines += 1
        line = data.removesuffix(b"\n").removesuffix(b"\r")
        if not line.strip():
            blank = blank or number
            report.blank += 1
            continue
        if blank:
            problems.add(InputError("blank line", source=source, line=blank))
            blank = 0
        if number == 1 and line.startswith(_BOM):
            message = "begins with a byte order mark; save it as plain UTF-8"
            problems.add(InputError(message, source=source, line=1))
            line = line.removeprefix(_BOM)
        yield number, line


def _count(report: ManifestReport, item: Item) -> None:
    report.objects += 1
    report.conversations += item.messages is not None
    report.references += item.text_ref is not None
    if item.responses is not None:
        count = len(item.responses)
        report.fewest = min(report.fewest, count) if report.with_responses else count
        report.most = max(report.most, count)
        report.with_responses += 1


def _check_reference(
    report: ManifestReport,
    reference: str,
    line: int,
    source: str,
    target: Target,
    check_reference: Callable[[str, int], object] | None,
) -> None:
    if target == "sagemaker":
        if not _S3_ADDRESS.fullmatch(reference):
            message = "Ground Truth reads texts from addresses like s3://bucket/key"
            report.problems.add(InputError(message, source=source, line=line, path="$.source-ref"))
    elif check_reference is not None:
        try:
            check_reference(reference, line)
        except InputError as error:
            report.remarks.add(error)


def _oddities(item: Item, value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if item.messages is None and "messages" in value:
        yield "$.messages", _NO_PROMPT
    for path in blank_texts(item):
        yield path, "is blank"
