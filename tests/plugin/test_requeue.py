"""Invalid answers go back to whoever gave them: on a real server, as the label stream gives its items."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from annotators import GOOD, ITEM, Crew, reasons
from roads import done, output_lines, ranked, run, worker_file

from gtbridge.converters.formats.sent_back import with_set_aside
from gtbridge.converters.ledger import Ledger
from gtbridge.plugin.label_studio.requeue import plan_requeue, requeue
from gtbridge.plugin.label_studio.server import connect
from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.server

NO_ORDER = "Clarity: put the responses in order, then confirm"


def bad(data: dict[str, Any]) -> list[dict[str, Any]]:
    """A ranking of the one dimension only."""
    return [entry for entry in ranked(data, *GOOD) if entry["from_name"].startswith("rank")]


def test_a_bounced_item_goes_to_its_annotator_alone_and_the_new_answer_counts(
    label_studio: Embedded, tmp_path: Path
) -> None:
    crew = Crew(label_studio, tmp_path, "bounced", ["ann", "bob", "cy"], workers=2, items=[ITEM, ITEM])
    first, second = crew.task(0), crew.task(1)
    for task in (first, second):
        crew.api["ann"].annotate(task["id"], bad(task["data"]) if task is first else ranked(task["data"], *GOOD))
        crew.api["bob"].annotate(task["id"], ranked(task["data"], *GOOD))
    assert [crew.served(who) for who in crew.api] == [None, None, None]

    report = crew.export("--requeue")
    back = {"line": 1, "worker": crew.worker("ann"), "problems": [NO_ORDER]}
    assert report["requeue"] == {"sent_back": [back], "set_aside": 0, "remarks": []}
    assert reasons(report, "notes") == {"sent back to their annotators": 1}
    assert "example.com" not in str(report)
    out = tmp_path / "out" / "bounced"
    (invalid,) = worker_file(out, output_lines(out)[0])["gtbridge"]["invalid"]
    assert (invalid["workerId"], invalid["problems"]) == (crew.worker("ann"), [NO_ORDER])

    assert crew.served("bob") is None
    assert crew.served("cy") is None
    assert crew.served("ann") == first["id"]
    waiting = crew.export()
    assert (waiting["ledger"]["answers"]["in"], waiting["ledger"]["answers"]["out"]) == (4, 3)
    assert reasons(waiting, "dropped") == {"sent back, and not given again yet": 1}

    crew.api["ann"].annotate(first["id"], ranked(first["data"], [3, 2, 1], [3, 2, 1]))
    assert [crew.served(who) for who in crew.api] == [None, None, None]
    final = crew.export()
    assert reasons(final, "dropped") == {"sent back, then given again later by the same worker": 1}
    document = worker_file(out, output_lines(out)[0])
    given = {entry["workerId"]: entry["answerContent"]["textRanking"] for entry in document["answers"]}
    assert given.keys() == {crew.worker("ann"), crew.worker("bob")}
    assert given[crew.worker("ann")]["ordinalRankingDimensions"][1]["responseRankings"] == [3, 2, 1]
    (earlier,) = document["gtbridge"]["superseded"]
    assert earlier["gtbridge"]["labelStudio"]["result"] == bad(first["data"])


def test_a_second_run_sends_nothing_back_twice(label_studio: Embedded, tmp_path: Path) -> None:
    crew = Crew(label_studio, tmp_path, "twice", ["ann"])
    task = crew.task()
    crew.api["ann"].annotate(task["id"], [{"garbage": 1}])
    assert len(crew.export("--requeue")["requeue"]["sent_back"]) == 1
    before = crew.task()["annotations"]
    assert crew.export("--requeue")["requeue"]["sent_back"] == []
    assert crew.task()["annotations"] == before


def test_a_dry_run_says_the_same_and_changes_and_writes_nothing(label_studio: Embedded, tmp_path: Path) -> None:
    crew = Crew(label_studio, tmp_path, "dry", ["ann"])
    task = crew.task()
    crew.api["ann"].annotate(task["id"], bad(task["data"]))
    crew.update("projects", crew.project, skip_queue="IGNORE_SKIPPED")
    before = crew.task()
    planned = crew.export("--requeue", "--dry-run")
    assert not (tmp_path / "out").exists()
    assert crew.task() == before
    assert crew.served("ann") is None
    project = crew.owner.get(f"/api/projects/{crew.project}").json()
    assert project["skip_queue"] == "IGNORE_SKIPPED"
    assert crew.export("--requeue")["requeue"]["sent_back"] == planned["requeue"]["sent_back"] != []


def test_dry_run_alone_is_wrong_usage(tmp_path: Path) -> None:
    result = run("job", "export", "x", "--to", str(tmp_path), "--dry-run")
    assert (result.exit_code, "--dry-run goes with --requeue" in result.stderr) == (2, True)


@pytest.mark.parametrize("before", ["REQUEUE_FOR_OTHERS", "IGNORE_SKIPPED"])
def test_a_project_that_gives_items_to_others_is_changed_first_and_that_is_said(
    label_studio: Embedded, tmp_path: Path, before: str
) -> None:
    crew = Crew(label_studio, tmp_path, f"others-{before[:3].lower()}", ["ann", "bob"])
    task = crew.task()
    crew.api["ann"].annotate(task["id"], bad(task["data"]))
    crew.update("projects", crew.project, skip_queue=before)
    command = ("job", "export", crew.name, "--to", str(tmp_path), "--requeue")
    result = run(*command, server=label_studio)
    assert f"the project's skip queue was {before}: it is REQUEUE_FOR_ME now" in result.stderr
    lines = result.stdout.splitlines()
    assert f"sent back: line 1, {crew.worker('ann')}: {NO_ORDER}" in lines
    assert "answers sent back: 1" in lines
    assert (crew.served("bob"), crew.served("ann")) == (None, task["id"])
    assert "skip queue" not in run(*command, server=label_studio).stderr


def test_once_answered_anew_the_item_is_free_for_the_others_and_the_earlier_answer_is_kept(
    label_studio: Embedded, tmp_path: Path
) -> None:
    crew = Crew(label_studio, tmp_path, "freed", ["ann", "bob", "cy"], workers=2)
    task = crew.task()
    crew.api["ann"].annotate(task["id"], bad(task["data"]))
    crew.export("--requeue")
    crew.api["ann"].annotate(task["id"], ranked(task["data"], *GOOD))
    assert crew.served("bob") is None  # which is why it must be set aside
    exported = crew.export("--requeue")
    assert exported["requeue"] == {"sent_back": [], "set_aside": 1, "remarks": []}
    assert crew.served("ann") is None
    assert crew.served("bob") == task["id"]
    assert crew.served("cy") is None

    out = tmp_path / "out" / "freed"
    lines = output_lines(out)
    again = crew.export("--requeue")
    assert again["requeue"]["set_aside"] == 0
    assert reasons(again, "dropped") == {"sent back, then given again later by the same worker": 1}
    assert output_lines(out) == lines
    assert crew.describe()["Superseded"] == 1


def test_what_an_interruption_left_in_both_places_is_counted_once_and_put_right(
    label_studio: Embedded, tmp_path: Path
) -> None:
    crew = Crew(label_studio, tmp_path, "halfway", ["ann", "bob"], workers=2)
    task = crew.task()
    crew.api["ann"].annotate(task["id"], bad(task["data"]))
    crew.export("--requeue")
    crew.api["ann"].annotate(task["id"], ranked(task["data"], *GOOD))
    with connect(label_studio.url, label_studio.api_key) as server:
        (exported,) = server.export_tasks(crew.project)
    cancelled = [annotation for annotation in exported["annotations"] if annotation["was_cancelled"]]
    crew.update("tasks", task["id"], meta=with_set_aside(exported, cancelled))
    report = crew.export("--requeue")
    assert (report["ledger"]["answers"]["in"], report["requeue"]["set_aside"]) == (2, 1)
    assert crew.export()["ledger"]["answers"]["in"] == 2
    assert crew.served("bob") == task["id"]


def test_who_has_a_valid_answer_as_well_or_no_account_here_is_not_asked_again(
    label_studio: Embedded, tmp_path: Path
) -> None:
    crew = Crew(label_studio, tmp_path, "left", ["ann", "gone"], workers=3)
    task = crew.task()
    crew.api["ann"].annotate(task["id"], bad(task["data"]))
    crew.api["ann"].annotate(task["id"], ranked(task["data"], *GOOD))
    crew.api["gone"].annotate(task["id"], bad(task["data"]))
    with connect(label_studio.url, label_studio.api_key) as server:
        server.sdk.users.delete(id=int(crew.worker("gone").rpartition("-")[2]))
    before = crew.task()["annotations"]
    report = crew.export("--requeue")
    assert report["requeue"]["sent_back"] == []
    assert reasons(report, "notes") == {
        "not sent back: their worker has given a valid answer as well": 1,
        "not sent back: their worker has no account here": 1,
    }
    assert crew.task()["annotations"] == before


def test_an_answer_that_was_put_right_or_deleted_meanwhile_is_left_alone(
    label_studio: Embedded, tmp_path: Path
) -> None:
    crew = Crew(label_studio, tmp_path, "meanwhile", ["ann", "bob", "cy"], workers=3)
    task = crew.task()
    fixed, deleted, _ = (crew.api[who].annotate(task["id"], bad(task["data"])) for who in crew.api)
    with connect(label_studio.url, label_studio.api_key) as server:
        job = crew.job(server)
        plan, ledger = plan_requeue(server, job)
        crew.update("annotations", fixed, result=ranked(task["data"], *GOOD))
        server.sdk.annotations.delete(id=deleted)
        done_now = requeue(server, job, plan, ledger)
    assert [returned.worker for returned in done_now.returned] == [crew.worker("cy")]
    noted = {reason: count for (_, reason), count in ledger.notes.items()}
    assert noted == {"not sent back: changed while they were judged": 2, "sent back to their annotators": 1}
    assert [crew.served(who) for who in ("ann", "cy")] == [None, task["id"]]


def test_the_ledger_says_what_was_sent_back_before_a_failure(
    label_studio: Embedded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew = Crew(label_studio, tmp_path, "failing", ["ann"], items=[ITEM, ITEM])
    for number in (0, 1):
        crew.api["ann"].annotate(crew.task(number)["id"], bad(crew.task(number)["data"]))
    from gtbridge.plugin.label_studio import requeue as label_studio_requeue

    send = label_studio_requeue._send_back
    sent: list[Any] = []

    def second_fails(*arguments: Any) -> bool:
        if sent:
            raise KeyboardInterrupt
        sent.append(1)
        return send(*arguments)

    from gtbridge.plugin.label_studio.export import export_and_requeue

    with connect(label_studio.url, label_studio.api_key) as server, monkeypatch.context() as patched:
        patched.setattr(label_studio_requeue, "_send_back", second_fails)
        with pytest.raises(KeyboardInterrupt):
            export_and_requeue(server, crew.job(server), str(tmp_path / "out"))
    kept = (tmp_path / "out/failing/gtbridge/ledger.json").read_text(encoding="utf-8")
    assert kept.count("sent back to their annotators") == 1
    assert [back["line"] for back in crew.export("--requeue")["requeue"]["sent_back"]] == [2]


def test_a_job_in_which_all_is_well_is_not_touched(label_studio: Embedded, tmp_path: Path) -> None:
    crew = Crew(label_studio, tmp_path, "well", ["ann"])
    crew.api["ann"].annotate(crew.task()["id"], ranked(crew.task()["data"], *GOOD))
    crew.update("projects", crew.project, skip_queue="IGNORE_SKIPPED")
    with connect(label_studio.url, label_studio.api_key) as server:
        plan, _ = plan_requeue(server, crew.job(server))
        assert requeue(server, crew.job(server), plan, Ledger()).remarks == []
    assert crew.owner.get(f"/api/projects/{crew.project}").json()["skip_queue"] == "IGNORE_SKIPPED"
    done("job", "export", "well", "--to", str(tmp_path / "out"), "--requeue", server=label_studio)
