"""Ctrl-C and SIGTERM at any moment: nothing half-written, nothing left behind, one short line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from commands import (
    all_whole,
    ends_as_interrupted,
    has_open,
    is_ready_for_signals,
    own_environment,
    press_ctrl_c,
    snapshot,
    started,
    wait_until,
)
from job_files import ITEM, answer, reference, write_job
from roads import RANKING_TASK, Api, done, output_lines, prepare_job, ranked

from gtbridge.plugin.local_server.embedded import Embedded

BEGUN = ""


def interrupt(process: Any, number: int) -> None:
    if number == signal.SIGINT:
        press_ctrl_c(process)
    else:
        process.send_signal(number)


@pytest.mark.server
@pytest.mark.parametrize(
    ("number", "moment"),
    [
        (signal.SIGINT, BEGUN),
        (signal.SIGTERM, BEGUN),
        (signal.SIGTERM, "   Starting Label Studio"),
        (signal.SIGINT, "3. 3 simulated"),
        # The fifth step's is in test_demo, which then runs the demo again into the same folder.
    ],
)
def test_an_interrupted_demo_ends_tidily(tmp_path: Path, number: int, moment: str) -> None:
    with started(tmp_path, "demo", "--out", "out") as process:
        assert process.stdout is not None
        if moment == BEGUN:
            wait_until(lambda: is_ready_for_signals(process))
        else:
            next(line for line in process.stdout if line.startswith(moment))
        interrupt(process, number)
        ends_as_interrupted(process, number, tmp_path)
    names = all_whole(tmp_path / "out")
    # The next demo takes the folder for its own by this file.
    assert not names or "input/ranking-request.json" in names
    assert not names or moment >= "2"


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Whoever reads the file inside waits there for ever: a pipe that nobody writes to takes its place."""
    path.unlink()
    os.mkfifo(path)
    end = os.open(path, os.O_RDWR)
    try:
        yield
    finally:
        os.close(end)


@pytest.mark.parametrize(
    ("number", "older"), [(signal.SIGINT, True), (signal.SIGTERM, False)], ids=["replacing", "new"]
)
def test_an_interrupted_build_leaves_the_older_dataset_or_none(tmp_path: Path, number: int, older: bool) -> None:
    write_job(tmp_path / "job", [[answer("w1")]] * 3)
    if older:
        key = own_environment(tmp_path)["HOME"] + "/key"
        Path(key).write_bytes(b"k" * 32)
        done("dataset", "build", str(tmp_path / "job"), "-o", str(tmp_path / "data/set"), "--pseudonym-key", key)
    (tmp_path / "data").mkdir(exist_ok=True)
    before = snapshot(tmp_path / "data")
    last = tmp_path / "job" / reference(2)
    with held(last), started(tmp_path, "dataset", "build", "job", "-o", "data/set") as process:
        wait_until(lambda: has_open(process, last))
        assert len(snapshot(tmp_path / "data")) > len(before)  # it is in the middle of writing
        interrupt(process, number)
        ends_as_interrupted(process, number, tmp_path)
    assert snapshot(tmp_path / "data") == before


@pytest.mark.server
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_export_leaves_the_older_output(label_studio: Embedded, tmp_path: Path, number: int) -> None:
    name = f"interrupted-{number}"
    path, _ = prepare_job(tmp_path, name, [ITEM, ITEM], RANKING_TASK)
    done("job", "create", "--request", str(path), server=label_studio)
    api = Api(label_studio)
    project = max(found["id"] for found in api.get("/api/projects", page_size=1000).json()["results"])
    tasks = api.tasks(project)
    api.annotate(tasks[1]["id"], ranked(tasks[1]["data"], [1, 2], [1, 2]))
    export = ["job", "export", name, "--to", str(tmp_path / "jobs")]
    done(*export, server=label_studio)
    api.annotate(tasks[0]["id"], ranked(tasks[0]["data"], [2, 1], [2, 1]))

    output = tmp_path / "jobs" / name
    older = snapshot(output)
    second = output / output_lines(output)[1]["label-metadata"]["worker-response-ref"]
    environment = {"LABEL_STUDIO_URL": label_studio.url, "LABEL_STUDIO_API_KEY": label_studio.api_key}
    with held(second), started(tmp_path, *export, **environment) as process:
        wait_until(lambda: has_open(process, second))
        interrupt(process, number)
        ends_as_interrupted(process, number, tmp_path)
    second.unlink()
    second.write_bytes(older[str(second.relative_to(output))] or b"")
    assert {place: content for place, content in snapshot(output).items() if place in older} == older
    all_whole(output)

    done(*export, server=label_studio)
    assert ["label" in line for line in output_lines(output)] == [True, True]


@pytest.mark.server
def test_a_second_ctrl_c_does_not_cut_the_tidying_up_short(tmp_path: Path) -> None:
    with started(tmp_path, "demo", "--out", "out") as process:
        assert process.stdout is not None
        next(line for line in process.stdout if line.startswith("   Starting Label Studio"))
        for _ in range(20):
            press_ctrl_c(process)
        ends_as_interrupted(process, signal.SIGINT, tmp_path)


def test_an_interruption_that_python_drops_comes_again(tmp_path: Path) -> None:
    """An exception in a destructor is dropped, whatever it is."""
    program = """
import signal, time
import gtbridge.plugin.cli as cli
from gtbridge.plugin.__main__ import main
from gtbridge.plugin.files.interrupts import tidy_when_interrupted

class Dropper:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

def command(**_):
    tidy_when_interrupted()
    d = Dropper()
    del d
    print("went on", flush=True)
    try:
        while True:
            time.sleep(60)
    finally:
        time.sleep(1)  # several more alarms while tidying up
        print("tidied", flush=True)

cli.cli = command
main()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (130, "went on\ntidied\n", "interrupted\n")
