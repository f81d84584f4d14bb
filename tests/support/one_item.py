"""Labeling jobs with a single item, made and exported through the command line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from roads import done, output_lines, prepare_job, worker_file

from gtbridge.plugin.local_server.embedded import Embedded


def make_job(server: Embedded, folder: Path, name: str, item: Mapping[str, Any], task: str) -> int:
    """The id of the job's project."""
    path, _ = prepare_job(folder, name, [item], task)
    return int(json.loads(done("job", "create", "--request", str(path), "--json", server=server))["ProjectId"])


def export(server: Embedded, folder: Path, name: str) -> dict[str, Any]:
    """The only answer in the worker-response file of the job's item."""
    (answer,) = worker_file(folder / "out" / name, exported_line(server, folder, name))["answers"]
    assert isinstance(answer, dict)
    return answer


def exported_line(server: Embedded, folder: Path, name: str) -> dict[str, Any]:
    """The item's line of the output manifest."""
    done("job", "export", name, "--to", str(folder / "out"), server=server)
    (line,) = output_lines(folder / "out" / name)
    return line
