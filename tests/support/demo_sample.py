"""The demo's sample as its tests read it: parsed once, through the package as it is installed."""

from __future__ import annotations

from importlib import resources
from typing import Any

from gtbridge.converters.formats.json_text import read_json, read_json_lines
from gtbridge.converters.formats.manifest import read_manifest
from gtbridge.converters.formats.sources import Columns, json_lines_to_manifest
from gtbridge.converters.records import Item
from gtbridge.label_configs.definition_files import definition_from_text

SAMPLE = resources.files("gtbridge.plugin") / "sample"
TABLES = ("prompts.jsonl", "passages.jsonl")


def text(name: str) -> str:
    return (SAMPLE / name).read_bytes().decode("utf-8")


def rows(name: str) -> list[dict[str, Any]]:
    return [value for _, _, value in read_json_lines((SAMPLE / name).read_bytes().splitlines(keepends=True), name)]


def items(name: str) -> list[Item]:
    lines = json_lines_to_manifest((SAMPLE / name).read_bytes().splitlines(keepends=True), name, Columns())
    return list(read_manifest((line.encode() for line in lines), name))


PROMPTS, PASSAGES = rows("prompts.jsonl"), rows("passages.jsonl")
RESPONSES = [response for row in PROMPTS for response in row["responses"]]
SIMULATED = read_json(text("simulated.json"), "simulated.json")
PAIRS = [(row["passage"], pair) for row in PASSAGES for pair in SIMULATED["pairs"][row["id"]]]
RANKING = definition_from_text(text("text-ranking.yaml"), "text-ranking.yaml")
QUESTIONS = definition_from_text(text("question-answer.yaml"), "question-answer.yaml")
