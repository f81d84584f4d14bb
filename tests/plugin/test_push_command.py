"""``gtbridge dataset push`` as a user meets it: what it prints, what it refuses, and what others then load."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commands import DEADLINE, refusal, snapshot, started, wait_until
from hub_stand_in import TOKEN, Fault, Hub, hub
from job_items import ASK, asked, build_in_folder, job_item, options, ranked, ranking_job
from pushed_datasets import NAME, log_in, row, write_dataset, write_table
from pyarrow import parquet
from roads import done, run
from seaweedfs import BUCKET
from strategies import make_item

from gtbridge.converters.datasets.options import CONFIGS

pytestmark = pytest.mark.server

ROWS = {"preference": {"train": [row(1), row(2)]}}

LOAD = """
import json, sys
from datasets import get_dataset_config_names, load_dataset, disable_progress_bars
disable_progress_bars()
name = sys.argv[1]
found = {}
for config in get_dataset_config_names(name):
    for split, rows in load_dataset(name, config).items():
        found[f"{config}/{split}"] = list(rows)
        assert list(load_dataset(name, config, split=split, streaming=True)) == found[f"{config}/{split}"]
print(json.dumps(found))
"""


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with hub() as made:
        log_in(monkeypatch, made)
        yield made


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a dataset folder ``data``."""
    monkeypatch.chdir(tmp_path)
    return write_dataset(tmp_path / "data", ROWS)


def environment(folder: Path, hub: Hub) -> dict[str, str]:
    return {"HF_ENDPOINT": hub.url, "HF_TOKEN": TOKEN, "HF_HOME": str(folder / "hf"), "HF_HUB_DISABLE_XET": "1"}


def test_what_was_built_is_loaded_from_the_hub_row_by_row_also_when_streamed(there: Hub, tmp_path: Path) -> None:
    """By a process that has the Hub's address from the start, as ``datasets`` reads it once."""
    chosen = options(test_size=0.3, ties="config")
    passages = [make_item(index, f"Ann met Bob {index}.") for index in range(8)]
    pairs = [job_item(item, asked("w", item.text, ("Who?", "Ann")), task=ASK, job="ask") for item in passages]
    tied = job_item(make_item(50, "Even?", ["a", "b"]), ranked("w", (1, 1)))
    built, _, _ = build_in_folder(tmp_path / "data", [*ranking_job(12), tied, *pairs], ["Help"], chosen)
    assert {config.kind for config in built.configs} == set(CONFIGS)
    assert {split for config in built.configs for split in config.rows} == {"train", "test"}
    done("dataset", "push", str(tmp_path / "data"), NAME)
    own = {**os.environ, **environment(tmp_path, there)}
    load = [sys.executable, "-c", LOAD, NAME]
    loaded = json.loads(subprocess.run(load, check=True, cwd=tmp_path, env=own, stdout=subprocess.PIPE).stdout)
    read: Any = parquet.read_table
    assert loaded == {
        f"{config.name}/{split}": read(tmp_path / f"data/{config.name}/{split}-00000.parquet").to_pylist()
        for config in built.configs
        for split in config.rows
    }
    card = there.repos[NAME].texts()["README.md"]
    assert f'load_dataset("{NAME}", ' in card
    assert 'load_dataset("d", ' not in card


def test_it_says_what_was_sent(there: Hub, folder: Path) -> None:
    write_dataset(folder, {**ROWS, "sft": {"train": [row(1)]}})
    done("dataset", "push", "data", NAME)
    write_dataset(folder, ROWS)
    (folder / "sft/train-00000.parquet").unlink()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    write_table(folder / "preference/test-00000.parquet", [row(3)])
    write_dataset(folder, {"preference": {**ROWS["preference"], "test": [row(3)]}})
    size = {path: (folder / path).stat().st_size for path in ("README.md", "preference/test-00000.parquet")}
    old = len(there.repos[NAME].files["sft/train-00000.parquet"].data)
    out = done("dataset", "push", "data", NAME, "--tag", "v2", "--public")
    commit = there.repos[NAME].branches["main"]
    lines = out.splitlines()
    assert lines[:6] == [
        f"{there.url}/datasets/{NAME}: public: pushed",
        f"  added: preference/test-00000.parquet ({size['preference/test-00000.parquet']:,} bytes)",
        f"  changed: README.md ({size['README.md']:,} bytes)",
        f"  deleted: sft/train-00000.parquet ({old:,} bytes)",
        "  unchanged: 1 file",
        "  not part of the dataset, so not pushed: notes.txt",
    ]
    assert lines[6].endswith(" (v2): preference: 1 row added; sft: taken out, with 1 row")
    assert lines[7] == f"commit: {commit} (v2)"
    assert lines[8].startswith("searched ")
    again = done("dataset", "push", "data", NAME, "--public").splitlines()
    assert again[0] == f"{there.url}/datasets/{NAME}: public: nothing has changed, so nothing was sent"


