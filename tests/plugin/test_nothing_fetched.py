"""Addresses in data are no orders: whatever names a web address, nothing is asked there, nor at the cloud's own one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from echoing_server import Echo, echoing_server
from ground_truth_jobs import label, ranking_job
from roads import RANKING_TASK, prepare_job, run, write_lines

pytestmark = pytest.mark.server

FILE = "annotations/worker-response/iteration-1/0/2025-06-20_18:59:00.json"


@pytest.fixture
def echo() -> Iterator[Echo]:
    with echoing_server() as server:
        server.status = 200
        yield server
        assert server.heard == []


@pytest.fixture(params=["of a web server", "within its network", "of this machine", "in another bucket"])
def elsewhere(request: pytest.FixtureRequest, echo: Echo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """Where a manifest may point; S3 is the same server, so that nothing there is read unnoticed."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", echo.url)
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "REGION", "DEFAULT_REGION"):
        monkeypatch.setenv(f"AWS_{name}", "us-east-1")
    port = echo.url.rpartition(":")[2]
    return {
        "of a web server": echo.url,
        "within its network": f"http://localhost:{port}/latest/meta-data",
        "of this machine": f"file://{tmp_path}/secret",
        "in another bucket": "s3://another",
    }[str(request.param)]


def refused(*arguments: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, "Traceback" in result.output) == (1, False), (arguments, result.output)
    assert result.stderr.startswith(("error: ", "note: "))


def test_a_job_output_names_no_place_to_read(elsewhere: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret" / FILE
    secret.parent.mkdir(parents=True)
    secret.write_bytes(next(iter(ranking_job("s3://b", "j", 1).values())))
    line = {"source": "s", "responses": ["a", "b", "c"], "label": {}}
    there = write_lines(tmp_path / "out.manifest", [{**line, "label-metadata": label("job", f"{elsewhere}/{FILE}")}])
    if not elsewhere.startswith("s3:"):  # of a job in S3 that lies here, the answers are looked for here
        refused("dataset", "build", str(there), "-o", str(tmp_path / "built"))
        refused("audit", str(there), "-o", str(tmp_path / "page.html"))
    assert not (tmp_path / "built").exists()


def test_an_input_manifest_names_no_text_to_read(elsewhere: str, tmp_path: Path) -> None:
    request, manifest = prepare_job(tmp_path, "texts", [], RANKING_TASK)
    for reference in (f"{elsewhere}/x.txt", "/etc/passwd", "../secret.txt", "file:///etc/passwd", "//host/share/x"):
        write_lines(manifest, [{"source-ref": reference, "responses": ["a", "b"]}])
        refused("job", "create", "--request", str(request), "--dry-run")


@pytest.mark.parametrize("spelled", ["{}/x.parquet", "{}/x.json", "zip://x.json::{}/x.zip", "hf://datasets/o/n/x.json"])
def test_a_folder_of_a_dataset_names_no_file_elsewhere(elsewhere: str, tmp_path: Path, spelled: str) -> None:
    folder = tmp_path / "dataset"
    folder.mkdir()
    configs: list[dict[str, Any]] = [{"config_name": "default", "data_files": spelled.format(elsewhere)}]
    (folder / "README.md").write_text(f"---\nconfigs: {json.dumps(configs)}\n---\n", encoding="utf-8")
    (folder / "data.json").write_text('{"prompt": "a"}\n', encoding="utf-8")
    refused("manifest", "make", str(folder), "-o", str(tmp_path / "made.manifest"))
    assert not (tmp_path / "made.manifest").exists()


def test_a_link_out_of_a_dataset_is_not_followed_but_those_of_the_hubs_cache_are(tmp_path: Path) -> None:
    secret = write_lines(tmp_path / "secret.jsonl", [{"prompt": "a secret"}])
    folder, snapshot = tmp_path / "given", tmp_path / "hub/datasets--o--n/snapshots/1"
    blobs = tmp_path / "hub/datasets--o--n/blobs"
    for made in (folder, snapshot, blobs):
        made.mkdir(parents=True)
    (folder / "data.jsonl").symlink_to(secret)
    (snapshot / "other.jsonl").symlink_to(secret)
    make = ("-o", str(tmp_path / "made.manifest"), "--source-column", "prompt")
    for linked in (folder, snapshot):
        refused("manifest", "make", str(linked), *make)
    (snapshot / "other.jsonl").unlink()
    secret.rename(blobs / "abcdef")
    (snapshot / "data.jsonl").symlink_to("../../blobs/abcdef")
    assert run("manifest", "make", str(snapshot), *make).exit_code == 0
