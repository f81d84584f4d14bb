"""What a part of a dataset says of itself beside its rows, as plain JSON values, and back. Opens nothing.

Names of workers are pseudonyms here; neither their own nor the key are in it.
"""

from __future__ import annotations

import base64
import re
from array import array
from collections import Counter
from dataclasses import fields
from fractions import Fraction
from typing import Any

from ...label_configs.tasks import definition_from_dict, definition_to_dict
from ..agreement.agreement import Agreement
from ..ledger import Ledger
from ..records import Answer
from .batch import RESAMPLES, Batch, Run, Seen
from .build import Built
from .collection import CollectedJob
from .gate import Known
from .options import BuildOptions

__all__ = [
    "options_from_plain",
    "options_to_plain",
    "run_from_plain",
    "run_to_plain",
    "state_from_plain",
    "state_to_plain",
]

_COUNTERS = ("came", "went", "drops", "notes", "read")
_COUNTS = ("items", "answers", "in_order_shown", "commented")


def run_to_plain(run: Run) -> list[Any]:
    """A line of the part's list of runs."""
    rows: Any = run.rows
    if not isinstance(rows, int):
        rows = [[known.digest.hex() if known.digest else None, known.refusal, known.label] for known in rows]
    return [*run[:4], rows]


def run_from_plain(value: Any) -> Run:
    """The way back. ValueError or TypeError for what is none."""
    kind, config, split, place, rows = value
    if not isinstance(rows, int):
        rows = [Known(None if digest is None else bytes.fromhex(digest), *more) for digest, *more in rows]
    return Run(kind, config, split, place, rows)


def state_to_plain(batch: Batch) -> dict[str, Any]:
    """What the whole must know of the part: a batch without its rows, which has seen its items."""
    assert batch.seen is not None
    built = batch.built
    return {
        "items": batch.items,
        "ledger": _ledger_to_plain(batch.ledger),
        "annotators": sorted(built.annotators),
        "answers": built.answers,
        "simulated": built.simulated,
        "jobs": [_job_to_plain(job) for job in batch.seen.collection.jobs.values()],
        "agreement": batch.seen.agreement.to_plain(),
    }


def state_from_plain(value: Any) -> Batch:
    """The way back. KeyError, TypeError, ValueError or AttributeError for what is none."""
    jobs = {entry["name"]: definition_from_dict(entry["definition"]) for entry in value["jobs"]}
    seen = Seen(jobs, _nobody)
    for entry in value["jobs"]:
        _fill(seen.collection.jobs[entry["name"]], entry)
    seen.agreement = Agreement.from_plain(value["agreement"], _nobody, resamples=RESAMPLES)
    built = Built([], set(value["annotators"]), int(value["answers"]), int(value["simulated"]))
    return Batch(_ledger_from_plain(value["ledger"]), int(value["items"]), seen, built)


def options_to_plain(options: BuildOptions) -> dict[str, Any]:
    """All but the key."""
    plain = {one.name: getattr(options, one.name) for one in fields(options) if one.name != "pseudonym_key"}
    plain["weights"] = [[name, str(weight)] for name, weight in options.weights]
    plain["threshold"] = None if options.threshold is None else str(options.threshold)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}


def options_from_plain(value: Any) -> BuildOptions:
    """The way back, without a key: whoever joins rows names nobody. KeyError, TypeError or ValueError for none."""
    given: dict[str, Any] = {name: tuple(part) if isinstance(part, list) else part for name, part in value.items()}
    given["weights"] = tuple((name, _fraction(weight)) for name, weight in value["weights"])
    given["threshold"] = None if value["threshold"] is None else _fraction(value["threshold"])
    return BuildOptions(pseudonym_key=b"", **given)


def _fraction(text: str) -> Fraction:
    """What ``str`` made of it. ValueError for other spellings: 1e999999999 has as many digits."""
    if not re.fullmatch(r"-?[0-9]{1,400}(/[0-9]{1,400})?", text):
        raise ValueError(text)
    return Fraction(text)


def _ledger_to_plain(ledger: Ledger) -> dict[str, Any]:
    counts = {name: [[key, count] for key, count in getattr(ledger, name).items()] for name in _COUNTERS}
    return {**counts, "where": [[key, places] for key, places in ledger.where.items()]}


def _ledger_from_plain(value: Any) -> Ledger:
    ledger = Ledger()
    for name in _COUNTERS:
        counter: Counter[Any] = getattr(ledger, name)
        for key, count in value[name]:
            counter[tuple(key) if isinstance(key, list) else key] = count
    ledger.where = {(kind, reason): list(places) for (kind, reason), places in value["where"]}
    return ledger


def _job_to_plain(job: CollectedJob) -> dict[str, Any]:
    return {
        "name": job.name,
        "definition": definition_to_dict(job.definition),
        **{name: getattr(job, name) for name in _COUNTS},
        "annotators": sorted(job.annotators),
        "seconds": base64.b64encode(job.seconds.tobytes()).decode(),
        "months": job.months,
        "declined": dict(job.declined),
        "flags": dict(job.flags),
    }


def _fill(job: CollectedJob, value: Any) -> None:
    for name in _COUNTS:
        setattr(job, name, int(value[name]))
    job.annotators = set(value["annotators"])
    job.seconds = array("d", base64.b64decode(value["seconds"]))
    job.months = None if value["months"] is None else (value["months"][0], value["months"][1])
    job.declined, job.flags = Counter(value["declined"]), Counter(value["flags"])


def _nobody(answer: Answer) -> str:
    raise AssertionError("a part that was written is shown no answers")
