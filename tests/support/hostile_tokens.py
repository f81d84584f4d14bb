"""What readers of text formats were seen to fall over, to be put anywhere into a sound text. Knows no reader."""

from __future__ import annotations

__all__ = ["MAPPING", "MARKUP", "TABLE", "YAML"]

MAPPING = (
    *("\n", "=", ":", ",", " ", "prompt=", "responses=", "models=", "task=", "bucket:", "dimension:", "choice:"),
    *(
        "rank",
        "order",
        "tied",
        "1",
        "0",
        "unranked",
        "99999999",
        "nan",
        "1e999",
        "middle:",
        "good:",
        "role:",
        "ignore=",
    ),
    *(
        "ignore=",
        "prompt",
        "items",
        "items.body",
        "..",
        "$",
        "\0",
        "\x1b[2J",
        "=" * 3000,
        "x" * 10_000,
        "question-answer",
        "²",
    ),
)
MARKUP = (
    *("<", ">", "</", "/>", "<!--", "-->", "<![CDATA[", "]]>", "<?xml version='1.0' encoding='utf-16'?>", "<?x", "&"),
    *(";", "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>", "<!DOCTYPE a>", "&x;", "&#0;", "&#xD800;"),
    *("&#x110000;", "{% raw %}", "{% endraw %}", "{% comment %}", "{% endcomment %}", "{{", "}}", "{%", "%}"),
    *("{{ task.input.source }}", "<script>", "</script>", "<title>", "<textarea>", "<a>", "</a>", "<View>"),
    *("</View>", '"', "'", "=", "\0", "\ufeff", "<Choices name='a' toName='b'/>", "<Style>", "<crowd-text-ranking/>"),
    *("<meta name='gtbridge' content='{}'>", "\ud7ff", "$", "$a", "{{idx}}", "\u202e", "<!--" * 300, "<a>" * 400),
    *("{% raw %}" * 300, "{% comment %}" * 300, "&lt;" * 300, "<" * 400, "{{" * 400, " a" * 400, "[" * 1200),
    *("9" * 4500, "1" + "0" * 400, "null", "[]", "liquidmark0;", "\u200b"),
)
YAML = (
    *("&a ", "*a", "*b", "<<: *a\n", "<<: [*a, *a]\n", "- ", "? ", ": ", "\n", "  ", "    ", "\t", "#", "|\n"),
    *(">-\n", "---\n", "!!python/object/apply:os.system [id]", "!!python/name:os.system", "!!binary ", "!!set "),
    *("!!omap ", "!!int ", "!x ", "!!timestamp ", "!!float ", "!!str ", "%YAML 9.9\n", "%TAG ! tag:x,2000:\n"),
    *("...\n", "{", "}", "[", "]", ",", "'", '"', "2001-99-99", "0x" + "f" * 5000, "9" * 4500, "1:" * 300 + "1"),
    *(".inf", ".nan", "null", "~", "yes", "1e999", "1_0", "0o9", "[" * 300, "{a: " * 300, "- " * 300, "\0", "\ufeff"),
    *("\x85", "\u2028", "\ud7ff", "&a [*a]", "\\ud800", '"\\ud800"', "..", "= ", "&a [x,x,x,x,x,x,x,x]\n"),
    *("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n", "&a &a a", "!!null a", "!!bool a", "!!int a"),
)
TABLE = (
    *(",", ";", "\t", '"', '""', '"\n"', "\n", "\r", "\r\n", "\n\n", "\0", "\ufeff", "=cmd|' /C calc'!A0", "@", " "),
    *("\u2028", "x" * 200_000, "," * 3000, '"' * 3001, "\n" * 3000, "[", '["a","b"]'),
    *('[{"role":"user","content":"x"}]', "é", "\x1b[2J", "source", "responses", "email", "a@b", "1", "null", "NaN"),
    *("[" * 3000, '["\\ud800"]', "9" * 5000, "[" + "9" * 5000 + "]"),
)
