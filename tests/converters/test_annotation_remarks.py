"""Datasets: comments, flags, reasons and reference answers in `annotations`, on the card, and read back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from job_items import build_in_folder, build_in_memory, job_item, load, options
from judged_rows import build_rows, rejudged
from remarked import ASK, ITEM, RANK, judgements
from strategies import make_item, ranking_items

from gtbridge.converters.datasets.annotation import FEATURES
from gtbridge.converters.formats.json_text import to_line
from gtbridge.converters.judgement.job_item import JobItem
from gtbridge.converters.records import Answer, Item, Ranking, Worker

GOOD = Answer(Worker("ann"), rankings=(Ranking("Help", (1, 2, 3), True), Ranking("Clear", (1, 2, 3), False)))
DIMENSIONS = ["Help", "Clear"]
VAGUE = Answer(Worker("cy"), status="declined", reason="Too vague", comment="what?")


def referred(item: Item, reference: str) -> Item:
    fields = {"source": item.text, "responses": list(item.responses or ()), "reference": reference}
    return replace(item, line=to_line(fields), reference=reference)


def items() -> list[JobItem]:
    answers = [
        replace(GOOD, comment="hm", flags=((), ("Unsafe", "Off topic"))),
        replace(GOOD, worker=Worker("bob"), flags=(("Unsafe",),)),
        VAGUE,
        Answer(Worker("dan"), status="declined"),
        replace(VAGUE, worker=Worker("eve"), reason="Bored"),
    ]
    return [job_item(referred(ITEM, "Because."), *answers, task=RANK)]


def test_a_row_has_what_was_said_beside_the_answer_and_flags_for_each_response() -> None:
    rows = build_in_memory(items(), DIMENSIONS, options(configs=("annotations",)))[0]["annotations", "train"]
    assert [(row["status"], row["reason"], row["comment"], row["flags"]) for row in rows] == [
        ("valid", None, "hm", [[], ["Unsafe", "Off topic"], []]),
        ("valid", None, None, [["Unsafe"], [], []]),
        ("invalid", "Bored", "what?", []),
        ("declined", "Too vague", "what?", []),
        ("declined", None, None, []),
    ]
    assert {row["reference_answer"] for row in rows} == {"Because."}


def test_the_ledger_tells_the_reasons_apart_from_items_that_were_skipped() -> None:
    _, _, ledger, _ = build_in_memory(items(), DIMENSIONS, options(configs=("annotations",)))
    drops = {reason: count for (kind, reason), count in ledger.drops.items() if kind == "answers"}
    assert drops == {"declined: Too vague": 1, "declined": 1, "invalid": 1}
    assert (ledger.came["answers"], ledger.went["answers"]) == (5, 2)


def test_other_configs_hold_none_of_it() -> None:
    rows = build_in_memory(items(), DIMENSIONS, options(configs=("preference", "ranking")))[0]
    for found in rows.values():
        for row in found:
            assert not {"comment", "flags", "reference", "reference_answer"} & row.keys()
            assert "what?" not in str(row) and "hm" not in str(row) and "Unsafe" not in str(row)


def test_the_card_says_what_was_said_how_often_and_what_was_shown(tmp_path: Path) -> None:
    found = items()
    task = RANK.model_copy(update={"reference": True})
    found[0] = replace(found[0], definition=task)
    _, _, card = build_in_folder(tmp_path / "d", found, DIMENSIONS, options())
    assert "- A reference answer was shown with the responses; it is none of them.\n" in card
    assert "were so often: `Unsafe` 2, `Off topic` 1.\n" in card
    assert "- Answers with a comment: 2. Comments are people's own words" in card
    assert "cannot be judged, and did so often: `Too vague` 1, `Not my field` 0.\n" in card
    plain = RANK.model_copy(update={"flags": (), "comment": None, "cannot_judge": ()})
    _, _, card = build_in_folder(tmp_path / "e", [job_item(ITEM, GOOD, task=plain)], DIMENSIONS, options())
    assert [word for word in ("flagged", "a comment", "cannot be judged", "A reference") if word in card] == []


def test_the_columns_load_as_they_were_meant(tmp_path: Path) -> None:
    build_in_folder(tmp_path / "d", items(), DIMENSIONS, options(configs=("annotations",)))
    loaded = load(tmp_path / "d", "annotations")["train"]
    assert list(loaded.features) == list(FEATURES)
    assert loaded[0]["flags"] == [[], ["Unsafe", "Off topic"], []]


@st.composite
def richer_items(draw: Any) -> list[JobItem]:
    made = []
    for index in range(draw(st.integers(1, 3))):
        task = draw(st.sampled_from([RANK, ASK.model_copy(update={"comment": "optional"})]))
        if task.task == "text-ranking":
            item = draw(ranking_items(index))
            item = referred(item, draw(st.text(max_size=5))) if draw(st.booleans()) else item
        else:
            item = make_item(index, draw(st.sampled_from(["The fox.", "A river"])))
        answers = draw(st.lists(judgements(task, item), max_size=3, unique_by=lambda answer: answer.worker.id))
        made.append(job_item(item, *answers, task=task, job=task.task))
    return made


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(richer_items())
def test_annotations_read_back_say_the_same_of_every_answer(items: list[JobItem]) -> None:
    for task in (RANK, ASK.model_copy(update={"comment": "optional"})):
        own = [item for item in items if item.definition == task and said(item)]
        files = build_rows(own, task, configs=("annotations",))
        again = rejudged(files["annotations"], task) if own else []
        assert [said(item) for item in again] == [said(item) for item in own]
        assert [item.item.reference for item in again] == [item.item.reference for item in own]


def test_a_reference_answer_is_read_back_from_its_column_or_from_where_it_stood_among_the_fields() -> None:
    fields = {"source": "Why?", "responses": ["a", "b", "c"], "id": 3, "reference": "Because.", "more": 1}
    item = replace(ITEM, line=to_line(fields), reference="Because.")
    for kept in (True, False):
        files = build_rows([job_item(item, GOOD, task=RANK)], RANK, configs=("annotations",), fields=kept)
        [again] = rejudged(files["annotations"], RANK)
        assert again.item.reference == "Because."
        if kept:
            assert again.item.line == item.line


def said(item: JobItem) -> list[Any]:
    answers = [*item.judged.valid, *item.judged.declined, *(answer for answer, _ in item.judged.invalid)]
    return [(a.status, a.reason, a.comment, a.flags, a.rankings, a.pairs) for a in answers]
