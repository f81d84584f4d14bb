"""gtbridge verify: whether two job outputs say the same."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from .common import as_json, progress, report
from .job_output_options import job_output_options

if TYPE_CHECKING:
    from ...converters.comparison.findings import Comparison, Findings
    from ..outputs.job_reader import JobOutputOptions
    from ..outputs.verify import Verification

__all__ = ["verify"]

_LISTED, _LISTED_AS_JSON = 100, 10_000
_WIDTH = 120  # where there is no terminal


@click.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option(
    "--limit",
    type=click.IntRange(0),
    metavar="N",
    help=f"How many differences, and how many notes, are listed; all are counted. "
    f"[default: {_LISTED}; with --json {_LISTED_AS_JSON:,}]",
)
@click.option("--notes", is_flag=True, help="List each note, not only how many there are of a kind.")
@job_output_options
@as_json
def verify(a: str, b: str, limit: int | None, notes: bool, opening: JobOutputOptions, json_output: bool) -> None:
    """Check that two job outputs say the same: the same items, and the same answers to each.

    A and B are folders of jobs, their output manifests, projects of Label Studio
    (label-studio:NAME_OR_NUMBER, JSON exports, target storage), or datasets of judgements (hf://ORG/NAME, folders and
    files), in any mix. Items are compared by their place in the manifest, which in a project that gtbridge did not make
    is the task's number, answers by worker: rankings as orders with ties, questions, answers, tags and sections,
    times, and all other fields that travel along.

    What says the same in other words (ranks 1 3 3 and 1 2 2, a time in another spelling, tags in another order) is a
    note. The place of a difference is the object's number in the manifest, counted from 0, then the worker, then the
    part of the answer.

    Exit code 0: no difference. 1: there are differences, or something cannot be read.
    """
    from ..outputs.job_reader import open_job_output
    from ..outputs.verify import verify_outputs

    if limit is None:
        limit = _LISTED_AS_JSON if json_output else _LISTED
    one, other = open_job_output(a, opening), open_job_output(b, opening)
    with progress("items") as advance:
        found = verify_outputs(one, other, limit, advance)
    report(_lines(found, notes), found.to_dict(), json_output=json_output)
    if not found.comparison.same:
        click.get_current_context().exit(1)


def _lines(found: Verification, notes: bool) -> Iterator[str]:
    comparison = found.comparison
    for name, ledger in zip("AB", found.ledgers, strict=True):
        for line in ledger.lines(whole=False):
            yield f"{name}: {line}"
    yield from _listed(comparison.differences, "difference")
    if notes:
        yield from _listed(comparison.notes, "note")
    yield _summary(comparison)


def _listed(found: Findings, what: str) -> Iterator[str]:
    from .findings_table import table

    if found.kept:
        yield from table(found.kept, shutil.get_terminal_size((_WIDTH, 24)).columns)
    if len(found.kept) < found.count:
        more = "more " if found.kept else ""
        yield f"... and {_number(found.count - len(found.kept), f'{more}{what}')} that --limit leaves out"
    if found.count:
        yield ""


def _summary(comparison: Comparison) -> str:
    items, answers = comparison.items.compared, comparison.answers.compared
    compared = f"{_number(items, 'item')} and {_number(answers, 'answer')} compared"
    differences = f"{_number(comparison.differences.count, 'difference')}{_kinds(comparison.differences)}"
    notes = comparison.notes
    return f"{compared}: {differences}" + (f", {_number(notes.count, 'note')}{_kinds(notes)}" if notes.count else "")


def _number(count: int, what: str) -> str:
    return f"{f'{count:,}' if count else 'no'} {what}{'' if count == 1 else 's'}"


def _kinds(found: Findings) -> str:
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in found.kinds.most_common())
    return f" ({kinds})" if kinds else ""
