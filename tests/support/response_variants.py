"""The worker-response documents under ``tests/data/worker_response``, and the items that they answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gtbridge.converters.formats.json_text import read_json
from gtbridge.converters.formats.manifest import item_from_line
from gtbridge.converters.formats.reading import Reading
from gtbridge.converters.formats.worker_response import answer_to_response, document_to_answers
from gtbridge.converters.records import Answer, Item
from gtbridge.label_configs.errors import InputError

__all__ = ["ITEM", "PASSAGE", "WITHOUT_RESPONSES", "document", "read", "refused"]

DATA = Path(__file__).parents[1] / "data" / "worker_response"
LINES = (DATA / "items.jsonl").read_text(encoding="utf-8").splitlines()
ITEM, WITHOUT_RESPONSES, PASSAGE = (
    item_from_line(line, json.loads(line), number, "items.jsonl") for number, line in enumerate(LINES, start=1)
)


def document(case: str) -> Any:
    """The worker-response document of a case."""
    return read_json((DATA / case / "document.json").read_bytes(), case)


def read(case: str, item: Item | None = ITEM, **how: Any) -> list[Answer]:
    """Its answers, which are written back as they were."""
    answers = document_to_answers(document(case), "w.json", Reading(**how), item)
    assert [answer_to_response(answer) for answer in answers] == document(case)["answers"]
    return answers


def refused(case: str, item: Item | None = ITEM, **how: Any) -> str:
    """Why it is refused."""
    with pytest.raises(InputError) as caught:
        read(case, item, **how)
    return str(caught.value)
