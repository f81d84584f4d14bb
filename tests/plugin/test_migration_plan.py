"""What a migration would do: read from a job's output, without a server."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest
from commands import snapshot
from job_files import answer, write_job
from migration import QUESTIONS, RANKING, GroundTruthJob, finished_job, reading
from roads import done, request, run

from gtbridge.label_configs.errors import GtbridgeError
from gtbridge.plugin.migration.plan import MigrationOptions, plan_migration
from gtbridge.plugin.migration.worker_users import read_worker_users
from gtbridge.plugin.outputs.job_reader import JobOutputOptions, open_job_output

BLANK = json.dumps({"source": "No responses"})


def dry_run(folder: Path, job: GroundTruthJob, *options: str) -> dict[str, Any]:
    """What ``migrate --dry-run`` says of the job, which it must leave as it is."""
    path = job.write(str(folder))
    before = snapshot(folder)
    said: dict[str, Any] = json.loads(
        done("migrate", path, *reading(job, str(folder)), "--dry-run", "--json", *options)
    )
    assert snapshot(folder) == before
    return said


def refused(*arguments: str) -> str:
    result = run("migrate", *arguments, "--dry-run")
    assert (result.exit_code, result.stdout) == (1, ""), result.output
    return result.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("job", "counts", "aside"),
    [(RANKING, (3, 10, 4, 6), 2), (QUESTIONS, (2, 4, 1, 3), 1)],
    ids=["ranking", "questions"],
)
def test_a_dry_run_needs_no_server_and_counts_what_is_finished_and_what_is_to_do(
    tmp_path: Path, job: GroundTruthJob, counts: tuple[int, ...], aside: int
) -> None:
    said = dry_run(tmp_path, job)
    keys = ("NumberOfHumanWorkersPerDataObject", "objects", "finished", "to_do")
    assert tuple(said[key] for key in keys) == counts
    assert (said["LabelingJobName"], said["LabelAttributeName"], said["lost"]) == (job.name, job.attribute, [])
    (note,) = said["ledger"]["answers"]["notes"]
    assert note["count"] == len(note["where"]) == aside


def test_whoever_runs_it_is_told_of_answers_that_are_not_counted(tmp_path: Path) -> None:
    path = RANKING.write(str(tmp_path))
    result = run("migrate", path, *reading(RANKING, str(tmp_path)), "--dry-run")
    assert "note: 3 of the items to do have several answers that one user owns" in result.stderr
    whole = finished_job("whole", 1)
    result = run("migrate", whole.write(str(tmp_path)), *reading(whole, str(tmp_path)), "--dry-run")
    assert result.stderr == ""


def test_more_answers_than_there_are_can_be_asked_for_and_fewer_are_all_kept(tmp_path: Path) -> None:
    job = finished_job("sizes", 2)
    assert [dry_run(tmp_path, job, "--workers-per-object", n)["finished"] for n in ("5", "3", "2")] == [0, 2, 2]


def test_each_item_of_which_no_task_can_be_made_is_named_with_its_answers(tmp_path: Path) -> None:
    good = finished_job("lossy", 2)
    _, metadata, answers = good.lines[0]
    job = GroundTruthJob("lossy", good.task, [*good.lines, (BLANK, metadata, answers), (BLANK, None, None)])
    said = dry_run(tmp_path, job)
    why = "$.responses: is missing: a text ranking needs the responses to rank"
    assert said["lost"] == [f"line 3: {why}, and the item's 3 answers with it", f"line 4: {why}"]
    assert (said["ledger"]["items"]["dropped"][0]["count"], said["ledger"]["answers"]["dropped"][0]["count"]) == (2, 3)


def test_the_request_of_the_job_can_be_given_and_says_what_it_is_called_and_asks(tmp_path: Path) -> None:
    job = finished_job("given", 2)
    fields = request("real-name", tmp_path / "in.manifest", tmp_path / "given.yaml", 4)
    path = tmp_path / "request.json"
    path.write_text(json.dumps({**fields, "LabelAttributeName": "ranks"}))
    said = dry_run(tmp_path, job, "--request", str(path))
    assert (said["LabelingJobName"], said["NumberOfHumanWorkersPerDataObject"]) == ("real-name", 4)
    said = dry_run(tmp_path, job, "--request", str(path), "--project", "other", "--workers-per-object", "2")
    assert (said["LabelingJobName"], said["NumberOfHumanWorkersPerDataObject"]) == ("other", 2)
    path.write_text(json.dumps(fields))
    sentence = refused(str(tmp_path / "given"), *reading(job, str(tmp_path)), "--request", str(path))
    assert sentence.endswith("$.LabelAttributeName: asks for the label attribute label, but the job's output has ranks")


def test_the_task_is_the_one_in_the_template_that_the_request_names(tmp_path: Path) -> None:
    job = finished_job("template", 1)
    path = tmp_path / "request.json"
    fields = request("template", tmp_path / "in.manifest", tmp_path / "template.yaml", 3)
    path.write_text(json.dumps({**fields, "LabelAttributeName": "ranks"}))
    folder = job.write(str(tmp_path))
    (tmp_path / "template.yaml").unlink()
    assert "template.yaml" in refused(folder, "--request", str(path))


@pytest.mark.parametrize("name", ["with_underscore", "x" * 64])
def test_a_job_that_no_labeling_job_can_be_called_after_takes_another_name(tmp_path: Path, name: str) -> None:
    folder = finished_job(name, 1).write(str(tmp_path))
    assert f"{name!r} is no name of a labeling job" in refused(folder)
    assert json.loads(done("migrate", folder, "--dry-run", "--json", "--project", "fine"))["LabelingJobName"] == "fine"


def test_a_job_of_which_all_answers_are_missing_is_work_to_do_if_that_is_allowed(tmp_path: Path) -> None:
    folder = write_job(tmp_path / "job", [[answer("w1")], [answer("w2")]])
    for path in folder.rglob("one.json"):
        path.unlink()
    task = tmp_path / "task.yaml"
    task.write_text(RANKING.task)
    assert "2 missing" in refused(str(folder), "--task", str(task))
    said = json.loads(done("migrate", str(folder), "--task", str(task), "--allow-missing", "--dry-run", "--json"))
    assert (said["finished"], said["to_do"]) == (0, 2)


def test_equal_plans_have_equal_digests_and_others_do_not(tmp_path: Path) -> None:
    def digest(job: GroundTruthJob, **options: Any) -> str:
        path = job.write(str(tmp_path))
        opening = JobOutputOptions(task=f"{path}.yaml")
        with TemporaryFile() as tasks:
            return plan_migration(open_job_output(path, opening), MigrationOptions(**options), tasks).digest

    job = finished_job("digest", 2)
    others = [digest(job, users={"w1": 5}), digest(job, owner=7), digest(job, workers_per_object=4)]
    others += [digest(job, name="other"), digest(finished_job("digest", 2, to_do=1))]
    assert digest(job) == digest(job)
    assert len({digest(job), *others}) == 6


EMAILS = {1: "Ann@example.com", 2: "bob@example.com"}


def test_workers_are_the_users_whose_addresses_the_file_has(tmp_path: Path) -> None:
    path = tmp_path / "who.csv"
    path.write_text("email, worker\n ann@example.com, a.b,\n".replace(",\n", "\n") + "\nBOB@example.com,c\n")
    assert read_worker_users(str(path), EMAILS) == {"a.b": 1, "c": 2}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("worker\nx\n", ":1: the first line must name the columns: worker, email"),
        ("worker,email\n", ": names nobody"),
        ("worker,email\nx\n", ":2: expected a worker and an e-mail address"),
        ("worker,email\nx,\n", ":2: expected a worker and an e-mail address"),
        ("worker,email\nx,cy@example.com\n", ":2: no account has the address cy@example.com"),
        (
            "worker,email\nx,ann@example.com\ny,ANN@example.com\n",
            ":3: ANN@example.com is the worker x already (line 2): one person is one worker",
        ),
        ("worker,email\nx,ann@example.com\nx,bob@example.com\n", ":3: the worker x is given twice (line 2)"),
        ('worker,email\n"x,ann@example.com\n', ":2: not CSV: unexpected end of data"),
    ],
)
def test_a_file_of_workers_that_cannot_be_used_is_refused_with_its_line(
    tmp_path: Path, text: str, sentence: str
) -> None:
    path = tmp_path / "who.csv"
    path.write_text(text)
    with pytest.raises(GtbridgeError) as error:
        read_worker_users(str(path), EMAILS)
    assert str(error.value) == f"{path}{sentence}"
