"""What annotators' browsers receive: the texts to judge, and nothing else of the manifest."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser import new_annotator, received
from one_item import exported_line, make_job
from roads import RANKING_TASK
from screens import RankingScreen

from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.server


def test_what_the_manifest_holds_beside_the_texts_never_reaches_the_browser(
    label_studio: Embedded, tmp_path: Path
) -> None:
    canary = "canary-7f3a9c"
    item = {"source": "Which is warmer?", "responses": ["red", "blue"], "models": [canary] * 2, "from": {"url": canary}}
    project = make_job(label_studio, tmp_path, "screen-canary", item, RANKING_TASK)
    record = tmp_path / "visit.har"
    with new_annotator(label_studio, "watched", record) as annotator:
        annotator.begin(project)
        screen = RankingScreen(annotator.page)
        screen.give("Helpfulness", {"red": 1, "blue": 2})
        screen.confirm("Clarity")
        annotator.submit()
        annotator.reopen(project, "Which is warmer?")
    bodies = received(record)
    assert any(b"Which is warmer?" in body for body in bodies)
    assert not any(canary.encode() in body for body in bodies)
    line = exported_line(label_studio, tmp_path, "screen-canary")
    assert {key: line[key] for key in item} == item
