"""Labeling jobs on a real Label Studio: made once and whole, found by name, refused with one sentence."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from roads import ITEMS, RANKING_TASK, Api, done, prepare_job, request, run

from gtbridge.plugin.local_server.accounts import add_annotator, personal_access_token
from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.server


def test_passthrough_fields_never_reach_a_browser(label_studio: Embedded, job: tuple[str, int, Path]) -> None:
    _, project, _ = job
    api = Api(label_studio)
    pages = [f"/api/projects/{project}", f"/api/projects/{project}/export?download_all_tasks=true", "/api/projects"]
    pages += [f"/api/tasks/{task['id']}" for task in api.tasks(project)]
    bodies = [api.get(page).text for page in pages]
    assert "Why is the sky blue?" in "".join(bodies)
    assert not [page for page, body in zip(pages, bodies, strict=True) if "CANARY" in body or "model-x" in body]


def test_the_request_is_kept_verbatim_and_the_title_is_cut(label_studio: Embedded, tmp_path: Path) -> None:
    path, manifest = prepare_job(tmp_path, "verbatim", ITEMS, RANKING_TASK)
    fields = request("verbatim", manifest, tmp_path / "task.yaml", workers=3)
    fields["HumanTaskConfig"]["TaskTitle"] = "T" * 60
    text = json.dumps(fields, indent=3) + "\n\n"
    path.write_text(text, encoding="utf-8")
    made = json.loads(done("job", "create", "--request", str(path), "--json", server=label_studio))
    project = Api(label_studio).get(f"/api/projects/{made['ProjectId']}").json()
    assert project["title"] == "T" * 50
    assert project["maximum_annotations"] == 3
    assert text in project["description"]
    assert "RoleArn" in made["ignored"]
    done("job", "export", "verbatim", "--to", str(tmp_path), server=label_studio)
    assert (tmp_path / "verbatim/gtbridge/request.json").read_text(encoding="utf-8") == text


def test_a_second_job_of_the_same_name_is_refused(label_studio: Embedded, job: tuple[str, int, Path]) -> None:
    name, project, folder = job
    result = run("job", "create", "--request", str(folder / "request.json"), server=label_studio)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == (
        f"error: {label_studio.url}: the labeling job {name} exists already (project {project})"
    )


def test_a_failed_creation_leaves_no_project(label_studio: Embedded, tmp_path: Path) -> None:
    path, manifest = prepare_job(tmp_path, "half-made", ITEMS, RANKING_TASK)
    before = Api(label_studio).get("/api/projects").json()["count"]
    with manifest.open("ab") as file:
        file.write(b'{"source": "no responses"}\n')
    result = run("job", "create", "--request", str(path), server=label_studio)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == (
        f"error: {manifest}:4: $.responses: is missing: a text ranking needs the responses to rank"
    )
    assert Api(label_studio).get("/api/projects").json()["count"] == before


def test_a_manifest_that_was_changed_or_moved_is_refused(label_studio: Embedded, job: tuple[str, int, Path]) -> None:
    name, _, folder = job
    manifest = folder / "in.manifest"
    moved = Path(shutil.move(manifest, folder / "moved.manifest"))
    gone = run("job", "export", name, "--to", str(folder), server=label_studio)
    assert (gone.exit_code, "say with --manifest where it lies now" in gone.stderr) == (1, True)
    done("job", "export", name, "--to", str(folder), "--manifest", str(moved), server=label_studio)
    moved.write_bytes(moved.read_bytes() + b"\n")
    changed = run("job", "export", name, "--to", str(folder), "--manifest", str(moved), server=label_studio)
    assert (changed.exit_code, "its bytes have changed" in changed.stderr) == (1, True)


@pytest.mark.parametrize("kind", ["legacy token", "personal access token"])
def test_both_kinds_of_api_key_serve(label_studio: Embedded, tmp_path: Path, kind: str) -> None:
    email = f"{kind.replace(' ', '-')}@example.com"
    key = add_annotator(label_studio.url, label_studio.api_key, email, "a-long-password")
    if kind == "personal access token":
        key = personal_access_token(label_studio.url, email, "a-long-password")
    name = kind.replace(" ", "-")
    path, _ = prepare_job(tmp_path, name, ITEMS, RANKING_TASK)
    done("job", "create", "--request", str(path), server=label_studio, api_key=key)
    described = json.loads(done("job", "describe", name, "--json", server=label_studio, api_key=key))
    assert described["LabelingJobStatus"] == "InProgress"
    assert described["LabelCounters"]["Unlabeled"] == 3
    done("job", "export", name, "--to", str(tmp_path), server=label_studio, api_key=key)


def test_a_wrong_key_or_address_is_one_sentence_without_the_key(label_studio: Embedded) -> None:
    secret = "0123456789abcdef" * 2
    wrong = run("job", "describe", "x", server=label_studio, api_key=secret)
    assert wrong.exit_code == 1
    assert "refuses the API key" in wrong.stderr
    assert secret not in wrong.output
    nowhere = run("job", "describe", "x", "--label-studio-url", "http://127.0.0.1:9", server=label_studio)
    assert (nowhere.exit_code, "cannot be reached" in nowhere.stderr) == (1, True)
    missing = run("job", "describe", "no-such-job", server=label_studio)
    assert missing.stderr == f"error: {label_studio.url}: there is no labeling job no-such-job\n"
