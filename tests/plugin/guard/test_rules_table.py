"""The table of broken answers is whole and true: each sentence of the rules has a case, each case its sentences."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from broken_answers import CASES, OF_OTHER_JOBS, UNBREAKABLE, Case
from judged_jobs import JOBS, Job

from gtbridge.converters import formats
from gtbridge.converters.formats.label_studio_tasks import item_to_task_data
from gtbridge.converters.formats.screens import judge_result
from gtbridge.converters.judgement import rules
from gtbridge.converters.records import Item
from gtbridge.label_configs.tasks import TaskDefinition, definition_from_dict


def definition_and_data(job: Job) -> tuple[TaskDefinition, dict[str, Any]]:
    definition = definition_from_dict(yaml.safe_load(job.task))
    responses = job.item.get("responses")
    item = Item(0, "", job.item["source"], None if responses is None else tuple(responses))
    return definition, item_to_task_data(item, definition)


def sentences(job: Job, result: Any) -> tuple[str, ...]:
    definition, data = definition_and_data(job)
    return tuple(problem.message for problem in judge_result(definition, data, result).problems)


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_the_good_result_breaks_no_rule(job: Job) -> None:
    assert sentences(job, job.good) == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_broken_result_earns_exactly_its_sentences(case: Case) -> None:
    assert sentences(case.job, case.broken) == case.sentences


def test_every_sentence_of_the_rules_has_a_case() -> None:
    said = {sentence for case in CASES for sentence in case.sentences} | UNBREAKABLE.keys() | OF_OTHER_JOBS
    sources = [Path(rules.__file__), *Path(formats.__path__[0]).glob("*.py")]
    templates = [template for source in sources for template in _templates(source.read_text("utf-8"))]
    assert len(templates) > 30
    assert [template for template in templates if not any(_fits(template, sentence) for sentence in said)] == []


def _fits(template: str, sentence: str) -> bool:
    # What is wrong with a pair is said of the pair by its name, which the rule itself does not write.
    return re.fullmatch(rf"(?:QA \d+: )?{template}", sentence) is not None


def _templates(source: str) -> Iterator[str]:
    """Every sentence that the source code can make, as a regular expression: ``.+`` for what is filled in."""
    tree = ast.parse(source)
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        choices = _choices(function)
        for node in ast.walk(function):
            for sentence in _sentences(node):
                yield from _spelled_out(sentence, choices)


def _sentences(node: ast.AST) -> Iterator[ast.expr]:
    """What stands where a sentence is made: ``Problem(...)``, ``unread.append(...)``, ``unread += [...]``."""
    match node:
        case ast.Call(func=ast.Name("Problem"), args=[sentence, *_]) if not isinstance(sentence, ast.Name):
            yield sentence
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="unread"), attr="append"), args=[sentence]):
            yield sentence
        case ast.AugAssign(target=ast.Attribute(attr="unread"), value=ast.ListComp(elt=sentence)):
            yield sentence


def _choices(function: ast.FunctionDef) -> dict[str, list[str]]:
    """The variables of a function that are one of two texts."""
    found = {}
    for node in ast.walk(function):
        match node:
            case ast.Assign(
                targets=[ast.Name(name)],
                value=ast.IfExp(body=ast.Constant(str(one)), orelse=ast.Constant(str(other))),
            ):
                found[name] = [one, other]
    return found


def _spelled_out(sentence: ast.expr, choices: dict[str, list[str]]) -> Iterator[str]:
    parts = sentence.values if isinstance(sentence, ast.JoinedStr) else [sentence]
    spellings = []
    for part in parts:
        match part:
            case ast.Constant(str(text)):
                spellings.append([re.escape(text)])
            case ast.FormattedValue(value=ast.Name(name)) if name in choices:
                spellings.append([re.escape(text) for text in choices[name]])
            case ast.FormattedValue():
                spellings.append([".+"])
            case _:
                pytest.fail(f"line {sentence.lineno}: a sentence must be a text that can be read here")
    return map("".join, itertools.product(*spellings))
