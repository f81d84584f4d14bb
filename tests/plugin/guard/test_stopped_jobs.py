"""A job that was stopped: annotators get no more of it, and what they send comes too late. Reviewers go on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from guarded_api import Desk, calling, open_desk
from judged_jobs import RANKING
from roads import done, run

from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.guarded


def stop(desk: Desk, name: str) -> None:
    result = run("job", "stop", name, server=desk.owner.server)
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"{name}: Stopped\n", "")


def test_a_stopped_job_gives_annotators_no_task_and_takes_none_of_their_answers(
    guarded: Embedded, tmp_path: Path
) -> None:
    with calling(guarded) as owner, calling(guarded, "late") as late:
        desk = open_desk(owner, tmp_path, "stopped-guarded", RANKING, items=3)
        next_task = f"/api/projects/{desk.project}/next"
        given = late("GET", next_task).json()["id"]
        other = next(number for number, task in enumerate(desk.tasks) if task["id"] != given)
        answered = late("POST", desk.path(other), json={"result": RANKING.good}).json()["id"]
        stop(desk, "stopped-guarded")

        actions = late("POST", "/api/dm/actions", params={"id": "next_task", "project": desk.project}, json={})
        for refused in (late("GET", next_task), actions):
            assert (refused.status_code, "was stopped" in refused.json()["detail"]) == (404, True)
        answers = f"/api/tasks/{given}/annotations/"
        own = f"/api/annotations/{answered}/"
        late_answers = [
            late("POST", answers, json={"result": RANKING.good}),
            late("POST", answers, json={"result": [], "was_cancelled": True}),
            late("PATCH", own, json={"result": RANKING.good}),
        ]
        for refused in late_answers:
            assert refused.status_code == 409, refused.text
            assert refused.json()["detail"] == "the labeling job was stopped: it takes no more answers"
        assert desk.counts() == (3, 1)
        assert late("GET", own).status_code == 200, "what they said, they may still see"
        assert late("POST", f"/api/tasks/{given}/drafts", json={"result": RANKING.good}).status_code == 201

        described = json.loads(done("job", "describe", "stopped-guarded", "--json", server=guarded))
        assert (described["LabelingJobStatus"], described["LabelStudio"]["Guarded"]) == ("Stopped", True)
        assert described["LabelStudio"]["Valid"] == 1


def test_reviewers_and_other_jobs_go_on(guarded: Embedded, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with calling(guarded) as owner, calling(guarded, "elsewhere") as elsewhere:
        desk = open_desk(owner, tmp_path, "stopped-for-annotators", RANKING)
        running = open_desk(owner, tmp_path / "other", "running-beside", RANKING)
        stop(desk, "stopped-for-annotators")
        assert owner("GET", f"/api/projects/{desk.project}/next").status_code == 200
        assert owner("POST", desk.path(), json={"result": RANKING.good}).status_code == 201
        assert elsewhere("GET", f"/api/projects/{running.project}/next").status_code == 200
        assert elsewhere("POST", running.path(), json={"result": RANKING.good}).status_code == 201


def test_annotators_are_not_told_when_the_job_was_stopped(guarded: Embedded, tmp_path: Path) -> None:
    with calling(guarded) as owner, calling(guarded, "curious") as curious:
        desk = open_desk(owner, tmp_path, "stopped-quietly", RANKING)
        stop(desk, "stopped-quietly")
        seen = curious("GET", f"/api/projects/{desk.project}/").json()["description"]
        assert "stopped" in owner("GET", f"/api/projects/{desk.project}/").json()["description"]
        assert "stopped" not in seen
