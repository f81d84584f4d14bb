"""gtbridge audit: how far annotators agree, and what pulls them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .common import as_json, progress, report
from .job_output_options import job_output_options

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...converters.records import Answer
    from ..outputs.job_reader import JobOutputOptions

__all__ = ["audit"]


@click.command()
@click.argument("outputs", nargs=-1, required=True, metavar="JOB_OUTPUT...")
@click.option("-o", "--out", metavar="FILE", help="Write the whole report to this file, as a page (HTML).")
@click.option(
    "--words-per-minute",
    type=click.FloatRange(min=1),
    default=1000,
    show_default=True,
    metavar="N",
    help="Answers that came faster than this many words a minute can be read count as too fast.",
)
@click.option("--worker-ids", is_flag=True, help="Call annotators by their worker ids. [default: by pseudonyms]")
@click.option("--pseudonym-key", metavar="FILE", help="The key for annotators' pseudonyms. [default: one of your own]")
@job_output_options
@as_json
def audit(
    outputs: tuple[str, ...],
    out: str | None,
    words_per_minute: float,
    worker_ids: bool,
    pseudonym_key: str | None,
    opening: JobOutputOptions,
    json_output: bool,
) -> None:
    """Look at what annotators did: folders of jobs, their output manifests, projects of Label Studio
    (label-studio:NAME_OR_NUMBER, JSON exports, target storage), or datasets of judgements (hf://ORG/NAME, folders and
    files).

    Rankings: agreement on each dimension, the pull of the place on the screen and of length, orders left as they were
    shown, ties, circles, dimensions that say the same, strengths of models. Questions and answers: tags, words,
    duplicates, and which parts of the passages nobody asked about. Both: time, and each annotator. Every figure has its
    95 % interval and says what it was taken from.

    The report is one file that needs nothing else, and says first what stands out and what to do about it. Without -o,
    the most important numbers are printed; with --json, all of them.
    """
    if worker_ids and pseudonym_key is not None:
        raise click.UsageError("--worker-ids and --pseudonym-key contradict each other")
    if out == "-" and json_output:
        raise click.UsageError("-o - and --json cannot both have standard output")
    from ...converters.datasets.rows import Pseudonyms
    from ..outputs.auditing import audit_outputs, remarks
    from ..outputs.job_reader import open_job_output
    from ..outputs.pseudonym_key import pseudonym_key as read_key
    from ..reports.report import report_page
    from ..reports.summary import summary_lines
    from ..storage import write_bytes

    jobs = [open_job_output(path, opening) for path in outputs]
    name_of: Callable[[Answer], str] = (
        (lambda answer: answer.worker.id) if worker_ids else Pseudonyms(read_key(pseudonym_key)).of
    )
    with progress("items") as advance:
        result, ledger = audit_outputs(jobs, name_of, words_per_minute=words_per_minute, on_progress=advance)
    numbers = result.to_dict()
    if out is not None:
        write_bytes(out, report_page(numbers, remarks(ledger)))
    if out != "-":
        lines = [*([out] if out else []), *summary_lines(numbers), *remarks(ledger)]
        report(lines, {**numbers, "ledger": ledger.to_dict()}, json_output=json_output)
