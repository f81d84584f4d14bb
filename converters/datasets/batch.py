"""Some items of a build -> their rows and all that the whole must know of them, wherever that is worked out.

A batch knows of no other. Batches that are joined in order (``build.join``) are the build of all their items.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pyarrow as pa

from ...label_configs.tasks import TaskDefinition
from ..agreement.agreement import Agreement
from ..judgement.job_item import JobItem
from ..ledger import Ledger
from ..records import Answer
from .build import Built, Source
from .collection import Collection
from .features import schema_of
from .gate import Gate, Known
from .options import BuildOptions
from .parquet import table_of
from .rows import Pseudonyms
from .writers import features

__all__ = ["RESAMPLES", "Batch", "Run", "Seen", "build_batch"]

RESAMPLES = 200  # for the card; the audit takes its time


class Run(NamedTuple):
    """The rows of one item in one config: how many, or what ``Gate`` must know of each.

    Those that no trainer could read are not in the table.
    """

    kind: str
    config: str
    split: str
    place: str
    rows: int | list[Known]


class Seen:
    """What the card says of the items beside their rows. The jobs' names come with their tasks."""

    def __init__(self, jobs: dict[str, TaskDefinition], name_of: Callable[[Answer], str]):
        self.collection = Collection(jobs, name_of)
        self.agreement = Agreement(name_of, resamples=RESAMPLES)

    def see(self, item: JobItem) -> None:
        """One more item."""
        self.collection.see(item)
        self.agreement.see(item)

    def merge(self, later: Seen) -> None:
        """Add what ``later`` has seen, as if it had been seen here after everything else."""
        self.collection.merge(later.collection)
        self.agreement.merge(later.agreement)


@dataclass
class Batch:
    """``tables`` are by config and split. Can be pickled.

    With ``seen`` comes the key for pseudonyms: a batch is for this build's own machines.
    """

    ledger: Ledger
    items: int = 0
    seen: Seen | None = None
    built: Built = field(default_factory=Built)
    tables: dict[tuple[str, str], pa.Table] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)

    def merge(self, later: Batch) -> None:
        """Add all of ``later`` but its rows."""
        self.ledger.merge(later.ledger)
        self.built.merge(later.built)
        self.items += later.items
        if self.seen is not None and later.seen is not None:
            self.seen.merge(later.seen)


def build_batch(
    items: Iterable[JobItem],
    jobs: dict[str, TaskDefinition],
    dimensions: Sequence[str],
    options: BuildOptions,
    ledger: Ledger,
) -> Batch:
    """The batch of ``items``, whose number bounds its memory.

    ``jobs`` and ``dimensions`` are those of the whole build, ``options`` such that ``check`` let pass. ``ledger`` is
    the one that the items are read with, or a new one.
    """
    source, names = Source(dimensions, options, ledger), Pseudonyms(options.pseudonym_key)
    seen = Seen(jobs, names.of)
    batch = Batch(ledger, seen=seen)
    gate = Gate(options, ledger)
    rows_of: dict[tuple[str, str], list[dict[str, Any]]] = {}
    kinds: dict[str, str] = {}
    for job_item in items:
        source.count(job_item, batch.built)
        seen.see(job_item)
        batch.items += 1
        split = source.split(job_item)
        for kind, config, rows in source.rows(job_item):
            if not rows:
                continue
            kinds[config] = kind
            there = rows_of.setdefault((config, split), [])
            if gate.looks_at(kind):
                made = [gate.known(kind, row) for row in rows]
                there.extend(shaped for shaped, _ in made if shaped is not None)
                batch.runs.append(Run(kind, config, split, job_item.place, [known for _, known in made]))
            else:
                there.extend(rows)
                batch.runs.append(Run(kind, config, split, job_item.place, len(rows)))
    for (config, split), rows in rows_of.items():
        batch.tables[config, split] = table_of(rows, schema_of(features(kinds[config], options)))
    return batch