def test_a_dry_run_says_what_would_be(there: Hub, folder: Path) -> None:
    out = done("dataset", "push", "data", NAME, "--dry-run", "--public").splitlines()
    assert out[0] == (
        f"{there.url}/datasets/{NAME}: not there, or not for you to see; would be made, public: nothing was sent"
    )
    assert out[1].startswith("  would be added: README.md (")
    done("dataset", "push", "data", NAME)
    before = there.repos[NAME].history()
    write_dataset(folder, ROWS, body="See jo@example.com")
    result = run("dataset", "push", "data", NAME, "--dry-run", "--public")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[:2] == [
        f"{there.url}/datasets/{NAME}: private, would be made public: nothing was sent",
        f"  would be changed: README.md ({(folder / 'README.md').stat().st_size:,} bytes)",
    ]
    assert "  email                 README.md  1      13 jo…@…" in result.stdout.splitlines()
    assert result.stderr == (
        "error: data: holds what should not be published, so nothing was sent; take it out, or --allow it "
        "(email:README.md)\n"
    )
    assert there.repos[NAME].history() == before


def test_a_refusal_shows_where_and_never_what(there: Hub, folder: Path) -> None:
    texts = ["no", "joanna@example.com", "s3://my-bucket/x joanna@example.com"]
    rows = [row(number, text) for number, text in enumerate(texts)]
    write_dataset(folder, {"preference": {"train": rows}})
    result = run("dataset", "push", "data", NAME, "--allow", "s3:chosen")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[1:] == [
        "must not be published:",
        "  KIND   CONFIG      SPLIT  COLUMN          COUNT  FIRST ROWS",
        "  email  preference  train  chosen.content  2      1 (id-1) jo…@…, 2 (id-2) jo…@…",
        "allowed:",
        "  KIND  CONFIG      SPLIT  COLUMN          COUNT  FIRST ROWS",
        "  s3    preference  train  chosen.content  1      2 (id-2) s3://…",
    ]
    assert there.requests == []
    told = json.loads(run("dataset", "push", "data", NAME, "--json").stdout)
    assert told["outcome"] == "refused"
    assert [found["kind"] for found in told["scan"]["refused"]] == ["email", "s3"]
    for said in (result.output, json.dumps(told)):
        assert "joanna" not in said
        assert "my-bucket" not in said
    out = done("dataset", "push", "data", NAME, "--allow", "email:*", "--allow", "s3:chosen.content")
    assert "allowed:" in out
    assert NAME in there.repos


def test_the_report_as_json_has_everything(there: Hub, folder: Path) -> None:
    made = json.loads(done("dataset", "push", "data", NAME, "--json", "--tag", "v1"))
    assert made["commit"] == there.repos[NAME].branches["main"]
    assert made["rows"] == {"preference": {"before": 0, "after": 2, "added": 2, "removed": 0, "changed": 0}}
    assert [file["path"] for file in made["files"]["added"]] == ["README.md", "preference/train-00000.parquet"]
    assert (made["outcome"], made["private"], made["created"], made["tag"]) == ("pushed", True, True, "v1")
    assert made["scan"]["refused"] == made["scan"]["allowed"] == made["left"] == []
    assert made["scan"]["texts"] > 8


def test_what_cannot_be_is_one_clear_error(there: Hub, folder: Path) -> None:
    write_dataset(folder, ROWS, license=None)
    message = "data: its card says no licence, without which nothing is made public; build it again with"
    assert refusal(folder, "dataset", "push", "data", NAME, "--public").startswith(message)
    assert (
        refusal(folder, "dataset", "push", "data", "feedback") == "feedback: a dataset on the Hub is given as ORG/NAME"
    )
    (folder.parent / "empty").mkdir()
    assert refusal(folder, "dataset", "push", "empty", NAME).startswith("empty: is no dataset: it has no README.md")
    assert there.requests == []


def test_a_dataset_in_s3_is_pushed_as_one_on_this_machine(there: Hub, folder: Path, bucket: str) -> None:
    from gtbridge.plugin.storage import write_bytes

    for path, data in snapshot(folder).items():
        if data is not None:
            write_bytes(f"{bucket}/{path}", data)
    assert BUCKET in bucket
    there.faults += [Fault("PUT /large/", 503), Fault("POST .*/commit/", 412)]
    done("dataset", "push", bucket, NAME)
    files = there.repos[NAME].files
    assert files["preference/train-00000.parquet"].data == (folder / "preference/train-00000.parquet").read_bytes()
    assert bucket not in there.repos[NAME].texts()["README.md"]
    assert done("dataset", "push", "data", NAME).splitlines()[0].endswith("nothing has changed, so nothing was sent")


@pytest.mark.parametrize("asked", ["PUT /large/", "POST .*/commit/"])
def test_ctrl_c_leaves_the_repository_as_it_was_and_nothing_on_this_machine(
    there: Hub, folder: Path, asked: str
) -> None:
    there.faults.append(Fault(asked, "stalled", 9))
    before = snapshot(folder)
    with started(folder.parent, "dataset", "push", "data", NAME, **environment(folder.parent, there)) as process:
        wait_until(lambda: bool(there.asked(asked)) or process.poll() is not None)
        process.send_signal(2)
        _, errors = process.communicate(timeout=DEADLINE)
    assert process.returncode == -2, errors
    assert "Traceback" not in errors
    assert snapshot(folder) == before
    assert list((folder.parent / "tmp").iterdir()) == []
    assert len(there.repos[NAME].history()) == 1
