"""A drawing by matplotlib as SVG that is part of a page: its colours, its fonts, and a text for who cannot see it.

Draws nothing itself. Texts that people wrote never pass through matplotlib, which would set them as formulas, measure
them by fonts that lack their glyphs, or fail: a token is drawn, and the text takes its place in the SVG.
"""

from __future__ import annotations

import io
import logging
import re
import unicodedata
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree.ElementTree import Element

from markupsafe import Markup

from .wording import cut, shown

__all__ = ["FAINT", "FONT_SIZE", "INK", "MARK", "OTHER", "WIDTH", "Drawing"]

WIDTH = 360  # units of the SVG, of which a page shows one or a little more on a pixel
FONT_SIZE = 9.5

# What is drawn in these is shown in colours of the page, which are others in the light and in the dark.
INK, FAINT, MARK, OTHER = "#000001", "#000002", "#000003", "#000004"
_COLOURS = {INK: "currentColor", FAINT: "var(--faint)", MARK: "var(--mark)", OTHER: "var(--other)"}

_SETTINGS: dict[str, Any] = {
    "svg.fonttype": "none",
    "font.size": FONT_SIZE,
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}
_WIDE = frozenset("MWmw@%")
_TOKEN = re.compile(r"@([0-9]+)")
_NAMESPACE = re.compile(r"^\{[^}]*\}")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_FONT = re.compile(r"font-family:[^;]*;?\s*")


class Drawing:
    """A figure to draw axes on, ``height`` units high. For one ``with`` and one SVG."""

    def __init__(self, height: float):
        self.height = height
        self._texts: list[tuple[str, int]] = []

    @contextmanager
    def axes(self, left: float, right: float, bottom: float = 28, top: float = 6) -> Iterator[Any]:
        """Axes of matplotlib with these margins, in units: nothing but a line below. What is drawn is drawn in here."""
        with _matplotlib() as matplotlib:
            from matplotlib.figure import Figure

            with matplotlib.rc_context(_SETTINGS):
                self._figure = Figure(figsize=(WIDTH / 72, self.height / 72))
                self._figure.patch.set_visible(False)
                box = (left / WIDTH, bottom / self.height, (WIDTH - left - right) / WIDTH)
                axes = self._figure.add_axes((*box, (self.height - bottom - top) / self.height))
                axes.patch.set_visible(False)
                axes.spines[["left", "top", "right"]].set_visible(False)
                axes.tick_params(length=0, pad=5)
                axes.set_axisbelow(True)
                yield axes
                self._svg = self._drawn()

    def text(self, written: str, columns: int) -> str:
        """What to draw for a text that people wrote, of which ``columns`` fit; the whole of it is shown on pointing."""
        self._texts.append((written, columns))
        return f"@{len(self._texts) - 1}"

    def _drawn(self) -> bytes:
        from matplotlib.backends.backend_svg import FigureCanvasSVG

        file = io.BytesIO()
        FigureCanvasSVG(self._figure).print_svg(  # type: ignore[no-untyped-call]
            file, metadata={"Date": None, "Creator": None}
        )
        return file.getvalue()

    def svg(self, name: str, title: str, description: str) -> Markup:
        """The element for the page. ``name`` must differ from those of the page's other drawings."""
        # What is parsed was written by matplotlib, from numbers and from texts of this package.
        root = ElementTree.fromstring(self._svg)
        for unwanted in ("metadata", "defs/style"):
            _remove(root, unwanted)
        for element in root.iter():
            element.tag = _NAMESPACE.sub("", element.tag)
            _restyle(element)
            if element.tag == "text":
                self._put_text(element)
        _rename_ids(root, name)
        ids = f"{name}-title", f"{name}-text"
        for position, (tag, text, identity) in enumerate((("title", title, ids[0]), ("desc", description, ids[1]))):
            described = Element(tag, id=identity)
            described.text = shown(text)
            root.insert(position, described)
        root.attrib = {"viewBox": root.attrib["viewBox"], "role": "img", "aria-labelledby": ids[0]}
        root.attrib["aria-describedby"] = ids[1]
        return Markup(ElementTree.tostring(root, encoding="unicode", short_empty_elements=True))

    def _put_text(self, element: Element) -> None:
        if element.attrib.get("transform", "").startswith("rotate(-0"):
            del element.attrib["transform"]
        token = _TOKEN.fullmatch(element.text or "")
        if token is None:
            return
        whole, columns = self._texts[int(token[1])]
        whole = shown(whole)
        element.text = _fitted(whole, columns)
        if element.text != whole:
            title = ElementTree.SubElement(element, "title")
            title.text = whole


def _fitted(text: str, columns: int) -> str:
    """As much of ``text`` as there is room for in letters of the usual width."""
    room = columns
    while room > 1 and sum(map(_letters, cut(text, room))) > columns:
        room -= 1
    return cut(text, room)


def _letters(character: str) -> float:
    """How many usual letters wide a character is, at most, in the fonts that pages are shown in."""
    if unicodedata.east_asian_width(character) in "WF":
        return 2
    return 1.8 if character in _WIDE else 1.3 if character.isupper() else 1


@contextmanager
def _matplotlib() -> Iterator[Any]:
    """matplotlib, which in here keeps to itself what it thinks of the machine's fonts and folders."""
    logger = logging.getLogger("matplotlib")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        import matplotlib

        yield matplotlib
    finally:
        logger.setLevel(level)


def _remove(root: Element, path: str) -> None:
    parents = root.findall("/".join(f"{{*}}{tag}" for tag in path.split("/")[:-1])) if "/" in path else [root]
    for parent in parents:
        for child in parent.findall(f"{{*}}{path.rpartition('/')[2]}"):
            parent.remove(child)


def _restyle(element: Element) -> None:
    for name, value in list(element.attrib.items()):
        plain = _NAMESPACE.sub("", name)
        if plain != name:  # xlink:href, which is plain href in a page
            del element.attrib[name]
            element.attrib[plain] = value
    style = element.attrib.get("style")
    if style is not None:
        for drawn, of_page in _COLOURS.items():
            style = style.replace(drawn, of_page)
        element.attrib["style"] = _FONT.sub("", style)


def _rename_ids(root: Element, name: str) -> None:
    """Ids of several drawings in a page must differ, and not from run to run; those that nothing refers to go."""
    used: dict[str, str] = {}
    for element in root.iter():
        found = [*_REFERENCE.findall(" ".join(element.attrib.values())), element.attrib.get("href", "").lstrip("#")]
        for identity in filter(None, found):
            used.setdefault(identity, f"{name}-{len(used)}")
    for element in root.iter():
        identity = element.attrib.pop("id", None)
        if identity in used:
            element.attrib["id"] = used[identity]
        if "href" in element.attrib:
            element.attrib["href"] = f"#{used[element.attrib['href'].lstrip('#')]}"
        for key, value in element.attrib.items():
            element.attrib[key] = _REFERENCE.sub(lambda match: f"url(#{used[match[1]]})", value)
