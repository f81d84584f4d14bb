"""What a worker template's page asks of workers beyond its element, in sentences. Leaves the element to others."""

from __future__ import annotations

from collections.abc import Iterator

from .crowd_elements import ELEMENTS
from .crowd_page import INSTRUCTIONS, Page, Tag

__all__ = ["page_to_remarks"]

_ASSETS = "https://assets.crowd.aws/"
_FORM = "crowd-form"
_LOOKS = {"id", "class", "style"}
_FIELDS = {"input", "textarea", "select", "button"}
_NO_FIELDS = {*ELEMENTS, _FORM, "crowd-button", "crowd-tabs", "crowd-tab"}
_FRAME = {*ELEMENTS, *INSTRUCTIONS, _FORM, "html", "head", "body", "meta", "title", "div", "br", "option"}
_PLAIN_INSTRUCTIONS = {"p", "br", "div", "span", "ul", "li", *(f"h{level}" for level in range(1, 7))}


def page_to_remarks(page: Page, title: str) -> Iterator[tuple[int, str]]:
    """Line and sentence for all that the page holds and a definition with this ``title`` does not, in no order."""
    for tag in page.tags:
        yield from _tag_remarks(tag)
    for line, text in page.texts:
        yield line, f"the text {text!r:.80} outside the instructions is not kept"
    for line, liquid in page.liquid:
        yield line, f"{liquid:.80} is not run: everything is taken as if it were not there"
    if page.title != title:
        yield _line(page, "title"), f"the page's title {' '.join(page.title.split())!r:.80} is not kept"
    if page.script:
        yield page.script, "the page's own script is not kept"
    told = [tag for tag in INSTRUCTIONS if any(found.name == tag for found in page.tags)]
    line = _line(page, *INSTRUCTIONS)
    if len(told) == 2:
        yield line, "short and full instructions become one text"
    if lost := sorted(set(page.formatting) - _PLAIN_INSTRUCTIONS):
        yield line, f"of {', '.join(f'<{tag}>' for tag in lost)} in the instructions only the text is kept"
    if page.instructions_computed:
        yield line, "the instructions hold Liquid, which is kept as it is written"


def _tag_remarks(tag: Tag) -> Iterator[tuple[int, str]]:
    if tag.name == _FORM:
        for name, value in tag.attributes.items():
            if name not in _LOOKS:
                yield tag.line_of(name), f"<{_FORM}> says {name}={value!r:.80}, which is not kept"
    elif tag.name in _FIELDS or (tag.name.startswith("crowd-") and tag.name not in _NO_FIELDS):
        named = f" name={tag.attributes['name']!r:.80}" if "name" in tag.attributes else ""
        yield tag.line, f"<{tag.name}{named}> is not kept: workers will not be asked for it"
    elif tag.name == "script":
        if (address := tag.attributes.get("src")) and not address.startswith(_ASSETS):
            yield tag.line, f"the script {address!r:.80} is not kept"
    elif tag.name == "link":
        if not (tag.attributes.get("href") or "").startswith(_ASSETS):
            yield tag.line, f"<link rel={tag.attributes.get('rel')!r:.80}> is not kept"
    elif tag.name not in _FRAME:
        yield tag.line, f"<{tag.name}> is not kept"


def _line(page: Page, *names: str) -> int:
    return next((tag.line for tag in page.tags if tag.name in names), 1)
