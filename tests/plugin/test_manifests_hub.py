"""``manifest make hf://ORG/NAME`` against a stand-in for the Hub, in a process that has its address from the start."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from hub_stand_in import hub_stand_in
from roads import write_lines

pytestmark = pytest.mark.server

CARD = """\
---
configs:
- config_name: pairs
  data_files:
  - {split: train, path: train.jsonl}
  - {split: test, path: test.jsonl}
- config_name: all
  data_files: [{split: train, path: "*.jsonl"}]
---
"""

Make = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Make]:
    """``gtbridge manifest make`` with these arguments -> exit code, standard output, standard error."""
    folder = tmp_path_factory.mktemp("hub")
    for name in ("me/pairs", "me/script"):
        (folder / "datasets" / name).mkdir(parents=True)
    data = folder / "datasets" / "me" / "pairs"
    (data / "README.md").write_text(CARD, encoding="utf-8")
    for split in ("train", "test"):
        write_lines(data / f"{split}.jsonl", [{"prompt": split, "chosen": "a", "rejected": "b"}])
    (folder / "datasets/me/script/script.py").write_text(f"open({str(folder / 'ran')!r}, 'w')", encoding="utf-8")
    # A folder of the dataset's name is not the dataset.
    (folder / "me" / "pairs").mkdir(parents=True)
    with hub_stand_in(folder / "datasets") as url:
        environment = {**os.environ, "HF_ENDPOINT": url, "HF_HOME": str(folder / "home"), "HF_HUB_DISABLE_XET": "1"}

        def run(*arguments: str) -> tuple[int, str, str]:
            command = [sys.executable, "-m", "gtbridge.plugin", "manifest", "make", *arguments, "-o", "-"]
            found = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=environment)
            assert not (folder / "ran").exists()
            return found.returncode, found.stdout, found.stderr

        yield run


def test_a_dataset_on_the_hub_is_read_by_configuration_and_split(make: Make) -> None:
    columns = ["--responses-column", "chosen", "--responses-column", "rejected"]
    code, out, _ = make("hf://me/pairs", "--hub-config", "pairs", "--split", "test", "--revision", "main", *columns)
    assert (code, out) == (0, '{"source":"test","responses":["a","b"]}\n')


def test_what_is_not_there_is_one_clear_error(make: Make) -> None:
    code, _, errors = make("hf://me/none")
    assert (code, errors) == (
        1,
        "error: hf://me/none: no such dataset, or it needs a token that may read it (HF_TOKEN)\n",
    )


def test_several_configurations_are_not_chosen_between_and_no_script_runs(make: Make) -> None:
    code, out, errors = make("hf://me/pairs")
    assert (code, out) == (1, "")
    assert errors.startswith("error: hf://me/pairs: cannot be read as a dataset: Config name is missing.")
    assert "['all', 'pairs']" in errors or "['pairs', 'all']" in errors
    code, _, errors = make("hf://me/script")
    assert (code, errors.partition("dataset: ")[2]) == (
        1,
        "Dataset scripts are no longer supported, but found script.py\n",
    )
