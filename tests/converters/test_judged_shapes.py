"""Which shape a dataset of judgements is taken for, and what gtbridge's own are refused for."""

from __future__ import annotations

import json
from typing import Any

import pytest
from job_items import ASK, HELP, asked, job_item, ranked
from judged_rows import build_rows, read_rows, records, rows_of
from strategies import make_item

from gtbridge.converters.judged_datasets.shapes import SHAPES, recognise, shape_of
from gtbridge.label_configs.errors import InputError

PAIR = {"prompt": "p", "chosen": "a", "rejected": "b"}
NECTAR = {"prompt": "p", "answers": [{"answer": "a", "rank": 1}]}
RATED = {"instruction": "i", "completions": [{"response": "a", "annotations": {}}]}
SQUAD = {"context": "c", "question": "q", "answers": {"text": [], "answer_start": []}}


def shape(columns: dict[str, Any]) -> str | None:
    [record] = records(columns)
    return recognise(record)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (PAIR, "preference"),
        ({"chosen": "a", "rejected": "b"}, "preference"),
        ({**PAIR, "source": "web"}, "preference"),
        ({"source": "a prompt", "chosen": "a", "rejected": "b"}, None),
        ({**PAIR, "rejected": None}, None),
        ({**PAIR, "rejected": ["b"]}, None),
        (NECTAR, "nectar"),
        ({**NECTAR, "answers": [{"answer": "a"}]}, None),
        ({**NECTAR, "answers": []}, None),
        (RATED, "ultrafeedback"),
        ({**RATED, "instruction": None}, None),
        (SQUAD, "squad"),
        ({"data": [{"paragraphs": []}]}, "squad"),
        ({"data": [{}]}, None),
        ({"passage": "p", "question": "q", "answer": "a", "metadata": {"item": "job/0"}}, "qa"),
        ({"passage": "p", "question": "q", "answer": "a"}, None),
        ({"source": "p", "responses": ["a", "b"]}, None),
        ({"source": "p", "responses": ["a", "b"], "rankings": []}, None),
    ],
)
def test_a_shape_is_known_by_what_its_columns_hold(columns: dict[str, Any], expected: str | None) -> None:
    assert shape(columns) == expected


def test_the_datasets_that_gtbridge_builds_are_known() -> None:
    ranked_items = [job_item(make_item(0, "p", ["a", "b"]), ranked("ann", (1, 2)))]
    asked_items = [job_item(make_item(0, "passage", None), asked("ann", "passage", ("Q?", "p")), task=ASK)]
    files = build_rows(ranked_items, HELP) | {f"qa {k}": v for k, v in build_rows(asked_items, ASK).items()}
    known = {name.removeprefix("qa "): recognise(rows_of(data)[0]) for name, data in files.items()}
    for name in ("preference", "ranking", "annotations", "qa", "squad"):
        assert known.pop(name) == name
    assert set(known.values()) == {None}


def test_of_several_shapes_none_is_chosen() -> None:
    with pytest.raises(InputError) as caught:
        shape({**PAIR, **NECTAR, **SQUAD, "answers": NECTAR["answers"]})
    assert str(caught.value) == "in: $[0]: could be preference or nectar or squad; say which with --dataset-shape"
    with pytest.raises(InputError):
        shape({**PAIR, **NECTAR})


def test_what_has_no_known_shape_is_told_with_its_columns() -> None:
    with pytest.raises(InputError) as caught:
        shape_of(records({"text": "t", "label": 1})[0])
    assert str(caught.value) == (
        "in: its columns (text, label) are those of no dataset of judgements that is known "
        f"({', '.join(SHAPES)}); say with --dataset-shape which it is"
    )


def annotation(**more: Any) -> dict[str, Any]:
    row = {"item": "job/0", "source": "p", "responses": ["a", "b"], "annotator": "ann", "status": "valid"}
    return {**row, "rankings": [{"dimension": "Help", "ranks": [1, 2]}], "pairs": [], "metadata": {}, **more}


ANNOTATIONS: list[tuple[dict[str, Any], str]] = [
    ({"status": "fine"}, "status: expected one of superseded, valid, invalid, declined, found 'fine'"),
    ({"given_as": "x"}, "given_as: expected one of given, declined, failed, found 'x'"),
    ({"annotator": None}, "annotator: expected text, found None"),
    ({"item": None}, "item: expected text, found None"),
    ({"source": "q"}, "source: differs from that of the row before, which is of the same item"),
    ({"responses": ["a", "c"]}, "responses: differs from that of the row before, which is of the same item"),
    ({"rankings": [{"dimension": "Help", "ranks": [True, 2]}]}, "rankings[0].ranks[0]: expected a whole number"),
    ({"rankings": [{"dimension": "Help", "ranks": ["1", 2]}]}, "rankings[0].ranks[0]: expected a whole number"),
    ({"rankings": [{"dimension": "Help", "ranks": [1.0, 2]}]}, "rankings[0].ranks[0]: expected a whole number"),
    ({"rankings": [{"ranks": [1, 2]}]}, "rankings[0].dimension: is missing"),
    ({"rankings": [{"dimension": "H", "allow_tie": 1, "ranks": []}]}, "rankings[0].allow_tie: expected true or false"),
    ({"shown_order": [0, 0]}, "shown_order: does not name each response once: [0, 0]"),
    ({"shown_order": [0]}, "shown_order: does not name each response once: [0]"),
    ({"seconds": "12"}, "seconds: expected a number, found '12'"),
    ({"pairs": [{"question": "q", "answer": None}]}, "pairs[0].answer: expected text, found None"),
    ({"pairs": [{"question": "q", "answer": "a", "scope": "x"}]}, "pairs[0].scope: expected passage or sections"),
    ({"pairs": [{"question": "q", "answer": "a", "sections": [{"start": 0}]}]}, "pairs[0].sections[0].end: expected"),
    ({"metadata": {"fields": "{"}}, "metadata.fields: not JSON"),
    ({"metadata": {"fields": "[1]"}}, "metadata.fields: expected an object, spelled as JSON"),
    ({"metadata": {"simulated": 1}}, "metadata.simulated: expected true or false, found 1"),
]


