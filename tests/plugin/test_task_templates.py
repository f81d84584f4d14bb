"""Worker templates on the command line: rendered, read, checked, and taken wherever a task definition is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from worker_templates import DATA

from gtbridge.label_configs.definition_files import definition_from_text
from gtbridge.plugin.cli import cli
from gtbridge.plugin.definitions import read_definition

BUSY = str(DATA / "ranking-busy.html")


def run(*arguments: str, stdin: str | None = None) -> Result:
    result = CliRunner().invoke(cli, arguments, input=stdin, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


@pytest.mark.parametrize("kind", ["text-ranking", "question-answer"])
def test_a_definition_goes_through_a_template_and_back(kind: str) -> None:
    starter = run("task", "new", kind).stdout
    template = run("task", "render", "-", "--to", "ground-truth", stdin=starter)
    assert "<crowd-form>" in template.stdout
    assert (
        "note: Ground Truth does not show the title; its workers see the labeling job's TaskTitle\n" in template.stderr
    )
    recovered = run("task", "read", "-", stdin=template.stdout)
    assert recovered.stderr == ""
    assert definition_from_text(recovered.stdout, "x") == definition_from_text(starter, "x")


def test_a_template_becomes_a_labeling_config_and_what_is_lost_is_told(tmp_path: Path) -> None:
    result = run("task", "render", BUSY, "-o", str(tmp_path / "config.xml"))
    assert f"note: {BUSY}: line 22: <crowd-input name='why'> is not kept" in result.stderr
    assert read_definition(str(tmp_path / "config.xml")) == read_definition(BUSY)


def test_read_tells_what_is_lost_unless_it_is_to_be_quiet() -> None:
    assert run("task", "read", BUSY).stderr.count("note: ") == 25
    assert run("-q", "task", "read", BUSY).stderr == ""


def test_check_says_what_a_template_asks_and_what_is_lost() -> None:
    told = run("task", "check", BUSY).stdout
    assert "  Style: ties not allowed\n" in told
    assert "The responses are shown in the given order.\n" in told
    assert f"Note: {BUSY}: line 5: <style> is not kept\n" in told
    report = json.loads(run("task", "check", BUSY, "--json").stdout)
    assert report["definition"]["dimensions"][1] == {"name": "Style", "allow_tie": False}
    assert len(report["remarks"]) == 25


def test_a_template_is_known_by_its_content_or_its_name(tmp_path: Path) -> None:
    content = (DATA / "ranking-second.liquid").read_text(encoding="utf-8")
    for name, text in {"a.template": content, "b": "{% # x %}\n" + content, "c.LIQUID": "Hello\n" + content}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert read_definition(str(tmp_path / name)).task == "text-ranking"


def test_a_page_without_an_element_is_refused_with_its_name(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html><body>Hello</body></html>", encoding="utf-8")
    result = CliRunner().invoke(cli, ["task", "check", str(page)])
    assert result.exit_code == 1
    assert result.stderr == (
        f"error: {page}: is not a worker template of these tasks: "
        "it holds no <crowd-text-ranking> or <crowd-question-answer-generation>\n"
    )
