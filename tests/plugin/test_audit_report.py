"""The audit as a page: its numbers are those of the JSON, and its plots show them."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from audit_numbers import audit_numbers, without_values
from audit_page import ALL, SVG, figures, page, parsed, root, rows, text

from gtbridge.plugin.reports.report import report_page

pytestmark = pytest.mark.xdist_group("matplotlib")  # which takes a worker seconds to import


def rounded(value: float, share: bool) -> str:
    return f"{100 * value:.1f}" if share else f"{value:.2f}"


def test_every_figure_of_the_json_is_in_a_row_with_its_interval_and_n() -> None:
    places: dict[str, list[list[Element]]] = {}
    for row in rows(root()):
        for at, cell in enumerate(row):
            for data in cell.iter("data"):
                places.setdefault(data.attrib["value"], []).append(row[at : at + 3])
    found = [(path, figure, places.get(str(figure["value"]), [])) for path, figure in figures(ALL)]
    assert len(found) > 80
    assert [path for path, _, cells in found if not cells and not tie_of_a_strict_dimension(path)] == []
    for path, figure, of_it in found:
        for cells in of_it if path[0] != "annotators" else []:
            value, interval, n = (text(cell).replace("\u2212", "-") for cell in cells)
            share = value.endswith("%")
            assert value == rounded(figure["value"], share) + (" %" if share else "")
            low, high = rounded(figure["low"], share), rounded(figure["high"], share)
            assert interval == f"{low} to {high}" + (" %" if share else "")
            assert n == f"{figure['n']:,} {figure['of']}"
            assert cells[2].find(f"data[@value='{figure['n']}']") is not None


def tie_of_a_strict_dimension(path: tuple[Any, ...]) -> bool:
    """Always 0, as the rules have it."""
    return (
        path[:3:2] == ("dimensions", "annotators")
        and path[-1] == "ties"
        and not ALL["dimensions"][path[1]]["allow_tie"]
    )


def test_the_names_of_the_measures_are_those_of_the_json() -> None:
    [table, *_] = [table for table in root().iter("table") if text(table[0]) == "Agreement and biases"]
    named = [text(row[0]) for row in rows(table)][1:]
    known = {str(key) for path, _ in figures(ALL["dimensions"][0]) for key in path} | {"untouched"}
    assert len(named) == 12
    assert set(named) <= known


def test_the_counts_are_those_of_the_json() -> None:
    for job in ALL["jobs"]:
        [row] = [row for row in rows(root()) if text(row[0]) == job["name"] and len(row) == 9]
        keys = ("items", "items_answered", "answers", "declined", "invalid", "annotators", "simulated")
        assert [text(cell) for cell in row[2:]] == [str(job[key]) for key in keys]
    values = Counter(data.attrib["value"] for data in root().iter("data"))
    counts = [*ALL["answers"]["seconds"]["counts"], *ALL["questions"]["question_words"]["counts"]]
    counts += [tag["count"] for tag in ALL["questions"]["tags"]]
    assert not Counter(map(str, counts)) - values


def drawn(root: Element, name: str) -> Element:
    [svg] = [svg for svg in root.iter(f"{SVG}svg") if svg.attrib["aria-labelledby"] == f"{name}-title"]
    return svg


def dots(svg: Element) -> list[tuple[float, float]]:
    found = [use for use in svg.iter(f"{SVG}use") if "fill: var(--mark)" in use.attrib["style"]]
    return [(float(use.attrib["x"]), float(use.attrib["y"])) for use in found]


def lines(svg: Element) -> list[list[float]]:
    """The ends, x y x y, of the lines in the colour of the marks."""
    paths = [path for path in svg.iter(f"{SVG}path") if "stroke: var(--mark)" in path.attrib.get("style", "")]
    ends = [[float(number) for number in re.findall(r"-?[0-9.]+", path.attrib["d"])] for path in paths]
    return [line for line in ends if len(line) == 4]


def texts(svg: Element) -> list[str]:
    return [element.text or "" for element in svg.iter(f"{SVG}text")]


def test_a_plot_of_intervals_shows_each_value_and_interval_where_it_belongs() -> None:
    shown = sorted((one["strength"] for one in ALL["dimensions"][0]["strengths"]), key=lambda one: -one["value"])
    svg = drawn(root(), "dimension-1-strengths")
    places = dots(svg)
    assert [y for _, y in places] == sorted(y for _, y in places)
    scale = (places[0][0] - places[-1][0]) / (shown[0]["value"] - shown[-1]["value"])

    def x(value: float) -> float:
        return float(places[0][0] + scale * (value - shown[0]["value"]))

    assert [at for at, _ in places] == pytest.approx([x(one["value"]) for one in shown], abs=0.01)
    ends = [(x(one["low"]), x(one["high"])) for one in shown]
    assert [(line[0], line[2]) for line in lines(svg)] == [pytest.approx(end, abs=0.01) for end in ends]


def test_the_place_plot_has_the_best_above_and_a_dot_for_each_place() -> None:
    places = ALL["dimensions"][0]["position"]["mean_midrank_by_place"]
    seen = dots(drawn(root(), "dimension-1-position"))
    assert [x for x, _ in seen] == sorted(x for x, _ in seen)
    by_height = sorted(range(4), key=lambda place: seen[place][1])
    assert by_height == sorted(range(4), key=lambda place: places[place]["value"])


def test_a_plot_names_its_rows_and_their_n() -> None:
    svg = drawn(root(), "dimension-1-annotators")
    for one in ALL["dimensions"][0]["annotators"]:
        assert one["name"] in texts(svg)
        assert f"n {one['agreement']['n']:,}" in texts(svg)


def test_a_histogram_is_as_high_as_its_counts() -> None:
    counts = ALL["answers"]["seconds"]["counts"]
    [outline] = [
        p for p in drawn(root(), "seconds").iter(f"{SVG}path") if "fill: var(--mark)" in p.attrib.get("style", "")
    ]
    heights = [float(y) for y in re.findall(r"[ML] [0-9.]+ ([0-9.]+)", outline.attrib["d"])]
    floor, top = max(heights), min(heights)
    steps = heights[1:-1:2]
    scale = (floor - top) / max(counts)
    assert [round((floor - step) / scale) for step in steps[: len(counts)]] == counts
    across = sorted({float(x) for x in re.findall(r"[ML] ([0-9.]+) ", outline.attrib["d"])})
    widths = [right - left for left, right in pairwise(across)]
    assert widths == [pytest.approx(widths[0], abs=0.01)] * len(counts)  # edges by a factor, on a logarithmic axis


def test_the_matrix_shows_both_halves() -> None:
    shown = texts(drawn(root(), "halo-plot"))
    for pair in ALL["halo"]:
        assert shown.count(f"{pair['tau_b']['value']:.2f}".replace("-", "\u2212")) == 2


def test_the_same_numbers_give_the_same_bytes_in_another_process() -> None:
    program = (
        "import sys; from audit_numbers import audit_numbers; from gtbridge.plugin.reports.report import report_page;"
        "sys.stdout.buffer.write(report_page(audit_numbers(('Helpfulness', 'Clarity'), questions=True, "
        "jobs=('one', 'two'), reasons=('Too vague', 'Not my field')))); assert 'matplotlib.pyplot' not in sys.modules"
    )
    path = next(folder for folder in sys.path if folder.endswith("support"))
    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        env={"PYTHONPATH": path, "PYTHONHASHSEED": "7"},
    )
    assert ended.stdout == page()
    assert ended.stderr == b""


def test_a_page_leaves_matplotlib_as_it_was() -> None:
    import matplotlib

    logger = logging.getLogger("matplotlib")
    before, level = dict(matplotlib.rcParams), logger.level
    logger.setLevel(17)
    try:
        report_page(audit_numbers(("Help",)))
        assert logger.level == 17
    finally:
        logger.setLevel(level)
    assert dict(matplotlib.rcParams) == before


def test_where_nothing_is_defined_every_row_says_why() -> None:
    numbers = without_values(audit_numbers(("Help", "Safe"), annotators=("only",), models=(), questions=True))
    made = report_page(numbers)
    assert not re.search(rb"\b(None|nan|undefined)\b", made)
    seen = parsed(made)
    for row in (row for table in seen.iter("table") for row in rows(table) if len(row) == 5):
        if text(row[1]) == "\u2013":
            assert text(row[4]).startswith(("Not defined: ", "Not known: ")), text(row[0])
    sentences = [text(item) for item in seen.iter("li")]
    assert any("How far annotators agree on Help cannot be said: there is one annotator." in said for said in sentences)


def test_annotators_stand_by_the_number_of_their_answers() -> None:
    [table] = [table for table in root().iter("table") if text(table[0]) == "Each annotator"]
    answers = [int(text(row[1])) for row in rows(table) if row[1].tag == "td"]
    assert answers == sorted((one["answers"] for one in ALL["annotators"]), reverse=True)
    assert len(set(answers)) == 3


@pytest.mark.parametrize(("annotators", "models"), [(1, 0), (41, 50)])
def test_pages_of_all_sizes_are_sound(annotators: int, models: int) -> None:
    names = [f"a{n}" for n in range(annotators)]
    numbers = audit_numbers(("Help",), annotators=names, models=[f"m{n}" for n in range(models)])
    seen = parsed(report_page(numbers))
    assert set(names) <= {text(row[0]) for row in rows(seen)}
    assert ("furthest from the middle" in text(seen)) == (annotators > 40)
    assert ("Model strengths" in text(seen)) == (models > 0)
    assert ("The 40 at the ends of 50" in text(seen)) == (models > 40)
    named = {svg.attrib["aria-labelledby"].removesuffix("-title"): len(dots(svg)) for svg in seen.iter(f"{SVG}svg")}
    assert named.get("dimension-1-annotators", 1) == min(annotators, 40)
    assert named.get("dimension-1-strengths", 0) == min(models, 40)
