"""Whether contenders made the same preference pairs; a program of its own: ``same_rows FOLDER:ITEMS ...``.

Each folder is compared with the first one: dimension, prompt, chosen, rejected and votes of each pair of the first
ITEMS items. Exit code 1, and how many are only in one of the two, if they differ; if there are none at all, as well.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyarrow.parquet import ParquetFile

_SAID = ("dimension", "votes_chosen", "votes_rejected", "votes_tie")


def pairs(folder: Path) -> Iterator[tuple[int, int]]:
    """The item of each pair, as far as the row tells it, and a number that depends on what the pair says."""
    open_file: Any = ParquetFile
    for path in sorted(folder.rglob("*.parquet")):
        for batch in open_file(path).iter_batches(10_000):
            for row in batch.to_pylist():
                about = row.get("metadata", row)
                texts = [row[name][0]["content"] for name in ("prompt", "chosen", "rejected")]
                said = hash((*texts, *(about[name] for name in _SAID)))
                yield int(about["item"].rpartition("/")[2]) if "item" in about else 0, said


def main(first: str, *others: str) -> str | None:
    """What is wrong, if anything is."""
    ours = list(pairs(Path(first.rpartition(":")[0])))
    for other in others:
        folder, _, items = other.rpartition(":")
        wanted = Counter(said for item, said in ours if item < int(items))
        found = Counter(said for item, said in pairs(Path(folder)) if item < int(items))
        lacking, more = wanted - found, found - wanted
        if lacking or more or not wanted:
            return f"{folder}: {lacking.total()} pairs are lacking and {more.total()} too many, of {wanted.total()}"
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
