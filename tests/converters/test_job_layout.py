"""Which files of a job's folder are what: a listing each under ``tests/data/job_output``."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from gtbridge.converters.formats.job_output import Layout, distinct_answers, document_to_job_answers, item_document
from gtbridge.converters.judgement.judge import judge
from gtbridge.converters.records import Answer, Item, Pair, Ranking, Worker
from gtbridge.label_configs.tasks import Dimension, TextRanking

DATA = Path(__file__).parents[1] / "data" / "job_output"
RESPONSES = "annotations/worker-response"


def layout(case: str) -> Layout:
    return Layout.of((DATA / case / "files.txt").read_text(encoding="utf-8").splitlines())


def test_a_finished_job_has_its_output_manifest_and_files_of_all_iterations() -> None:
    found = layout("finished")
    assert (found.manifest, found.running) == ("manifests/output/output.manifest", False)
    assert found.responses == {
        0: (f"{RESPONSES}/iteration-1/0/2026-01-02_03:04:05.json",),
        1: (f"{RESPONSES}/iteration-2/1/2026-01-02_04:00:01.json",),
        2: (f"{RESPONSES}/iteration-2/2/2026-01-02_04:00:00.json",),
        11: (f"{RESPONSES}/iteration-10/11/2026-01-03_00:00:00.json",),
    }


def test_consolidation_requests_stand_in_the_order_of_their_making() -> None:
    names = [path.partition("consolidation-request/")[2] for path in layout("finished").consolidation_requests]
    assert names == [
        "iteration-2/2026-01-02_04:00:01.json",
        "iteration-2/2026-01-02_04:00:02.json",
        "iteration-10/2026-01-03_00:00:00.json",
    ]


def test_a_running_job_has_the_last_of_its_intermediate_manifests() -> None:
    found = layout("running")
    assert (found.manifest, found.running) == ("manifests/intermediate/10/output.manifest", True)


def test_an_object_may_have_files_in_several_iterations() -> None:
    names = [path.removeprefix(f"{RESPONSES}/") for path in layout("answered-twice").responses[7]]
    assert names == [
        "iteration-2/7/2026-01-02_00:00:04.json",
        "iteration-2/7/2026-01-02_00:00:05.json",
        "iteration-10/7/2026-01-01_00:00:00.json",
    ]


def test_what_is_no_part_of_the_layout_is_passed_over() -> None:
    assert layout("nothing") == Layout()


@given(st.permutations((DATA / "finished" / "files.txt").read_text(encoding="utf-8").splitlines()))
def test_the_order_of_a_listing_means_nothing(paths: list[str]) -> None:
    assert Layout.of(paths) == layout("finished")


def given_by(worker: str, *ranks: int) -> Answer:
    response = {"workerId": worker, "ranks": list(ranks)}
    return Answer(Worker(worker), rankings=(Ranking("Help", ranks),), raw=response)


def test_files_of_one_object_give_each_answer_once_and_none_is_lost() -> None:
    first, again, second = given_by("ann", 1, 2), given_by("ann", 2, 1), given_by("bob", 1, 2)
    assert distinct_answers([[first], [first, second], [again]]) == [first, second, again]
    task = TextRanking(dimensions=(Dimension(name="Help", allow_tie=True),))
    judged = judge(task, Item(0, "", "p", ("a", "b")), distinct_answers([[first], [first, second], [again]]))
    assert (judged.valid, judged.superseded) == ((second, again), (first,))


def test_answers_that_do_not_count_are_read_beside_their_item_even_if_they_do_not_fit_it() -> None:
    task = TextRanking(dimensions=(Dimension(name="Help", allow_tie=True),))
    item = Item(0, "", "p", ("a", "b", "c"))
    short = Answer(Worker("ann"), rankings=(Ranking("Help", (1, 2), True),))
    document = item_document(judge(task, item, [short, Answer(Worker("bob"), status="declined")]))
    answers = document_to_job_answers(document, "w.json", item=item)
    assert [(answer.worker.id, answer.status, answer.unread) for answer in answers] == [
        ("bob", "declined", ()),
        ("ann", "given", ("Help: 2 ranks for 3 responses",)),
    ]


def test_an_invalid_answer_without_problems_keeps_what_was_unread() -> None:
    content = {"qa": [{"question": "q", "answer": "a"}, {"question": "q"}]}
    document = {"answers": [], "gtbridge": {"invalid": [{"workerId": "w", "answerContent": content}]}}
    (answer,) = document_to_job_answers(document, "w.json")
    assert answer.pairs == (Pair("q", "a", scope="passage"),)
    assert answer.unread == ("$.gtbridge.invalid[0].answerContent.qa[1].answer: expected text",)
