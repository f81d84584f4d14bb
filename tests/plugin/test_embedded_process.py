"""The embedded Label Studio as the operating system sees it: processes, signals, environment, files."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from gtbridge.plugin.local_server import embedded
from gtbridge.plugin.local_server.accounts import add_annotator
from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.server

# A job in a shell's background inherits that Ctrl-C is ignored; this program is to hear it wherever the tests run.
PARENT = """
import json, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from pathlib import Path
from gtbridge.plugin.local_server.embedded import embedded_label_studio
data_dir = Path(sys.argv[1]) if len(sys.argv) > 1 else None
with embedded_label_studio(data_dir=data_dir, on_progress=lambda text: print(text, flush=True)) as server:
    print(json.dumps({"url": server.url, "api_key": server.api_key}), flush=True)
    sys.stdin.read()
"""


@contextmanager
def parent(tmp_path: Path, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A small program that runs a server, as the leader of a process group; its temporary files are in ``tmp_path``."""
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path), **environment},
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def line_of(process: subprocess.Popen[str], start: str) -> str:
    assert process.stdout is not None
    return next(line for line in process.stdout if line.startswith(start))


def servers_of(pid: int) -> list[int]:
    """The process ids of the embedded servers that the process ``pid`` started."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            child = int(status.parent.name)
            command = Path(f"/proc/{child}/cmdline").read_bytes()
            if f"PPid:\t{pid}\n" in status.read_text() and b"embedded_child" in command:
                found.append(child)
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


@contextmanager
def ends(pid: int) -> Iterator[None]:
    """What happens inside makes the process ``pid`` end."""
    handle = os.pidfd_open(pid)
    try:
        yield
        assert select.select([handle], [], [], 30)[0], "the process is still there"
    finally:
        os.close(handle)


def test_secrets_are_in_neither_arguments_nor_environment_nor_log(label_studio: Embedded) -> None:
    headers = {"Authorization": f"Token {label_studio.api_key}"}
    invite = httpx.get(f"{label_studio.url}/api/invite", headers=headers).json()["token"]
    add_annotator(label_studio.url, label_studio.api_key, "quiet@example.com", "a-long-password")
    httpx.post(f"{label_studio.url}/user/signup/?token={invite}", data={})  # refused, hence logged
    servers = servers_of(os.getpid())
    assert servers
    for pid in servers:
        told = b"".join(Path(f"/proc/{pid}/{name}").read_bytes() for name in ("cmdline", "environ", "fd/2"))
        for secret in (label_studio.password, label_studio.api_key, invite, "a-long-password"):
            assert secret.encode() not in told


def test_the_signing_key_is_one_that_survives_its_file(label_studio: Embedded) -> None:
    [pid, *_] = servers_of(os.getpid())
    file = Path(f"/proc/{pid}/cwd/.env")
    assert re.fullmatch(r"SECRET_KEY=[A-Za-z0-9_-]{64}\n", file.read_text("ascii"))
    assert file.stat().st_mode & 0o077 == 0


def test_other_people_of_the_machine_cannot_read_the_database(label_studio: Embedded) -> None:
    [pid, *_] = servers_of(os.getpid())
    assert Path(f"/proc/{pid}/cwd/label_studio.sqlite3").stat().st_mode & 0o077 == 0


def test_the_environment_of_the_shell_does_not_reach_the_server(tmp_path: Path) -> None:
    names = {
        "HOST": "http://elsewhere.example.com/prefix",
        "PORT": "1",
        "DEBUG": "true",
        "USERNAME": "somebody@example.com",
        "PASSWORD": "from-the-shell",
        "DATABASE_NAME": str(tmp_path / "elsewhere.sqlite3"),
        "DJANGO_DB": "default",
        "POSTGRE_HOST": "elsewhere.example.com",
        "LABEL_STUDIO_HOST": "http://elsewhere.example.com",
        "LABEL_STUDIO_BASE_DATA_DIR": str(tmp_path / "elsewhere"),
        "HEARTEX_SECRET_KEY": "from-the-shell",
        "DJANGO_SETTINGS_MODULE": "nowhere.settings",
        "AWS_SECRET_ACCESS_KEY": "from-the-shell",
    }
    with parent(tmp_path, **names) as process:
        server: dict[str, Any] = json.loads(line_of(process, "{"))
        [pid] = servers_of(process.pid)
        inherited = {
            entry.partition(b"=")[0].decode() for entry in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        }
        headers = {"Authorization": f"Token {server['api_key']}"}
        users = httpx.get(f"{server['url']}/api/users", headers=headers).json()
    assert inherited.isdisjoint(names)
    assert [user["email"] for user in users] == [embedded.OWNER]
    assert not list(tmp_path.glob("elsewhere*"))


def test_killing_the_parent_ends_the_server_frees_the_port_and_removes_its_files(tmp_path: Path) -> None:
    with parent(tmp_path) as process:
        address = urlsplit(json.loads(line_of(process, "{"))["url"])
        [pid] = servers_of(process.pid)
        with ends(pid):
            process.kill()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", address.port or 0))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("moment", ["Starting", "{"], ids=["while starting", "while serving"])
def test_ctrl_c_leaves_neither_process_nor_files(tmp_path: Path, moment: str) -> None:
    with parent(tmp_path) as process:
        line_of(process, moment)
        [pid] = servers_of(process.pid)
        with ends(pid):
            os.killpg(process.pid, signal.SIGINT)
        assert process.wait() == -signal.SIGINT
    assert not list(tmp_path.iterdir())
