"""A worker template as the tags and texts that its page holds, Liquid set aside first. Judges nothing but its form.

Liquid is not run: what it would compute is known only for an item, and a task definition holds for all of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from html.parser import HTMLParser

from .errors import DefinitionError

__all__ = ["INSTRUCTIONS", "Page", "Tag", "plain_text", "read_page"]

# Reading takes some seconds for as many characters; Ground Truth takes 128,000.
LONGEST = 250_000
INSTRUCTIONS = ("short-instructions", "full-instructions")

_LIQUID = re.compile(
    r"{%-?\s*raw\s*-?%}(?P<raw>.*?){%-?\s*endraw\s*-?%}"
    r"|(?P<comment>{%-?\s*comment\b(?:(?!%}|{%).)*%}.*?{%-?\s*endcomment\s*-?%}|{%-?\s*\#(?:(?!%}|{%).)*%})"
    r"|{%-?\s*assign\s+(?P<name>[\w-]+)\s*=\s*(?P<quote>['\"])(?P<literal>(?:(?!(?P=quote)|%}).)*)(?P=quote)\s*-?%}"
    r"|(?P<tag>{%(?:(?!%}|{%).)*%})"
    r"|(?P<output>{{(?:(?!}}|{{).)*}})",
    re.DOTALL,
)
_VARIABLE = re.compile(
    r"{{-?\s*(?P<name>[\w-]+)\s*(?P<filters>(?:\|\s*(?:escape|escape_once|skip_autoescape)\s*)*)-?}}"
)
_OPENS = re.compile(r"{%-?\s*(raw|comment)\b")


@dataclass(frozen=True)
class Tag:
    """A start tag: its attributes with entities decoded and Liquid as written, None for those without a value."""

    name: str
    attributes: Mapping[str, str | None]
    line: int
    lines: Mapping[str, int]
    computed: frozenset[str]
    repeated: tuple[str, ...]

    def line_of(self, attribute: str) -> int:
        """The line on which an attribute stands; the tag's own for one that it lacks."""
        return self.lines.get(attribute, self.line)


@dataclass
class Page:
    """What a template's page holds, in the order of the document.

    ``instructions`` are the texts of its instructions, ``formatting`` the tags within them, ``texts`` the other texts
    that workers see, ``liquid`` the tags of Liquid that steer what is shown, each of the last two with its line.
    ``script`` is the line of the page's own code, ``instructions_computed`` whether Liquid writes into them.
    """

    tags: list[Tag] = field(default_factory=list)
    instructions: list[str] = field(default_factory=list)
    formatting: list[str] = field(default_factory=list)
    texts: list[tuple[int, str]] = field(default_factory=list)
    liquid: list[tuple[int, str]] = field(default_factory=list)
    title: str = ""
    script: int | None = None
    instructions_computed: bool = False


def read_page(text: str, source: str) -> Page:
    """The page of the worker template ``text``. DefinitionError names ``source`` and line if a part is not closed."""
    if len(text) > LONGEST:
        raise DefinitionError(f"more than {LONGEST:,} characters, which no worker template has", source=source)
    parser = _Parser(*_without_liquid(text, source))
    try:
        parser.feed(parser.html)
    except AssertionError:  # how html.parser says that it knows no such declaration
        line = parser.getpos()[0]
        message = "the declaration that begins here is none of HTML's"
        raise DefinitionError(message, source=source, line=line) from None
    # close() would try every "<" of what is left over anew, and take the rest of an open comment for text.
    if "<" in parser.rawdata or parser.cdata_elem:
        line = parser.getpos()[0]
        raise DefinitionError("the tag, comment or script that begins here is never closed", source=source, line=line)
    parser.close()
    parser.finish_instructions()
    return parser.page


def plain_text(markup_text: str) -> str:
    """Text with a form feed between paragraphs, as paragraphs of trimmed lines, an empty line between two."""
    paragraphs = ([" ".join(line.split()) for line in part.split("\n")] for part in markup_text.split("\f"))
    return "\n\n".join("\n".join(filter(None, lines)) for lines in paragraphs if any(lines))


class _Marks:
    """Stand-ins for Liquid that no HTML parser takes for markup, in a word that the template does not use.

    The word begins no entity, as an ampersand may stand before it, and holds its first letter once, so that no mark
    runs into another.
    """

    def __init__(self, text: str) -> None:
        self.word, decoded = "liquidmark", unescape(text)
        while self.word in text or self.word in decoded:
            self.word += "x"
        self.originals: list[str] = []

    def put(self, liquid: str) -> str:
        self.originals.append(" ".join(liquid.split()))
        return f"{self.word}{len(self.originals) - 1};" + "\n" * liquid.count("\n")

    def undone(self, text: str) -> str:
        return re.sub(rf"{self.word}(\d+);", lambda match: self.originals[int(match[1])], text)


