"""What pairs of question and answer are like: tags, words, scope, what they answer from, and what was asked twice."""

from __future__ import annotations

from typing import Any

import pytest
from audited import about, audited, pair, passage, shares
from job_items import ranked

from gtbridge.converters.audit.questions import first_word
from gtbridge.converters.judgement.job_item import JobItem
from gtbridge.converters.records import Answer, Pair, Worker
from gtbridge.label_configs.tasks import QuestionAnswer

TEXT = "The river rises in the north. It flows south, past the north gate."


def asked(*pairs: Pair, worker: str = "ann") -> Answer:
    return Answer(Worker(worker), pairs=pairs)


def questions(*items: JobItem, **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = audited(items, **options)["questions"]
    return found


def duplicates(*wordings: str) -> dict[str, Any]:
    found: dict[str, Any] = questions(passage(TEXT, asked(*[pair(wording) for wording in wordings])))["duplicates"]
    return found


def test_there_are_no_questions_where_none_were_given() -> None:
    declined = Answer(Worker("ann"), status="declined")
    assert audited([about("ab", ranked("ann", (1, 2)))])["questions"] is None
    assert audited([passage(TEXT, declined)])["questions"] is None


def test_tags_are_counted_over_pairs_and_those_offered_but_never_given_are_named() -> None:
    pairs = [pair("A?", tags=["Why", "mine"]), pair("B?", tags=["Why"]), pair("C?", tags=["mine", "yours"]), pair("D?")]
    found = questions(passage(TEXT, asked(*pairs)))
    assert found["tags"] == [
        {"tag": "Why", "count": 2, "share": 0.5},
        {"tag": "mine", "count": 2, "share": 0.5},
        {"tag": "yours", "count": 1, "share": 0.25},
        {"tag": "What", "count": 0, "share": 0.0},
    ]
    assert (found["pairs"], found["custom_tags"]) == (4, 2)


def test_of_custom_tags_the_fifty_most_frequent_are_named_and_all_counted() -> None:
    pairs = [pair(f"Q{n}?", tags=[f"t{n:02}", "often"]) for n in range(60)]
    found = questions(passage(TEXT, asked(*pairs)))
    names = [tag["tag"] for tag in found["tags"]]
    assert (names[0], found["custom_tags"]) == ("often", 61)
    assert names[1:50] == [f"t{n:02}" for n in range(49)]
    assert names[50:] == ["What", "Why"]


def test_annotators_and_scope_are_counted() -> None:
    linked = pair("A?", "yes", (4, 9), text=TEXT)
    items = [
        passage(TEXT, asked(pair("B?"), linked), asked(linked, worker="bob")),
        passage(TEXT, asked(pair("C?"), worker="bob"), index=1),
    ]
    found = questions(*items)
    assert (found["annotators"], found["pairs"]) == (2, 4)
    assert found["scope"] == {"passage": 2, "sections": 2, "none": 0}


def test_words_are_counted_as_the_task_counts_them() -> None:
    pairs = [pair("What is it?", "a river"), pair("Why?", "四字"), pair("Where to now then?", "off")]
    for count, edges, counts, median in (
        ("words", [1, 2, 3], [1, 2], 2.0),
        ("whitespace", [1, 2, 3], [2, 1], 1.0),
        ("characters", [2, 3, 4, 5, 6, 7], [1, 1, 0, 0, 1], 3.0),
    ):
        task = QuestionAnswer(count=count)  # type: ignore[arg-type]
        found = questions(passage(TEXT, asked(*pairs), task=task))
        assert found["answer_words"] == {"edges": edges, "counts": counts, "median": median}, count
    # "Why?" has four characters, "What is it?" nine, "Where to now then?" fifteen.
    assert found["question_words"]["median"] == 9.0


def test_a_wide_histogram_has_few_bins_of_a_round_width() -> None:
    pairs = [pair("Q?", " ".join(["w"] * count)) for count in (3, 7, 118, 119)]
    found = questions(passage(TEXT, asked(*pairs)))["answer_words"]
    assert found["edges"] == list(range(0, 121, 5))
    assert (found["counts"][:2], found["counts"][23]) == ([1, 1], 2)
    assert (sum(found["counts"]), len(found["counts"]), found["median"]) == (4, 24, 62.5)


@pytest.mark.parametrize(("most", "bins", "width"), [(30, 30, 1), (31, 16, 2)])
def test_a_histogram_has_at_most_thirty_bins(most: int, bins: int, width: int) -> None:
    pairs = [pair("Q?", " ".join(["w"] * count)) for count in (1, most)]
    found = questions(passage(TEXT, asked(*pairs)))["answer_words"]
    assert (len(found["counts"]), found["edges"][1] - found["edges"][0]) == (bins, width)


def test_the_median_of_many_is_the_middle_one() -> None:
    pairs = [pair("Q?", " ".join(["w"] * count)) for count in (1, 1, 2, 9, 9)]
    assert questions(passage(TEXT, asked(*pairs)))["answer_words"]["median"] == 2.0


def test_an_answer_that_stands_in_a_section_or_once_in_the_passage_is_extractive() -> None:
    pairs = [
        pair("A?", "river", (4, 9), text=TEXT),
        pair("B?", "south"),
        pair("C?", "north"),  # twice
        pair("D?", "north", (23, 28), text=TEXT),
        pair("E?", "nowhere"),
    ]
    assert shares(questions(passage(TEXT, asked(*pairs)))["extractive"]) == (3 / 5, 5)


def test_a_question_asked_again_is_the_same_after_case_white_space_and_unicode_form() -> None:
    found = duplicates("Who  came?", "WHO came?", "ｗｈｏ came? ", "Who went there then?", "Cafe\u0301?", "CAFÉ?")
    # Three and two are the same: two and one of six repeat another.
    assert shares(found["share"]) == (3 / 6, 6)
    assert found["groups"] == [
        {"question": "Who  came?", "count": 3, "items": ["job/0"]},
        {"question": "Cafe\u0301?", "count": 2, "items": ["job/0"]},
    ]


def test_a_question_about_another_item_is_no_repetition() -> None:
    items = [passage(TEXT, asked(pair("Who?")), index=index) for index in range(3)]
    found = questions(*items)["duplicates"]
    assert (found["share"]["value"], found["groups"], found["near"]) == (0.0, [], 0)


def test_annotators_who_ask_the_same_repeat_each_other() -> None:
    item = passage(TEXT, asked(pair("Who?")), asked(pair("who?"), worker="bob"))
    assert shares(questions(item)["duplicates"]["share"]) == (1 / 2, 2)


def test_questions_nearly_the_same_are_counted_but_not_as_repeated() -> None:
    # One of 20 characters differs: 38 / 40 are common. One of 10: 18 / 20 = 0.9. One of 9: less.
    found = duplicates("a" * 20, "a" * 19 + "b", "c" * 10, "c" * 9 + "d", "e" * 9, "e" * 8 + "f", "A" * 20)
    assert (found["near"], found["share"]["value"]) == (2, 1 / 7)


def test_the_largest_groups_are_shown_twenty_at_most() -> None:
    items = [passage(TEXT, asked(*[pair("Q?")] * (2 + index % 25)), index=index) for index in range(30)]
    groups = questions(*items)["duplicates"]["groups"]
    assert [group["count"] for group in groups] == [*range(26, 6, -1)]


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("What is it?", "what"),
        ("  \n¿Qué es?", "qué"),
        ("What's up", "what's"),
        ("… (Why) not", "why"),
        ("什么是河？", "什"),
        ("क्या है?", "क्या"),
        ("In 1900", "in"),
        ("iPhone什么", "iphone"),
        ("ใครมา", "ใ"),
        ("???", ""),
        ("", ""),
    ],
)
def test_the_first_word_of_a_question(question: str, word: str) -> None:
    assert first_word(question) == word


def test_first_words_are_counted_the_most_frequent_first() -> None:
    pairs = [pair(wording) for wording in ("Who a?", "who b?", "What c?", "Why d?", "Why e?", "?!")]
    found = questions(passage(TEXT, asked(*pairs)))["first_words"]
    assert found == [{"word": "who", "count": 2}, {"word": "why", "count": 2}, {"word": "what", "count": 1}]
    many = questions(passage(TEXT, asked(*[pair(f"w{n:02} x") for n in range(40)])))["first_words"]
    assert [entry["word"] for entry in many] == [f"w{n:02}" for n in range(20)]
