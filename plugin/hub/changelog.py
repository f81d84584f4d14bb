"""What a push did, for those who use the dataset: one line, and CHANGELOG.md with the newest line first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from .row_changes import RowChanges

__all__ = ["CHANGELOG", "changelog_line", "with_line"]

CHANGELOG = "CHANGELOG.md"
_HEADING = "# Changelog"


def changelog_line(day: date, tag: str | None, configs: Mapping[str, RowChanges]) -> str:
    """``2026-11-23 (v2): preference: 12 rows added, 3 removed``. Configs of which no file changed are left out."""
    said = [f"{name}: {_described(changes)}" for name, changes in configs.items()]
    return f"{day.isoformat()}{f' ({tag})' if tag else ''}: {'; '.join(said) or 'the card alone'}"


def _described(changes: RowChanges) -> str:
    if changes.before == 0:
        return f"{_rows(changes.after)} added"
    if changes.after == 0:
        return f"taken out, with {_rows(changes.before)}"
    if changes.added is None:
        return f"{_rows(changes.before)} before, {changes.after:,} now"
    counts = {"added": changes.added, "removed": changes.removed, "changed": changes.changed}
    said = [(count, what) for what, count in counts.items() if count]
    if not said:
        return "the same rows in other files"
    (first, what), *others = said
    return ", ".join([f"{_rows(first)} {what}", *(f"{count:,} {what}" for count, what in others)])


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def with_line(text: str, line: str) -> str:
    """CHANGELOG.md with ``line`` on top; what stood there, whoever wrote it, stays as it was."""
    head, rest = _HEADING + "\n\n", text
    if text.startswith(_HEADING):
        heading, _, rest = text.partition("\n")
        head = f"{heading}\n\n"
        rest = rest.removeprefix("\r\n").removeprefix("\n")
    between = "" if not rest or rest.startswith("- ") else "\n"
    return f"{head}- {line}\n{between}{rest}"
