"""Rows of all configs -> their splits' files, in the shape that was asked for. Makes no rows and knows no items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

import pyarrow as pa

from ..ledger import Ledger, refuse_loss
from . import annotation, preference, prompts, qa, ranking, sft, squad, ties, unpaired
from .background import Background
from .gate import Gate
from .options import BuildOptions
from .parquet import SplitWriter
from .shapes import Shape

if TYPE_CHECKING:
    from .batch import Batch

__all__ = ["BuiltConfig", "OpenShard", "Writers", "features"]

_FEATURES = {
    "unpaired": unpaired.FEATURES,
    "ranking": ranking.FEATURES,
    "ties": ties.FEATURES,
    "sft": sft.FEATURES,
    "qa": qa.FEATURES,
    "squad": squad.FEATURES,
    "prompts": prompts.FEATURES,
    "annotations": annotation.FEATURES,
}
_HELD_BYTES = 64 * 2**20

OpenShard = Callable[[str, str, int], IO[bytes]]


def features(kind: str, options: BuildOptions) -> dict[str, Any]:
    """The columns of a config of this kind (a name of options.CONFIGS), as ``features.schema_of`` takes them."""
    spec = preference.features(options) if kind == "preference" else _FEATURES[kind]
    return Shape.of(options.preset, options.format).features(kind, spec)


@dataclass
class BuiltConfig:
    """One config as written: its name, its ``features``, and rows and bytes of each split that has rows.

    ``labels`` are, for ``unpaired``, how many rows of each split are desirable and how many are not.
    """

    name: str
    kind: str
    features: dict[str, Any]
    rows: dict[str, int] = field(default_factory=dict)
    bytes: dict[str, int] = field(default_factory=dict)
    labels: dict[str, tuple[int, int]] = field(default_factory=dict)


class Writers:
    """A writer for each split of each config, opened with its first row by ``open_shard(config, split, number)``.

    A context manager; the files are whole once it is left without an error. Memory is bounded by _HELD_BYTES of rows,
    a row group that is being written and a batch of each split, but for what is remembered of prompts: see ``Gate``.
    """

    def __init__(self, options: BuildOptions, open_shard: OpenShard, ledger: Ledger):
        self._options, self._open_shard, self._ledger = options, open_shard, ledger
        self._gate = Gate(options, ledger)
        self._stack = ExitStack()
        self._background = self._stack.enter_context(Background())
        self._writers: dict[tuple[str, str], SplitWriter] = {}
        self._kinds: dict[str, str] = {}
        self._taken: Counter[str] = Counter()  # rows of each kind that were handed over

    def __enter__(self) -> Writers:
        return self

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)

    def write(self, kind: str, config: str, split: str, rows: Sequence[dict[str, Any]], place: str) -> None:
        """Take rows as the modules of this folder make them; what cannot be written is in the ledger."""
        self._taken[kind] += len(rows)
        taken = [*self._passed(kind, config, split, rows, place)] if self._gate.looks_at(kind) else rows
        if taken and self._writer(kind, config, split).write(taken):
            self._let_go()

    def _passed(
        self, kind: str, config: str, split: str, rows: Sequence[dict[str, Any]], place: str
    ) -> Iterator[dict[str, Any]]:
        for row in rows:
            shaped, known = self._gate.known(kind, row)
            if self._gate.passes(kind, config, split, known, place) and shaped is not None:
                yield shaped

    def join(self, batch: Batch) -> None:
        """Take the rows of a batch, as if they came item by item."""
        waiting: dict[tuple[str, str], _Waiting] = {}
        for run in batch.runs:
            key = run.config, run.split
            if key not in waiting:
                waiting[key] = _Waiting(batch.tables.get(key))
            there = waiting[key]
            self._taken[run.kind] += run.rows if isinstance(run.rows, int) else len(run.rows)
            for known in run.rows if isinstance(run.rows, list) else ():
                passes = self._gate.passes(run.kind, *key, known, run.place)
                there.see(1 if known.refusal is None else 0, passes)
            if isinstance(run.rows, int):
                there.see(run.rows, True)
            if there.count and there.count >= self._writer(run.kind, *key).room and self._take(key, there):
                self._let_go()
        for key, there in waiting.items():
            if there.count:
                self._take(key, there)

    def keep(self, batch: Batch) -> None:
        """Take the rows of a batch whatever others there are: for a part of a dataset, to be joined with others."""
        kinds = {run.config: run.kind for run in batch.runs}
        for (config, split), table in batch.tables.items():
            self._taken[kinds[config]] += table.num_rows
            if self._writer(kinds[config], config, split).write_table(table):
                self._let_go()

    def _take(self, key: tuple[str, str], there: _Waiting) -> bool:
        return self._writers[key].write_table(there.taken())

    def _writer(self, kind: str, config: str, split: str) -> SplitWriter:
        writer = self._writers.get((config, split))
        if writer is None:
            spec = features(kind, self._options)
            writer = SplitWriter(spec, lambda number: self._open_shard(config, split, number), self._background)
            self._writers[config, split] = self._stack.enter_context(writer)
            self._kinds[config] = kind
        return writer

    def _let_go(self) -> None:
        while sum(writer.held for writer in self._writers.values()) > _HELD_BYTES:
            max(self._writers.values(), key=lambda writer: writer.held).flush()

    def finish(self) -> list[BuiltConfig]:
        """What was written, once the files are whole. Kinds of which rows were refused are whole in the ledger.

        LedgerError if not all rows that were taken are in the files, or were refused.
        """
        configs: dict[str, BuiltConfig] = {}
        for (name, split), writer in self._writers.items():
            config = configs.setdefault(name, BuiltConfig(name, self._kinds[name], writer.spec))
            config.rows[split], config.bytes[split] = writer.rows, writer.bytes
            if config.kind == "unpaired":
                config.labels[split] = self._gate.labels[name, split, True], self._gate.labels[name, split, False]
        written: Counter[str] = Counter()
        for config in configs.values():
            written[config.kind] += sum(config.rows.values())
        for kind in self._gate.refused:
            self._ledger.enter(f"rows ({kind})", self._taken[kind] - self._twice(kind))
            self._ledger.leave(f"rows ({kind})", written[kind])
        for kind, taken in self._taken.items():
            gone = self._gate.refused[kind] + self._twice(kind)
            refuse_loss({f"rows ({kind})": taken}, {f"rows ({kind})": written[kind] + gone})
        return list(configs.values())

    def _twice(self, kind: str) -> int:
        """How many rows of this kind the gate kept back as said already, which the ledger has under their own kind."""
        return self._gate.said_already[kind]


class _Waiting:
    """Of one split's rows in a batch, those that passed and are not written yet."""

    def __init__(self, table: Any) -> None:
        self._table = table
        self._seen = self.count = 0
        self._stretches: list[tuple[int, int]] = []  # first row, number of rows

    def see(self, rows: int, passed: bool) -> None:
        """The next rows of the table."""
        if passed and rows:
            start, count = self._stretches[-1] if self._stretches else (self._seen, 0)
            if start + count == self._seen:
                self._stretches[-1:] = [(start, count + rows)]
            else:
                self._stretches.append((self._seen, rows))
            self.count += rows
        self._seen += rows

    def taken(self) -> pa.Table:
        """Those that wait, which then wait no longer."""
        table = pa.concat_tables([self._table.slice(*stretch) for stretch in self._stretches])
        self._stretches, self.count = [], 0
        return table
