"""Makes the pictures of the screens in docs/pictures from the running product: a guarded Label Studio in a temporary
folder, labeling jobs from the samples, and an annotator who works a little.

Shuffling is off, so that the same pictures come out again, but for how the fonts of the machine are drawn.
"""

from __future__ import annotations

import argparse
import io
import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from gtbridge.label_configs.controls import HIGHLIGHTED, order_name, rank_name, slot_name
from gtbridge.label_configs.tasks import TaskDefinition, TextRanking
from gtbridge.plugin.definitions import read_definition
from gtbridge.plugin.local_server.preview import Preview, preview_task

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "plugin" / "sample"
WIDTH = 1440
BAR = 48  # pixels: the height of Label Studio's own bar above the screens, which the pictures leave out
LARGEST = 200 * 1024  # bytes

CONVERSATION = {
    "source": "Tea and coffee",
    "messages": [
        {"role": "system", "content": "Answer in at most **two** sentences."},
        {"role": "user", "content": "Which has more caffeine, tea or coffee?"},
        {"role": "assistant", "content": "Coffee: a cup has about *twice* as much as a cup of black tea."},
        {"role": "user", "content": "And how late may I drink it, if I go to bed at eleven?"},
    ],
    "responses": [
        "Try to have your last cup **by early afternoon**: half of the caffeine is still there after about five hours.",
        "- coffee: until 14:00\n- black tea: until 17:00\n- `decaf`: whenever you like",
        "That depends on many things. Everybody is different!",
    ],
}
PAIRS = (
    (
        "How many bulges of water does the Moon raise?",
        "Two: one facing the Moon and one facing away from it",
        "How",
        ("two bulges in the oceans", "one facing the Moon, one facing away from it"),
    ),
    (
        "When do spring tides occur?",
        "At new moon and full moon, when Sun and Moon pull along the same line",
        "When",
        ("At new moon and full moon",),
    ),
)

# Where on the screen a text of the passage, in one line of it, begins and ends.
_WHERE = """(passage, text) => {
    const walker = document.createTreeWalker(passage, NodeFilter.SHOW_TEXT), range = document.createRange();
    while (walker.nextNode()) {
        const at = walker.currentNode.data.indexOf(text);
        if (at < 0) continue;
        range.setStart(walker.currentNode, at);
        range.setEnd(walker.currentNode, at + text.length);
        const boxes = [...range.getClientRects()], first = boxes[0], last = boxes.at(-1);
        return [first.left + 1, first.top + first.height / 2, last.right - 1, last.top + last.height / 2];
    }
}"""


class Studio:
    """Where pictures are taken: a browser, and the folder they go to."""

    def __init__(self, browser: Browser, folder: Path):
        self.browser, self.folder = browser, folder

    @contextmanager
    def at_work(self, definition: TaskDefinition, item: dict[str, Any], height: int) -> Iterator[Page]:
        """The screen of a new labeling job with this one item, its instructions read and closed."""
        with tempfile.TemporaryDirectory() as folder:
            manifest = Path(folder, "item.manifest")
            manifest.write_text(json.dumps(item), encoding="utf-8")
            with preview_task(definition, str(manifest)) as preview:
                page = self.browser.new_page(viewport={"width": WIDTH, "height": height})
                log_in(page, preview)
                page.goto(preview.url)
                page.get_by_role("button", name="Close modal").click()
                expect(page.locator(".gtb-todo summary")).to_be_visible()
                yield page
                page.close()

    def take(self, page: Page, name: str) -> None:
        """Write the screen as it is to ``name``, once fonts and the guard's reply have come."""
        page.mouse.move(WIDTH / 2, BAR / 2)
        page.evaluate("document.fonts.ready")
        page.wait_for_load_state("networkidle")
        size = page.viewport_size or {"width": WIDTH, "height": 0}
        clip = {"x": 0, "y": BAR, "width": size["width"], "height": size["height"] - BAR}
        data = smaller(page.screenshot(clip=clip, animations="disabled", caret="hide"))  # type: ignore[arg-type]
        if len(data) > LARGEST:
            raise SystemExit(f"{name} has {len(data)} bytes, more than {LARGEST}")
        (self.folder / name).write_bytes(data)
        print(f"{self.folder / name}: {len(data) // 1024} KB")


def log_in(page: Page, preview: Preview) -> None:
    page.goto(preview.url)
    page.fill("input[name=email]", preview.email)
    page.fill("input[name=password]", preview.password)
    page.click("button[type=submit]")
    page.wait_for_url(lambda address: "/user/login" not in address)


def smaller(png: bytes) -> bytes:
    """The picture with a palette, a third of the size; unchanged without Pillow, which comes with Label Studio."""
    try:
        from PIL import Image
    except ImportError:
        return png
    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        image.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def unshuffled(name: str) -> TaskDefinition:
    definition = read_definition(str(SAMPLE / name))
    return (
        definition.model_copy(update={"shuffle_responses": False})
        if isinstance(definition, TextRanking)
        else definition
    )


