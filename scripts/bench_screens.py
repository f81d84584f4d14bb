"""Measures the text ranking screen in a real browser: the config as rendered, with Repeaters, against the same config
with every Repeater written out.

Two numbers per run: from navigation until every control is shown, and from a click on a rank until it is shown as
chosen. Makes its own projects on the Label Studio that it is given, and removes them.
"""

from __future__ import annotations

import argparse
import copy
import statistics
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from label_studio_sdk import LabelStudio
from playwright.sync_api import Browser, Page, sync_playwright

from gtbridge.converters.formats.label_studio_tasks import item_to_task_data
from gtbridge.converters.records import Item
from gtbridge.label_configs.controls import dimension_slugs, rank_name
from gtbridge.label_configs.labeling_config import definition_to_labeling_config
from gtbridge.label_configs.tasks import Dimension, TextRanking

DEFINITION = TextRanking(
    dimensions=tuple(
        Dimension(name=name, allow_tie=allow_tie)
        for name, allow_tie in (("Helpfulness", True), ("Clarity", True), ("Harmlessness", False), ("Depth", False))
    )
)
TIES, ORDERS = 2, 2
CLICKS = 10


def without_repeaters(xml: str, count: int) -> str:
    """The labeling config ``xml`` with each Repeater replaced by what it shows for ``count`` responses."""
    root = ElementTree.fromstring(xml)
    for repeater in list(root.iter("Repeater")):
        repeated = [copy.deepcopy(list(repeater)) for _ in range(count)]
        class_name = repeater.get("className", "")
        repeater.clear()
        repeater.tag = "View"
        repeater.set("className", class_name)
        for index, children in enumerate(repeated):
            view = ElementTree.SubElement(repeater, "View")
            view.extend(children)
            for element in view.iter():
                element.attrib.update({k: v.replace("{{idx}}", str(index)) for k, v in element.attrib.items()})
    return ElementTree.tostring(root, encoding="unicode")


def task(definition: TextRanking, count: int, words: int) -> dict[str, Any]:
    """A task whose prompt and responses have paragraphs of 100 words, with Markdown in them."""
    numbered = [f"**word{number}**" if number % 10 == 0 else f"word{number}" for number in range(words)]
    text = "\n\n".join(" ".join(numbered[start : start + 100]) for start in range(0, words, 100))
    return item_to_task_data(Item(0, "", text, (text,) * count), definition)


@contextmanager
def scratch_project(client: Any, xml: str, data: dict[str, Any]) -> Iterator[int]:
    """The id of a project with one task, for one run: Label Studio would restore an earlier run's clicks as a draft."""
    project: int = client.projects.create(title="gtbridge screen benchmark", label_config=xml).id
    try:
        client.projects.import_tasks(id=project, request=[data])
        yield project
    finally:
        client.projects.delete(project)


def log_in(browser: Browser, url: str, email: str, password: str) -> Page:
    page = browser.new_page(viewport={"width": 1500, "height": 950})
    page.goto(f"{url}/user/login/")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url(lambda address: "/user/login" not in address)
    return page


# Resolves, in the browser, at the first frame in which every response and every control is there.
_ALL_SHOWN = """([ranks, rows]) =>
    document.querySelectorAll('.gtb-row label').length === ranks
    && document.querySelectorAll('.htx-ranker-item').length === rows
    && document.querySelectorAll('.gtb-confirm label').length > 0
    && [...document.querySelectorAll('.gtb-body')].every(body => body.innerText.trim())"""

# Milliseconds from the click on a row's option to the end of the frame that shows it; each click renders a new label.
_CLICK = """async (row, option) => {
    const label = () => row.querySelectorAll('label')[option];
    const start = performance.now();
    label().click();
    while (!label().classList.contains('ant-checkbox-wrapper-checked')) await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return performance.now() - start;
}"""


def measure(page: Page, url: str, project: int, count: int) -> tuple[float, float]:
    """Seconds until everything is shown, and the mean milliseconds of a click."""
    start = time.perf_counter()
    page.goto(f"{url}/projects/{project}/data?labeling=1")
    page.wait_for_function(_ALL_SHOWN, arg=[TIES * count * count, ORDERS * count], timeout=120_000)
    shown = time.perf_counter() - start
    slug = dimension_slugs(DEFINITION)[0]
    clicks = []
    for number in range(CLICKS):
        row = page.locator(f"#gtb-{rank_name(slug, number % count)}")
        clicks.append(row.evaluate(_CLICK, number // count % count))
    return shown, statistics.mean(clicks)


def report(name: str, unit: str, values: list[float]) -> None:
    numbers = "  ".join(f"{kind(values):8.2f}" for kind in (min, statistics.median, max))
    print(f"{name:34}{numbers}  {unit}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True, help="a Label Studio, e.g. http://127.0.0.1:8080")
    parser.add_argument("--api-key", required=True)
    parser.add_argument("--email", required=True, help="whom the browser logs in as")
    parser.add_argument("--password", required=True)
    parser.add_argument("--browser", default="/usr/bin/chromium", help="path of a Chromium")
    parser.add_argument("--responses", type=int, default=10)
    parser.add_argument("--words", type=int, default=200, help="in the prompt and in each response")
    parser.add_argument("--markdown", action="store_true", help="show the texts as Markdown")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    url = options.url.rstrip("/")

    definition = DEFINITION.model_copy(update={"markdown": options.markdown})
    data = task(definition, options.responses, options.words)
    config = definition_to_labeling_config(definition)
    configs = {"Repeater": config, "written out": without_repeaters(config, options.responses)}
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in configs}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.browser, args=["--no-sandbox", "--disable-gpu"])
        page = log_in(browser, url, options.email, options.password)
        client: Any = LabelStudio(base_url=url, api_key=options.api_key)  # type: ignore[no-untyped-call]
        for round_number in range(options.runs + 1):
            for name, xml in configs.items():
                with scratch_project(client, xml, data) as project:
                    figures = measure(page, url, project, options.responses)
                if round_number:  # the first round fills the browser's caches
                    runs[name].append(figures)
        browser.close()

    print(f"{options.responses} responses of {options.words} words, {options.runs} runs each")
    print(f"{'':34}{'min':>8}  {'median':>8}  {'max':>8}")
    for name, values in runs.items():
        report(f"{name}: all controls shown", "s", [shown for shown, _ in values])
        report(f"{name}: click", "ms", [click for _, click in values])


if __name__ == "__main__":
    main()
