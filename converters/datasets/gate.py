"""Which rows are written, where that hangs on the rows before them: the one place of a build that looks back.

What it must know of a row is told by the row alone (``known``), so that rows can be made anywhere and in any order, and
pass here one after another.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from ..ledger import Ledger
from .digests import Digests
from .options import BuildOptions
from .rows import prompt_digest
from .shapes import Shape

__all__ = ["Gate", "Known"]


class Known(NamedTuple):
    """Of a row: its prompt's digest, why no trainer could read it, and whether it is desirable; None where unasked."""

    digest: bytes | None
    refusal: str | None
    label: bool | None


class Gate:
    """Lets a prompt be in the config ``prompts`` once, and in one split only; counts what does not pass, and labels.

    Passages in different splits may have questions in common, so where a prompt is not its item's whole text, it stays
    in the split that had it first. Memory is that of each prompt's digest: see ``Digests``.
    """

    def __init__(self, options: BuildOptions, ledger: Ledger):
        self._shape, self._ledger = Shape.of(options.preset, options.format), ledger
        self._one_split = bool(options.test_size) and options.context != "passage"
        self._seen = Digests()
        self._in_split = {"train": Digests(), "test": Digests()}
        self.labels: Counter[tuple[str, str, bool]] = Counter()
        self.refused: Counter[str] = Counter()
        self.said_already: Counter[str] = Counter()  # rows that an earlier item has as well

    def looks_at(self, kind: str) -> bool:
        """Whether rows of this kind are looked at one by one; the others all pass as they are."""
        return self._one_split or kind in ("prompts", "unpaired") or self._shape.changes(kind)

    def known(self, kind: str, row: dict[str, Any]) -> tuple[dict[str, Any] | None, Known]:
        """The row in the shape that was asked for, None if it has none, and what ``passes`` must know of it."""
        shaped = self._shape.row(kind, row)
        asked = kind == "prompts" or (self._one_split and "prompt" in row)
        digest = prompt_digest(row["prompt"]) if asked else None
        label = row["label"] if kind == "unpaired" else None
        if isinstance(shaped, str):
            return None, Known(digest, shaped, label)
        return shaped, Known(digest, None, label)

    def passes(self, kind: str, config: str, split: str, known: Known, place: str) -> bool:
        """Whether the row is written. If it is not, the ledger says why."""
        if kind == "prompts" and known.digest is not None:
            if not self._seen.add(known.digest):
                self.said_already[kind] += 1
                self._ledger.drop(kind, "of an earlier item as well", place)
                return False
            self._ledger.leave(kind)
        refusal = known.refusal
        if self._one_split and known.digest is not None and not self._takes(known.digest, split):
            refusal = "whose prompt is in the other split"
        if refusal is not None:
            self.refused[kind] += 1
            self._ledger.drop(f"rows ({kind})", refusal, place)
            return False
        if known.label is not None:
            self.labels[config, split, known.label] += 1
        return True

    def _takes(self, digest: bytes, split: str) -> bool:
        """Whether this split may have the prompt: no row before had it in another."""
        if any(digest in others for other, others in self._in_split.items() if other != split):
            return False
        self._in_split[split].add(digest)
        return True
