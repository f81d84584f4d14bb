"""Folders with datasets of somebody else's: what is read of them is theirs, and nothing of it is run."""

from __future__ import annotations

import contextlib
import json
import pickle
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from gtbridge.converters.ledger import Ledger
from gtbridge.label_configs.errors import GtbridgeError, InputError
from gtbridge.plugin.manifests.hub_datasets import Selection
from gtbridge.plugin.manifests.inputs import SourceOptions, read_records


def read(folder: Path, **selected: str) -> list[str]:
    options = SourceOptions(selection=Selection(**selected))
    return [record.fields["source"] for record in read_records(str(folder), options, (), Ledger())]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.jsonl").write_text('{"source": "a secret"}\n', "utf-8")
    made = tmp_path / "set"
    (made / "data").mkdir(parents=True)
    (made / "data" / "train.jsonl").write_text('{"source": "mine"}\n', "utf-8")
    return made


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """The paths that were asked for at ``http://127.0.0.1:<asked[0]>/``, after the port."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        do_HEAD = do_GET

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        paths.append(str(server.server_port))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield paths
        server.shutdown()
        thread.join()


def configs(folder: Path, name: str, **said: Any) -> None:
    config = json.dumps({"configs": [{"config_name": "default", **said}]})
    (folder / name).write_text(config if name.startswith(".") else f"---\n{config}\n---\n", "utf-8")


PLACES = (
    {"data_files": "{outside}/secret.jsonl"},
    {"data_files": "../secret.jsonl"},
    {"data_files": "data/../../secret.jsonl"},
    {"data_files": ["data/train.jsonl", "../*.jsonl"]},
    {"data_files": [{"split": "train", "path": ["{outside}/secret.jsonl"]}]},
    {"data_files": "file://{outside}/secret.jsonl"},
    {"data_files": "http://127.0.0.1:{port}/internal.jsonl"},
    {"data_files": "zip://secret.jsonl::{outside}/secret.zip"},
    {"data_dir": ".."},
    {"data_dir": "{outside}"},
)


@pytest.mark.parametrize("name", ["README.md", ".huggingface.yaml"])
@pytest.mark.parametrize("said", PLACES, ids=str)
def test_what_lies_elsewhere_is_not_read_whatever_the_folder_says(
    folder: Path, asked: list[str], name: str, said: dict[str, Any]
) -> None:
    spelled = json.dumps(said).replace("{outside}", str(folder.parent)).replace("{port}", asked[0])
    configs(folder, name, **json.loads(spelled))
    with pytest.raises(InputError, match="which is not within the folder"):
        read(folder)
    assert len(asked) == 1


def test_a_folder_may_say_which_of_its_own_files_to_read(folder: Path) -> None:
    (folder / "data" / "more.jsonl").write_text('{"source": "more"}\n', "utf-8")
    configs(folder, "README.md", data_files=[{"split": "test", "path": "data/m*.jsonl"}])
    assert read(folder) == ["more"]


def test_what_was_found_elsewhere_is_refused_even_if_the_readme_did_not_say_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configs(folder, "README.md", data_files="../secret.jsonl")
    monkeypatch.setattr("gtbridge.plugin.manifests.hub_datasets.refuse_outside", lambda folder, source: None)
    with pytest.raises(InputError, match="which is not the dataset's own"):
        read(folder)


def test_aliases_that_would_fill_memory_are_counted_first(folder: Path) -> None:
    lines = ["a0: &a0 [data/train.jsonl]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    text = "\n".join([*lines, "configs:", "- config_name: default", "  data_files: *a11"])
    (folder / "README.md").write_text(f"---\n{text}\n---\n", "utf-8")
    with pytest.raises(InputError, match="spell more than anybody could read"):
        read(folder)


class _Planted:
    """Unpickled, it writes a file."""

    def __init__(self, path: Path):
        self.path = path

    def __reduce__(self) -> Any:
        return Path.write_text, (self.path, "run")


@pytest.mark.parametrize("beside", [True, False], ids=["beside data", "alone"])
@pytest.mark.parametrize("name", ["set.py", "data.pkl", "data.pickle", "data.pt", "data/train.pkl"])
def test_nothing_in_a_folder_is_run_or_unpickled(folder: Path, name: str, beside: bool) -> None:
    written = folder.parent / "written"
    script = f"import pathlib\npathlib.Path({str(written)!r}).write_text('run')\n"
    (folder / name).write_bytes(script.encode() if name.endswith(".py") else pickle.dumps(_Planted(written)))
    if not beside:
        (folder / "data" / "train.jsonl").unlink()
        with pytest.raises(GtbridgeError):
            read(folder)
    else:
        with contextlib.suppress(GtbridgeError):
            assert read(folder) == ["mine"]
    assert not written.exists()
    pickle.loads(pickle.dumps(_Planted(written)))
    assert written.exists()  # so the trap works
