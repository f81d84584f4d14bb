"""The label stream, when many ask at the same moment: an item goes to as many people as it wants answers."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import httpx
import pytest
from installation import Installation
from judged_jobs import RANKING
from roads import done, pooled_annotator, prepare_job

pytestmark = pytest.mark.guarded
_PEOPLE, _ITEMS, _OVERLAP = 12, 4, 2


@pytest.mark.parametrize("call", ["POST", "GET"])
def test_nobody_gets_an_item_that_others_have_for_all_its_answers(
    on_each_database: Installation, tmp_path: Path, call: str
) -> None:
    server = on_each_database.server
    path, _ = prepare_job(tmp_path, f"stream-{call}", [RANKING.item] * _ITEMS, RANKING.task, _OVERLAP)
    project = json.loads(done("job", "create", "--request", str(path), "--json", server=server))["ProjectId"]
    keys = [pooled_annotator(server.url, server.api_key, number) for number in range(_PEOPLE)]
    start = Barrier(_PEOPLE)

    def ask(key: str) -> int | None:
        with httpx.Client(base_url=server.url, headers={"Authorization": f"Token {key}"}, timeout=120) as client:
            client.get("/api/current-user/whoami")
            start.wait()
            if call == "GET":
                answer = client.get(f"/api/projects/{project}/next")
            else:
                answer = client.post("/api/dm/actions", params={"id": "next_task", "project": project}, json={})
        assert answer.status_code in (200, 404), answer.text
        return int(answer.json()["id"]) if answer.status_code == 200 else None

    with ThreadPoolExecutor(_PEOPLE) as pool:
        given = Counter(pool.map(ask, keys))
    del given[None]
    assert given and max(given.values()) <= _OVERLAP
