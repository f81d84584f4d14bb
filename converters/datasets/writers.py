"""Rows of all configs -> their splits' files, in the shape that was asked for. Makes no rows and knows no items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import IO, Any

from ..ledger import Ledger
from . import annotation, preference, prompts, qa, ranking, sft, squad, ties, unpaired
from .options import BuildOptions
from .parquet import SplitWriter
from .rows import prompt_digest
from .shapes import Shape

__all__ = ["BuiltConfig", "Writers", "features"]

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
_HELD_BYTES = 256 * 2**20

OpenShard = Callable[[str, str, int], IO[bytes]]


def features(kind: str, options: BuildOptions) -> dict[str, Any]:
    """The columns of a config of this kind (a name of options.CONFIGS), as ``parquet.features_of`` takes them."""
    spec = preference.features(options) if kind == "preference" else _FEATURES[kind]
    return Shape.of(options.preset, options.format).features(kind, spec)


@dataclass
class BuiltConfig:
    """One config as written: its name, its ``datasets`` features, and rows and bytes of each split that has rows.

    ``labels`` are, for ``unpaired``, how many rows of each split are desirable and how many are not.
    """

    name: str
    kind: str
    features: Any
    rows: dict[str, int] = field(default_factory=dict)
    bytes: dict[str, int] = field(default_factory=dict)
    labels: dict[str, tuple[int, int]] = field(default_factory=dict)


class Writers:
    """A writer for each split of each config, opened with its first row by ``open_shard(config, split, number)``.

    A context manager; the files are whole once it is left without an error. Memory is bounded by _HELD_BYTES of rows
    and a batch of each split, but for prompts that are made of less than a passage: see ``_OneSplit``.
    """

    def __init__(self, options: BuildOptions, open_shard: OpenShard, ledger: Ledger):
        self._options, self._open_shard, self._ledger = options, open_shard, ledger
        self._shape = Shape.of(options.preset, options.format)
        self._prompts = _OneSplit() if options.test_size and options.context != "passage" else None
        self._stack = ExitStack()
        self._writers: dict[tuple[str, str], SplitWriter] = {}
        self._kinds: dict[str, str] = {}
        self._labels: Counter[tuple[str, str, bool]] = Counter()
        self._refused: Counter[str] = Counter()

    def __enter__(self) -> Writers:
        return self

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)

    def write(self, kind: str, config: str, split: str, row: dict[str, Any], place: str) -> None:
        """Take a row as the modules of this folder make them; what cannot be written is in the ledger."""
        shaped = self._shape.row(kind, row)
        if self._prompts is not None and "prompt" in row and not self._prompts.takes(row["prompt"], split):
            shaped = "whose prompt is in the other split"
        if isinstance(shaped, str):
            self._refused[kind] += 1
            self._ledger.drop(f"rows ({kind})", shaped, place)
            return
        if kind == "unpaired":
            self._labels[config, split, row["label"]] += 1
        if self._writer(kind, config, split).write(shaped):
            self._let_go()

    def _writer(self, kind: str, config: str, split: str) -> SplitWriter:
        if (config, split) not in self._writers:
            writer = SplitWriter(features(kind, self._options), lambda number: self._open_shard(config, split, number))
            self._writers[config, split] = self._stack.enter_context(writer)
            self._kinds[config] = kind
        return self._writers[config, split]

    def _let_go(self) -> None:
        while sum(writer.held for writer in self._writers.values()) > _HELD_BYTES:
            max(self._writers.values(), key=lambda writer: writer.held).flush()

    def finish(self) -> list[BuiltConfig]:
        """What was written, once the files are whole. Kinds of which rows were refused are whole in the ledger."""
        configs: dict[str, BuiltConfig] = {}
        for (name, split), writer in self._writers.items():
            config = configs.setdefault(name, BuiltConfig(name, self._kinds[name], writer.features))
            config.rows[split], config.bytes[split] = writer.rows, writer.bytes
            if config.kind == "unpaired":
                config.labels[split] = self._labels[name, split, True], self._labels[name, split, False]
        for kind, refused in self._refused.items():
            written = sum(sum(config.rows.values()) for config in configs.values() if config.kind == kind)
            self._ledger.enter(f"rows ({kind})", written + refused)
            self._ledger.leave(f"rows ({kind})", written)
        return list(configs.values())


class _OneSplit:
    """Keeps a prompt out of a second split: passages in different splits may have questions in common.

    Needed where a prompt is not its item's whole text. About 150 bytes of memory for each prompt.
    """

    def __init__(self) -> None:
        self._split_of: dict[bytes, str] = {}

    def takes(self, prompt: list[dict[str, str]], split: str) -> bool:
        """Whether this split may have the prompt: no row before had it in another."""
        return self._split_of.setdefault(prompt_digest(prompt), split) == split
