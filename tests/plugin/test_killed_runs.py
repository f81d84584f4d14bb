"""Programs that are killed, which tidy nothing up: nobody takes what they leave for whole; the next run ends well."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from commands import own_environment, snapshot
from job_files import ITEM, answer, write_job
from roads import RANKING_TASK, Api, done, prepare_job, run

from gtbridge.label_configs.errors import InputError
from gtbridge.plugin import storage
from gtbridge.plugin.files import unfinished
from gtbridge.plugin.files.clock import now
from gtbridge.plugin.label_studio import jobs, task_import
from gtbridge.plugin.label_studio.server import Server
from gtbridge.plugin.local_server.embedded import Embedded
from gtbridge.plugin.outputs import dataset_place

ROOT = Path(__file__).parents[2]
WRITING = """
import sys
from gtbridge.plugin.storage import open_output
with open_output(sys.argv[1]) as file:
    file.write(b"half")
    file.flush()
    print("writing", flush=True)
    sys.stdin.read()
"""
KILLED_BETWEEN = """
import os, signal, sys
from pathlib import Path
from gtbridge.plugin.storage import new_directory

rename = Path.rename
def rename_and_die(self, target):
    rename(self, target)
    os.kill(os.getpid(), signal.SIGKILL)

Path.rename = rename_and_die
with new_directory(Path(sys.argv[1])) as folder:
    (folder / "new").write_text("new")
"""
KILLED_AT_IMPORT = """
import os, signal
from gtbridge.plugin.__main__ import main
from gtbridge.plugin.label_studio import task_import

send, task_import._BATCH_TASKS = task_import._Import.send, 2
def send_and_die(self, count, body):
    send(self, count, body)
    os.kill(os.getpid(), signal.SIGKILL)

