"""Building datasets on disk: whole or not at all, the older one safe, and nobody's name in it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import datasets
import pytest
from commands import all_whole, refusal, snapshot
from job_files import ITEM, answer, reference, write_job
from roads import done, run, write_lines


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with the output of a job that two workers answered; the user's settings are elsewhere."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(config(tmp_path)))
    monkeypatch.chdir(tmp_path)
    write_job(tmp_path / "job", [[answer("w1"), answer("w2", (2, 1))], [answer("w1")]])
    return tmp_path


def config(folder: Path) -> Path:
    return folder.parent / f"{folder.name}-config"


def build(*arguments: str, out: str = "data") -> dict[str, Any]:
    made: dict[str, Any] = json.loads(done("dataset", "build", "-o", out, "--test-size", "0", "--json", *arguments))
    return made


def annotators(out: str = "data") -> set[str]:
    # Through the cache of datasets, which tells folders apart by their cards alone.
    return set(datasets.load_dataset(out, "annotations", split="train")["annotator"])


def test_the_dataset_loads_from_a_folder_and_from_a_manifest_alike(folder: Path) -> None:
    first = build("job")
    second = build("job/manifests/output/output.manifest", out="other")
    assert first["configs"] == second["configs"]
    for name, rows in first["configs"].items():
        loaded = datasets.load_dataset("data", name)
        assert {split: len(loaded[split]) for split in loaded} == rows


def test_a_dataset_that_is_built_again_replaces_the_older_one_whole(folder: Path) -> None:
    build("job")
    build("job", "--config", "annotations")
    assert all_whole(folder / "data") == ["README.md", "annotations/train-00000.parquet"]
    assert sorted(path.name for path in folder.iterdir()) == ["data", "data.provenance.json", "job"]


def test_a_file_beside_the_dataset_says_where_the_jobs_lie(folder: Path) -> None:
    build("job", "--config", "preference")
    said = json.loads((folder / "data.provenance.json").read_text(encoding="utf-8"))
    assert said == {"jobs": {"job": str(folder / "job" / "manifests" / "output" / "output.manifest")}}


def test_every_choice_reaches_the_rows(folder: Path) -> None:
    item = {"source": "Which?", "responses": ["a", "b", "c"]}
    write_job(folder / "three", [[answer("w1", (1, 2, 3)), answer("w2", (1, 3, 2))]], item)
    choices = {
        "--config": "preference, unpaired", "--consensus": "none", "--pairs": "best-vs-rest", "--margin": "rank",
        "--threshold": "0.5", "--aggregate": "weighted", "--format": "standard",
    }  # fmt: skip
    weights = ("--weights", "Helpfulness=2", "--weights", "Clarity=0.5")
    made = build("three", *(word for choice in choices.items() for word in choice), *weights)
    assert made["configs"] == {"preference": {"train": 4}, "unpaired": {"train": 3}}
    rows = datasets.load_dataset("data", "preference", split="train")
    assert [(row["prompt"].rstrip("\n"), row["chosen"], row["rejected"], row["margin"]) for row in rows] == [
        ("Which?", "a", "b", 0.5),
        ("Which?", "a", "c", 1.0),
        ("Which?", "a", "b", 1.0),
        ("Which?", "a", "c", 0.5),
    ]


def test_a_build_that_fails_in_the_middle_leaves_the_older_dataset_as_it_was(folder: Path) -> None:
    build("job")
    (folder / "job" / reference(1)).write_text("{", encoding="utf-8")
    assert refusal(folder, "dataset", "build", "job", "-o", "data").startswith(f"job/{reference(1)}:1: ")
    assert all_whole(folder / "data")


def test_a_missing_answer_file_is_refused_unless_it_is_allowed_and_then_counted(folder: Path) -> None:
    missing = folder / "job" / reference(1)
    missing.unlink()
    assert refusal(folder, "dataset", "build", "job", "-o", "data").startswith(f"job/{reference(1)}: no such file (")
    [dropped] = build("job", "--allow-missing")["ledger"]["items"]["dropped"]
    assert dropped["count"] == 1


def test_a_folder_that_holds_something_else_is_refused(folder: Path) -> None:
    Path("home").mkdir()
    Path("home/thesis.txt").write_text("all of it", encoding="utf-8")
    assert refusal(folder, "dataset", "build", "job", "-o", "home") == (
        "home: holds something else; choose a new folder for the dataset"
    )
    assert refusal(folder, "dataset", "build", "job", "-o", "home/thesis.txt").startswith("home/thesis.txt: ")


@pytest.mark.parametrize("owner", [["README.md"], ["README.md", ".git/HEAD", "src/main.py"]], ids=["one file", "more"])
def test_a_project_with_a_readme_is_no_older_dataset(folder: Path, owner: list[str]) -> None:
    for name in owner:
        Path("project", name).parent.mkdir(parents=True, exist_ok=True)
        Path("project", name).write_text("# My project\n", encoding="utf-8")
    assert refusal(folder, "dataset", "build", "job", "-o", "project").startswith("project: holds something else")


def test_an_empty_folder_is_taken(folder: Path) -> None:
    Path("data").mkdir()
    build("job")
    assert "README.md" in all_whole(folder / "data")


def test_two_jobs_of_one_name_are_refused(folder: Path) -> None:
    write_job(folder / "copy/job", [[answer("w1")]])
    message = refusal(folder, "dataset", "build", "job", "copy/job", "-o", "data")
    assert (
        message == "copy/job/manifests/output/output.manifest: two jobs are called 'job'; nothing could tell them apart"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--config", "preferences"], "'preferences' is no config"),
        (["--dimension", "Truth"], "no dimension is called 'Truth'"),
        (["--test-size", "1"], "a test size of 1.0 is not between 0 and 1"),
        (["--aggregate", "weighted"], "each dimension needs one weight: "),
        (["--weights", "Helpfulness=1"], "weights say nothing without --aggregate weighted"),
        (["--threshold", "0.6"], "a threshold of 0.6 is not between 0 and 0.5"),
        (["--near-duplicates", "nan"], "a similarity of nan is not between 0 and 1"),
        (["--preset", "axolotl", "--format", "standard"], "the preset 'axolotl' has a format of its own"),
        (["--direction", "ask", "--context", "none"], "a question cannot be asked about nothing"),
        (["--test-size", "nan"], "a test size of nan is not between 0 and 1"),
        (["--label-attribute", "other"], "job/manifests/output/output.manifest: no object has the label attribute"),
    ],
)
def test_an_option_that_means_nothing_is_refused(folder: Path, arguments: list[str], message: str) -> None:
    assert refusal(folder, "dataset", "build", "job", "-o", "data", *arguments).startswith(message)


def test_a_job_that_nobody_answered_gives_no_dataset(folder: Path) -> None:
    write_job(folder / "empty", [[]])
    Path("task.yaml").write_text("task: question-answer\n", encoding="utf-8")
    message = refusal(folder, "dataset", "build", "empty", "-o", "data", "--task", "task.yaml")
    assert message == "data: no answers, so no rows: nothing was written"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "../secrets.json",
        "/etc/hostname.json",
        "annotations/worker-response/../../../secrets.json",
        "https://example.com/annotations/worker-response/iteration-1/0/one.json",
        "annotations/worker-response/iteration-1/0/one.txt",
        "annotations/worker-response/iteration-1/0/\0.json",
    ],
)
def test_a_reference_that_leads_out_of_the_job_is_refused(folder: Path, elsewhere: str) -> None:
    manifest = Path("job/manifests/output/output.manifest")
    write_lines(manifest, [{**ITEM, "label": {}, "label-metadata": {"worker-response-ref": elsewhere}}])
    message = refusal(folder, "dataset", "build", "job", "-o", "data")
    assert message == f"{manifest}:1: {elsewhere!r} is no worker-response file"


def test_the_key_is_made_once_for_its_owner_alone(folder: Path) -> None:
    build("job")
    key = config(folder) / "gtbridge/pseudonym.key"
    made = key.read_bytes()
    assert (len(made), key.stat().st_mode & 0o777) == (32, 0o600)
    build("job", out="again")
    assert key.read_bytes() == made
    assert annotators("again") == annotators("data")
    assert [path.name for path in key.parent.iterdir()] == ["pseudonym.key"]


def test_a_worker_has_one_name_per_key(folder: Path) -> None:
    names = []
    for number in (1, 2, 1):
        Path("key").write_bytes(bytes([number]) * 32)
        build("job", "--pseudonym-key", "key")
        names.append(annotators())
    assert len(names[0]) == 2
    assert names[0] == names[2]
    assert names[0].isdisjoint(names[1])


def test_a_key_that_is_too_short_is_refused(folder: Path) -> None:
    Path("key").write_bytes(b"k" * 31)
    message = refusal(folder, "dataset", "build", "job", "-o", "data", "--pseudonym-key", "key")
    assert message == "key: holds 31 bytes; a pseudonym key has at least 32"


def test_a_place_where_no_key_can_be_kept_is_one_clear_error(folder: Path) -> None:
    config(folder).write_text("a file where the folder should be", encoding="utf-8")
    message = refusal(folder, "dataset", "build", "job", "-o", "data")
    assert message == f"{config(folder) / 'gtbridge/pseudonym.key'}: cannot be written: Not a directory"


def test_neither_the_key_nor_a_worker_nor_the_place_is_in_what_is_written_or_said(folder: Path) -> None:
    Path("key").write_bytes(b"unguessable-bytes-of-a-secret-key")
    write_job(folder / "named", [[answer("AMZN-WORKER-7")]])
    result = run("-v", "dataset", "build", "named", "-o", "data", "--pseudonym-key", "key")
    assert result.exit_code == 0
    written = b"".join(content or b"" for content in snapshot(folder / "data").values()) + result.output.encode()
    for secret in (b"unguessable", b"unguessable".hex().encode(), b"AMZN-WORKER-7", os.fsencode(folder)):
        assert secret not in written


def test_the_items_other_fields_can_be_left_out(folder: Path) -> None:
    manifest = folder / "job/manifests/output/output.manifest"
    manifest.write_text(manifest.read_text("utf-8").replace('{"source"', '{"language": "en", "source"'), "utf-8")
    for flags, wanted in ((), '{"language":"en"}'), (("--no-fields",), None):
        build("job", *flags)
        ranking = datasets.load_dataset("data", "ranking", split="train")
        assert {row["metadata"]["fields"] for row in ranking} == {wanted}
