"""What a person does at the screen to break each rule, and to mend what a draft has broken; by the cases' names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from browser import option
from judged_jobs import CLOSED, QUESTIONS, RANKING, Job
from playwright.sync_api import Locator, Page, expect
from screens import QuestionScreen, RankingScreen

__all__ = ["BEYOND_REPAIR", "BY_HAND", "DRAFTS", "text"]

Steps = Mapping[str, Callable[[Page], object]]


# What a person does, from the state that the step before left, to break just the rule that the step is named after.


def tick_order(page: Page) -> None:
    """Tick the box below the order, or take the tick away."""
    RankingScreen(page).dimension("Clarity").locator(".gtb-confirm label").click()


def rank(page: Page, **ranks: int) -> None:
    RankingScreen(page).give("Helpfulness", ranks)


def text(page: Page, control: str, words: str) -> None:
    """Write a text, or write it anew."""
    box = QuestionScreen(page).control(control)
    edit = box.get_by_role("button", name="Edit Region")
    if edit.count():
        box.hover()
        edit.click()
    box.locator("textarea").fill(words)


def remove_text(page: Page, control: str, *, left: int = 0) -> None:
    """Delete the last text that was entered; ``left`` is how many remain."""
    box = QuestionScreen(page).control(control)
    box.get_by_test_id("htx-textbox-view").last.hover(position={"x": 4, "y": 4})  # its buttons cover the rest
    box.get_by_role("button", name="Delete Region").last.click()
    expect(box.get_by_test_id("htx-textbox-content")).to_have_count(left)


def add_tag(page: Page, number: int, tag: str) -> None:
    box = QuestionScreen(page).control(f"custom_tags_{number}").locator("input")
    box.fill(tag)
    box.press("Enter")


def remove_section(page: Page, words: str) -> None:
    highlights = page.locator(".htx-highlight")
    before = highlights.count()
    highlights.filter(has_text=words).click()
    page.keyboard.press("Backspace")
    expect(highlights).to_have_count(before - 1)


def both_pairs(page: Page) -> None:
    screen = QuestionScreen(page)
    screen.ask_for(2)
    screen.write(1, "When does water boil?", "At 100 degrees")
    screen.write(2, "When does ice melt?", "At zero")
    screen.scope(2, "Highlighted sections")
    screen.highlight(2, "Ice melts at zero")


def no_scope(page: Page) -> None:
    remove_section(page, "Water")
    both_pairs(page)


def section_beside_the_whole_passage(page: Page) -> None:
    QuestionScreen(page).scope(1, "Whole passage")
    QuestionScreen(page).highlight(1, "Water")


def no_section(page: Page) -> None:
    remove_section(page, "Water")
    remove_section(page, "Ice melts")


def fewer_pairs_than_said(page: Page) -> None:
    QuestionScreen(page).highlight(2, "Ice melts at zero")
    QuestionScreen(page).ask_for(3)


def section_of_no_pair(page: Page) -> None:
    QuestionScreen(page).highlight(3, "Water")
    QuestionScreen(page).ask_for(2)


def more_pairs_than_said(page: Page) -> None:
    remove_section(page, "Water")
    QuestionScreen(page).ask_for(1)


def no_question(page: Page) -> None:
    QuestionScreen(page).ask_for(2)
    remove_text(page, "question_1")


def no_answer(page: Page) -> None:
    text(page, "question_1", "When does water boil?")
    remove_text(page, "answer_2")


def white_space(page: Page) -> None:
    text(page, "answer_2", "At zero")
    text(page, "question_1", " \u00a0 ")


def too_long(page: Page) -> None:
    text(page, "question_1", "When does water boil?")
    text(page, "answer_2", "At zero, which is cold indeed")


def blank_tag(page: Page) -> None:
    text(page, "answer_2", "At zero")
    add_tag(page, 1, " ")


def tag_given_twice(page: Page) -> None:
    remove_text(page, "custom_tags_1")
    QuestionScreen(page).tag(1, "What")
    add_tag(page, 1, "What")


def one_pair_of_two(page: Page) -> None:
    QuestionScreen(page).write(1, "What is tea?", "A drink")
    QuestionScreen(page).scope(1, "Whole passage")


def too_few_characters(page: Page) -> None:
    text(page, "question_1", "T e a ?")
    QuestionScreen(page).write(2, "Of what is it made?", "Leaves")
    QuestionScreen(page).scope(2, "Whole passage")


def ranked_and_ticked(page: Page) -> None:
    rank(page, Because=2)
    tick_order(page)


def ticked_twice(page: Page) -> None:
    tick_order(page)
    tick_order(page)


# By job: the steps in their order, and what mends the last one.
BY_HAND: Mapping[str, tuple[Job, Steps, Callable[[Page], None]]] = {
    "ranking": (
        RANKING,
        {
            "no rank": tick_order,
            "one rank missing": lambda page: rank(page, Rayleigh=1, Sea=2),
            "order not confirmed": ranked_and_ticked,
        },
        tick_order,
    ),
    "questions": (
        QUESTIONS,
        {
            "no pair": lambda page: QuestionScreen(page).highlight(1, "Water"),
            "no scope": no_scope,
            "section beside the whole passage": section_beside_the_whole_passage,
            "no section": no_section,
            "fewer pairs than said": fewer_pairs_than_said,
            "section of no pair": section_of_no_pair,
            "more pairs than said": more_pairs_than_said,
            "no question": no_question,
            "no answer": no_answer,
            "white space for a question": white_space,
            "question too short": lambda page: text(page, "question_1", "When boils?"),
            "answer too long": too_long,
            "blank tag": blank_tag,
            "tag given twice": tag_given_twice,
        },
        lambda page: remove_text(page, "custom_tags_1"),
    ),
    "closed": (
        CLOSED,
        {"too few pairs": one_pair_of_two, "too few characters": too_few_characters},
        lambda page: text(page, "question_1", "What is tea?"),
    ),
}


def rewrite_question(page: Page) -> None:
    while (left := QuestionScreen(page).control("question_1").get_by_test_id("htx-textbox-content").count()) > 0:
        remove_text(page, "question_1", left=left - 1)
    text(page, "question_1", "When does water boil?")


def one_rank_of_two(page: Page) -> None:
    unchoose(RankingScreen(page).row("Helpfulness", "Rayleigh"), "2")
    rank(page, Rayleigh=1)


def one_number_of_two(page: Page) -> None:
    unchoose(QuestionScreen(page).control("pair_count"), "1")
    QuestionScreen(page).ask_for(2)


def unchoose(options: Locator, text: str) -> None:
    """Click an option that is chosen, of one or of several: none is from then on."""
    option(options, text).click()
    expect(options.locator(".ant-checkbox-wrapper-checked")).to_have_count(0)


def mark_anew(page: Page) -> None:
    page.locator(".htx-highlight").click()
    page.keyboard.press("Backspace")
    QuestionScreen(page).highlight(2, "Ice melts at zero")


# How a person mends what a draft has broken.
DRAFTS: Mapping[str, Steps] = {
    "ranking": {
        "rank out of range": lambda page: rank(page, Rayleigh=1),
        "rank of an unknown response": lambda page: rank(page, Rayleigh=1),
        "response ranked twice": lambda page: rank(page, Because=2),
        "two ranks at once": one_rank_of_two,
        "no order": tick_order,
        "control twice": ticked_twice,
    },
    "questions": {
        "number of pairs unknown": lambda page: QuestionScreen(page).ask_for(2),
        "two numbers of pairs": one_number_of_two,
        "question in two parts": rewrite_question,
        "unknown scope": lambda page: QuestionScreen(page).scope(1, "Whole passage"),
        "section of nobody": lambda page: remove_section(page, "Water"),
        "section beyond the passage": mark_anew,
        "section with another text": mark_anew,
    },
    "closed": {"tag of one's own": lambda page: QuestionScreen(page).tag(1, "What")},
}
# Nobody can mend this one but by leaving the draft: a list in which a row is there twice cannot be dragged.
BEYOND_REPAIR = {"order names a response twice"}
