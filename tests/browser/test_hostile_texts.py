"""Texts that attack the page, wherever a labeling job shows a text: they are read, and nothing else happens."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from browser import Annotator, choose, new_annotator, seen
from hostile_texts import HOSTILE, HOSTILE_LABELS, MARK
from playwright.sync_api import ConsoleMessage, Dialog, Page, Request
from roads import RANKING_TASK, done, prepare_job
from screens import QuestionScreen, RankingScreen

from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.server

INSTRUCTIONS = "\n".join(HOSTILE_LABELS)
DIMENSIONS = HOSTILE_LABELS[:8]
MARKDOWN = {"p", "a", "em", "strong", "code", "pre", "blockquote", "table", "thead", "tbody", "tr", "th", "td"}
HARMLESS = {"source": "Why?", "responses": ["Because.", "Who knows?"]}
ATTACK = {
    "source": "A transcript.",
    "messages": [{"role": text, "content": text} for text in HOSTILE],
    "responses": ["\n\n".join(HOSTILE), "\n\n".join(reversed(HOSTILE))],
}

# What the page around the task looks like, save for how large it is.
_LOOKS = """() => ['body', '.lsf-menu-header', '.lsf-bottombar'].flatMap(selector => {
    const style = getComputedStyle(document.querySelector(selector));
    return [...style].map(name => `${selector} {${name}: ${style.getPropertyValue(name)}}`);
})"""

# Where one would meet a part of the task: at the corners of the window, above it, or at the button that sends it off.
_ON_TOP = """() => {
    const {left, top, width, height} = document.querySelector('button[name=submit]').getBoundingClientRect();
    const corners = [[5, 5], [innerWidth - 5, 5], [5, innerHeight - 5]];
    const points = [...corners, [innerWidth / 2, 5], [left + width / 2, top + height / 2]];
    return points.filter(point => document.elementFromPoint(...point).closest('.gtb')).map(String);
}"""

_ELEMENTS = "texts => texts.flatMap(text => [...text.querySelectorAll('*')].map(element => element.localName))"


@dataclass
class Watch:
    """What a page does that no text may make it do: run scripts, ask another host, go elsewhere, open windows."""

    page: Page
    home: str
    incidents: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("dialog", self._dialog)
        self.page.on("popup", lambda popup: self.incidents.append(f"opened {popup.url}"))
        self.page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if MARK in message.text:
            self.incidents.append(f"ran: {message.text}")

    def _dialog(self, dialog: Dialog) -> None:
        self.incidents.append(f"asked: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        if MARK in request.url or not request.url.startswith((self.home, "data:", "blob:")):
            self.incidents.append(f"fetched {request.url}")


@pytest.fixture(scope="module")
def annotator(label_studio: Embedded) -> Iterator[Annotator]:
    with new_annotator(label_studio, "target") as annotator:
        yield annotator


@pytest.fixture(scope="module")
def watch(annotator: Annotator) -> Watch:
    return Watch(annotator.page, annotator.api.url)


@pytest.fixture(scope="module")
def usual_looks(label_studio: Embedded, annotator: Annotator, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    project = _make_job(label_studio, tmp_path_factory.mktemp("usual"), "hostile-not", HARMLESS, RANKING_TASK)
    annotator.begin(project)
    return set(annotator.page.evaluate(_LOOKS))


def _make_job(server: Embedded, folder: Path, name: str, item: Mapping[str, Any], task: str) -> int:
    path, _ = prepare_job(folder, name, [item], task)
    request = json.loads(path.read_text(encoding="utf-8"))
    request["HumanTaskConfig"]["TaskTitle"] = f"<img src=x onerror=console.log('{MARK}')>"
    path.write_text(json.dumps(request), encoding="utf-8")
    return int(json.loads(done("job", "create", "--request", str(path), "--json", server=server))["ProjectId"])


def _ranking_task(markdown: bool) -> str:
    dimensions = [{"name": name, "allow_tie": number % 2 == 0} for number, name in enumerate(DIMENSIONS)]
    task = {"task": "text-ranking", "instructions": INSTRUCTIONS, "dimensions": dimensions, "markdown": markdown}
    return json.dumps(task)


def _assert_nothing_happened(watch: Watch, usual_looks: set[str], address: str) -> None:
    page = watch.page
    for link in page.locator(".gtb a").all():
        link.click()
    assert set(page.evaluate(_LOOKS)) - usual_looks == set()
    assert page.evaluate(_ON_TOP) == []
    assert page.url == address
    assert len(page.frames) == 1
    assert watch.incidents == []


@pytest.mark.parametrize("markdown", [False, True])
def test_a_ranking_job_full_of_attacks_is_only_read(
    label_studio: Embedded,
    annotator: Annotator,
    watch: Watch,
    usual_looks: set[str],
    tmp_path: Path,
    markdown: bool,
) -> None:
    name = f"hostile-{str(markdown).lower()}"
    project = _make_job(label_studio, tmp_path, name, ATTACK, _ranking_task(markdown))
    assert annotator.begin(project) == INSTRUCTIONS.strip()
    page = annotator.page
    address = page.url
    screen = RankingScreen(page)
    assert screen.dimensions() == list(DIMENSIONS)
    assert page.locator(".gtb-role").all_text_contents() == list(HOSTILE)
    shown = page.locator("#gtb-prompt .gtb-verbatim").all_text_contents()
    assert shown == ([] if markdown else [text.replace("\r", "\n") for text in HOSTILE])
    elements = set(page.locator(".gtb-reading .lsf-richtext__container").evaluate_all(_ELEMENTS))
    assert elements - {"div", "span", "br"} <= (MARKDOWN if markdown else set())
    _assert_nothing_happened(watch, usual_looks, address)
    choose(screen.dimension(DIMENSIONS[0]).locator(".gtb-row").first, "1")
    assert annotator.refused() == f"{DIMENSIONS[0]}: rank every response."
    assert watch.incidents == []


def test_a_question_job_full_of_attacks_is_only_read(
    label_studio: Embedded, annotator: Annotator, watch: Watch, usual_looks: set[str], tmp_path: Path
) -> None:
    passage = "\n".join(HOSTILE)
    task: dict[str, Any] = {"task": "question-answer", "instructions": INSTRUCTIONS, "questions": {"min": 1, "max": 1}}
    task |= {"tags": list(HOSTILE_LABELS), "allow_custom_tags": True}
    project = _make_job(label_studio, tmp_path, "hostile-qa", {"source": passage}, json.dumps(task))
    assert annotator.begin(project) == INSTRUCTIONS.strip()
    address = annotator.page.url
    screen = QuestionScreen(annotator.page)
    assert [seen(tag) for tag in screen.control("tags_1").locator("label").all_inner_texts()] == list(HOSTILE_LABELS)
    for attack in HOSTILE_LABELS[:3]:
        screen.tag(1, attack)
    box = screen.control("question_1").locator("textarea")
    box.fill(passage)
    screen.add_tag(1, HOSTILE_LABELS[4])
    _assert_nothing_happened(watch, usual_looks, address)
