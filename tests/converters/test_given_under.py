"""An answer says under which rules it was given, and is read and judged by them once the job's were edited."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from job_items import build_in_memory, options
from strategies import make_item, pair_answers, question_tasks, ranking_answers, ranking_items, rankings_tasks

from gtbridge.converters.formats.annotation_results import answer_to_annotation
from gtbridge.converters.formats.annotations import annotation_to_answer
from gtbridge.converters.formats.given_under import (
    earlier_rules,
    recorded_rules,
    rules_from_dict,
    rules_to_dict,
    with_recorded_rules,
)
from gtbridge.converters.formats.label_studio_tasks import item_to_task_data
from gtbridge.converters.formats.screens import judge_result
from gtbridge.converters.formats.sources_records import Record, RecordPlace
from gtbridge.converters.formats.worker_response import answer_to_response, response_to_answer
from gtbridge.converters.judged_datasets.annotations import read_annotations
from gtbridge.converters.judged_datasets.values import DatasetPass
from gtbridge.converters.judgement.job_item import JobItem
from gtbridge.converters.judgement.judge import judge, note_earlier_rules
from gtbridge.converters.ledger import Ledger
from gtbridge.converters.records import Answer, Pair, Ranking, Worker
from gtbridge.label_configs.errors import InputError
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, Range, TaskDefinition, TextRanking, fingerprint

ANN = Worker("ann")
LAX = TextRanking(title="Then", dimensions=(Dimension(name="Clarity", allow_tie=True),))
STRICT = TextRanking(dimensions=(Dimension(name="Clarity", allow_tie=False),))
ITEM = make_item(0, "p", ["a", "b"])
TIED = Answer(ANN, rankings=(Ranking("Clarity", (1, 1), True),))


@given(st.one_of(rankings_tasks(), question_tasks()))
def test_what_is_recorded_holds_all_that_answers_are_read_and_judged_by(task: TaskDefinition) -> None:
    recorded = recorded_rules(with_recorded_rules([{"id": "x"}], task))
    assert recorded is not None
    looks: dict[str, Any] = {"title": "", "instructions": ""}
    if isinstance(task, TextRanking):
        looks |= {"shuffle_responses": True, "markdown": False}
    assert recorded == task.model_copy(update=looks)
    assert earlier_rules(recorded, task) is None


def test_the_record_stands_once_whatever_stood_there_before() -> None:
    result = [{"id": "x", "meta": {"own": 1}}, {"id": "y"}]
    once = with_recorded_rules(result, LAX)
    assert recorded_rules(once) == replace_looks(LAX)
    moved = [once[1], once[0]]
    assert recorded_rules(moved) == replace_looks(LAX), "wherever the editor puts the entry"
    twice = with_recorded_rules(moved, STRICT)
    assert [sorted(entry.get("meta", {})) for entry in twice] == [["gtbridge_rules"], ["own"]]
    assert with_recorded_rules(twice, None) == [{"id": "y"}, {"id": "x", "meta": {"own": 1}}]
    assert result == [{"id": "x", "meta": {"own": 1}}, {"id": "y"}], "what was handed in stays as it was"


def replace_looks(task: TextRanking) -> TextRanking:
    return task.model_copy(update={"title": "", "instructions": ""})


@pytest.mark.parametrize("result", [None, {}, "text", [], [1], [{"meta": 1}], [{"meta": {"gtbridge_rules": "{"}}]])
def test_what_records_nothing_says_so(result: Any) -> None:
    assert recorded_rules(result) is None


@given(st.data())
def test_a_ranking_given_under_other_rules_is_read_and_judged_by_its_own(data: st.DataObject) -> None:
    then, now = data.draw(rankings_tasks()), data.draw(rankings_tasks())
    item = data.draw(ranking_items())
    said = data.draw(ranking_answers(then, item))
    annotation = answer_to_annotation(said, item, then)
    read = annotation_to_answer(annotation, item, now, ANN)
    assert (read.rankings, read.unread) == (said.rankings, ())
    assert read.rules == earlier_rules(recorded_rules(annotation["result"]), now)
    assert read.definition == fingerprint(read.rules or now)
    assert [answer.rankings for answer in judge(now, item, [read]).valid] == [said.rankings]


@given(st.data())
def test_pairs_given_under_other_rules_are_read_and_judged_by_their_own(data: st.DataObject) -> None:
    then, now = data.draw(question_tasks()), data.draw(question_tasks())
    item = make_item(0, "Water boils at 100 degrees. Ice melts at zero.")
    said = data.draw(pair_answers(then, item))
    read = annotation_to_answer(answer_to_annotation(said, item, then), item, now, ANN)
    assert [sorted(pair.tags) for pair in read.pairs] == [sorted(pair.tags) for pair in said.pairs]
    judged = judge(now, item, [read])
    assert bool(judged.valid) == bool(judge(then, item, [said]).valid)


def test_what_annotators_are_told_is_no_rule() -> None:
    told = QuestionAnswer(title="New", instructions="Be brief.")
    answer = Answer(ANN, pairs=(Pair("What?", "This.", scope="passage"),))
    item = make_item(0, "A passage.")
    assert annotation_to_answer(answer_to_annotation(answer, item, QuestionAnswer()), item, told, ANN).rules is None


def test_who_works_now_is_judged_by_the_rules_of_now_whatever_the_result_says() -> None:
    then, now = QuestionAnswer(), QuestionAnswer(question_words=Range(min=3))
    item = make_item(0, "A passage.")
    short = answer_to_annotation(Answer(ANN, pairs=(Pair("Why?", "So.", scope="passage"),)), item, then)["result"]
    data = item_to_task_data(item, now)
    assert [problem.message for problem in judge_result(now, data, short).problems] == [
        "QA 1: the question has 1 word; at least 3 words are needed"
    ]
    assert judge_result(now, data, short, as_recorded=True).problems == ()


def test_ground_truth_documents_carry_the_rules_of_then_and_bring_them_back() -> None:
    tied = replace(TIED, rules=replace_looks(LAX), definition="d")
    document = answer_to_response(tied)
    assert document["gtbridge"]["rules"] == rules_to_dict(LAX)
    read = response_to_answer(document, "file", item=ITEM)
    assert (read.rules, read.rankings, read.definition) == (tied.rules, tied.rankings, "d")
    assert [answer.rankings for answer in judge(STRICT, ITEM, [read]).valid] == [TIED.rankings]
    assert "rules" not in answer_to_response(TIED).get("gtbridge", {})


def test_without_its_own_rules_the_same_answer_breaks_one() -> None:
    assert not judge(STRICT, ITEM, [TIED]).valid


def test_published_annotations_keep_the_rules_of_then() -> None:
    tied = replace(TIED, rules=replace_looks(LAX))
    job_item = JobItem("job", ITEM, STRICT, judge(STRICT, ITEM, [tied]))
    rows, *_ = build_in_memory([job_item], ["Clarity"], options(configs=("annotations",), test_size=0))
    (row,) = rows["annotations", "train"]
    assert (row["status"], row["problems"]) == ("valid", [])
    (found,) = read_annotations([Record(row, RecordPlace("f"))], DatasetPass("f", Ledger()))
    (answer,) = found.answers
    assert answer.rules == tied.rules
    assert judge(STRICT, ITEM, [answer]).valid
    spoilt = {**row, "rules": '{"task":"else"}'}
    with pytest.raises(InputError, match="rules: is no task definition"):
        list(read_annotations([Record(spoilt, RecordPlace("f"))], DatasetPass("f", Ledger())))


def test_each_answer_from_before_is_noted() -> None:
    ledger = Ledger()
    note_earlier_rules(
        judge(STRICT, ITEM, [replace(TIED, rules=LAX), replace(TIED, worker=Worker("bob"))]), "x", ledger
    )
    assert ledger.notes == {("answers", "given before the task was edited: judged by the rules of then"): 1}


def test_what_is_no_definition_is_no_rules() -> None:
    assert rules_from_dict(None) is None
    assert rules_from_dict({"task": "text-ranking", "dimensions": []}) is None
