"""The audit as a whole: what it counts, its names, and that the order of items is nothing to it."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from audit_numbers import audit_numbers
from audited import ASK, BOTH, STRICT, about, audited, pair, passage, simulated_job
from hypothesis import given
from job_items import job_items, ranked

from gtbridge.converters.agreement.agreement import Agreement
from gtbridge.converters.audit.audit import Audit
from gtbridge.converters.records import Answer, Worker
from gtbridge.label_configs.tasks import Dimension, TextRanking

PROGRAM = {"identityProviderType": "Simulated"}
TEXT = "The river rises in the north."


def asked(worker: str, index: int) -> Answer:
    pairs = (pair("Who?", "river", (4, 9), text=TEXT), pair(f"Why {index % 2}?"))
    return Answer(Worker(worker), pairs=pairs, seconds=index / 4)


def mixed_job() -> list[Any]:
    """Two ranking jobs and one of questions, with everything in them that can be counted."""

    def anyhow(chance: random.Random, texts: Any, order: Any) -> list[list[int]]:
        return [[chance.randint(1, 4) for _ in order], [chance.randint(1, 4) for _ in order]]

    items = simulated_job(anyhow, items=12, task=BOTH)
    items += [about("ab", ranked("ann", (index % 2 + 1, 2), seconds=1.0), index=index, job="two") for index in range(9)]
    items += [passage(TEXT, asked("ann", index), asked("dot", index), index=index, job="qa") for index in range(9)]
    return items


def names(value: Any) -> Any:
    """The keys of everything, and what kinds of values they have."""
    if isinstance(value, dict):
        return {key: names(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [names(value[0])] if value else []
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def test_what_is_counted_of_each_job() -> None:
    program = Answer(Worker("p", PROGRAM), rankings=ranked("p", (1, 2)).rankings)
    items = [
        about("ab", ranked("ann", (1, 2)), program, ranked("cy", (1, 2), status="declined")),
        about("ab", ranked("ann", (1, 2)), ranked("bob", (1, 3)), index=1),
        about("ab", ranked("bob", (1, 2), status="failed"), index=2),
        about("ab", ranked("ann", (1, 2)), ranked("ann", (2, 1)), index=3),
        passage(TEXT, asked("ann", 1), job="qa"),
    ]
    found = audited(items)
    ranking, questions = found["jobs"]
    assert ranking == {
        "name": "job",
        "task": "text-ranking",
        "items": 4,
        "items_answered": 3,
        "answers": 4,
        "declined": 2,
        "invalid": 1,
        "annotators": 2,
        "simulated": 1,
    }
    assert (questions["name"], questions["task"], questions["answers"]) == ("qa", "question-answer", 1)
    keys = ("name", "simulated", "answers", "declined", "invalid")
    assert [tuple(one[key] for key in keys) for one in found["annotators"]] == [
        ("ann", False, 4, 0, 0),
        ("bob", False, 0, 1, 1),
        ("cy", False, 0, 1, 0),
        ("p", True, 1, 0, 0),
    ]


def test_the_names_are_those_that_the_report_reads() -> None:
    items = simulated_job(
        lambda chance, texts, order: [[1, 2, 3, 4], chance.sample([1, 2, 3, 4], 4)], items=4, task=BOTH
    )
    items += [about("ab", ranked("ann", (1, 2), task=STRICT, order=(0, 1), seconds=0.01), task=STRICT, job="strict")]
    items += [passage(TEXT, asked("ann", index), asked("dot", 9), index=index, job="qa") for index in range(2)]
    found, made = audited(items, resamples=20), audit_numbers(("Help", "Safe"), questions=True)
    assert names({**found, "dimensions": [], "annotators": []}) == names({**made, "dimensions": [], "annotators": []})
    for key in found["dimensions"][0].keys() | made["dimensions"][0].keys():
        if key not in ("strengths", "untouched", "tie_parameter"):
            assert names(found["dimensions"][0][key]) == names(made["dimensions"][0][key]), key
    assert found["dimensions"][0].keys() == made["dimensions"][0].keys()
    assert found["annotators"][0].keys() == made["annotators"][0].keys()
    strict = audited([items[4]])["dimensions"][0]["untouched"]
    assert strict.keys() == {"share", "chance"}


def test_the_result_is_plain_json() -> None:
    found = audited(mixed_job(), resamples=20)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert json.loads(json.dumps(audited([]), allow_nan=False)) == audited([])


def test_nothing_at_all_gives_no_figures() -> None:
    found = audited([])
    assert (found["jobs"], found["dimensions"], found["halo"], found["annotators"]) == ([], [], [], [])
    assert found["questions"] is None


def test_agreement_is_that_of_the_agreement_class() -> None:
    items = [item for item in mixed_job() if item.definition is not ASK]
    agreement = Agreement(lambda answer: answer.worker.id, resamples=30)
    for item in items:
        agreement.see(item)
    for dimension, expected in zip(audited(items, resamples=30)["dimensions"], agreement.dimensions(), strict=True):
        assert {key: dimension[key] for key in expected.to_dict()} == expected.to_dict()


def test_annotators_carry_their_own_agreement_and_ties_on_the_dimensions_that_they_ranked() -> None:
    only = TextRanking(dimensions=(Dimension(name="Other", allow_tie=True),))
    items = [*mixed_job(), about("ab", ranked("eve", (1, 1), task=only), task=only, job="other")]
    found = audited(items)
    people = {one["name"]: one for one in found["annotators"]}
    assert {name: list(one["ties"]) for name, one in people.items()} == {
        "ann": ["Help", "Safe"],
        "bob": ["Help", "Safe"],
        "cy": ["Help", "Safe"],
        "dot": [],
        "eve": ["Other"],
    }
    for dimension in found["dimensions"]:
        for one in dimension["annotators"]:
            assert people[one["name"]]["agreement"][dimension["name"]] == one["agreement"]
            assert people[one["name"]]["ties"][dimension["name"]] == one["ties"]


def test_workers_of_one_name_are_one_annotator() -> None:
    audit = Audit(lambda answer: answer.worker.id.lower(), resamples=0)
    audit.see(about("ab", ranked("ann", (1, 2), seconds=3.0)))
    audit.see(about("ab", ranked("ANN", (1, 2), seconds=5.0), index=1))
    (ann,) = audit.result().to_dict()["annotators"]
    assert (ann["name"], ann["answers"], ann["median_seconds"]) == ("ann", 2, 4.0)


def test_an_annotator_who_is_a_program_anywhere_is_simulated() -> None:
    person, program = ranked("p", (1, 2)), Answer(Worker("p", PROGRAM), rankings=ranked("p", (1, 2)).rankings)
    for answers in ((person, program), (program, person)):
        (found,) = audited([about("ab", answer, index=index) for index, answer in enumerate(answers)])["annotators"]
        assert (found["simulated"], found["answers"]) == (True, 2)


def test_a_name_is_asked_for_once_for_each_worker() -> None:
    asked_for: list[str] = []

    def name_of(answer: Answer) -> str:
        asked_for.append(answer.worker.id)
        return answer.worker.id

    audit = Audit(name_of, resamples=0)
    for index in range(50):
        audit.see(about("ab", ranked("ann", (1, 2)), ranked("bob", (2, 1)), index=index))
    assert len(asked_for) <= 4  # agreement and the rest, each of both


def test_dimensions_of_one_name_are_one_whatever_their_tie_rules() -> None:
    items = [
        about("ab", ranked("ann", (1, 1), order=(0, 1)), job="loose"),
        about("ab", ranked("ann", (1, 2), task=STRICT, order=(0, 1)), task=STRICT, job="strict"),
    ]
    (dimension,) = audited(items)["dimensions"]
    assert (dimension["name"], dimension["allow_tie"], dimension["answers"]) == ("Help", True, 2)
    # Only the strict job's list starts filled.
    assert (dimension["untouched"]["share"]["value"], dimension["untouched"]["share"]["n"]) == (1.0, 1)


@pytest.mark.parametrize("resamples", [0, 50])
def test_the_order_of_items_makes_no_difference(resamples: int) -> None:
    items = mixed_job()
    expected = audited(items, resamples=resamples)
    for seed in range(3):
        shuffled = random.Random(seed).sample(items, len(items))
        found = audited(shuffled, resamples=resamples)
        # Jobs and dimensions stand in the order of appearance.
        found["jobs"].sort(key=lambda job: [one["name"] for one in expected["jobs"]].index(job["name"]))
        assert found == expected


@given(job_items(BOTH, size=6))
def test_any_job_can_be_audited(items: list[Any]) -> None:
    found = audited(items, resamples=5)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert sum(job["answers"] for job in found["jobs"]) == sum(one["answers"] for one in found["annotators"])


def test_more_can_be_seen_after_a_result() -> None:
    items = mixed_job()
    audit = Audit(lambda answer: answer.worker.id, resamples=0)
    for item in items[:15]:
        audit.see(item)
    audit.result()
    for item in items[15:]:
        audit.see(item)
    assert audit.result().to_dict() == audited(items)