def _without_liquid(text: str, source: str) -> tuple[str, _Marks, list[tuple[int, str]]]:
    """The HTML with marks for Liquid's outputs, each line where it was; and the tags that steer what is shown."""
    marks, literals, steering = _Marks(text), dict[str, str](), list[tuple[int, str]]()

    def replaced(match: re.Match[str]) -> str:
        whole, skipped = match[0], "\n" * match[0].count("\n")
        if (raw := match["raw"]) is not None:
            return raw
        if match["name"]:
            literals[match["name"]] = match["literal"]
        elif match["output"]:
            variable = _VARIABLE.fullmatch(whole)
            if variable is None or variable["name"] not in literals:
                return marks.put(whole)
            value = literals[variable["name"]]
            return value if "skip_autoescape" in variable["filters"] else escape(value)
        elif match["tag"]:
            line = text.count("\n", 0, match.start()) + 1
            if opened := _OPENS.match(whole):
                raise DefinitionError(f"{{% {opened[1]} %}} is never closed", source=source, line=line)
            steering.append((line, " ".join(whole.split())))
        return skipped

    return _LIQUID.sub(replaced, text), marks, steering


_HIDDEN = ("script", "style", "title", "template", "noscript")
_PARAGRAPHS = {"p", "div", "ul", "ol", "table", "blockquote", "pre", *(f"h{level}" for level in range(1, 7))}
_LINES = {"br": "\n", "li": "\n- ", "tr": "\n", "td": " ", "th": " "}
_ENDS_INSTRUCTIONS = {*INSTRUCTIONS, "crowd-text-ranking", "crowd-question-answer-generation", "crowd-form", "body"}


class _Parser(HTMLParser):
    def __init__(self, html: str, marks: _Marks, steering: list[tuple[int, str]]) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.page = Page(liquid=steering)
        self._marks = marks
        self._hidden: str | None = None
        self._told: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        if tag in _HIDDEN:
            self._hidden = tag
        if tag in _ENDS_INSTRUCTIONS:
            self.finish_instructions()
        if self._told is not None:
            self._told.append("\f" if tag in _PARAGRAPHS else _LINES.get(tag, ""))
            self.page.formatting.append(tag)
            return
        if tag in INSTRUCTIONS:
            self._told = [self._marks.undone(value or "") + "\f" for name, value in attrs if name == "header"]
        first: dict[str, str | None] = {}
        for name, value in attrs:
            first.setdefault(name, None if value is None else self._marks.undone(value))
        self.page.tags.append(
            Tag(
                tag,
                first,
                line,
                self._lines(first, line),
                frozenset(name for name, value in attrs if value is not None and self._marks.word in value),
                tuple(name for name, times in Counter(name for name, _ in attrs).items() if times > 1),
            )
        )

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # HTML itself takes <crowd-text-ranking .../> for a start tag; whoever wrote it meant its end as well.
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden:
            self._hidden = None
        if tag in _ENDS_INSTRUCTIONS:
            self.finish_instructions()
        elif self._told is not None and tag in _PARAGRAPHS:
            self._told.append("\f")

    def handle_data(self, data: str) -> None:
        if self._hidden == "title":
            self.page.title += self._marks.undone(data)
        elif self._hidden == "script":
            self.page.script = self.page.script or (self.getpos()[0] if data.strip() else None)
        elif self._hidden is None and self._told is not None:
            self._told.append(self._marks.undone(data).replace("\f", " "))
            self.page.instructions_computed |= self._marks.word in data
        elif self._hidden is None and data.strip():
            before = data[: len(data) - len(data.lstrip())].count("\n")
            self.page.texts.append((self.getpos()[0] + before, " ".join(self._marks.undone(data).split())))

    def finish_instructions(self) -> None:
        if self._told is not None and (text := plain_text("".join(self._told))):
            self.page.instructions.append(text)
        self._told = None

    def _lines(self, names: Mapping[str, str | None], line: int) -> dict[str, int]:
        text = self.get_starttag_text() or ""
        spaced: dict[str, int] = {}
        quoted: dict[str, int] = {}  # a name may follow a quotation mark that was meant as an apostrophe
        for match in re.finditer(r"[\s'\"]([^\s'\"<>/=]+)(?=[\s=/>])", text):
            (spaced if match[0][0].isspace() else quoted).setdefault(match[1].lower(), match.start() + 1)
        places = {**quoted, **spaced}
        return {name: line + text.count("\n", 0, places[name]) for name in names if name in places}
