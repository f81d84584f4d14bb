"""gtbridge serve as scripts use it: one line of JSON, a server that answers, an end that leaves the port free."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from commands import DEADLINE, ends_as_interrupted, press_ctrl_c, processes_of, started

from gtbridge.label_configs.errors import ServerError
from gtbridge.plugin.local_server.accounts import personal_access_token

pytestmark = pytest.mark.server


def login_of(process: subprocess.Popen[str]) -> dict[str, str]:
    assert process.stdout is not None
    told: dict[str, str] = json.loads(process.stdout.readline())
    return told


def told_to_people(process: subprocess.Popen[str]) -> dict[str, str]:
    assert process.stdout is not None
    text = "".join(process.stdout.readline() for _ in range(4))
    found = re.fullmatch(
        r"Label Studio [0-9.]+: (?P<url>\S+)\n"
        r"  log in as (?P<email>\S+) with the password (?P<password>\S+)\n"
        r"  export LABEL_STUDIO_URL=(?P=url) LABEL_STUDIO_API_KEY=(?P<api_key>\S+)\n"
        r"Ctrl-C ends it\.\n",
        text,
    )
    assert found, text
    return found.groupdict()


def call(server: dict[str, str], method: str, path: str, **more: Any) -> Any:
    headers = {"Authorization": f"Token {server['api_key']}"}
    return httpx.request(method, server["url"] + path, headers=headers, timeout=60, **more).raise_for_status().json()


def is_guarded(server: dict[str, str]) -> bool:
    headers = {"Authorization": f"Token {server['api_key']}"}
    return httpx.get(f"{server['url']}/gtbridge/about", headers=headers, timeout=60).status_code == 200


def ends_well(process: subprocess.Popen[str], server: dict[str, str], folder: Path) -> str:
    """What it said on standard error."""
    output, errors = process.communicate(timeout=DEADLINE)
    assert (process.returncode, output) == (0, "")
    assert "Traceback" not in errors
    assert not processes_of(folder)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", urlsplit(server["url"]).port or 0))
    assert not list((folder / "tmp").iterdir())
    return errors


def test_the_login_works_and_the_data_outlast_the_server_and_its_guard(tmp_path: Path) -> None:
    serve = ["serve", "--json", "--port", "0", "--data-dir", "data"]
    with started(tmp_path, *serve) as process:
        first = login_of(process)
        assert set(first) == {"url", "email", "password", "api_key"}
        assert is_guarded(first)
        assert call(first, "GET", "/api/current-user/whoami")["email"] == first["email"]
        personal_access_token(first["url"], first["email"], first["password"])
        project = call(first, "POST", "/api/projects", json={"title": "Kept"})["id"]
        process.terminate()
        ends_well(process, first, tmp_path)
    with started(tmp_path, "--quiet", *(part for part in serve if part != "--json"), "--no-guard") as process:
        second = told_to_people(process)
        assert not is_guarded(second)
        assert call(second, "GET", f"/api/projects/{project}")["title"] == "Kept"
        with pytest.raises(ServerError, match="already have a valid token"):  # so the new password was taken
            personal_access_token(second["url"], second["email"], second["password"])
        for _ in range(3):  # impatience changes nothing
            press_ctrl_c(process)
        assert ends_well(process, second, tmp_path) == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_demos_server_may_be_ended_as_soon_as_that_is_said(number: int) -> None:
    program = "from gtbridge.plugin.commands.serve import _wait; _wait()"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Ctrl-C ends the server")
        process.send_signal(number)
        assert process.wait(DEADLINE) == 0


def test_ctrl_c_before_the_server_answers_ends_it_too(tmp_path: Path) -> None:
    with started(tmp_path, "serve", "--port", "0", "--data-dir", "data") as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("Starting Label Studio")
        press_ctrl_c(process)
        ends_as_interrupted(process, signal.SIGINT, tmp_path)


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["--data-dir", "file"], 1, "cannot be used as a data directory: "),
        (["--port", "TAKEN", "--data-dir", "data"], 1, "cannot be used: Address already in use"),
        (["--port", "65536"], 2, "65536 is not in the range"),
    ],
)
def test_a_server_that_cannot_start_is_one_clear_error(
    tmp_path: Path, arguments: list[str], code: int, sentence: str
) -> None:
    (tmp_path / "file").touch()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with started(
            tmp_path, "--quiet", "serve", *(port if part == "TAKEN" else part for part in arguments)
        ) as process:
            output, errors = process.communicate(timeout=DEADLINE)
    assert (process.returncode, output) == (code, "")
    assert sentence in errors.splitlines()[-1]
    assert len(errors.splitlines()) == 1 or code == 2
