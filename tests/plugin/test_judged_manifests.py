"""Manifests of the items of datasets of judgements: ``manifest make``, and what ``migrate`` needs one for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import refusal, snapshot
from job_files import answer, write_job
from roads import done, run, write_lines

PAIRS = [{"prompt": f"p{n}", "chosen": f"good {n}", "rejected": f"bad {n}", "id": n} for n in range(3)]
NECTAR = {
    "prompt": "p",
    "answers": [{"answer": "a", "model": "m", "rank": 1}, {"answer": "b", "model": "n", "rank": 2}],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_items_of_a_dataset_are_a_manifest_and_its_judgements_stay_behind(folder: Path) -> None:
    write_lines(folder / "pairs.jsonl", PAIRS)
    result = run("manifest", "make", "pairs.jsonl", "-o", "m", "--name-column", "file")
    lines = [json.loads(line) for line in Path("m").read_text("utf-8").splitlines()]
    assert [sorted(line["responses"]) for line in lines] == [[f"bad {n}", f"good {n}"] for n in range(3)]
    assert [(line["source"], line["id"], line["file"]) for line in lines] == [
        (f"p{n}", n, "pairs.jsonl") for n in range(3)
    ]
    assert not {"chosen", "rejected"} & lines[0].keys()
    assert result.stderr.splitlines() == [
        "m: 3 objects",
        "records: 3 in, 3 out, 0 dropped",
        "  * 1 read as preference, without its judgements (pairs.jsonl)",
    ]
    assert done("manifest", "check", "m").startswith("m: 3 objects\n  3 with responses (2 each)")


def test_columns_that_are_named_win_over_the_shape(folder: Path) -> None:
    write_lines(folder / "pairs.jsonl", PAIRS[:1])
    told = done("--quiet", "manifest", "make", "pairs.jsonl", "--source-column", "prompt", "-o", "-")
    assert json.loads(told) == {"source": "p0", "chosen": "good 0", "rejected": "bad 0", "id": 0}
    columns = ["--responses-column", "chosen", "--responses-column", "rejected"]
    told = done("--quiet", "manifest", "make", "pairs.jsonl", *columns, "-o", "-")
    assert json.loads(told) == {"source": "p0", "responses": ["good 0", "bad 0"], "id": 0}
    result = run("manifest", "make", "pairs.jsonl", *columns, "--dataset-shape", "preference", "-o", "-")
    assert (result.exit_code, "leave out the options that name some" in result.stderr) == (2, True)


def test_a_column_that_was_left_out_makes_no_shape(folder: Path) -> None:
    write_lines(folder / "pairs.jsonl", PAIRS[:1])
    told = done("--quiet", "manifest", "make", "pairs.jsonl", "--drop-column", "rejected", "-o", "-")
    assert json.loads(told) == {"source": "p0", "chosen": "good 0", "id": 0}
    told = done("--quiet", "manifest", "make", "pairs.jsonl", "--drop-column", "id", "-o", "-")
    assert sorted(json.loads(told)["responses"]) == ["bad 0", "good 0"]
    assert "id" not in json.loads(told)


def test_a_dataset_of_several_shapes_makes_no_manifest_until_one_is_named(folder: Path) -> None:
    write_lines(folder / "both.jsonl", [{**NECTAR, **PAIRS[0], **NECTAR}])
    assert refusal(folder, "manifest", "make", "both.jsonl", "-o", "m").endswith("say which with --dataset-shape")
    told = done("--quiet", "manifest", "make", "both.jsonl", "--dataset-shape", "nectar", "-o", "-")
    assert sorted(json.loads(told)["responses"]) == ["a", "b"]


# migrate, without a server


def test_a_migration_of_a_dataset_needs_a_place_for_its_manifest_and_a_dry_run_writes_none(folder: Path) -> None:
    write_lines(folder / "pairs.jsonl", PAIRS)
    say = refusal(folder, "migrate", "pairs.jsonl", "--dry-run")
    assert say == "pairs.jsonl: has no manifest; say with --manifest where to write one, which `job export` will read"
    before = snapshot(folder)
    told = json.loads(done("migrate", "pairs.jsonl", "--manifest", "m", "--dry-run", "--json"))
    assert (told["LabelingJobName"], told["finished"], told["to_do"]) == ("pairs", 3, 0)
    assert snapshot(folder) == before
    write_job(folder / "job", [[answer("w1")]])
    say = refusal(folder, "migrate", "job", "--manifest", "m", "--dry-run")
    assert say.endswith("has a manifest already; leave out --manifest")


def test_a_label_never_takes_the_name_of_a_field_of_the_items(folder: Path) -> None:
    write_lines(folder / "id.jsonl", [{**PAIRS[0], "id-label-metadata": 1}])
    told = json.loads(done("migrate", "id.jsonl", "--manifest", "m", "--dry-run", "--json"))
    assert told["LabelAttributeName"] == "id-label-label"
