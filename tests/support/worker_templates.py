"""Worker templates as workers' browsers get them: filled in by a real Liquid engine, parsed as browsers parse HTML.

What is known of Ground Truth's Liquid: every output is escaped once, whether or not ``escape`` is written, and there
is a filter ``to_json``. Whether its result counts as safe, and so is escaped only where the template says so, is not
documented: tests run with both.
"""

from __future__ import annotations

import html
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import html5lib
from liquid import Environment
from markupsafe import Markup

DATA = Path(__file__).parents[1] / "data" / "crowd"

# What breaks out of attributes, elements, scripts, comments, JSON or Liquid, and what is mistaken for an entity.
NASTY = (
    *("it's", 'say "hi"', "a\nb\n\n\nc", "\ttab", "</script>", "</crowd-form><script>x</script>", "--><b>", "<!--"),
    *("{{ task.input.source }}", "{{", "}}", "{%", "{% raw %}", "{% endraw %}", "{% comment %}", "{{{x}}}", "{", '{"'),
    *("&amp;", "&#39;", "&quot", "&notit;", "&#123;", "\\", "\\'", "\\u0027", "[[ x ]]", "[% if %]", "$x", "]]>", "{#"),
    *("\u2028", "\x85", "\ufdd0", "\u202eabc", "😀", "' onclick='x", "\">'><img src=x>", " ", "liquidmark0;"),
)  # fmt: skip


def filled(template: str, item: Mapping[str, Any], *, safe_json: bool) -> str:
    """The page for an item, where ``safe_json`` is whether ``to_json`` gives what need not be escaped."""
    environment = Environment(autoescape=True)
    kind = Markup if safe_json else str
    environment.add_filter("to_json", lambda value: kind(json.dumps(value, ensure_ascii=False)))
    environment.add_filter("escape", lambda value: Markup(html.escape("".join(value))))
    return environment.from_string(template).render(task={"input": item})


def parsed(page: str) -> ElementTree.Element:
    """The page's tree as the HTML standard has it."""
    tree: ElementTree.Element = html5lib.parse(page, namespaceHTMLElements=False)
    return tree


def as_html_has_it(text: str) -> str:
    """``text`` after HTML has read it: its line ends are normalised, and it has no U+0000."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
