"""Two outputs compared: lines, what the job says of them, and which answer is which."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from compared import PROMPT, Output, compared, labelled, lines, ranking_entry, short

from gtbridge.converters.comparison.findings import LONGEST, Comparison
from gtbridge.converters.comparison.outputs import compare_definitions, compare_outputs
from gtbridge.converters.formats.job_output import AnsweredLine
from gtbridge.converters.formats.manifest import OutputLine
from gtbridge.converters.records import Item
from gtbridge.label_configs.tasks import Dimension, TextRanking


def item(*entries: dict[str, Any], **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    return labelled({**PROMPT, **more}), {"answers": list(entries)}


def ranked(worker: str, ranks: list[int], **more: Any) -> dict[str, Any]:
    dimensions = [{"name": "Help", "allowTie": True, "responseRankings": ranks}]
    return {"workerId": worker, "answerContent": {"textRanking": {"ordinalRankingDimensions": dimensions}}, **more}


GOOD, BAD, TIED = [1, 2, 3], [3, 2, 1], [1, 1, 1]


@pytest.mark.parametrize(
    ("fields", "place", "a", "b"),
    [
        ({"id": "7"}, "0/id", None, None),
        ({"id": True}, "0/id", "7", "true"),
        ({"source": "Why"}, "0/source", "Why?", "Why"),
        ({"responses": ["a", "b", "x"]}, "0/responses[2]", "c", "x"),
        ({"tree": {"x": [1, 3]}}, "0/tree.x[1]", "2", "3"),
        ({"tree": {"x": [1]}}, "0/tree.x", "[1,2]", "[1]"),
        ({"more": None}, "0/more", None, "null"),
    ],
)
def test_a_field_of_a_line_is_one_difference(fields: dict[str, Any], place: str, a: str | None, b: str | None) -> None:
    entry = ranked("w", GOOD)
    found = compared([item(entry)], [item(entry, **fields)])
    expected = [("field", place, "7", "7")] if fields == {"id": "7"} else [("field", place, a, b)]
    assert short(found.differences.kept) == expected


def test_the_order_of_a_lines_fields_and_the_names_of_the_job_do_not_count() -> None:
    entry = ranked("w", GOOD)
    a: Output = [(labelled(PROMPT), {"answers": [entry]})]
    metadata = {
        "job-name": "other",
        "type": "groundTruth/custom",
        "worker-response-ref": "s3://x",
        "creation-date": "x",
    }
    backwards = dict(reversed({**PROMPT, "label": {}, "label-metadata": metadata}.items()))
    found = compared(a, [(backwards, {"answers": [entry]})])
    assert short(found.differences.kept) == []
    assert [(note.kind, note.place) for note in found.notes.kept] == [
        ("metadata", "0/job-name"),
        ("metadata", "0/type"),
    ]


def test_the_labels_of_chained_jobs_are_fields_of_the_line() -> None:
    boxes = {"boxes": {"n": 1}, "boxes-metadata": {"type": "x"}}
    found = compared([item(**boxes)], [item(**{**boxes, "boxes": {"n": 2}})])
    assert short(found.differences.kept) == [("field", "0/boxes.n", "1", "2")]
    found = compared([item(**boxes)], [item(**{**boxes, "boxes-metadata": {}})])
    assert short(found.differences.kept) == [("field", "0/boxes-metadata.type", "x", None)]


def test_another_label_attribute_is_a_note() -> None:
    [one] = lines([item(ranked("w", GOOD))])
    line = one.line.item.line.replace('"label', '"kind')
    other = replace(one, line=replace(one.line, item=replace(one.line.item, line=line), attribute="kind"))
    found = Comparison()
    compare_outputs([one], [other], found)
    assert (found.same, short(found.notes.kept)) == (True, [("label attribute", "0", "label", "kind")])


def test_a_label_that_says_something_is_compared() -> None:
    fields = labelled(PROMPT)
    found = compared([({**fields, "label": {"best": 1}}, {"answers": []})], [(fields, {"answers": []})])
    assert short(found.differences.kept) == [("label", "0/best", "1", None)]


def test_a_text_that_lies_elsewhere_is_compared() -> None:
    def line(text: str) -> AnsweredLine:
        return AnsweredLine(OutputLine(Item(0, '{"source-ref":"s3://b/x"}', text), None, None))

    found = Comparison()
    compare_outputs([line("one ")], [line("one")], found)
    assert short(found.differences.kept) == [("text", "0/source-ref", "one ", "one")]


Line = tuple[dict[str, Any], dict[str, Any]]
LABELLED = item(ranked("w", GOOD))
FAILED: Line = (labelled(PROMPT, **{"failure-reason": "expired"}), {"answers": []})
FAILED_OTHERWISE: Line = (labelled(PROMPT, failure_reason="declined"), {"answers": []})
NOT_LABELLED: Line = (PROMPT, {"answers": []})
TOLD = {"labelled, 1 answer": LABELLED, "failed (expired), 0 answers": FAILED, "not labelled, 0 answers": NOT_LABELLED}
TOLD["failed (declined), 0 answers"] = FAILED_OTHERWISE


@pytest.mark.parametrize("one", TOLD)
@pytest.mark.parametrize("other", TOLD)
def test_labelled_failed_and_not_labelled_differ(one: str, other: str) -> None:
    found = compared([TOLD[one]], [TOLD[other]])
    assert short(found.differences.kept) == ([] if one == other else [("state", "0", one, other)])


def test_an_item_that_is_answered_but_not_labelled_yet_differs_in_a_note() -> None:
    [labelled_line] = lines([LABELLED])
    line = replace(labelled_line.line, label=None, metadata=None)
    found = Comparison()
    compare_outputs([labelled_line], [replace(labelled_line, line=line)], found)
    assert (found.same, short(found.notes.kept)) == (True, [("state", "0", "labelled", "not labelled")])


def test_missing_items_are_named_one_by_one_and_counted() -> None:
    a = [item(ranked("w", GOOD)) for _ in range(5)]
    found = compared(a, a[:2], limit=2)
    assert short(found.differences.kept) == [
        ("item", "2", "labelled, 1 answer", None),
        ("item", "3", "labelled, 1 answer", None),
    ]
    assert found.to_dict()["differences"]["count"] == 3
    assert found.to_dict()["items"] == {"a": 5, "b": 2, "compared": 2}
    assert found.to_dict()["answers"] == {"a": 5, "b": 2, "compared": 2}


def test_items_belong_together_by_their_index() -> None:
    a, b = lines([item(id=number) for number in range(4)]), lines([item(id=number) for number in range(4)])
    found = Comparison()
    compare_outputs([a[0], a[2]], [b[1], b[2], b[3]], found)
    assert [(f.kind, f.place, f.a is None) for f in found.differences.kept] == [
        ("item", "0", False),
        ("item", "1", True),
        ("item", "3", True),
    ]


def test_answers_belong_together_by_worker_whatever_their_order() -> None:
    one, two, three = ranked("w1", GOOD), ranked("w2", BAD), ranked("w3", GOOD)
    assert compared([item(one, two, three)], [item(three, one, two)]).same
    found = compared([item(one, two)], [item(three, two)])
    assert short(found.differences.kept) == [("worker", "0", "w1", "w3")]
    found = compared([item(one, two)], [item(two)])
    assert short(found.differences.kept) == [("answer", "0/w1", "Help: 1 2 3", None)]
    found = compared([item(two)], [item(one, two)])
    assert short(found.differences.kept) == [("answer", "0/w1", None, "Help: 1 2 3")]


def test_of_a_workers_several_answers_those_that_say_the_same_belong_together() -> None:
    first, second = ranked("w", GOOD, n=1), ranked("w", BAD, n=2)
    fields, document = item(second)

    def with_superseded(*entries: dict[str, Any]) -> Output:
        return [(fields, {**document, "gtbridge": {"superseded": list(entries)}})]

    changed = compared(with_superseded(first), with_superseded(ranked("w", TIED, n=1)))
    assert short(changed.differences.kept) == [("ranking", "0/w/Help", "1 2 3", "1 1 1")]
    lost = compared(with_superseded(first), with_superseded())
    assert short(lost.differences.kept) == [("answer", "0/w", "Help: 1 2 3", None)]


def test_which_of_a_workers_answers_counts_is_compared() -> None:
    first, second = ranked("w", GOOD), ranked("w", BAD)
    found = compared(
        [(labelled(PROMPT), {"answers": [second], "gtbridge": {"superseded": [first]}})],
        [(labelled(PROMPT), {"answers": [first], "gtbridge": {"superseded": [second]}})],
    )
    assert short(found.differences.kept) == [("answer that counts", "0/w", "Help: 3 2 1", "Help: 1 2 3")]


def test_where_an_invalid_answer_stands_among_a_workers_answers_does_not_matter() -> None:
    good, bad = lines([item(ranked("w", GOOD), ranked("w", BAD))])[0].answers
    bad = replace(bad, unread=("broken",))
    line = lines([LABELLED])[0].line
    found = Comparison()
    compare_outputs([AnsweredLine(line, (good, bad))], [AnsweredLine(line, (bad, good))], found)
    assert found.same


def test_an_answer_that_counts_differs_from_an_invalid_and_a_declined_one() -> None:
    entry = ranking_entry()
    fields = labelled(PROMPT)
    counts = [(fields, {"answers": [entry]})]
    invalid = [(fields, {"answers": [], "gtbridge": {"invalid": [{**entry, "problems": ["broken"]}]}})]
    declined = [(fields, {"answers": [], "gtbridge": {"declined": [entry]}})]
    assert short(compared(counts, invalid).differences.kept) == [("problems", "0/w1/problems", None, "broken")]
    assert short(compared(counts, declined).differences.kept) == [("status", "0/w1/status", "given", "declined")]
    assert compared(invalid, invalid).same


def test_other_task_definitions_are_notes() -> None:
    found = Comparison()
    one = TextRanking(title="x", dimensions=(Dimension(name="Help", allow_tie=True),))
    compare_definitions(one, one.model_copy(update={"title": "y"}), found)
    compare_definitions(one, None, found)
    assert (found.same, short(found.notes.kept)) == (True, [("task definition", "task/title", "x", "y")])


def test_long_values_are_kept_where_they_differ() -> None:
    long = "x" * 5000
    [found] = compared([item(id=f"{long}a{long}")], [item(id=f"{long}b{long}")]).differences.kept
    for value, letter in ((found.a, "a"), (found.b, "b")):
        assert value is not None
        assert len(value) <= LONGEST
        assert letter in value


def test_memory_does_not_grow_with_the_outputs() -> None:
    [template] = lines([item(ranked("w", GOOD))])

    def many(count: int, answer: str) -> Iterator[AnsweredLine]:
        for index in range(count):
            source = replace(template.line.item, index=index, text=answer * 50_000)
            yield replace(template, line=replace(template.line, item=source))

    peaks = []
    for count in (20, 200):
        tracemalloc.start()
        compare_outputs(many(count, "a"), many(2 * count, "b"), Comparison(10))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 100_000