task_import._Import.send = send_and_die
main()
"""


@contextmanager
def writing(path: Path) -> Iterator[subprocess.Popen[str]]:
    """A program in the middle of writing the file."""
    command = [sys.executable, "-c", WRITING, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        try:
            yield process
        finally:
            process.kill()


def write_again(path: Path) -> None:
    unfinished.sweep.cache_clear()  # as another program would
    storage.write_bytes(path, b"whole")


def test_what_a_killed_program_left_is_swept_by_the_next_that_writes_there(tmp_path: Path) -> None:
    with writing(tmp_path / "a.txt") as process:
        process.kill()
        process.wait()
        (left,) = tmp_path.iterdir()
        assert left.name.startswith(".")
    write_again(tmp_path / "b.txt")
    assert snapshot(tmp_path) == {"b.txt": b"whole"}


def test_what_a_living_program_writes_is_left_to_it(tmp_path: Path) -> None:
    with writing(tmp_path / "a.txt") as process:
        write_again(tmp_path / "b.txt")
        process.communicate("")
    assert snapshot(tmp_path) == {"a.txt": b"half", "b.txt": b"whole"}


def test_a_users_own_hidden_files_are_no_scratch(tmp_path: Path) -> None:
    names = {".a.0123456789abcdef", ".gtbridge-0123", "x.gtbridge-0123456789abcdef", ".env"}
    for name in names:
        (tmp_path / name).touch()
    write_again(tmp_path / "b.txt")
    assert snapshot(tmp_path).keys() == {*names, "b.txt"}


def test_a_folder_that_was_set_aside_for_a_newer_one_comes_back(tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "old").write_text("old")
    command = [sys.executable, "-c", KILLED_BETWEEN, str(tmp_path / "set")]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert not (tmp_path / "set").exists()
    write_again(tmp_path / "b.txt")
    assert snapshot(tmp_path) == {"set": None, "set/old": b"old", "b.txt": b"whole"}


class Killed(BaseException):
    """Nobody catches it, as nobody is left to."""


@pytest.fixture
def job(tmp_path: Path) -> str:
    return str(write_job(tmp_path / "job", [[answer("w1")]] * 3))


def build(job: str, out: str) -> tuple[str, ...]:
    key = Path(job).with_name("key")
    key.write_bytes(b"k" * 32)
    return "dataset", "build", job, "-o", out, "--pseudonym-key", str(key)


def objects(folder: str) -> dict[str, bytes]:
    return {name: storage.read_bytes(storage.join(folder, name)) for name in storage.list_files(folder)}


@pytest.mark.parametrize("written", range(3))
def test_a_build_into_s3_that_was_killed_is_no_dataset_and_can_be_run_again(
    job: str, bucket: str, written: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    done(*build(job, f"{bucket}/undisturbed/set"))
    left = iter(range(written))
    opened: Any = storage.open_output

    def open_output(path: str) -> Any:
        if next(left, None) is None:
            raise Killed
        return opened(path)

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(dataset_place, "open_output", open_output)
        run(*build(job, f"{bucket}/killed/set"))
    assert "README.md" not in objects(f"{bucket}/killed/set")
    done(*build(job, f"{bucket}/killed/set"))
    expected = {
        name: data.replace(b"undisturbed", b"killed") for name, data in objects(f"{bucket}/undisturbed").items()
    }
    assert objects(f"{bucket}/killed") == expected


def test_what_is_no_build_that_was_cut_off_is_not_replaced_in_s3(job: str, bucket: str) -> None:
    storage.write_bytes(f"{bucket}/set/notes.txt", b"mine")
    storage.write_bytes(f"{bucket}/set.unfinished.json", json.dumps({"files": ["README.md"]}).encode())
    assert "holds something already" in run(*build(job, f"{bucket}/set")).stderr
    assert objects(f"{bucket}/set") == {"notes.txt": b"mine"}


def tasks_of(server: Embedded, name: str) -> list[Any]:
    api = Api(server)
    (project,) = [
        found["id"]
        for found in api.get("/api/projects", page_size=1000).json()["results"]
        if name in (found["description"] or "")
    ]
    return [task["data"]["prompt"] for task in api.tasks(project)]


ITEMS = [{**ITEM, "source": f"Why {number}?"} for number in range(5)]


@pytest.mark.server
def test_a_job_whose_making_was_killed_is_made_whole_by_the_same_command(
    label_studio: Embedded, tmp_path: Path
) -> None:
    path, _ = prepare_job(tmp_path, "killed-create", ITEMS, RANKING_TASK)
    create = ("job", "create", "--request", str(path))
    environment = {"LABEL_STUDIO_URL": label_studio.url, "LABEL_STUDIO_API_KEY": label_studio.api_key}
    command = [sys.executable, "-c", KILLED_AT_IMPORT, *create]
    killed = subprocess.run(command, env={**own_environment(tmp_path), **environment}, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(tasks_of(label_studio, "killed-create")) == 2
    done(*create, server=label_studio)
    assert sorted(tasks_of(label_studio, "killed-create")) == [item["source"] for item in ITEMS]
    assert "exists already" in run(*create, server=label_studio).stderr


@pytest.mark.server
def test_of_two_equal_calls_at_once_no_task_is_left_twice(
    label_studio: Embedded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second takes the first for dead; the first goes on all the same, and is the last to end."""
    path, _ = prepare_job(tmp_path, "joined-create", ITEMS, RANKING_TASK)
    create = ("job", "create", "--request", str(path))
    fill: Any = jobs._fill
    first = threading.current_thread()

    def fill_beside(server: Server, *more: Any) -> None:
        if threading.current_thread() is first:
            second = threading.Thread(target=done, args=create, kwargs={"server": label_studio})
            monkeypatch.setattr(jobs, "_fill", fill)
            second.start()
            second.join()
        fill(server, *more)

    monkeypatch.setattr(jobs, "_fill", fill_beside)
    monkeypatch.setattr(task_import, "_BATCH_TASKS", 2)
    done(*create, server=label_studio)
    assert sorted(tasks_of(label_studio, "joined-create")) == [item["source"] for item in ITEMS]


def test_the_time_is_the_one_that_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert now() == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    for wrong in ("soon", "-1", "1.5", "9" * 20):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
        with pytest.raises(InputError, match=r"^SOURCE_DATE_EPOCH: is no number of seconds since 1970$"):
            now()


def test_nothing_but_credentials_looks_at_another_clock() -> None:
    """What is written must be the same for the same SOURCE_DATE_EPOCH."""
    clock = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.(time|localtime|gmtime)\(")
    folders = (ROOT / "plugin", ROOT / "converters", ROOT / "label_configs")
    found = {path.name for folder in folders for path in folder.rglob("*.py") if clock.search(path.read_text("utf-8"))}
    assert found == {"clock.py", "s3_clients.py"}
