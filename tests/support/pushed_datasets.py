"""Small dataset folders to push, and a user who is logged in at a stand-in for the Hub."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest
import yaml
from commands import snapshot
from hub_stand_in import TOKEN, Hub
from pyarrow import parquet

from gtbridge.converters.datasets.card_text import CARD_MARK
from gtbridge.label_configs.errors import GtbridgeError
from gtbridge.plugin.hub.push import Pushed, push
from gtbridge.plugin.hub.ready import PushOptions, get_ready

NAME = "org/feedback"
TODAY = date(2026, 11, 23)
Rows = Sequence[Mapping[str, Any]]


def row(number: int, text: str = "said", **metadata: Any) -> dict[str, Any]:
    """A row whose id depends on ``number`` alone."""
    prompt = [{"role": "user", "content": f"prompt {number}"}]
    chosen = [{"role": "assistant", "content": text}]
    return {"prompt": prompt, "chosen": chosen, "metadata": {"id": f"id-{number}", **metadata}}


def write_table(path: Path, rows: Rows) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write: Any = parquet.write_table
    write(pa.Table.from_pylist(list(rows)), path)


def write_dataset(
    folder: Path, configs: Mapping[str, Mapping[str, Rows]], *, license: str | None = "cc-by-4.0", body: str = ""
) -> Path:
    """A dataset folder with one shard for each config and split, and a card that passes for one of ours."""
    entries = []
    for config, splits in configs.items():
        for split, rows in splits.items():
            write_table(folder / config / f"{split}-00000.parquet", rows)
        data_files = [{"split": split, "path": f"{config}/{split}-*"} for split in splits]
        entries.append({"config_name": config, "data_files": data_files})
    front = yaml.safe_dump({**({"license": license} if license else {}), "configs": entries})
    (folder / "README.md").write_text(f"---\n{front}---\n\n# Feedback\n\n{CARD_MARK}.\n{body}", encoding="utf-8")
    return folder


def log_in(monkeypatch: pytest.MonkeyPatch, hub: Hub, token: str | None = TOKEN) -> list[float]:
    """From now on huggingface_hub talks to ``hub`` in this process, and notes its waits instead of waiting."""
    waited: list[float] = []
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    monkeypatch.setenv("HF_HOME", "/nonexistent")
    if token is None:
        monkeypatch.delenv("HF_TOKEN", raising=False)
        monkeypatch.setattr("huggingface_hub.constants.HF_TOKEN_PATH", "/nonexistent/token")
    else:
        monkeypatch.setenv("HF_TOKEN", token)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_XET", True)
    clock = SimpleNamespace(**{**vars(time), "sleep": waited.append})
    monkeypatch.setattr("huggingface_hub.utils._http.time", clock)
    return waited


def pushed(folder: Path, *, name: str = NAME, waited: list[float] | None = None, **options: Any) -> Pushed:
    """``folder``, pushed to ``name`` by the library."""
    ready = get_ready(str(folder), name, PushOptions(**options))
    return push(ready, TODAY, wait=(waited if waited is not None else []).append)


ROWS: dict[str, dict[str, Rows]] = {
    "preference": {"train": [row(1), row(2)], "test": [row(3)]},
    "sft": {"train": [row(1), row(4)]},
}
ADDRESS = f"hf://datasets/{NAME}"
LINE = "2026-11-23: preference: 3 rows added; sft: 2 rows added"


def refused(kind: type[GtbridgeError], folder: Path, **options: Any) -> str:
    """What the error says; the folder stays as it was."""
    before = snapshot(folder)
    with pytest.raises(kind) as error:
        pushed(folder, **options)
    assert snapshot(folder) == before
    return str(error.value)
