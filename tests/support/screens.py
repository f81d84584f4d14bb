"""The two labeling screens as an annotator reads and works them: by what is written there, never by ids of data."""

from __future__ import annotations

from dataclasses import dataclass

from browser import choose, chosen, seen
from playwright.sync_api import Locator, Page, expect


@dataclass
class RankingScreen:
    """Text ranking. Responses are named by their text, so that a rank on the wrong response shows."""

    page: Page

    def title(self, text: str) -> str:
        """The title of the card with this text."""
        (title,) = [title for title, shown in self.cards() if shown == text]
        return title

    def cards(self) -> list[tuple[str, str]]:
        """(title, text) of each response in the order shown."""
        cards = self.page.locator(".gtb-card").all()
        return [(card.locator(".gtb-title").inner_text(), card.locator(".gtb-body").inner_text()) for card in cards]

    def note(self, text: str) -> str:
        """What the screen says in place of this text, where the text itself says nothing."""
        at = [shown for _, shown in self.cards()].index(text)
        body = self.page.locator(".gtb-body .lsf-richtext__container").nth(at)
        content: str = body.evaluate("body => getComputedStyle(body, '::before').content")
        return "" if content == "none" else content.strip('"')

    def dimensions(self) -> list[str]:
        """The names above the ranks."""
        return [seen(name) for name in self.page.locator(".gtb-dimension .gtb-name").all_inner_texts()]

    def dimension(self, name: str) -> Locator:
        """The frame around a dimension's ranks."""
        return self.page.locator(".gtb-dimension").nth(self.dimensions().index(name))

    def row(self, dimension: str, text: str) -> Locator:
        """The ranks offered for the response with this text, in a dimension with ties."""
        title = self.page.locator(".gtb-title").get_by_text(self.title(text), exact=True)
        return self.dimension(dimension).locator(".gtb-row").filter(has=title)

    def give(self, dimension: str, ranks: dict[str, int]) -> None:
        """Click a rank for each of these texts."""
        for text, rank in ranks.items():
            choose(self.row(dimension, text), str(rank))

    def given(self, dimension: str) -> dict[str, list[str]]:
        """The ranks that are shown as chosen beside each response."""
        return {text: chosen(self.row(dimension, text)) for _, text in self.cards()}

    def items(self, dimension: str) -> Locator:
        """The rows to drag, in a dimension without ties."""
        return self.dimension(dimension).locator(".htx-ranker-item")

    def order(self, dimension: str) -> list[str]:
        """The texts of the responses, best first."""
        texts = dict(self.cards())
        return [texts[seen(title)] for title in self.items(dimension).locator("h5").all_inner_texts()]

    def drag(self, dimension: str, text: str, place: int) -> None:
        """Drag a response to ``place`` (1 is the top) with the mouse."""
        items = self.items(dimension)
        order, wanted = self._moved(dimension, text, place)
        start, end = items.nth(order.index(text)).bounding_box(), items.nth(place - 1).bounding_box()
        assert start and end
        x, y = start["x"] + 60, start["y"] + start["height"] / 2
        # Past the middle of the row whose place it is to take, from whichever side.
        target = end["y"] + (0.2 if end["y"] < start["y"] else 0.8) * end["height"]
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x, y + 6, steps=3)  # a drag begins after a few pixels
        self.page.mouse.move(x, target, steps=12)
        self._announced(f"to position {place}")
        self.page.mouse.up()
        self._settled(dimension, wanted)

    def move(self, dimension: str, text: str, place: int) -> None:
        """Move a response to ``place`` with the keyboard."""
        order, wanted = self._moved(dimension, text, place)
        at = order.index(text) + 1
        self.items(dimension).nth(at - 1).focus()
        self.page.keyboard.press("Space")
        self._announced(f"lifted an item in position {at}")
        step = 1 if place > at else -1
        for position in range(at + step, place + step, step):
            self.page.keyboard.press("ArrowDown" if step > 0 else "ArrowUp")
            self._announced(f"to position {position}")
        self.page.keyboard.press("Space")
        self._settled(dimension, wanted)

    def confirm(self, dimension: str) -> None:
        """Tick the box below the rows."""
        choose(self.dimension(dimension).locator(".gtb-confirm"), "This is my order")

    def confirmed(self, dimension: str) -> bool:
        """Whether that box is ticked."""
        return chosen(self.dimension(dimension).locator(".gtb-confirm")) == ["This is my order"]

    def _moved(self, dimension: str, text: str, place: int) -> tuple[list[str], list[str]]:
        order = self.order(dimension)
        rest = [other for other in order if other != text]
        return order, [*rest[: place - 1], text, *rest[place - 1 :]]

    def _announced(self, words: str) -> None:
        # What the drag list tells screen readers.
        expect(self.page.locator("[id^=rbd-announcement]").get_by_text(words)).to_have_count(1)

    def _settled(self, dimension: str, order: list[str]) -> None:
        titles = {text: title for title, text in self.cards()}
        expect(self.items(dimension).locator("h5")).to_have_text([titles[text] for text in order])
        expect(self.items(dimension).and_(self.page.locator("[style*=fixed]"))).to_have_count(0)


