"""The audit's page in anybody's browser: nothing in it runs or loads, and everybody can read it."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from audit_page import NASTY, SVG, hostile, root, rows, text

pytestmark = pytest.mark.xdist_group("matplotlib")  # which takes a worker seconds to import


def test_nothing_in_the_page_runs_loads_or_leads_away() -> None:
    tags = {str(element.tag).removeprefix(SVG) for element in root().iter()}
    assert not tags & {"script", "link", "img", "image", "iframe", "object", "embed", "form", "base", "foreignObject"}
    for element in root().iter():
        for name, value in element.attrib.items():
            assert not str(name).lower().startswith("on"), name
            if str(name).rpartition("}")[2] in ("href", "src"):
                assert value.startswith("#")
        for style in [element.attrib.get("style", ""), element.text or "" if element.tag == "style" else ""]:
            assert not re.search(r"url\((?!#)|@import", style)
    [policy] = [meta for meta in root().iter("meta") if meta.attrib.get("http-equiv") == "Content-Security-Policy"]
    assert policy.attrib["content"].startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")


def test_every_link_and_reference_leads_to_something_and_no_id_is_there_twice() -> None:
    ids = [element.attrib["id"] for element in root().iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    for element in root().iter():
        for name, value in element.attrib.items():
            if str(name).rpartition("}")[2] in ("href", "aria-labelledby", "aria-describedby"):
                assert value.removeprefix("#") in ids
            for reference in re.findall(r"url\(#([^)]*)\)", value):
                assert reference in ids


def test_the_page_has_what_was_said_beside_the_answers() -> None:
    captions = {text(table[0]) for table in root().iter("table")}
    assert {"Why items were declined", "How often responses were flagged"} <= captions


def test_every_plot_is_told_in_words_and_says_what_to_do() -> None:
    plots = list(root().iter("figure"))
    assert len(plots) > 12
    for figure in plots:
        [svg] = list(figure.iter(f"{SVG}svg"))
        assert svg.attrib["role"] == "img"
        told = {child.tag: child.text or "" for child in svg}
        assert told[f"{SVG}title"]
        assert re.search(r"[0-9]", told[f"{SVG}desc"])
        caption = figure.find("figcaption")
        assert caption is not None and len(re.findall(r"[.:] ", text(caption))) >= 1


def test_headings_do_not_skip_a_level_and_every_table_has_a_caption_and_heads() -> None:
    levels = [int(str(element.tag)[1]) for element in root().iter() if re.fullmatch("h[1-6]", str(element.tag))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(next_one <= level + 1 for level, next_one in pairwise(levels))
    for table in root().iter("table"):
        assert text(table[0]) and table[0].tag == "caption"
        widths = {len(row) for row in rows(table)}
        assert len(widths) == 1
        assert {head.attrib["scope"] for head in table.iter("th")} == {"col", "row"}


def luminance(colour: str) -> float:
    parts = re.findall("[0-9a-f]{2}", colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:]))
    linear = [v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in (int(p, 16) / 255 for p in parts)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_text_and_marks_stand_out_from_what_is_behind_them(scheme: str) -> None:
    """WCAG 2.2: text 4.5 to 1, parts of plots 3 to 1."""
    style = next(element.text or "" for element in root().iter("style"))
    palettes = [
        dict(re.findall(r"--(\w+): (#[0-9a-f]+);", block)) for block in re.findall(r":root \{(.*?)\}", style, re.S)
    ]
    colours = palettes[("light", "dark", "print").index(scheme)]

    def contrast(one: str, other: str) -> float:
        high, low = sorted((luminance(colours[one]), luminance(colours[other])), reverse=True)
        return (high + 0.05) / (low + 0.05)

    for behind in ("ground", "panel"):
        assert min(contrast(name, behind) for name in ("ink", "quiet", "link", "alarm")) >= 4.5
        assert min(contrast(name, behind) for name in ("mark", "other")) >= 3


def test_what_people_wrote_is_text_wherever_it_stands() -> None:
    made, seen = hostile()
    assert {str(element.tag) for element in seen.iter()} == {str(element.tag) for element in root().iter()} | {"li"}
    names = {str(name) for element in seen.iter() for name in element.attrib}
    assert names == {str(name) for element in root().iter() for name in element.attrib} | {"title"}
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", made.decode("utf-8"))
    assert NASTY[0] in [text(name) for name in seen.iter("bdi")]
    assert NASTY[0] in [text(element) for element in seen.iter(f"{SVG}text") if len(element) == 0] + [
        element.text for title in seen.iter(f"{SVG}text") for element in title
    ]


def test_long_names_are_cut_and_whole_on_pointing() -> None:
    _, seen = hostile()
    whole = {name.attrib["title"] for name in seen.iter("bdi") if "title" in name.attrib}
    assert {"w" * 300, "漢字" * 60} <= whole
    for name in seen.iter("bdi"):
        assert len(text(name)) <= 80
        assert ("title" in name.attrib) == ("…" in text(name))
    titles = {title.text for element in seen.iter(f"{SVG}text") for title in element}
    assert {"w" * 300, "漢字" * 60} <= titles