def first_item(name: str) -> dict[str, Any]:
    """The first record of a sample as an object of a manifest, without the fields that nobody is shown."""
    record = json.loads((SAMPLE / name).read_text(encoding="utf-8").splitlines()[0])
    texts = {"source": record.get("prompt") or record["passage"]}
    return texts | {"responses": record["responses"]} if "responses" in record else texts


def option(page: Page, control: str, text: str) -> None:
    labels = page.locator(f"#gtb-{control} label")
    labels.nth([label.strip() for label in labels.all_inner_texts()].index(text)).click()


def rank(page: Page, ranks: Iterable[int]) -> None:
    for position, given in enumerate(ranks):
        option(page, rank_name("helpfulness", position), str(given))


def to_the_top(page: Page, title: str) -> None:
    """Move a row of the drag list up with the keyboard."""
    rows = page.locator(f"#gtb-{order_name('clarity')} .htx-ranker-item")
    at = rows.locator("h5").all_inner_texts().index(title)
    spoken = page.locator("[id^=rbd-announcement]")
    rows.nth(at).press("Space")
    expect(spoken).to_contain_text("lifted")
    for place in range(at, 0, -1):
        page.keyboard.press("ArrowUp")
        expect(spoken).to_contain_text(f"to position {place}")
    page.keyboard.press("Space")
    expect(spoken).to_contain_text("dropped")
    page.evaluate("document.activeElement.blur()")


def still_to_do(page: Page, count: int) -> None:
    wanted = "1 thing is still to do" if count == 1 else f"{count} things are still to do"
    expect(page.locator(".gtb-todo summary")).to_have_text(wanted)


def ranking(studio: Studio) -> None:
    """text-ranking.png, text-ranking-dark.png and refused.png: a ranking half done, and sent too early."""
    with studio.at_work(unshuffled("text-ranking.yaml"), first_item("prompts.jsonl"), 670) as page:
        rank(page, (1, 2, 3))
        to_the_top(page, "Response B")
        still_to_do(page, 2)
        studio.take(page, "text-ranking.png")
        page.locator("button[class*=themeToggle]").click()
        expect(page.locator("html")).to_have_attribute("data-color-scheme", "dark")
        studio.take(page, "text-ranking-dark.png")
        for _ in range(2):  # by way of the system's own
            page.locator("button[class*=themeToggle]").click()
        expect(page.locator("html")).to_have_attribute("data-color-scheme", "light")
        page.locator("button[name=submit]").click()
        expect(page.locator(".gtb-refusal li")).to_have_count(2)
        expect(page.locator("button[name=submit]")).to_be_enabled()
        studio.take(page, "refused.png")


def conversation(studio: Studio) -> None:
    """conversation.png: messages under their roles, in Markdown."""
    with studio.at_work(unshuffled("text-ranking.yaml"), CONVERSATION, 630) as page:
        rank(page, (1, 1, 3))
        still_to_do(page, 1)
        studio.take(page, "conversation.png")


def questions(studio: Studio) -> None:
    """question-answer.png: two pairs, each linked to sections of the passage by colour."""
    with studio.at_work(unshuffled("question-answer.yaml"), first_item("passages.jsonl"), 860) as page:
        option(page, "pair_count", str(len(PAIRS)))
        passage = page.locator("#gtb-passage .lsf-richtext__container")
        sections = 0
        for number, (question, answer, tag, texts) in enumerate(PAIRS, start=1):
            page.locator(f"#gtb-{slot_name('question', number)} textarea").fill(question)
            page.locator(f"#gtb-{slot_name('answer', number)} textarea").fill(answer)
            option(page, slot_name("scope", number), HIGHLIGHTED.capitalize())
            option(page, slot_name("tags", number), tag)
            for text in texts:
                highlight(page, number, passage.evaluate(_WHERE, text))
                sections += 1
                expect(page.locator(".htx-highlight")).to_have_count(sections)
        page.keyboard.press("Escape")  # no section is selected
        expect(page.locator(".gtb-todo summary")).to_be_hidden()
        studio.take(page, "question-answer.png")


def highlight(page: Page, number: int, where: list[float]) -> None:
    """Pick the pair, then select the text that begins and ends there."""
    left, top, right, bottom = where
    page.locator("#gtb-section .lsf-label:visible").nth(number - 1).click()
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(right, bottom, steps=8)
    page.mouse.up()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures", help="a folder (default: %(default)s)")
    parser.add_argument("--browser", default="/usr/bin/chromium", help="path of a Chromium")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.browser, args=["--no-sandbox", "--disable-gpu"])
        studio = Studio(browser, options.out)
        for picture in (ranking, conversation, questions):
            print((picture.__doc__ or "").strip())
            picture(studio)
        browser.close()


if __name__ == "__main__":
    main()
