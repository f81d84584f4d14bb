"""Ground Truth jobs on a real Label Studio: only what is missing is given out, and nothing is lost unasked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx
import pytest
from migration import RANKING, GroundTruthJob, finished_job, migrate, reading, tasks_of
from roads import Api, done, new_annotator, output_lines, pooled_annotator, ranked, run, worker_file

from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.server


def answer_all(server: Embedded, project: int, people: Iterable[int]) -> Counter[int]:
    """Fresh annotators take tasks from the label stream and answer them until it has none; how often it gave each."""
    given: Counter[int] = Counter()
    for number in people:
        api = Api(server, pooled_annotator(server.url, server.api_key, number))
        while (reply := api.get(f"/api/projects/{project}/next")).status_code == 200:
            task = reply.json()
            given[task["data"]["object_index"]] += 1
            order = list(range(1, len(task["data"]["responses"]) + 1))
            api.annotate(task["id"], ranked(task["data"], order, order))
        assert reply.status_code == 404
    return given


# How many more answers each item is to have; the others are finished.
MISSING = {1: 1, 2: 2, 3: 3, 4: 3, 5: 1, 6: 1}


def gives_out_what_is_missing(server: Embedded, folder: Path, name: str) -> None:
    """Four people want work: each finished item is given to nobody, each other one to as many as are missing."""
    RANKING.write(str(folder))
    project = migrate(server, str(folder), RANKING, name)["ProjectId"]
    assert answer_all(server, project, range(4)) == MISSING
    assert all(task["is_labeled"] for task in tasks_of(server, project))
    described = json.loads(done("job", "describe", name, "--json", server=server))
    assert described["LabelingJobStatus"] == "Completed"

    done("job", "export", name, "--to", str(folder), server=server)
    lines = output_lines(folder / name)
    for index, (_, metadata, answers) in enumerate(RANKING.lines):
        document = worker_file(folder / name, lines[index], "ranks")
        given = document["answers"]
        # Six is partial, as Ground Truth delivered it, and still counts.
        assert len(given) == (4 if index == 6 else 3)
        came = [entry for entry in answers or [] if index != 5 or entry["workerId"] != "w3"]
        assert sorted(given, key=_worker)[-len(came) :] == came if came else given
        kept = lines[index]["ranks-metadata"]
        assert kept.get("unknown") == (metadata or {}).get("unknown")
        assert "failure-reason" not in kept
        assert kept["job-name"] == ("labeling-job/gt-ranking" if index in RANKING.finished else name)
    (invalid,) = worker_file(folder / name, lines[5], "ranks")["gtbridge"]["invalid"]
    assert (invalid["workerId"], invalid["somethingNew"]) == ("w3", {"a": [1.5, "é"]})


def _worker(entry: dict[str, Any]) -> str:
    return str(entry["workerId"])


def test_the_label_stream_gives_out_what_is_missing(label_studio: Embedded, tmp_path: Path) -> None:
    gives_out_what_is_missing(label_studio, tmp_path, "missing-ones")


@pytest.mark.guarded
def test_the_guarded_label_stream_gives_out_what_is_missing(guarded: Embedded, tmp_path: Path) -> None:
    gives_out_what_is_missing(guarded, tmp_path, "missing-ones-guarded")


def test_a_finished_item_is_given_to_nobody_after_the_projects_settings_were_changed(
    label_studio: Embedded, tmp_path: Path
) -> None:
    job = finished_job("settings", 2, to_do=1)
    job.write(str(tmp_path))
    project = migrate(label_studio, str(tmp_path), job, "settings")["ProjectId"]
    changes = [
        {"maximum_annotations": 4},
        {"maximum_annotations": 3, "skip_queue": "IGNORE_SKIPPED", "show_overlap_first": True},
        {"overlap_cohort_percentage": 50},
        # Now no task is left that waits for more than one person, and all get the same overlap.
        {"maximum_annotations": 1, "overlap_cohort_percentage": 100},
        {"maximum_annotations": 3},
    ]
    given: Counter[int] = Counter()
    for number, change in enumerate(changes):
        url = f"{label_studio.url}/api/projects/{project}/"
        httpx.patch(url, json=change, headers=Api(label_studio).headers, timeout=60).raise_for_status()
        given += answer_all(label_studio, project, [number])
    assert given.keys() == {2}


def test_while_one_person_has_an_item_that_lacks_one_answer_nobody_else_gets_it(
    label_studio: Embedded, tmp_path: Path
) -> None:
    job = finished_job("one-left", 1)
    text, metadata, answers = job.lines[0]
    assert answers is not None
    lines = [*job.lines, (text, metadata, answers[:2])]
    job = GroundTruthJob("one-left", job.task, lines)
    job.write(str(tmp_path))
    project = migrate(label_studio, str(tmp_path), job, "one-left")["ProjectId"]
    people = [Api(label_studio, pooled_annotator(label_studio.url, label_studio.api_key, n)) for n in range(3)]
    given = [api.get(f"/api/projects/{project}/next") for api in people]
    assert [reply.status_code for reply in given] == [200, 404, 404]
    assert given[0].json()["data"]["object_index"] == 1


def test_a_worker_who_has_an_account_keeps_their_name_and_is_not_given_their_items(
    label_studio: Embedded, tmp_path: Path
) -> None:
    job = finished_job("mapped", 1, to_do=1)
    text, metadata, answers = job.lines[0]
    assert answers is not None
    lines = [*job.lines, (text, metadata, answers[:1]), (text, metadata, answers[1:2])]
    job = GroundTruthJob("mapped", job.task, lines)
    job.write(str(tmp_path))
    people = {worker: new_annotator(label_studio, f"mapped-{worker}") for worker in ("w0", "w1")}
    accounts = {user["email"]: user["id"] for user in Api(label_studio).get("/api/users").json()}
    who = tmp_path / "who.csv"
    who.write_text("worker,email\n" + "".join(f"{worker},mapped-{worker}@example.com\n" for worker in people))
    project = migrate(label_studio, str(tmp_path), job, "mapped", "--workers", str(who))["ProjectId"]
    made = tasks_of(label_studio, project)
    owners = [accounts[f"mapped-{worker}@example.com"] for worker in ("w0", "w1")]
    assert [annotation["completed_by"] for annotation in made[0]["annotations"]][:2] == owners
    assert {user["email"] for user in Api(label_studio).get("/api/users").json()} == accounts.keys()
    seen: dict[str, Any] = {}
    for worker, key in people.items():
        api, seen[worker] = Api(label_studio, key), []
        while (reply := api.get(f"/api/projects/{project}/next")).status_code == 200:
            task = reply.json()
            seen[worker].append(task["data"]["object_index"])
            api.annotate(task["id"], ranked(task["data"], [1, 2], [1, 2]))
    assert {worker: sorted(objects) for worker, objects in seen.items()} == {"w0": [1, 3], "w1": [1, 2]}
    done("job", "export", "mapped", "--to", str(tmp_path / "out"), server=label_studio)
    first = worker_file(tmp_path / "out/mapped", output_lines(tmp_path / "out/mapped")[0], "ranks")
    assert first == {"answers": answers}


# What is refused


def test_what_would_be_lost_is_refused_before_anything_is_made_unless_it_is_allowed(
    label_studio: Embedded, tmp_path: Path
) -> None:
    good = finished_job("lossy", 1)
    job = GroundTruthJob("lossy", good.task, [*good.lines, (json.dumps({"source": "x"}), None, None)])
    path = job.write(str(tmp_path))
    result = run("migrate", path, *reading(job, str(tmp_path)), server=label_studio)
    assert result.exit_code == 1
    assert "line 2: $.responses: is missing" in result.stderr
    assert "--allow-loss" in result.stderr
    assert run("job", "describe", "lossy", server=label_studio).exit_code == 1
    said = migrate(label_studio, str(tmp_path), job, "lossy", "--allow-loss")
    assert len(tasks_of(label_studio, said["ProjectId"])) == 1
    done("job", "export", "lossy", "--to", str(tmp_path / "out"), server=label_studio)
    assert output_lines(tmp_path / "out/lossy")[1] == json.loads(job.lines[1][0])


def test_a_name_that_another_job_has_is_refused(label_studio: Embedded, tmp_path: Path) -> None:
    job = finished_job("taken", 1)
    path = job.write(str(tmp_path))
    migrate(label_studio, str(tmp_path), job, "taken")
    result = run("migrate", path, *reading(job, str(tmp_path)), "--workers-per-object", "5", server=label_studio)
    assert result.exit_code == 1
    assert "the labeling job taken exists already" in result.stderr
    assert "not from this output with these options" in result.stderr
    live = run("migrate", "label-studio:taken", "--project", "other", server=label_studio)
    assert "label-studio:taken: is on Label Studio already" in live.stderr