@pytest.mark.parametrize(("wrong", "message"), ANNOTATIONS)
def test_annotations_that_were_changed_into_nonsense_are_refused(wrong: dict[str, Any], message: str) -> None:
    first = annotation() if {"source", "responses"} & wrong.keys() else annotation(item="job/9")
    # What concerns the item alone is read of its first row.
    rows = [first, annotation(**wrong)]
    with pytest.raises(InputError) as caught:
        read_rows(*rows, shape="annotations")
    assert str(caught.value).startswith(f"in: $[1].{message}")


RANKINGS: list[tuple[dict[str, Any], str]] = [
    ({"ranks": [1]}, "ranks: 1 ranks for 2 responses"),
    ({"ranks": [1, 0]}, "ranks[1]: expected a rank, 1 or more, found 0"),
    ({"ranks": [1, True]}, "ranks[1]: expected a rank, 1 or more, found True"),
    ({"annotator": None}, "annotator: expected text, found None"),
    ({"dimension": 3}, "dimension: expected text, found 3"),
]


@pytest.mark.parametrize(("wrong", "message"), RANKINGS)
def test_rankings_that_were_changed_into_nonsense_are_refused(wrong: dict[str, Any], message: str) -> None:
    ranking = {"dimension": "Help", "annotator": "ann", "ranks": [1, None], **wrong}
    row = {"prompt": "p", "responses": ["a", "b"], "rankings": [ranking], "metadata": {"models": None}}
    with pytest.raises(InputError) as caught:
        read_rows(row)
    assert str(caught.value).startswith(f"in: $[0].rankings[0].{message}")


def test_an_answer_that_counts_comes_after_those_it_superseded_in_whatever_order_the_rows_stand() -> None:
    rows = [annotation(), annotation(status="declined", annotator="bob", given_as="declined"),
            annotation(status="superseded", rankings=[{"dimension": "Help", "ranks": [2, 1]}])]  # fmt: skip
    [(_, answers)], _ = read_rows(*rows)
    assert [(a.worker.id, a.status, [r.ranks for r in a.rankings]) for a in answers] == [
        ("ann", "given", [(2, 1)]),
        ("ann", "given", [(1, 2)]),
        ("bob", "declined", [(1, 2)]),
    ]


def test_questions_without_an_annotator_are_the_datasets_and_without_an_item_the_passages() -> None:
    rows = [{"passage": "p", "question": f"Q{n}?", "answer": "a"} for n in range(2)]
    other = {"passage": "r", "question": "Q?", "answer": "a"}
    named = [{**other, "metadata": {"item": f"job/{n}", "annotator": "ann"}} for n in range(2)]
    assert [line["source"] for line, _ in read_rows(*named)[0]] == ["r", "r"]
    [(first, [answer]), (second, _)], _ = read_rows(*rows, other, shape="qa")
    assert (first, second, answer.worker.id, len(answer.pairs)) == ({"source": "p"}, {"source": "r"}, "me/set", 2)


def test_an_answer_that_was_invalid_stays_so_where_the_rule_it_broke_is_not_known_any_more() -> None:
    wrong = annotation(status="invalid", problems=["Help: not so", "odd"], unread=["odd"])
    [(_, [answer])], _ = read_rows(wrong)
    assert (answer.status, answer.unread) == ("given", ("odd", "Help: not so"))
    [(_, [answer])], _ = read_rows(annotation(problems=[], unread=[]))
    assert answer.unread == ()


def test_the_other_fields_of_an_item_come_back_in_their_order_and_whole() -> None:
    turns = [{"role": "user", "content": "p", "weight": 1}]
    fields = json.dumps({"id": 1.5, "messages": turns, "b": None})
    told = [{"role": "user", "content": "p"}]
    [(line, _)], _ = read_rows(annotation(source_messages=told, models=["m", "n"], metadata={"fields": fields}))
    assert list(line) == ["source", "responses", "models", "id", "messages", "b"]
    assert line["messages"] == turns
    [(line, _)], _ = read_rows(annotation(source_messages=told, metadata={"fields": None}))
    assert line["messages"] == told
