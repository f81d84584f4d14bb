"""gtbridge task preview: one annotator's view of one's own items, and nothing left of it."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from commands import DEADLINE, press_ctrl_c, processes_of, refusal, started
from invited import logged_in
from roads import QUESTION_TASK, RANKING_TASK, write_lines

from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.guarded


def shown_tasks(preview: dict[str, str]) -> list[dict[str, Any]]:
    """What the label stream gives the annotator, who skips one after the other."""
    address = urlsplit(preview["url"])
    project = re.fullmatch(r"/projects/(\d+)/data", address.path)
    assert project and address.query == "labeling=1"
    server = Embedded(f"{address.scheme}://{address.netloc}", preview["email"], preview["password"], "", "")
    tasks: list[dict[str, Any]] = []
    with logged_in(server, preview["email"], preview["password"]) as browser:
        while (answer := browser.get(f"/api/projects/{project[1]}/next")).status_code == 200:
            task = answer.json()
            if task["id"] in [seen["id"] for seen in tasks]:
                break  # all were skipped once
            tasks.append(task)
            skip = {"result": [], "was_cancelled": True}
            browser.post(f"/api/tasks/{task['id']}/annotations/", json=skip).raise_for_status()
    return tasks


def ends_without_a_trace(process: subprocess.Popen[str], folder: Path) -> None:
    _, errors = process.communicate(timeout=DEADLINE)
    assert (process.returncode, "Traceback" in errors) == (0, False), errors
    assert not processes_of(folder)
    assert not list((folder / "tmp").iterdir())


def test_it_shows_the_first_items_of_the_manifest_to_an_annotator(tmp_path: Path) -> None:
    (tmp_path / "task.yaml").write_text(RANKING_TASK, encoding="utf-8")
    items = [{"source": f"Why {number}?", "responses": ["a", "b"], "model": "CANARY"} for number in range(5)]
    write_lines(tmp_path / "in.manifest", items)
    command = ["task", "preview", "task.yaml", "--manifest", "in.manifest", "--items", "3", "--json"]
    with started(tmp_path, *command) as process:
        assert process.stdout is not None
        preview = json.loads(process.stdout.readline())
        assert set(preview) == {"url", "email", "password"}
        tasks = shown_tasks(preview)
        assert sorted(task["data"]["object_index"] for task in tasks) == [0, 1, 2]
        assert all("Why" in json.dumps(task["data"]) for task in tasks)
        assert "CANARY" not in json.dumps(tasks)
        process.terminate()
        ends_without_a_trace(process, tmp_path)


def test_without_a_manifest_it_shows_samples_and_tells_people_how_to_log_in(tmp_path: Path) -> None:
    (tmp_path / "task.yaml").write_text(QUESTION_TASK, encoding="utf-8")
    with started(tmp_path, "task", "preview", "task.yaml") as process:
        assert process.stdout is not None
        text = "".join(process.stdout.readline() for _ in range(3))
        found = re.fullmatch(
            r"(?P<count>\d+) items to answer: (?P<url>\S+)\n"
            r"  log in as (?P<email>\S+) with the password (?P<password>\S+)\n"
            r"Ctrl-C ends the server and removes what is in it\.\n",
            text,
        )
        assert found, text
        address = urlsplit(found["url"])
        server = Embedded(f"{address.scheme}://{address.netloc}", "", "", "", "")
        with logged_in(server, found["email"], found["password"]) as browser:
            task = browser.get(f"/api/projects/{address.path.split('/')[2]}/next").json()
        assert len(task["data"]["passage"]) > 50
        assert httpx.get(f"{server.url}/api/projects").status_code == 401
        press_ctrl_c(process)
        ends_without_a_trace(process, tmp_path)


def test_ctrl_c_while_it_starts_ends_it_too(tmp_path: Path) -> None:
    (tmp_path / "task.yaml").write_text(RANKING_TASK, encoding="utf-8")
    with started(tmp_path, "task", "preview", "task.yaml") as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("Starting Label Studio")
        press_ctrl_c(process)
        process.communicate(timeout=DEADLINE)
        assert process.returncode == 128 + signal.SIGINT
        assert not list((tmp_path / "tmp").iterdir())


@pytest.mark.parametrize(
    ("task", "line", "sentence"),
    [
        (RANKING_TASK, '{"source": "Why?"}', "in.manifest:1: $.responses: is missing"),
        (QUESTION_TASK, "{", "in.manifest:1: not JSON"),
        (QUESTION_TASK, "", "in.manifest: holds no objects"),
        ("task: sorting", "", "task.yaml:1: $.task: "),
    ],
)
def test_what_cannot_be_shown_is_refused_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, task: str, line: str, sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("task.yaml").write_text(task, encoding="utf-8")
    Path("in.manifest").write_text(f"{line}\n" if line else "", encoding="utf-8")
    told = refusal(tmp_path, "task", "preview", "task.yaml", "--manifest", "in.manifest")
    assert told.startswith(sentence)
