"""Rows as a trainer takes them: which columns each preset has in place of the usual ones. Makes and drops no rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .shapes_forms import TEXT_COLUMNS, Form
from .shapes_trainers import AXOLOTL, LLAMAFACTORY
from .shapes_trl import IMPLICIT, IMPLICIT_TEXT, TEXT

__all__ = ["Shape"]

# What is not in here stays as it is: TRL's own types with an explicit prompt, which OpenRLHF reads as well.
_FORMS: Mapping[tuple[str, str], Mapping[str, Form]] = {
    ("trl", "standard"): TEXT,
    ("trl-implicit", "conversational"): IMPLICIT,
    ("trl-implicit", "standard"): IMPLICIT_TEXT,
    ("llamafactory", "conversational"): LLAMAFACTORY,
    ("axolotl", "conversational"): AXOLOTL,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """The form of rows that ``preset`` and ``format`` (names of options.CHOICES) ask for.

    Rows come in as TRL has them, conversational and with an explicit prompt: ``preference`` (prompt, chosen,
    rejected), ``unpaired`` and ``sft`` (prompt, completion), ``prompts`` (prompt). Other kinds pass unchanged, and so
    does every other column: label, answers, margin, metadata.
    """

    preset: str
    format: str

    @classmethod
    def of(cls, preset: str, format: str) -> Shape:
        """The shape for options that ``BuildOptions.check`` let pass."""
        return cls(preset, format)

    def changes(self, kind: str) -> bool:
        """Whether rows of this kind look otherwise, or may be refused."""
        return self._form(kind) is not None

    def features(self, kind: str, spec: Mapping[str, Any]) -> dict[str, Any]:
        """The features of the shaped rows, given those (as in ``parquet.features_of``) of the rows that come in."""
        form = self._form(kind)
        return dict(spec) if form is None else {**form.features, **_others(spec)}

    def row(self, kind: str, row: dict[str, Any]) -> dict[str, Any] | str:
        """The row in this shape, or why the trainer could not read it: words that follow a number of rows."""
        form = self._form(kind)
        if form is None:
            return row
        said = form.say(row)
        return said if isinstance(said, str) else {**said, **_others(row)}

    def _form(self, kind: str) -> Form | None:
        return _FORMS.get((self.preset, self.format), {}).get(kind)


def _others(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in columns.items() if name not in TEXT_COLUMNS}
