"""The readers of what Label Studio has: gtbridge's own projects, others' projects, and what is kept of either."""

from __future__ import annotations

import io
from contextlib import ExitStack
from functools import partial
from typing import Any

from foreign_exports import annotation, selected, task
from foreign_templates import TEMPLATES, first_answer, labeling_config
from hostile_tokens import MAPPING, MARKUP
from judged_jobs import JOBS
from mutations import mutated_bytes, mutated_json, mutated_text

from gtbridge.converters.foreign_projects.mapping import parse_mapping
from gtbridge.converters.foreign_projects.reading import project_reading
from gtbridge.converters.formats.exported_answers import exported_line
from gtbridge.converters.formats.json_text import read_json
from gtbridge.converters.formats.pulled_tasks import Header, read_pull, task_line, write_lines
from gtbridge.converters.records import Worker
from gtbridge.label_configs.definition_files import definition_from_text
from gtbridge.plugin.label_studio.shelf import Shelf

from .fuzz_reader import Reader, judged, spelled

__all__ = ["PROJECTS"]

_DEFINITIONS = [definition_from_text(job.task, "task.yaml") for job in JOBS]
_READINGS = [project_reading(labeling_config(t.path), parse_mapping(t.needs)) for t in TEMPLATES]


def _own_task(number: int) -> dict[str, Any]:
    job = JOBS[number]
    responses = enumerate(job.item.get("responses", ()))
    data = {
        "prompt": job.item["source"],
        "passage": job.item["source"],
        "responses": [{"id": f"r{index}", "title": "x", "text": text} for index, text in responses],
    }
    answers = [annotation(1, 3, job.good), annotation(2, {"id": 4, "email": "a@b"}, job.good)]
    return {"which": number, **task(1, answers, data)}


def _which(value: Any, many: int) -> int:
    number = value.get("which")
    return number if isinstance(number, int) and 0 <= number < many else 0


def _own_tasks(data: bytes) -> None:
    value = read_json(data, "export.json")
    if not isinstance(value, dict) or not isinstance(value.get("data"), dict):
        return
    annotations = value.get("annotations")
    value["annotations"] = [a for a in annotations if isinstance(a, dict)] if isinstance(annotations, list) else []
    definition = _DEFINITIONS[_which(value, len(JOBS))]
    line = exported_line(value, definition, lambda annotation: Worker("w"), "job")
    if line is not None:
        judged(line.answers, line.line.item, definition)


def _other_tasks(data: bytes) -> None:
    value = read_json(data, "export.json")
    if isinstance(value, dict):
        reading = _READINGS[_which(value, len(_READINGS))]
        line = reading.answered(value, lambda annotation: Worker("w"))
        reading.untouched(line)
        judged(line.answers, line.line.item, reading.definition)


def _other_samples() -> list[bytes]:
    answers = [[{**first_answer(template)[0], "value": template.other}] for template in TEMPLATES]
    return spelled(
        *({"which": n, **task(5, [annotation(1, 2, answers[n])], t.data)} for n, t in enumerate(TEMPLATES)),
        {"which": 1, **task(6, [annotation(1, 2, selected("left")), annotation(2, 3, selected("right"))])},
    )


def _other_config(data: bytes) -> None:
    project_reading(data.decode("utf-8", errors="replace"), parse_mapping(()), "config.xml")


def _mapping(data: bytes) -> None:
    said = data.decode("utf-8", errors="replace").split("\n")
    project_reading(labeling_config(TEMPLATES[0].path), parse_mapping(said), "config.xml")


def _pulled(data: bytes) -> None:
    packed = io.BytesIO()
    write_lines(packed, [data])
    _pull_file(packed.getvalue())


def _pull_file(data: bytes) -> None:
    with ExitStack() as stack:
        Shelf.of(io.BytesIO(data), "pull", stack)
    for one in read_pull(io.BytesIO(data), "pull")[1]:
        task_line(one)


def _pull_samples() -> list[bytes]:
    header = Header("https://x", 7, "2026", 1, "1.23.2", "d", "2026", (1, 2)).line()
    tasks = [task(number, [annotation(number, 2, selected("left"))]) for number in (1, 2)]
    return [header + b"".join(task_line(one) for one in tasks)]


def _packed_samples() -> list[bytes]:
    packed = io.BytesIO()
    write_lines(packed, _pull_samples())
    return [packed.getvalue()]


PROJECTS: dict[str, Reader] = {
    "Label Studio annotations": Reader(spelled(*map(_own_task, range(len(JOBS)))), mutated_json, _own_tasks),
    "other projects' tasks": Reader(_other_samples(), mutated_json, _other_tasks),
    "other projects' configs": Reader(
        [labeling_config(template.path).encode() for template in TEMPLATES],
        partial(mutated_text, tokens=MARKUP),
        _other_config,
    ),
    "--map": Reader(
        [("\n".join(t.needs) or "prompt=p").encode() for t in TEMPLATES],
        partial(mutated_text, tokens=MAPPING),
        _mapping,
    ),
    "pulled tasks": Reader(_pull_samples(), mutated_json, _pulled),
    "pull files": Reader(_packed_samples(), mutated_bytes, _pull_file),
}
