"""Of several answers of one worker to one item: which count, and that each is in exactly one place."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from strategies import make_item

from gtbridge.converters.formats.job_output import document_to_job_answers, item_document
from gtbridge.converters.formats.json_text import document_to_text
from gtbridge.converters.judgement.judge import Judged, judge
from gtbridge.converters.records import Answer, Ranking, Worker
from gtbridge.label_configs.tasks import Dimension, TextRanking

TASK = TextRanking(dimensions=(Dimension(name="Help", allow_tie=False),))
ITEM = make_item(0, "Why?", ["a", "b"])
TIE = "Help: Response A and Response B share rank 1; ties are not allowed"


def answer(worker: str, *ranks: int, **more: Any) -> Answer:
    return Answer(Worker(worker), rankings=(Ranking("Help", ranks),) if ranks else (), **more)


def declined(worker: str, reason: str | None = None) -> Answer:
    return Answer(Worker(worker), status="declined", reason=reason)


def test_a_declined_answer_is_superseded_by_any_given_one_of_its_worker_before_or_after() -> None:
    answers = [declined("ann", "sent back"), answer("ann", 1, 2), declined("ann"), declined("bob"), answer("cy", 1, 1)]
    assert judge(TASK, ITEM, [*answers, declined("cy")]) == Judged(
        valid=(answers[1],),
        declined=(answers[3],),
        invalid=((answers[4], (TIE,)),),
        superseded=(answers[0], answers[2], declined("cy")),
    )


def test_all_answers_of_a_worker_who_gave_none_stay_declined() -> None:
    answers = [declined("ann", "sent back"), declined("ann")]
    assert judge(TASK, ITEM, answers) == Judged(declined=tuple(answers))


submissions = st.lists(
    st.builds(
        lambda worker, ranks, status, reason: answer(worker, *ranks, status=status, reason=reason),
        st.sampled_from(["ann", "bob"]),
        st.sampled_from([(1, 2), (2, 1), (1, 1)]),
        st.sampled_from(["given", "given", "declined"]),
        st.none() | st.just("sent back"),
    ),
    max_size=6,
)


@given(submissions)
def test_each_answer_is_in_exactly_one_place(answers: list[Answer]) -> None:
    judged = judge(TASK, ITEM, answers)
    placed = [*judged.valid, *judged.declined, *judged.superseded, *(entry for entry, _ in judged.invalid)]
    assert sorted(map(id, placed)) == sorted(map(id, answers))
    assert len({entry.worker.id for entry in judged.valid}) == len(judged.valid)


@given(submissions)
def test_what_was_superseded_is_so_when_the_output_is_read_again(answers: list[Answer]) -> None:
    judged = judge(TASK, ITEM, answers)
    document = json.loads(document_to_text(item_document(judged)))
    again = judge(TASK, ITEM, document_to_job_answers(document, "w.json"))
    assert item_document(again) == document
    assert [(a.worker.id, a.status, a.reason) for a in again.superseded] == [
        (a.worker.id, a.status, a.reason) for a in judged.superseded
    ]
