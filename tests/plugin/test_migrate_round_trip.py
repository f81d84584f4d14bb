"""Ground Truth jobs to a real Label Studio and back, and its own by way of Ground Truth's form: nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import snapshot
from migration import QUESTIONS, RANKING, GroundTruthJob, finished_job, migrate, tasks_of
from roads import Api, done, new_annotator, output_lines, ranked, run, worker_file

from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.server


def same(server: Embedded, job: GroundTruthJob, one: str, other: str) -> None:
    """``verify`` finds no difference, and only notes on the task definition."""
    options = ("--label-attribute", job.attribute, "--json")
    found = json.loads(done("verify", one, other, *options, server=server))
    assert found["differences"]["count"] == 0, found
    assert set(found["notes"]["kinds"]) <= {"task definition"}


def test_a_ranking_job_in_s3_comes_back_as_it_was(label_studio: Embedded, tmp_path: Path, bucket: str) -> None:
    path = RANKING.write(bucket)
    said = migrate(label_studio, bucket, RANKING, "there-and-back")
    assert (said["outcome"], said["finished"], said["to_do"]) == ("created", 4, 6)
    before = tasks_of(label_studio, said["ProjectId"])
    assert migrate(label_studio, bucket, RANKING, "there-and-back") == {**said, "outcome": "present"}
    assert tasks_of(label_studio, said["ProjectId"]) == before
    same(label_studio, RANKING, path, "label-studio:there-and-back")

    export = ("job", "export", "there-and-back", "--to", str(tmp_path))
    done(*export, server=label_studio)
    out = tmp_path / "there-and-back"
    same(label_studio, RANKING, path, str(out))
    for line, (text, metadata, answers) in zip(output_text(out), RANKING.lines, strict=True):
        # Byte for byte, numbers that a reader would spell otherwise included.
        assert line.startswith(text[:-1])
        fields = json.loads(line)
        assert ("ranks" in fields) == (answers is not None)
        known = fields.get("ranks-metadata")
        reference = known.pop("worker-response-ref", None) if known else None
        assert known == metadata
        assert (reference is None) == (answers is None)
        if reference:
            assert json.loads((out / reference).read_text("utf-8")) == {"answers": answers}
    files = snapshot(out)
    done(*export, server=label_studio)
    # The ledger says what was new on the server, and that is nothing any more.
    assert {path for path, content in snapshot(out).items() if content != files[path]} == {"gtbridge/ledger.json"}


def output_text(folder: Path) -> list[str]:
    return (folder / "manifests/output/output.manifest").read_text("utf-8").splitlines()


def test_a_question_job_comes_back_as_it_was_by_way_of_a_second_migration(
    label_studio: Embedded, tmp_path: Path
) -> None:
    path = QUESTIONS.write(str(tmp_path))
    migrate(label_studio, str(tmp_path), QUESTIONS, "asked")
    done("job", "export", "asked", "--to", str(tmp_path), server=label_studio)
    same(label_studio, QUESTIONS, path, str(tmp_path / "asked"))
    done("migrate", str(tmp_path / "asked"), "--project", "asked-again", server=label_studio)
    done("job", "export", "asked-again", "--to", str(tmp_path), server=label_studio)
    same(label_studio, QUESTIONS, path, str(tmp_path / "asked-again"))


def test_a_job_of_label_studios_comes_back_by_way_of_ground_truths_form(
    label_studio: Embedded, job: tuple[str, int, Path]
) -> None:
    name, project, folder = job
    api, other = Api(label_studio), Api(label_studio, new_annotator(label_studio, "of-label-studio"))
    first, second, _ = api.tasks(project)
    api.annotate(first["id"], ranked(first["data"], [1, 2, 2], [1, 2, 3]), lead_time=12.5)
    other.annotate(first["id"], [{"garbage": 1}])
    other.annotate(second["id"], [], was_cancelled=True)
    done("job", "export", name, "--to", str(folder), server=label_studio)
    done("migrate", str(folder / name), "--project", f"{name}-2", server=label_studio)
    done("job", "export", f"{name}-2", "--to", str(folder), server=label_studio)
    found = json.loads(done("verify", str(folder / name), str(folder / f"{name}-2"), "--json", server=label_studio))
    assert (found["differences"]["count"], found["notes"]["count"]) == (0, 0)
    document = worker_file(folder / f"{name}-2", output_lines(folder / f"{name}-2")[0])
    assert [len(document["answers"]), list(document["gtbridge"])] == [1, ["invalid"]]
    again = json.loads(done("verify", f"label-studio:{name}", f"label-studio:{name}-2", "--json", server=label_studio))
    assert again["differences"]["count"] == 0


def test_the_output_that_a_job_was_made_from_is_never_written_over(label_studio: Embedded, tmp_path: Path) -> None:
    job = finished_job("in-place", 1)
    job.write(str(tmp_path))
    migrate(label_studio, str(tmp_path), job, "in-place")
    before = snapshot(tmp_path)
    result = run("job", "export", "in-place", "--to", str(tmp_path), server=label_studio)
    assert result.stderr.endswith(
        "in-place: is what the job was made from, and must stay as it is; choose another --to\n"
    )
    assert snapshot(tmp_path) == before
