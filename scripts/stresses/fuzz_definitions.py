"""The readers of task definitions in all their forms, and of the request that makes a job of one."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from hostile_tokens import MARKUP, YAML
from judged_jobs import JOBS
from mutations import mutated_json, mutated_text
from roads import request

from gtbridge.label_configs.crowd import definition_to_template, read_template
from gtbridge.label_configs.definition_files import definition_from_text, definition_to_yaml
from gtbridge.label_configs.labeling_config import definition_to_labeling_config, labeling_config_to_definition
from gtbridge.plugin.labeling_job import read_request

from .fuzz_reader import ASK, DATA, RANK, Reader, spelled

__all__ = ["DEFINITIONS"]


def _text(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")


def _definition(data: bytes) -> None:
    """A definition that was read is the same once written, and can be rendered, or is refused with a sentence."""
    definition = definition_from_text(_text(data), "task")
    assert definition_from_text(definition_to_yaml(definition), "task") == definition
    assert labeling_config_to_definition(definition_to_labeling_config(definition), "task") == definition


_markup = partial(mutated_text, tokens=MARKUP)
_WRITTEN = [definition_to_yaml(each).encode() for each in (RANK, ASK)]

DEFINITIONS: dict[str, Reader] = {
    "labeling configs": Reader(
        [definition_to_labeling_config(each).encode() for each in (RANK, ASK)],
        _markup,
        lambda data: labeling_config_to_definition(_text(data), "config.xml"),
    ),
    "worker templates": Reader(
        [path.read_bytes() for path in sorted((DATA / "crowd").iterdir())]
        + [definition_to_template(each).encode() for each in (RANK, ASK)],
        _markup,
        lambda data: read_template(_text(data), "template.html"),
    ),
    "task definitions (YAML)": Reader(
        [job.task.encode() for job in JOBS] + _WRITTEN, partial(mutated_text, tokens=YAML), _definition
    ),
    "task definitions (JSON)": Reader(
        spelled(*(each.model_dump(mode="json") for each in (RANK, ASK))), mutated_json, _definition
    ),
    "labeling job requests": Reader(
        spelled(request("job", Path("in.manifest"), Path("task.yaml"), 3, Tags=[{"Key": "a", "Value": "b"}])),
        mutated_json,
        lambda data: read_request(_text(data), "r.json"),
    ),
}
