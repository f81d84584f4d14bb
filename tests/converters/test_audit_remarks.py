"""What an audit counts beside the answers: reasons, flags, comments; and nothing where no task asks for them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from audit_numbers import audit_numbers
from audited import audited
from job_items import HELP, job_item, ranked
from remarked import ASK
from strategies import make_item

from gtbridge.converters.judgement.job_item import JobItem
from gtbridge.converters.records import Answer, Worker

ASKING = HELP.model_copy(
    update={"flags": ("Unsafe", "Rude"), "comment": "optional", "cannot_judge": ("Too vague", "Not my field")}
)


def about(index: int, *answers: Answer, task: Any = ASKING, models: tuple[str, ...] | None = ("m", "n")) -> JobItem:
    item = replace(make_item(index, f"p{index}", ["a", "b"]), models=models)
    return job_item(item, *answers, task=task)


def flagged(worker: str, *flags: tuple[str, ...], comment: str | None = None) -> Answer:
    return ranked(worker, (1, 2), task=ASKING, flags=flags, comment=comment)


def declined(worker: str, reason: str | None, **more: Any) -> Answer:
    return Answer(Worker(worker), status="declined", reason=reason, **more)


ITEMS = [
    about(
        0,
        flagged("ann", ("Unsafe",)), flagged("bob", ("Unsafe",), ("Rude",), comment="x"), declined("cy", "Too vague"),
    ),
    about(1, flagged("ann", (), ("Rude", "Unsafe")), declined("bob", "Too vague", comment="y"), declined("cy", None)),
    about(2, flagged("ann"), declined("cy", "sent back"), models=("n", "o")),
    about(3, flagged("ann", ("Rude",)), models=None),
    about(4, declined("dan", "Bored")),
]  # fmt: skip


def test_reasons_are_counted_for_everybody_and_for_each_annotator() -> None:
    found = audited(ITEMS)
    assert found["remarks"]["reasons"] == [
        {"reason": "Too vague", "answers": 2},
        {"reason": "Not my field", "answers": 0},
    ]
    assert {one["name"]: (one["declined"], one["invalid"], one["declined_for"]) for one in found["annotators"]} == {
        "ann": (0, 0, {}),
        "bob": (1, 0, {"Too vague": 1}),
        "cy": (3, 0, {"Too vague": 1}),
        "dan": (0, 1, {}),
    }


def test_flags_are_counted_of_judged_responses_and_for_each_model() -> None:
    remarks = audited(ITEMS)["remarks"]
    assert remarks["flags"] == [
        {"flag": "Unsafe", "given": 3, "judged": 10},
        {"flag": "Rude", "given": 3, "judged": 10},
    ]
    assert remarks["models"] == [
        {"model": "m", "judged": 3, "flags": {"Unsafe": 2, "Rude": 0}},
        {"model": "n", "judged": 4, "flags": {"Unsafe": 1, "Rude": 2}},
        {"model": "o", "judged": 1, "flags": {"Unsafe": 0, "Rude": 0}},
    ]


def test_the_responses_that_were_flagged_most_stand_first() -> None:
    assert audited(ITEMS)["remarks"]["responses"] == [
        {"item": "job/0", "response": 1, "flag": "Unsafe", "annotators": 2, "of": 2},
        {"item": "job/1", "response": 2, "flag": "Rude", "annotators": 1, "of": 1},
        {"item": "job/1", "response": 2, "flag": "Unsafe", "annotators": 1, "of": 1},
        {"item": "job/3", "response": 1, "flag": "Rude", "annotators": 1, "of": 1},
        {"item": "job/0", "response": 2, "flag": "Rude", "annotators": 1, "of": 2},
    ]


def test_of_many_flagged_responses_the_same_few_are_kept_whatever_the_order() -> None:
    many = [
        about(n, *(flagged(f"w{k}", ("Rude",)) for k in range(1 + n % 7)), *(flagged(f"v{k}") for k in range(n % 3)))
        for n in range(300)
    ]
    kept = audited(many)["remarks"]["responses"]
    assert len(kept) == 20
    assert {one["annotators"] for one in kept} == {7}
    assert [one["of"] for one in kept] == [7] * 14 + [8] * 6
    assert kept == audited(many[::-1])["remarks"]["responses"]


def test_comments_are_counted_of_the_answers_that_could_have_one() -> None:
    remarks = audited(ITEMS)["remarks"]
    assert (remarks["commented"], remarks["could_comment"]) == (2, 7)
    silent = ASKING.model_copy(update={"comment": None})
    assert audited([about(0, flagged("ann", comment="x"), task=silent)])["remarks"]["could_comment"] == 0


def test_where_no_task_asks_for_it_there_is_nothing_to_say() -> None:
    plain = about(0, flagged("ann", ("Rude",), comment="x"), declined("bob", "Bored"), task=HELP)
    found = audited([plain])
    assert found["remarks"] is None
    assert [one["declined_for"] for one in found["annotators"]] == [{}, {}]


def test_a_question_task_has_reasons_and_comments_and_no_flags() -> None:
    item = job_item(make_item(0, "The fox."), declined("ann", "Too vague", comment="x"), task=ASK)
    remarks = audited([item])["remarks"]
    assert (remarks["reasons"], remarks["flags"]) == ([{"reason": "Too vague", "answers": 1}], [])
    assert (remarks["commented"], remarks["could_comment"]) == (1, 1)


def test_the_numbers_have_the_names_that_the_page_is_made_from() -> None:
    made, found = audit_numbers(reasons=("Rude",))["remarks"], audited(ITEMS)["remarks"]
    assert made.keys() == found.keys()
    for part in ("reasons", "flags", "models", "responses"):
        assert made[part][0].keys() == found[part][0].keys(), part
