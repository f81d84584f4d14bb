"""The guard on a Label Studio that somebody runs themselves: switched on by its settings module, off without it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from commands import wait_until
from roads import Api, done, new_annotator, prepare_job

from gtbridge.plugin.files.folders import cache_folder
from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.guarded

TOKEN = "0123456789abcdef0123456789abcdef01234567"
EMAIL, PASSWORD = "me@example.com", "a-long-password"
TASK = "task: text-ranking\ndimensions: [{name: Help, allow_tie: true}]\n"
ITEM = {"source": "Why?", "responses": ["zero", "one"]}


@contextmanager
def own_label_studio(data_dir: Path, **environment: str) -> Iterator[Embedded]:
    """``label-studio start``, as its documentation says."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("label-studio")), "start", "--no-browser", "--port", str(port)]
    command += ["--username", EMAIL, "--password", PASSWORD, "--user-token", TOKEN]
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        "LABEL_STUDIO_BASE_DATA_DIR": str(data_dir),
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "LABEL_STUDIO_COLLECT_ANALYTICS": "false",
        "LABEL_STUDIO_LATEST_VERSION_CHECK": "false",
        "LABEL_STUDIO_SENTRY_DSN": "",
        **environment,
    }
    url = f"http://127.0.0.1:{port}"
    with (data_dir / "log").open("ab") as log:
        process = subprocess.Popen(
            command, env=environment, cwd=data_dir, stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )

    def answers() -> bool:
        assert process.poll() is None, (data_dir / "log").read_text()[-3000:]
        try:
            return httpx.get(f"{url}/health", timeout=30).status_code == 200
        except httpx.TransportError:
            return False

    try:
        wait_until(answers)
        yield Embedded(url, EMAIL, PASSWORD, TOKEN, "")
    finally:
        process.terminate()
        process.wait()


def test_the_settings_module_switches_the_guard_on_and_nothing_is_left_when_it_is_off(
    guarded: Embedded, tmp_path: Path
) -> None:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    # The embedded server has left an empty database that is migrated, which saves most of a minute.
    (template,) = cache_folder().glob("label-studio-*.sqlite3")
    shutil.copyfile(template, data_dir / "label_studio.sqlite3")
    garbage = {"result": [{"garbage": 1}]}

    with own_label_studio(
        data_dir,
        DJANGO_SETTINGS_MODULE="gtbridge.plugin.guard.settings",
        GTBRIDGE_REVIEWERS="someone@example.com, Reviewer@Example.com",
    ) as server:
        request, _ = prepare_job(tmp_path, "own", [ITEM], TASK)
        made = json.loads(done("job", "create", "--request", str(request), "--json", server=server))
        owner = Api(server)
        (task,) = owner.tasks(made["ProjectId"])
        address = f"/api/tasks/{task['id']}/annotations/"
        assert httpx.get(f"{server.url}/gtbridge/guard.js").status_code == 200
        refused = httpx.post(server.url + address, json=garbage, headers=owner.headers)
        assert refused.status_code == 400, refused.text
        assert "holds something that no control made" in refused.json()["validation_errors"]["result"]
        export = f"/api/projects/{made['ProjectId']}/export"
        people = [Api(server, new_annotator(server, name)) for name in ("reviewer", "annotator")]
        assert [somebody.get(export).status_code for somebody in people] == [200, 403]

    with own_label_studio(data_dir) as server:
        owner = Api(server)
        assert httpx.get(f"{server.url}/gtbridge/guard.js").status_code == 404
        stored = httpx.post(server.url + address, json=garbage, headers=owner.headers)
        assert stored.status_code == 201, stored.text
        out = tmp_path / "out"
        exported = done("job", "export", "own", "--to", str(out), server=server)
        assert "holds something that no control made" in exported, "what came in without the guard is judged on export"
