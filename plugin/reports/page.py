"""What a page is made of: texts, tables, charts and sections. Data only; the template says how each of them looks."""

from __future__ import annotations

from dataclasses import dataclass, field

from markupsafe import Markup

from .wording import cut, shown

__all__ = ["Chart", "Name", "Number", "Part", "Section", "Table", "Text", "plain"]


@dataclass(frozen=True, slots=True)
class Name:
    """A text that people wrote. ``columns`` of it are shown, and the whole of it on pointing."""

    written: str
    columns: int = 48

    @property
    def whole(self) -> str:
        """All of it, on one line."""
        return shown(self.written)

    @property
    def short(self) -> str:
        """As much of it as there is room for."""
        return cut(self.whole, self.columns)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as people read it, with its ``value`` in full for programs."""

    text: str
    value: float


Part = str | Name | Number
Text = tuple[Part, ...]


def plain(text: Text) -> str:
    """The text for a terminal or a title."""
    return "".join(
        part if isinstance(part, str) else part.short if isinstance(part, Name) else part.text for part in text
    )


@dataclass(frozen=True)
class Table:
    """Rows of a part each for ``heads``; the first of a row names it. ``folded`` ones are shown on a click."""

    caption: str
    heads: tuple[Part, ...]
    rows: tuple[tuple[Part, ...], ...]
    folded: bool = False


@dataclass(frozen=True)
class Chart:
    """A plot, what it shows and what to do about it, and its numbers unless a table of the section has them."""

    heading: str
    svg: Markup
    caption: Text
    numbers: Table | None


@dataclass(frozen=True)
class Section:
    """A part of the page under a heading, which ``id`` links to."""

    id: str
    heading: Text
    about: tuple[Text, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = field(default=())
