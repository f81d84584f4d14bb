"""What a push would do to a repository: files to add, to replace and to delete. Compares; asks nobody.

Only files of a dataset are touched: its README.md and the data files that its card, or the card it replaces, names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...label_configs.errors import InputError
from .dataset_folder import CARD, Card, DatasetFile, DatasetFolder
from .repository import RemoteFile

__all__ = ["Plan", "make_plan"]

# As ``dataset build`` names them. Whatever else a card names is somebody's own.
_DATA_FILE = re.compile(r"[^/]+/[^/]+-[0-9]{5}(?:-of-[0-9]{5})?\.parquet")


@dataclass(frozen=True, slots=True)
class Plan:
    """Files by what is to become of them. ``replaced`` are the old versions of ``changed``, in the same order.

    ``old_parts`` says which config each of the files that go, replaced or deleted, is a part of.
    """

    added: tuple[DatasetFile, ...]
    changed: tuple[DatasetFile, ...]
    replaced: tuple[RemoteFile, ...]
    deleted: tuple[RemoteFile, ...]
    unchanged: tuple[DatasetFile, ...]
    old_parts: Mapping[str, tuple[str, str]]

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.added or self.changed or self.deleted)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values: paths with their bytes."""
        parts: dict[str, Sequence[DatasetFile | RemoteFile]]
        parts = {"added": self.added, "changed": self.changed, "deleted": self.deleted, "unchanged": self.unchanged}
        return {name: [{"path": file.path, "bytes": file.size} for file in files] for name, files in parts.items()}


def make_plan(folder: DatasetFolder, there: Mapping[str, RemoteFile], card: Card | None, source: str) -> Plan:
    """What makes a repository with the files ``there``, and this card, hold what ``folder`` holds.

    InputError if its card is of somebody else's making, or if it has files of other origin that would be read as a
    part of the dataset.
    """
    if card is not None and not card.is_ours and card.body.strip():
        raise InputError("holds a dataset that gtbridge did not build; push to a repository of its own", source=source)
    here = {file.path: file for file in folder.files}
    known = card if card is not None and card.is_ours else None
    old_parts: dict[str, tuple[str, str]] = {}
    for path in there:
        part = known.part_of(path) if known and _DATA_FILE.fullmatch(path) else None
        if part is not None:
            old_parts[path] = part
        elif path not in here and (mixed := folder.card.part_of(path)):
            message = f"holds {path}, which would be read as a part of the config {mixed[0]}; move it away there"
            raise InputError(message, source=source)
    added = tuple(file for file in folder.files if file.path not in there)
    present = [file for file in folder.files if file.path in there]
    changed = tuple(file for file in present if not _same(file, there[file.path]))
    return Plan(
        added=added,
        changed=changed,
        replaced=tuple(there[file.path] for file in changed),
        deleted=tuple(there[path] for path in old_parts if path not in here and path != CARD),
        unchanged=tuple(file for file in present if file not in changed),
        old_parts=old_parts,
    )


def _same(file: DatasetFile, there: RemoteFile) -> bool:
    if there.sha256 is not None:
        return file.sha256 == there.sha256
    return file.git_oid == there.git_oid
