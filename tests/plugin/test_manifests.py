"""``manifest check``: everything that is wrong, by its line; what is odd, as notes; neither without bounds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from roads import QUESTION_TASK, RANKING_TASK, done, run, write_lines

from gtbridge.label_configs.errors import InputError
from gtbridge.plugin.manifests.manifests import inspect_manifest


def report(path: Path, *options: str) -> tuple[int, dict[str, Any], list[str]]:
    """Exit code, the report as JSON, and the lines on standard error."""
    result = run("manifest", "check", str(path), *options, "--json")
    return result.exit_code, json.loads(result.stdout), result.stderr.splitlines()


def test_conversations_are_counted_and_those_that_are_no_prompts_are_named(tmp_path: Path) -> None:
    question, answer = {"role": "user", "content": "Why?"}, {"role": "assistant", "content": "So."}
    lines = [{"source": "Why?", "responses": ["a", "b"], "messages": m} for m in ([question], [question, answer], "x")]
    manifest = write_lines(tmp_path / "m.manifest", [*lines, {"source": "Why?"}])
    _, found, _ = report(manifest)
    assert found["conversations"] == 1
    assert found["notes"] == [
        f"{manifest}:{line}: $.messages: is no conversation of texts that waits for the assistant, "
        "so annotators are shown $.source instead"
        for line in (2, 3)
    ]
    assert "  1 with a conversation as the prompt\n" in done("manifest", "check", str(manifest))


def test_every_line_that_is_wrong_is_named(tmp_path: Path) -> None:
    path = tmp_path / "m.manifest"
    path.write_bytes(b'{"source": "a"}\n{"source": 1}\n\n{"source": \n[]\n{"source": "b", "responses": ["x", 2]}\n\n')
    places = [
        ":2: $.source: expected text",
        ":3: blank line",
        ":4: not JSON: Expecting value at column 12",
        ':5: $: expected an object, e.g. {"source": "..."}',
        ":6: $.responses[1]: expected text, found 2",
    ]
    code, found, errors = report(path)
    assert code == 1
    assert found["problems"] == [f"{path}{place}" for place in places]
    assert errors == [f"error: {path}{place}" for place in places]
    assert (found["objects"], found["problem_count"]) == (1, 5)
    result = run("manifest", "check", str(path))
    assert (result.exit_code, result.stdout, result.stderr.splitlines()) == (1, "", errors)


def test_what_does_not_suit_the_task_is_named_line_by_line(tmp_path: Path) -> None:
    (tmp_path / "task.yaml").write_text(RANKING_TASK, encoding="utf-8")
    manifest = write_lines(tmp_path / "m", [{"source": "a"}, {"source": "b", "responses": ["x"]}])
    _, found, _ = report(manifest, "--task", str(tmp_path / "task.yaml"))
    assert found["problems"] == [
        f"{manifest}:1: $.responses: is missing: a text ranking needs the responses to rank",
        f"{manifest}:2: $.responses: holds 1 of the at least two responses that a ranking needs",
    ]


LIMITS: list[dict[str, Any]] = [{"source": "a" * 20_001}, {"source": "a", "$b": 1}, {"source": "fine"}]
BROKEN = [
    ":1: $.source: 20,001 characters; Ground Truth takes 20,000 an attribute",
    ":2: $.$b: Ground Truth takes no attribute whose name begins with $",
]


def test_limits_of_ground_truth_are_errors_for_it_and_notes_for_label_studio(tmp_path: Path) -> None:
    manifest = write_lines(tmp_path / "m", LIMITS)
    broken = [f"{manifest}{place}" for place in BROKEN]
    code, found, _ = report(manifest, "--for", "sagemaker")
    assert (code, found["problems"], found["notes"]) == (1, broken, [])
    code, found, _ = report(manifest, "--for", "label-studio")
    assert (code, found["problems"], found["notes"]) == (0, [], broken)


def test_only_the_first_hundred_of_each_are_listed_and_all_are_counted(tmp_path: Path) -> None:
    manifest = write_lines(tmp_path / "m", [{"source": " "}] * 130 + [{"source": 1}] * 120)
    code, found, errors = report(manifest)
    assert (code, len(found["problems"]), found["problem_count"]) == (1, 100, 120)
    assert (len(found["notes"]), found["note_count"]) == (100, 130)
    assert (len(errors), errors[-1]) == (101, f"error: {manifest}: 20 more")
    manifest = write_lines(tmp_path / "m", [{"source": " "}] * 130)
    assert done("manifest", "check", str(manifest)).splitlines()[-1] == "note: 30 more"


REFERENCES = [{"source-ref": "texts/a.txt"}, {"source-ref": "s3://bucket/a.txt"}, {"source-ref": "https://x.org/a"}]


def test_texts_that_lie_elsewhere_are_sound_for_ground_truth_in_s3_only(tmp_path: Path) -> None:
    manifest = write_lines(tmp_path / "m", REFERENCES)
    code, found, _ = report(manifest, "--for", "sagemaker")
    assert (code, found["objects"], found["references"]) == (1, 3, 3)
    reason = "Ground Truth reads texts from addresses like s3://bucket/key"
    assert found["problems"] == [f"{manifest}:{line}: $.source-ref: {reason}" for line in (1, 3)]


def test_texts_outside_of_the_manifests_folder_are_remarked_on_for_label_studio(tmp_path: Path) -> None:
    (tmp_path / "task.yaml").write_text(QUESTION_TASK, encoding="utf-8")
    manifest = write_lines(tmp_path / "m", REFERENCES)
    code, found, _ = report(manifest, "--task", str(tmp_path / "task.yaml"))
    assert (code, found["problem_count"], found["note_count"]) == (0, 0, 2)
    assert [note.partition(",")[0] for note in found["notes"]] == [
        f"{manifest}:2: refers to s3://bucket/a.txt",
        f"{manifest}:3: refers to https://x.org/a",
    ]


def test_who_needs_a_sound_manifest_is_told_the_first_thing_and_how_many_more(tmp_path: Path) -> None:
    manifest = str(write_lines(tmp_path / "m", LIMITS))
    with pytest.raises(InputError) as caught:
        inspect_manifest(manifest, None, "sagemaker")
    assert str(caught.value) == f"{manifest}{BROKEN[0]} (and 1 more: see `gtbridge manifest check`)"
    assert inspect_manifest(manifest, None, "label-studio").objects == 3
