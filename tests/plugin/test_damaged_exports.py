"""A task of an export that nobody can read is named with its place, wherever in the file it stands."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from foreign_exports import PAIRWISE, config_file, task

from gtbridge.converters.formats.json_stream import read_json_records
from gtbridge.converters.ledger import Ledger
from gtbridge.label_configs.errors import InputError
from gtbridge.plugin.outputs.job_reader import job_lines, open_job_output
from gtbridge.plugin.outputs.options import JobOutputOptions

SOUND = json.dumps(task(1, [], PAIRWISE.data))
LAST = json.dumps(task(3, [], PAIRWISE.data))


def read(path: Path, folder: Path) -> Any:
    options = JobOutputOptions(task=config_file(folder, PAIRWISE), mapping=PAIRWISE.needs)
    return list(job_lines(open_job_output(str(path), options), Ledger()))


@pytest.mark.parametrize(
    ("damaged", "wrong"),
    [
        ('{"id": 2, "data": {"a": 1, "a": 2}, "annotations": []}', "the key 'a' is given twice"),
        ('{"id": 2, "data": {"a": "\\ud800"}, "annotations": []}', "half of a surrogate pair"),
        ('{"id": 2, "data": {"a": \n01}, "annotations": []}', "not JSON"),
        ('{"id": 2, "data": {"a": "\udcff"}, "annotations": []}', "not UTF-8"),
        ('{"id": 2, "data": {}, "annotations": []]', "not JSON"),
    ],
)
def test_what_is_damaged_is_refused_where_it_stands(damaged: str, wrong: str, tmp_path: Path) -> None:
    data = f"[{SOUND},\n{damaged},\n{LAST}]".encode("utf-8", "surrogateescape")
    path = tmp_path / "export.json"
    path.write_bytes(data)
    with pytest.raises(InputError) as whole:
        list(read_json_records(io.BytesIO(data), str(path)))
    with pytest.raises(InputError, match=wrong) as error:
        read(path, tmp_path)
    assert str(error.value) == str(whole.value)
    assert error.value.path == "$[1]"


def test_what_is_read_slowly_for_its_spelling_is_read_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text(f"[{LAST}, {SOUND.replace('What', chr(92) + 'u0022What')}]", encoding="utf-8")
    assert [line.line.item.index for line in read(path, tmp_path)] == [1, 3]
