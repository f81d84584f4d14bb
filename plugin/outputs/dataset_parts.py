"""A dataset that several machines build: each a part of it, and one of them, or another, the whole of the parts.

A part is a folder with the rows in Parquet, as a dataset has them, and what joining them takes: ``part.json`` and a
list of which rows are which item's. Until it is joined, a part may have a prompt that another one has as well.
"""

from __future__ import annotations

import gzip
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from ...converters.ledger import Ledger, refuse_loss
from ...label_configs.tasks import definition_to_dict
from .batches import job_batches, one_by_one
from .dataset_builder import Publication, whole_of, write_card
from .dataset_place import PART, PART_MARK, RUNS, dataset_folder, open_shard
from .job_facts import JobFacts
from .job_reader import JobOutput, note_remarks, refuse_equal_names
from .options import JobOutputOptions
from .part_reader import FORMAT, Part, check_together, read_part
from .shares import Share, extent_of

if TYPE_CHECKING:
    from ...converters.datasets.batch import Batch
    from ...converters.datasets.build import Built
    from ...converters.datasets.options import BuildOptions

__all__ = ["build_part", "join_parts"]


def build_part(
    jobs: Sequence[JobOutput],
    out: str,
    options: BuildOptions,
    share: Share,
    on_progress: Callable[[int], None] | None = None,
) -> tuple[Built, Ledger]:
    """Build this share of the jobs' items at ``out``, replacing an older part; says what was written.

    Shares are of the lines of all manifests, one after another, in stretches of the same length. InputError if ``out``
    holds something else, if a job cannot be divided, or if something of this share is lost that must not be.
    """
    from ...converters.datasets.batch import Batch, Seen
    from ...converters.datasets.part_state import options_to_plain, run_to_plain, state_to_plain
    from ...converters.datasets.rows import Pseudonyms
    from ...converters.datasets.writers import Writers

    refuse_equal_names(jobs)
    whole, extents = whole_of(jobs, options), {job.name: extent_of(job) for job in jobs}
    state = Batch(Ledger(), seen=Seen(whole.jobs, Pseudonyms(options.pseudonym_key).of))
    known = {job.name: _inputs_of(job, extents[job.name].lines, extents[job.name].digest) for job in jobs}

    def finish(job: JobOutput, facts: JobFacts) -> None:
        loss = facts.loss(job.place)
        if loss is not None and not known[job.name]["allow_missing"]:
            raise loss
        known[job.name]["facts"] = facts.to_plain()

    with dataset_folder(out, {job.name: job.place for job in jobs}) as folder:
        with (
            Writers(options, partial(open_shard, folder), Ledger()) as writers,
            gzip.GzipFile(folder / RUNS, "wb", compresslevel=1, mtime=0) as runs,
        ):
            for batch in job_batches(jobs, whole, one_by_one, share.stretches(extents), finish):
                state.merge(batch)
                writers.keep(batch)
                runs.writelines(f"{json.dumps(run_to_plain(run), ensure_ascii=False)}\n".encode() for run in batch.runs)
                if on_progress:
                    on_progress(batch.items)
        state.built.configs = writers.finish()
        said = {
            PART_MARK.strip('"'): FORMAT,
            "gtbridge": version("gtbridge"),
            "number": share.number,
            "of": share.of,
            "options": options_to_plain(options),
            "key": hmac.new(options.pseudonym_key, b"gtbridge part", hashlib.sha256).hexdigest()[:16],
            "dimensions": list(whole.dimensions),
            "inputs": list(known.values()),
            "state": state_to_plain(state),
        }
        (folder / PART).write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    return state.built, state.ledger


def _inputs_of(job: JobOutput, lines: int, digest: str | None) -> dict[str, Any]:
    """What the parts must have in common of a job, and what joining them takes of how it was read."""
    options = job.by_lines().options if job.by_lines else JobOutputOptions()
    return {
        "name": job.name,
        "definition": definition_to_dict(job.definition),
        "lines": lines,
        "digest": digest,
        "remarks": list(job.remarks) if job.by_lines else [],
        "label_attribute": options.label_attribute,
        "rank_encoding": options.reading.rank_encoding,
        "allow_missing": options.allow_missing,
        "facts": None,
    }


def join_parts(
    paths: Sequence[str],
    out: str,
    publication: Publication,
    on_progress: Callable[[int], None] | None = None,
) -> tuple[Built, Ledger]:
    """Make the parts at ``paths``, in any order, the dataset at ``out``: to the byte what one machine would build.

    InputError if a part is missing or is none, or if two were not built of the same answers with the same choices.
    """
    from ...converters.datasets.batch import Seen
    from ...converters.datasets.build import join

    parts = sorted(map(read_part, paths), key=lambda part: part.number)
    check_together(parts, out)
    first = parts[0]
    states = [part.state() for part in parts]
    assert states[0].seen is not None
    jobs = {name: job.definition for name, job in states[0].seen.collection.jobs.items()}
    ledger, seen = Ledger(), Seen(jobs, lambda answer: answer.worker.id)

    def see(batch: Batch) -> None:
        if batch.seen is not None:
            seen.merge(batch.seen)
        if on_progress:
            on_progress(batch.items)

    with dataset_folder(out, first.provenance()) as folder:
        batches = _batches(parts, states)
        built = join(batches, first.dimensions, first.options, partial(open_shard, folder), ledger, see)
        write_card(folder, out, built, seen, first.options, publication, ledger)
    return built, ledger


def _batches(parts: Sequence[Part], states: list[Batch]) -> Iterator[Batch]:
    from ...converters.datasets.batch import Batch

    for part, state in zip(parts, states, strict=True):
        yield state
        yield from part.batches()
    ledger = Ledger()
    for number, given in enumerate(parts[0].inputs):
        note_remarks(given["remarks"], ledger)
        facts = JobFacts()
        for part in parts:
            if (found := part.inputs[number]["facts"]) is not None:
                facts.merge(JobFacts.from_plain(found))
        if given["digest"] is not None:
            refuse_loss({"items": given["lines"]}, {"items": facts.lines}, given["name"])
            facts.finish(given["name"], given["name"], _options(given), ledger)
    yield Batch(ledger)


def _options(given: dict[str, Any]) -> JobOutputOptions:
    from ...converters.formats.reading import Reading

    return JobOutputOptions(
        label_attribute=given["label_attribute"], reading=Reading(given["rank_encoding"]), allow_missing=True
    )
