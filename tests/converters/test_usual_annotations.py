"""Annotations and tasks of the usual shape are read fast, and as the slow readers read them."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gtbridge.converters.formats import annotations as slow_annotations
from gtbridge.converters.formats import exported_answers, task_completion
from gtbridge.converters.formats.accounts import account_worker
from gtbridge.converters.formats.annotation_results import answer_to_annotation
from gtbridge.converters.formats.annotations import annotation_to_answer
from gtbridge.converters.formats.exported_answers import exported_line
from gtbridge.converters.formats.label_studio_tasks import item_to_task_data
from gtbridge.converters.formats.response_order import with_recorded_order
from gtbridge.converters.formats.task_completion import task_to_item
from gtbridge.converters.formats.usual_annotations import read_usual_annotation
from gtbridge.converters.formats.usual_tasks import read_usual_task
from gtbridge.converters.records import Answer, Item, Ranking, Worker
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, TaskDefinition, TextRanking

DEFINITION = TextRanking(
    dimensions=(Dimension(name="Helpful", allow_tie=True), Dimension(name="Clear", allow_tie=False)),
    flags=("Unsafe",),
    comment="optional",
    cannot_judge=("Spam",),
)
EARLIER = DEFINITION.model_copy(update={"dimensions": DEFINITION.dimensions[:1]})
PLAIN = TextRanking(dimensions=DEFINITION.dimensions)
MARKED = PLAIN.model_copy(update={"markdown": True, "flags": ("Unsafe",)})
WITH_REFERENCE = PLAIN.model_copy(update={"reference": True})
ASKED = QuestionAnswer()
ITEM = Item(3, '{"source": "Why?"}', "Why?", ("a", "<b>", "c\n\x07☃"), reference="d")
PASSAGE = Item(3, '{"source": "It rained."}', "It rained.")
WORKER = Worker("label-studio-1", {"identityProviderType": "LabelStudio", "sub": "1"})


def stored(definition: TextRanking, helpful: tuple[int, ...], clear: tuple[int, ...], **said: Any) -> dict[str, Any]:
    rankings = (Ranking("Helpful", helpful, True), Ranking("Clear", clear, False))[: len(definition.dimensions)]
    answer = Answer(WORKER, rankings=rankings, seconds=4.5, **said)
    beside = {"id": 5, "completed_by": 1, "created_at": "2026-01-01T00:00:00Z", "last_action": None}
    return {**answer_to_annotation(answer, ITEM, definition), **beside}


def with_order(annotation: dict[str, Any], order: tuple[int, ...]) -> dict[str, Any]:
    return {**annotation, "result": with_recorded_order(annotation["result"], order)}


RANKED = [("Helpful", [1, 3, 1], True), ("Clear", [2, 1, 3], False)]
DIMENSIONS = [{"name": name, "allowTie": tie, "responseRankings": ranks} for name, ranks, tie in RANKED]
ORIGINAL = {"workerId": "w", "answerContent": {"textRanking": {"ordinalRankingDimensions": DIMENSIONS}}}
USUAL = stored(DEFINITION, (1, 3, 1), (2, 1, 3))
SEEN = with_order(USUAL, (2, 0, 1))
SAMPLES = [
    USUAL,
    SEEN,
    {**USUAL, "created_username": "a@b.c", "completed_by": {"id": 1, "email": "a@b.c"}},
    with_order(USUAL, (1, 0)),
    stored(EARLIER, (1, 3, 1), ()),
    stored(PLAIN, (1, 3, 1), (2, 1, 3)),
    stored(DEFINITION, (1, 3, 1), (2, 1, 3), comment="Hm."),
    stored(DEFINITION, (1, 3, 1), (2, 1, 3), flags=(("Unsafe",),)),
    {**USUAL, "was_cancelled": True},
    stored(DEFINITION, (1, 3, 1), (2, 1, 3), raw={"workerId": "w", "answerContent": {}}),
    stored(DEFINITION, (1, 3, 1), (2, 1, 3), raw=ORIGINAL),
    {**USUAL, "result": []},
]
DATA = [
    (item_to_task_data(ITEM, PLAIN), PLAIN),
    (item_to_task_data(ITEM, PLAIN, (2, 0, 1)), PLAIN),
    (item_to_task_data(ITEM, MARKED), MARKED),
    (item_to_task_data(ITEM, WITH_REFERENCE), WITH_REFERENCE),
    (item_to_task_data(PASSAGE, ASKED), ASKED),
]
values: list[Any] = [None, True, 0, 1, -1, 1e300, 2.0**64, "", "r1:1", "r9:1", "r1", "2,1,0", [], {}]
names = ["confirmed", "gtbridge_order", "rank__helpful__1", "order__clear", "done__clear", "comment"]
strange = st.sampled_from([*values, *names, ["r1:1"], ["r1:1", "r1:2"], ["r0", "r1", "r2"]])


@st.composite
def changed(draw: Any, samples: list[Any]) -> Any:
    """A sample, in most cases with something in it replaced, left out, given twice or added."""
    made = copy.deepcopy(draw(st.sampled_from(samples)))
    for _ in range(draw(st.integers(0, 2))):
        holder, at = made, draw(st.sampled_from(list(made)))
        while isinstance(holder[at], dict | list) and holder[at] and draw(st.integers(0, 5)):
            holder = holder[at]
            at = draw(st.sampled_from(list(holder) if isinstance(holder, dict) else range(len(holder))))
        how = draw(st.sampled_from(["replace", "remove", "again"]))
        if how == "remove":
            del holder[at]
        elif how == "replace":
            holder[at] = draw(strange)
        elif isinstance(holder, list):
            holder.append(copy.deepcopy(holder[at]))
        else:
            holder[draw(st.sampled_from(["meta", "source", "id", "choices", "gtbridge"]))] = holder[at]
        if not made:
            break
    return made


@settings(max_examples=3 * settings().max_examples)
@given(changed(SAMPLES), st.sampled_from([DEFINITION, EARLIER, PLAIN]), st.sampled_from([None, (1, 0, 2)]))
@example({**USUAL, "result": [*USUAL["result"], USUAL["result"][0]]}, DEFINITION, None)
@example(stored(PLAIN, (1, 3, 1), (2, 1, 3)), DEFINITION, None)
def test_whatever_is_read_fast_is_what_the_slow_reader_reads(
    annotation: dict[str, Any], definition: TextRanking, order: tuple[int, ...] | None
) -> None:
    if read_usual_annotation(annotation, ITEM, definition, WORKER, order) is not None:
        found = annotation_to_answer(annotation, ITEM, definition, WORKER, order)
        assert found == slow_annotations._read(annotation, ITEM, definition, WORKER, order)


@pytest.mark.parametrize("annotation", [USUAL, SEEN, SAMPLES[2], *SAMPLES[-3:]])
def test_what_the_editor_stores_is_read_fast(annotation: dict[str, Any]) -> None:
    assert read_usual_annotation(annotation, ITEM, DEFINITION, WORKER, None) is not None


FIRST, SECOND, THIRD, PLACES, CONFIRMED = USUAL["result"]
STRANGE = {
    "a rank given twice": [FIRST, SECOND, THIRD, PLACES, CONFIRMED, FIRST],
    "two ranks under one control": [FIRST, {**FIRST, "value": SECOND["value"]}, THIRD, PLACES, CONFIRMED],
    "two ranks of one response": [FIRST, {**SECOND, "value": FIRST["value"]}, THIRD, PLACES, CONFIRMED],
    "a confirmation given twice": [FIRST, SECOND, THIRD, PLACES, CONFIRMED, CONFIRMED],
    "an order that is not confirmed": [FIRST, SECOND, THIRD, PLACES],
    "a confirmation without an order": [FIRST, SECOND, THIRD, CONFIRMED],
    "two orders that were seen": [*SEEN["result"][:-1], {**CONFIRMED, "meta": {"gtbridge_order": "0,1,2"}}],
    "meta that holds nothing": [FIRST, SECOND, THIRD, PLACES, {**CONFIRMED, "meta": "gtbridge_order"}],
    "a text in place of choices": [{**FIRST, "value": {"choices": "r0:1"}}, SECOND, THIRD, PLACES, CONFIRMED],
    "an entry that is none": [FIRST, SECOND, THIRD, PLACES, CONFIRMED, None],
}


@pytest.mark.parametrize("result", STRANGE.values(), ids=STRANGE)
def test_what_the_editor_never_stores_is_left_to_the_slow_reader(result: list[Any]) -> None:
    assert read_usual_annotation({**USUAL, "result": result}, ITEM, DEFINITION, WORKER, None) is None


@pytest.mark.parametrize(
    "change", [{"ranks": None}, {"text": 1}, {"text": "\ud800"}, {"id": "r1"}, {"id": []}, {"model": "m"}]
)
def test_a_task_whose_responses_are_otherwise_is_left_to_the_slow_reader(change: dict[str, Any]) -> None:
    data = copy.deepcopy(DATA[0][0])
    data["responses"][0] |= change
    assert read_usual_task(data, PLAIN, 7) is None


@pytest.mark.parametrize("annotation", SAMPLES[3:-3])
def test_what_says_more_or_less_is_left_to_the_slow_reader(annotation: dict[str, Any]) -> None:
    assert read_usual_annotation(annotation, ITEM, DEFINITION, WORKER, None) is None


@settings(max_examples=2 * settings().max_examples)
@given(st.sampled_from(DATA).flatmap(lambda made: st.tuples(changed([made[0]]), st.just(made[1]))))
def test_whatever_task_is_read_fast_is_what_the_slow_reader_reads(made: tuple[Any, TaskDefinition]) -> None:
    data, definition = made
    found = read_usual_task(data, definition, 7)
    if found is not None:
        assert found == task_completion._read(data, definition, 7)[0]


@pytest.mark.parametrize(("data", "definition"), [*DATA[:3], DATA[4]])
def test_what_a_labeling_job_shows_is_read_fast(data: dict[str, Any], definition: TaskDefinition) -> None:
    assert read_usual_task(data, definition, 7) == task_completion._read(data, definition, 7)[0]


def test_hand_made_data_is_left_to_the_slow_reader() -> None:
    data = {"prompt": "Why?", "responses": ["a", "b"]}
    assert read_usual_task(data, PLAIN, 7) is None
    assert task_to_item({"data": data}, PLAIN, 7) is not None


@pytest.mark.parametrize("annotation", SAMPLES)
@pytest.mark.parametrize("more", [[], [{**USUAL, "id": 6, "completed_by": 2}], [{**USUAL, "id": 6}]])
def test_answers_are_those_that_an_export_would_deliver(
    annotation: dict[str, Any], more: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def read() -> Any:
        task = {"id": 1, "data": item_to_task_data(ITEM, DEFINITION), "annotations": [annotation, *more]}
        return exported_line(task, DEFINITION, lambda given: account_worker(given, {}, None), "job")

    fast = read()
    monkeypatch.setattr(exported_answers, "_only_ranks", lambda _: False)
    monkeypatch.setattr(slow_annotations, "read_usual_annotation", lambda *_: None)
    assert fast == read()
    assert len(fast.answers) == 1 + len(more)


def test_one_that_says_the_same_still_gives_its_original_back() -> None:
    annotation = copy.deepcopy(SAMPLES[-2])
    assert annotation_to_answer(annotation, ITEM, DEFINITION, WORKER).raw == ORIGINAL
    annotation["result"][0]["value"] = {"choices": ["r0:2"]}
    changed_since = annotation_to_answer(annotation, ITEM, DEFINITION, WORKER)
    assert changed_since.worker == WORKER
    assert changed_since.rankings[0].ranks == (2, 3, 1)


def test_an_account_is_the_same_worker_in_each_answer() -> None:
    assert annotation_to_answer(USUAL, ITEM, DEFINITION, account_worker(USUAL, {}, None)).worker == WORKER