# Where on the screen a piece of the passage begins and ends. It must be in one line of the source.
_WHERE = """(passage, text) => {
    const walker = document.createTreeWalker(passage, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const at = walker.currentNode.data.indexOf(text);
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(walker.currentNode, at);
        range.setEnd(walker.currentNode, at + text.length);
        const boxes = [...range.getClientRects()].filter(box => box.width);
        const first = boxes[0], last = boxes[boxes.length - 1];
        return [first.left + 1, (first.top + first.bottom) / 2, last.right - 1, (last.top + last.bottom) / 2];
    }
}"""


@dataclass
class QuestionScreen:
    """Question and answer. Pairs are numbered from 1."""

    page: Page

    def control(self, name: str) -> Locator:
        return self.page.locator(f"#gtb-{name}")

    def passage(self) -> str:
        """The passage as shown."""
        return self.control("passage").inner_text()

    def ask_for(self, pairs: int) -> None:
        """Say how many pairs there will be."""
        choose(self.control("pair_count"), str(pairs))
        expect(self.page.locator(".gtb-pair:visible")).to_have_count(pairs)

    def write(self, number: int, question: str, answer: str) -> None:
        """Type both texts of a pair, and leave them at that: Enter is not pressed."""
        self.control(f"question_{number}").locator("textarea").fill(question)
        self.control(f"answer_{number}").locator("textarea").fill(answer)

    def written(self, number: int) -> tuple[str, str]:
        """The texts of a pair as they stand, typed or entered."""
        boxes = [self.control(f"{field}_{number}") for field in ("question", "answer")]
        question, answer = (
            box.evaluate("box => (box.querySelector('textarea')?.value || box.innerText).trim()") for box in boxes
        )
        return question, answer

    def highlight(self, number: int, text: str, to: str | None = None) -> None:
        """Pick the pair, then select ``text`` with the mouse, or from there to the end of ``to`` in the next line."""
        label = self.control("section").locator(".lsf-label", has_text=f"QA {number}")
        before = self.highlights()
        label.click()
        self.control("passage").scroll_into_view_if_needed()
        passage = self.control("passage").locator(".lsf-richtext__container")
        left, top, right, bottom = passage.evaluate(_WHERE, text)
        if to is not None:
            _, _, right, bottom = passage.evaluate(_WHERE, to)
        self.page.mouse.move(left, top)
        self.page.mouse.down()
        self.page.mouse.move(right, bottom, steps=8)
        self.page.mouse.up()
        # A span for each line.
        expect(self.page.locator(".htx-highlight")).to_have_count(len(before) + (1 if to is None else 2))

    def highlights(self) -> list[str]:
        """The texts of the highlighted sections as shown, from the top."""
        return self.page.locator(".htx-highlight").all_inner_texts()

    def scope(self, number: int, text: str) -> None:
        """Say what a pair is about."""
        choose(self.control(f"scope_{number}"), text)

    def tag(self, number: int, text: str) -> None:
        """Pick a tag from the list."""
        choose(self.control(f"tags_{number}"), text)

    def add_tag(self, number: int, text: str) -> None:
        """Type a tag of one's own, and Enter."""
        box = self.control(f"custom_tags_{number}")
        box.locator("input").fill(text)
        box.locator("input").press("Enter")
        expect(box.get_by_test_id("htx-textbox-content")).to_have_text([text])


@dataclass
class Feedback:
    """What the guard's script shows while an answer is being given. Controls go by their names in the config."""

    page: Page

    @property
    def summary(self) -> Locator:
        """How much is still to do."""
        return self.page.locator(".gtb-todo:not([hidden]) summary")

    @property
    def sentences(self) -> Locator:
        """What is still to do, listed or folded away."""
        return self.page.locator(".gtb-todo:not([hidden]) li")

    def expect_length(self, control: str, text: str) -> None:
        """Wait until the length shown below a text reads so; "" is none."""
        self.page.wait_for_function(
            """([id, text]) => {
                const control = document.getElementById(id);
                const content = control ? getComputedStyle(control, "::after").content : "none";
                return (content === "none" ? "" : JSON.parse(content)) === text;
            }""",
            arg=[f"gtb-{control}", text],
        )

    def expect_marked(self, *controls: str) -> None:
        """Wait until these controls are outlined, and no others."""
        self.page.wait_for_function(
            """wanted => {
                const all = [...document.querySelectorAll('[id^="gtb-"]')];
                const marked = all.filter(element => getComputedStyle(element).outlineStyle === "solid");
                return marked.map(element => element.id.slice(4)).sort().join() === wanted.sort().join();
            }""",
            arg=list(controls),
        )
