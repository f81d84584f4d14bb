"""Datasets of judgements on a stand-in for the Hub, and on Label Studio and back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hub_stand_in import hub_stand_in
from roads import Api, done, run, write_lines

from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.server

CARD = """\
---
configs:
- config_name: pairs
  data_files: [{split: train, path: train.jsonl}, {split: test, path: test.jsonl}]
- config_name: ranked
  data_files: [{split: train, path: ranked.jsonl}]
---
"""
PAIRS: list[dict[str, Any]] = [
    {"prompt": [{"role": "user", "content": f"p{n}"}], "chosen": [{"role": "assistant", "content": f"good {n}"}],
     "rejected": [{"role": "assistant", "content": f"bad {n}"}], "pair-id": n}
    for n in range(3)
]  # fmt: skip
RANKED = {"prompt": "p", "answers": [{"answer": letter, "model": f"m-{letter}", "rank": rank}
                                     for rank, letter in enumerate("abc", start=1)]}  # fmt: skip


def preferences(folder: Path) -> list[tuple[str, str, str]]:
    """(prompt, chosen, rejected) of the one file of preferences."""
    [file] = (folder / "preference").iterdir()
    rows = pq.read_table(file).to_pylist()  # type: ignore[no-untyped-call]
    return [tuple(row[key][-1]["content"] for key in ("prompt", "chosen", "rejected")) for row in rows]


def test_a_dataset_on_the_hub_is_a_job_output_by_configuration_and_split(tmp_path: Path) -> None:
    data = tmp_path / "hub" / "me" / "judged"
    data.mkdir(parents=True)
    (data / "README.md").write_text(CARD, encoding="utf-8")
    write_lines(data / "train.jsonl", PAIRS[:2])
    write_lines(data / "test.jsonl", PAIRS[2:])
    write_lines(data / "ranked.jsonl", [RANKED])
    with hub_stand_in(tmp_path / "hub") as url:
        environment = {**os.environ, "HF_ENDPOINT": url, "HF_HOME": str(tmp_path / "home"), "HF_HUB_DISABLE_XET": "1"}
        environment["XDG_CONFIG_HOME"] = str(tmp_path / "config")

        def gtbridge(*arguments: str) -> subprocess.CompletedProcess[str]:
            command = [sys.executable, "-m", "gtbridge.plugin", *arguments]
            return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment)

        build = ("dataset", "build", "hf://me/judged@main", "-o", "data", "--test-size", "0")
        told = gtbridge(*build, "--hub-config", "pairs", "--split", "train+test", "--json")
        assert told.returncode == 0, told.stderr
        assert preferences(tmp_path / "data") == [(f"p{n}", f"good {n}", f"bad {n}") for n in range(3)]
        assert json.loads((tmp_path / "data.provenance.json").read_text("utf-8")) == {
            "jobs": {"judged": "hf://me/judged@main"}
        }
        told = gtbridge("manifest", "make", "hf://me/judged", "--hub-config", "ranked", "-o", "-")
        line = json.loads(told.stdout)
        assert [f"m-{text}" for text in line["responses"]] == line["models"]
        assert sorted(line["responses"]) == ["a", "b", "c"] != line["responses"]


def test_preferences_go_to_label_studio_are_judged_again_and_come_back(label_studio: Embedded, tmp_path: Path) -> None:
    write_lines(tmp_path / "pairs.jsonl", PAIRS)
    manifest = tmp_path / "pairs.manifest"
    migrate = ("migrate", str(tmp_path / "pairs.jsonl"), "--project", "judged-pairs", "--manifest", str(manifest))
    made = json.loads(done(*migrate, "--workers-per-object", "2", "--json", server=label_studio))
    assert (made["outcome"], made["finished"], made["to_do"]) == ("created", 0, 3)
    again = json.loads(done(*migrate, "--workers-per-object", "2", "--json", server=label_studio))
    assert (again["outcome"], again["ProjectId"]) == ("present", made["ProjectId"])
    key = tmp_path / "key"
    key.write_bytes(b"k" * 32)
    build = ("--config", "preference", "--test-size", "0", "--pseudonym-key", str(key), "-o", str(tmp_path / "data"))
    done("job", "export", "judged-pairs", "--to", str(tmp_path / "out"), server=label_studio)
    done("verify", str(tmp_path / "pairs.jsonl"), str(tmp_path / "out" / "judged-pairs"))
    done("dataset", "build", str(tmp_path / "out" / "judged-pairs"), *build)
    assert preferences(tmp_path / "data") == [(f"p{n}", f"good {n}", f"bad {n}") for n in range(3)]

    # Somebody disagrees about the first pair, so that nothing is preferred there any more.
    api = Api(label_studio)
    first = api.tasks(made["ProjectId"])[0]
    shown = [response["id"] for response in first["data"]["responses"]]
    order = json.loads(manifest.read_text("utf-8").splitlines()[0])["responses"]
    good = f"r{order.index('good 0')}"
    results = [
        {"from_name": f"rank__preference__{place}", "to_name": "prompt", "type": "choices",
         "value": {"choices": [f"{response}:{2 if response == good else 1}"]}}
        for place, response in enumerate(shown)
    ]  # fmt: skip
    api.annotate(first["id"], results)
    done("job", "export", "judged-pairs", "--to", str(tmp_path / "out"), server=label_studio)
    done("dataset", "build", str(tmp_path / "out" / "judged-pairs"), *build)
    assert preferences(tmp_path / "data") == [(f"p{n}", f"good {n}", f"bad {n}") for n in (1, 2)]


def test_a_manifest_that_holds_something_else_is_not_written_over_and_nothing_is_made(
    label_studio: Embedded, tmp_path: Path
) -> None:
    write_lines(tmp_path / "pairs.jsonl", PAIRS)
    manifest = write_lines(tmp_path / "m", [{"source": "mine"}])
    migrate = ("migrate", str(tmp_path / "pairs.jsonl"), "--project", "judged-twice", "--manifest", str(manifest))
    result = run(*migrate, server=label_studio)
    assert (result.exit_code, result.stderr) == (
        1,
        f"error: {manifest}: holds something else than these items; choose another --manifest\n",
    )
    assert manifest.read_text("utf-8") == '{"source": "mine"}\n'
    listed = run("job", "describe", "judged-twice", server=label_studio)
    assert listed.exit_code == 1
