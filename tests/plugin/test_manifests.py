"""What ``manifest check`` says of conversations."""

from __future__ import annotations

import json
from pathlib import Path

from roads import done, write_lines


def test_conversations_are_counted_and_those_that_are_no_prompts_are_named(tmp_path: Path) -> None:
    question, answer = {"role": "user", "content": "Why?"}, {"role": "assistant", "content": "So."}
    lines = [{"source": "Why?", "responses": ["a", "b"], "messages": m} for m in ([question], [question, answer], "x")]
    manifest = write_lines(tmp_path / "m.manifest", [*lines, {"source": "Why?"}])
    report = json.loads(done("manifest", "check", str(manifest), "--json"))
    assert report["conversations"] == 1
    assert report["notes"] == [
        f"{manifest}:{line}: $.messages: is no conversation of texts that waits for the assistant, "
        "so annotators are shown $.source instead"
        for line in (2, 3)
    ]
    assert "  1 with a conversation as the prompt\n" in done("manifest", "check", str(manifest))
