"""Every rule over every road of the API: what breaks one is refused in the rule's words, and none of it is stored."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from broken_answers import CASES, Case
from guarded_api import Caller, Desk, calling, open_desk
from judged_jobs import JOBS, Job

from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.guarded

FRESH, ANSWERED, SKIPPED = range(3)

each_job = pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
# For what depends on the road and not on the rule: one case of each task.
examples = pytest.mark.parametrize(
    "case", [case for case in CASES if case.id in ("one rank missing", "question too short")], ids=lambda case: case.id
)


@pytest.fixture(scope="module")
def owner(guarded: Embedded) -> Iterator[Caller]:
    with calling(guarded) as owner:
        yield owner


@pytest.fixture(scope="module")
def annotator(guarded: Embedded) -> Iterator[Caller]:
    with calling(guarded, "rule-breaker") as annotator:
        yield annotator


@pytest.fixture(scope="module")
def desks(owner: Caller, annotator: Caller, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Desk]:
    """A desk for each job. On each, the annotator has answered one task and skipped another."""
    found = {}
    for job in JOBS:
        desk = open_desk(owner, tmp_path_factory.mktemp(job.name), f"rules-{job.name}", job, items=3)
        assert annotator("POST", desk.path(ANSWERED), json={"result": job.good}).status_code == 201
        assert annotator("POST", desk.path(SKIPPED), json={"result": [], "was_cancelled": True}).status_code == 201
        found[job.name] = desk
    return found


def cases_of(job: Job) -> list[Case]:
    return [case for case in CASES if case.job is job]


def refused(answer: httpx.Response) -> list[str]:
    """The sentences of a refusal."""
    assert answer.status_code == 400, answer.text
    found: dict[str, list[str]] = answer.json()["validation_errors"]
    return next(iter(found.values()))


def expected(case: Case) -> list[str]:
    return [case.api_says] if case.api_says else list(case.sentences)


@each_job
def test_a_broken_answer_is_refused_in_the_rules_words_and_not_stored(
    desks: Mapping[str, Desk], annotator: Caller, job: Job
) -> None:
    desk, cases = desks[job.name], cases_of(job)
    said = {case.id: refused(annotator("POST", desk.path(FRESH), json={"result": case.broken})) for case in cases}
    assert said == {case.id: expected(case) for case in cases}
    assert desk.stored(FRESH) == []


@each_job
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_an_answer_cannot_be_broken_afterwards(
    desks: Mapping[str, Desk], annotator: Caller, job: Job, method: str
) -> None:
    desk, cases = desks[job.name], cases_of(job)
    (before,) = desk.stored(ANSWERED)
    path = f"/api/annotations/{before['id']}/"
    said = {case.id: refused(annotator(method, path, json={"result": case.broken})) for case in cases}
    assert said == {case.id: expected(case) for case in cases}
    assert desk.stored(ANSWERED) == [before]


@each_job
def test_skipping_is_no_way_around_the_rules(desks: Mapping[str, Desk], annotator: Caller, job: Job) -> None:
    desk, cases = desks[job.name], [case for case in cases_of(job) if not case.api_says]
    (skipped,) = desk.stored(SKIPPED)
    path = f"/api/annotations/{skipped['id']}/"

    def unskipped(case: Case) -> list[str]:
        kept = annotator("PATCH", path, json={"result": case.broken, "was_cancelled": True})
        assert kept.status_code == 200, kept.text
        return refused(annotator("PATCH", path, json={"was_cancelled": False}))

    assert {case.id: unskipped(case) for case in cases} == {case.id: expected(case) for case in cases}
    (still,) = desk.stored(SKIPPED)
    assert (still["was_cancelled"], still["result"]) == (True, cases[-1].broken)


@each_job
def test_an_import_with_a_broken_answer_makes_no_task(desks: Mapping[str, Desk], job: Job) -> None:
    desk, cases = desks[job.name], [case for case in cases_of(job) if not case.api_says]
    before, data = desk.counts(), desk.tasks[FRESH]["data"]

    def imported(result: Any) -> httpx.Response:
        tasks = [{"data": data}, {"data": data, "annotations": [{"result": result}]}]
        return desk.owner("POST", f"/api/projects/{desk.project}/import", json=tasks)

    said = {case.id: refused(imported(case.broken)) for case in cases}
    assert said == {case.id: [f"answer 1: {sentence}" for sentence in case.sentences] for case in cases}
    assert desk.counts() == before
    assert imported(job.good).status_code == 201
    assert desk.counts() == (before[0] + 2, before[1] + 1)


@examples
def test_no_other_form_of_a_call_gets_past_the_rules(desks: Mapping[str, Desk], annotator: Caller, case: Case) -> None:
    desk = desks[case.job.name]
    path, text = desk.path(FRESH), json.dumps(case.broken)
    for caller in (annotator, desk.owner):
        assert refused(caller("POST", path.rstrip("/"), json={"result": case.broken})) == expected(case)
        assert refused(caller("POST", path, json={"result": text})) == expected(case)
        both = {"result": case.broken, "was_cancelled": True}
        assert refused(caller("POST", f"{path}?was_cancelled=false", json=both)) == expected(case)
    for form in ({"data": {"result": text}}, {"data": {"result": text}, "files": {"file": b""}}):
        assert refused(desk.owner("POST", path, **form)) == expected(case)
        assert annotator("POST", path, **form).status_code == 415
    assert desk.stored(FRESH) == []


@examples
def test_reviewers_are_held_to_the_same_rules(desks: Mapping[str, Desk], case: Case) -> None:
    desk = desks[case.job.name]
    (before,), (skipped,) = desk.stored(ANSWERED), desk.stored(SKIPPED)
    assert refused(desk.owner("POST", desk.path(FRESH), json={"result": case.broken})) == expected(case)
    for method in ("PATCH", "PUT"):
        path = f"/api/annotations/{before['id']}/"
        assert refused(desk.owner(method, path, json={"result": case.broken})) == expected(case)
        back = {"result": case.broken, "was_cancelled": False}
        assert refused(desk.owner(method, f"/api/annotations/{skipped['id']}/", json=back)) == expected(case)
    assert (desk.stored(FRESH), desk.stored(ANSWERED), desk.stored(SKIPPED)) == ([], [before], [skipped])
