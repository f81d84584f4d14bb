"""The CreateLabelingJob request: what SageMaker would refuse for its form is refused here, with the field's path."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from commands import refusal
from job_files import write_files
from roads import request, run

from gtbridge.label_configs.errors import InputError
from gtbridge.plugin.labeling_job import IGNORED_BY_LABEL_STUDIO, read_request

GONE = object()
SOUND = request("a-job", Path("in.manifest"), Path("task.yaml"))
HUMAN = "HumanTaskConfig"


def changed(path: str, value: Any) -> str:
    """The sound request with another value at a dotted path, or without it."""
    fields = copy.deepcopy(SOUND)
    holder = fields
    *way, last = path.split(".")
    for key in way:
        holder = holder[key]
    if value is GONE:
        del holder[last]
    else:
        holder[last] = value
    return json.dumps(fields)


def test_a_request_is_kept_verbatim_and_tells_what_it_asks() -> None:
    text = json.dumps(SOUND, indent=7) + "\n\n"
    read = read_request(text, "r.json")
    assert read.text == text
    assert (read.name, read.label_attribute, read.manifest) == ("a-job", "label", "in.manifest")
    assert (read.template, read.workers_per_object) == ("task.yaml", 1)
    assert read.get("HumanTaskConfig.TaskTimeLimitInSeconds") == 3600
    assert read.get("HumanTaskConfig.TaskTitle.deeper") is None
    assert "a-job" not in repr(read)


REFUSED = {
    "$: expected the object": "[]",
    "$.LabelingJobName: is missing": changed("LabelingJobName", GONE),
    "$.LabelingJobName: expected text, found 7": changed("LabelingJobName", 7),
    "$.LabelingJobName: 'a_b' is not 1 to 63 letters": changed("LabelingJobName", "a_b"),
    "$.LabelingJobName: '-a' is not": changed("LabelingJobName", "-a"),
    "$.LabelingJobName: 'a-' is not": changed("LabelingJobName", "a-"),
    "$.LabelingJobName: 'a\\n' is not": changed("LabelingJobName", "a\n"),
    "$.LabelingJobName: 64 characters is more than the 63": changed("LabelingJobName", "a" * 64),
    "$.LabelAttributeName: 128 characters is more": changed("LabelAttributeName", "a" * 128),
    "$.LabelAttributeName: must not end in -metadata": changed("LabelAttributeName", "x-metadata"),
    "$.LabelAttributeName: is missing": changed("LabelAttributeName", GONE),
    "$.InputConfig: is missing": changed("InputConfig", GONE),
    "$.InputConfig.DataSource: is missing": changed("InputConfig.DataSource", GONE),
    "$.InputConfig.DataSource.S3DataSource: is missing": changed("InputConfig.DataSource", {}),
    "$.InputConfig.DataSource.S3DataSource.ManifestS3Uri: is missing": changed(
        "InputConfig.DataSource.S3DataSource", {}
    ),
    "$.InputConfig.DataSource.S3DataSource: expected an object, found 'x'": changed(
        "InputConfig.DataSource.S3DataSource", "x"
    ),
    "$.Region: is not a field of the request": changed("Region", "us-east-1"),
    "$.HumanTaskConfig.Title: is not a field of the request": changed(f"{HUMAN}.Title", "x"),
    "$.HumanTaskConfig.TaskTitle: 129 characters is more than the 128": changed(f"{HUMAN}.TaskTitle", "t" * 129),
    "$.HumanTaskConfig.TaskTitle: expected text, found None": changed(f"{HUMAN}.TaskTitle", None),
    "$.HumanTaskConfig.NumberOfHumanWorkersPerDataObject: is missing": changed(
        f"{HUMAN}.NumberOfHumanWorkersPerDataObject", GONE
    ),
    "$.HumanTaskConfig.NumberOfHumanWorkersPerDataObject: expected a whole number, found '3'": changed(
        f"{HUMAN}.NumberOfHumanWorkersPerDataObject", "3"
    ),
    "$.HumanTaskConfig.NumberOfHumanWorkersPerDataObject: expected a whole number, found True": changed(
        f"{HUMAN}.NumberOfHumanWorkersPerDataObject", True
    ),
    "$.HumanTaskConfig.NumberOfHumanWorkersPerDataObject: 0 is less than the 1": changed(
        f"{HUMAN}.NumberOfHumanWorkersPerDataObject", 0
    ),
    "$.HumanTaskConfig.NumberOfHumanWorkersPerDataObject: 10 is more than the 9": changed(
        f"{HUMAN}.NumberOfHumanWorkersPerDataObject", 10
    ),
    "$.HumanTaskConfig.TaskKeywords: 6 entries is more than the 5": changed(f"{HUMAN}.TaskKeywords", ["k"] * 6),
    "$.HumanTaskConfig.TaskKeywords[1]: 31 characters is more than the 30": changed(
        f"{HUMAN}.TaskKeywords", ["k", "k" * 31]
    ),
    "$.HumanTaskConfig.TaskKeywords[0]: expected text, found 1": changed(f"{HUMAN}.TaskKeywords", [1]),
    "$.Tags[0].Value: is missing": changed("Tags", [{"Key": "team"}]),
}


@pytest.mark.parametrize(("sentence", "text"), REFUSED.items(), ids=REFUSED)
def test_a_field_that_cannot_be_is_named_with_its_path(sentence: str, text: str) -> None:
    with pytest.raises(InputError) as caught:
        read_request(text, "r.json")
    assert str(caught.value).startswith(f"r.json: {sentence}")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("LabelingJobName", "a" * 63),
        ("LabelAttributeName", "x"),
        (f"{HUMAN}.NumberOfHumanWorkersPerDataObject", 9),
        (f"{HUMAN}.TaskKeywords", ["k" * 30] * 5),
        (f"{HUMAN}.UiConfig", {}),
        (f"{HUMAN}.PreHumanTaskLambdaArn", GONE),
        ("Tags", []),
    ],
)
def test_what_is_just_within_the_bounds_is_taken(path: str, value: Any) -> None:
    text = json.dumps(SOUND) if value is GONE else changed(path, value)
    assert read_request(text, "r.json").text == text


def test_the_fields_that_label_studio_ignores_are_named_only_where_given() -> None:
    assert read_request(json.dumps(SOUND), "r").given(IGNORED_BY_LABEL_STUDIO) == [
        "RoleArn",
        "OutputConfig",
        "HumanTaskConfig.WorkteamArn",
        "HumanTaskConfig.TaskTimeLimitInSeconds",
    ]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path)
    return tmp_path


def create(folder: Path, text: str, *arguments: str) -> str:
    Path("r.json").write_text(text, encoding="utf-8")
    return refusal(folder, "job", "create", "--request", "r.json", *arguments)


@pytest.mark.parametrize("sentence", ["$.Region: is not a field", "$.Tags[0].Value: is missing", "$: expected"])
def test_the_command_refuses_it_before_it_asks_any_server(folder: Path, sentence: str) -> None:
    text = next(text for beginning, text in REFUSED.items() if beginning.startswith(sentence))
    assert create(folder, text, "--label-studio-url", "http://127.0.0.1:9").startswith(f"r.json: {sentence}")


def test_a_request_without_a_template_asks_for_the_definition(folder: Path) -> None:
    text = changed(f"{HUMAN}.UiConfig", {})
    assert create(folder, text) == "r.json: names no template; give the task definition with --task"
    assert run("job", "create", "--request", "r.json", "--task", "task.yaml", "--dry-run").exit_code == 0


@pytest.mark.parametrize("address", ["gs://bucket/in.manifest", "in.manifest.gz", "a\0b"])
def test_a_manifest_that_cannot_be_opened_is_named(folder: Path, address: str) -> None:
    message = create(folder, changed("InputConfig.DataSource.S3DataSource.ManifestS3Uri", address))
    assert message.startswith(repr(address) if "\0" in address else address)


def test_a_label_attribute_that_the_manifest_has_already_is_refused(folder: Path) -> None:
    for name, taken in (("source", "source"), ("label", "label-metadata")):
        Path("in.manifest").write_text(
            json.dumps({"source": "x", "responses": ["a", "b"], taken: {}} | {"source": "x"})
        )
        message = create(folder, changed("LabelAttributeName", name))
        assert message.startswith(f"in.manifest:1: $.{taken}: is there already")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ({"source": "x"}, "$.responses: is missing"),
        ({"source": "x", "responses": ["only"]}, "$.responses: holds 1 of the at least two"),
        ({"source": "x", "responses": ["a", "b"], "models": ["m"]}, "$.models: names 1 models for 2 responses"),
        ({"source-ref": "s3://bucket/x.txt"}, "refers to s3://bucket/x.txt, which is outside of ."),
    ],
)
def test_an_object_that_does_not_suit_the_task_is_refused(folder: Path, line: dict[str, Any], reason: str) -> None:
    Path("in.manifest").write_text(f'{{"source": "x", "responses": ["a", "b"]}}\n{json.dumps(line)}\n')
    assert create(folder, json.dumps(SOUND)).startswith(f"in.manifest:2: {reason}")


def test_a_text_elsewhere_is_read_once_its_place_is_allowed(folder: Path) -> None:
    texts = folder / "elsewhere"
    texts.mkdir()
    (texts / "x.txt").write_text("Why?", encoding="utf-8")
    jobs = folder / "jobs"
    jobs.mkdir()
    line = {"source-ref": "s3://bucket/texts/x.txt", "responses": ["a", "b"]}
    (jobs / "in.manifest").write_text(json.dumps(line), encoding="utf-8")
    text = changed("InputConfig.DataSource.S3DataSource.ManifestS3Uri", "jobs/in.manifest")
    assert "allow it with --refs" in create(folder, text)
    allowed = run("job", "create", "--request", "r.json", "--refs", f"s3://bucket/texts={texts}", "--dry-run")
    assert (allowed.exit_code, allowed.stdout) == (0, "a-job: 1 objects; nothing was made\n"), allowed.output


def test_without_an_address_or_a_key_the_remedy_is_named(folder: Path) -> None:
    nowhere = run("-q", "job", "create", "--request", "request.json")
    assert (nowhere.exit_code, "set LABEL_STUDIO_URL" in nowhere.stderr) == (1, True)
    keyless = run("-q", "job", "create", "--request", "request.json", "--label-studio-url", "http://127.0.0.1:9")
    assert (keyless.exit_code, "set LABEL_STUDIO_API_KEY" in keyless.stderr) == (1, True)
