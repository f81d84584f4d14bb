"""gtbridge doctor: what is there, what goes together, and exit code 1 for what does not work."""

from __future__ import annotations

import configparser
import importlib.metadata
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from roads import new_annotator, run

from gtbridge.plugin import versions
from gtbridge.plugin.local_server.embedded import Embedded


def findings(
    server: Embedded | None = None, api_key: str | None = None, *, code: int = 0
) -> dict[str, tuple[str, str]]:
    """{subject: (state, what it says)}"""
    result = run("doctor", "--json", server=server, api_key=api_key)
    assert result.exit_code == code, result.output
    report: dict[str, Any] = json.loads(result.stdout)
    assert report["ok"] is (code == 0)
    return {one["subject"]: (one["state"], one["says"]) for one in report["findings"]}


def test_the_server_that_is_installed_for_people_is_one_that_is_tested() -> None:
    settings = configparser.ConfigParser()
    settings.read(Path(__file__).parents[2] / "setup.cfg")
    pinned = re.findall(r"label-studio==(\S+)", settings["options.extras_require"]["server"])
    assert tuple(pinned) == versions.TESTED_LABEL_STUDIO


def test_without_a_server_it_names_what_is_installed() -> None:
    found = findings()
    assert found["gtbridge"] == ("ok", importlib.metadata.version("gtbridge"))
    assert found["label-studio"] == ("ok", importlib.metadata.version("label-studio"))
    assert found["label-studio-sdk"] == ("ok", importlib.metadata.version("label-studio-sdk"))
    assert found["datasets"] == ("ok", importlib.metadata.version("datasets"))
    assert found["server"][0] == "note"


def pretend(monkeypatch: pytest.MonkeyPatch, package: str, version: str | None) -> None:
    real = importlib.metadata.version

    def pretended(name: str) -> str:
        if name != package:
            return real(name)
        if version is None:
            raise importlib.metadata.PackageNotFoundError(name)
        return version

    monkeypatch.setattr(importlib.metadata, "version", pretended)


def test_an_untested_label_studio_is_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, "label-studio", "1.99.0")
    state, says = findings()["label-studio"]
    assert (state, says) == ("note", "1.99.0, not among the versions tested (1.23.2)")


def test_no_label_studio_is_a_note_that_says_what_it_is_for(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, "label-studio", None)
    state, says = findings()["label-studio"]
    assert (state, 'pip install "gtbridge[server]"' in says) == ("note", True)


@pytest.mark.parametrize(("version", "says"), [("0.9", "0.9 does not do: "), (None, "not installed: ")])
def test_a_package_that_does_not_suit_is_wrong(monkeypatch: pytest.MonkeyPatch, version: str | None, says: str) -> None:
    pretend(monkeypatch, "label-studio-sdk", version)
    found = findings(code=1)["label-studio-sdk"]
    assert found[0] == "wrong"
    assert found[1].startswith(says) and "label-studio-sdk" in found[1]


def test_people_read_a_line_for_each_and_that_no_server_is_there() -> None:
    result = run("doctor", server=Embedded("http://127.0.0.1:9", "", "", "k" * 40, ""))
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0].startswith("ok    Python: 3.")
    assert lines[-1].startswith("WRONG server: http://127.0.0.1:9: Label Studio cannot be reached")
    assert "k" * 40 not in result.output


@pytest.mark.guarded
def test_a_server_with_the_guard_is_all_well_for_a_reviewer(guarded: Embedded) -> None:
    found = findings(guarded)
    assert found["server"] == ("ok", f"Label Studio {guarded.version} at {guarded.url}")
    assert found["guard"] == ("ok", f"on, {importlib.metadata.version('gtbridge')}")
    assert found["API key"] == ("ok", f"{guarded.email}, who sees all answers")


@pytest.mark.guarded
def test_an_annotators_key_is_a_note(guarded: Embedded) -> None:
    state, says = findings(guarded, new_annotator(guarded, "doctors-annotator"))["API key"]
    assert (state, says.startswith("doctors-annotator@example.com, who sees their own answers only")) == ("note", True)


@pytest.mark.guarded
def test_a_wrong_key_is_wrong(guarded: Embedded) -> None:
    state, says = findings(guarded, "f" * 40, code=1)["server"]
    assert (state, "refuses the API key" in says) == ("wrong", True)


@pytest.mark.guarded
def test_another_version_of_the_guard_is_a_note(guarded: Embedded, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, "gtbridge", "9.9")
    assert findings(guarded)["guard"] == ("note", f"on, {guards_own_version(guarded)}; gtbridge here is 9.9")


def guards_own_version(server: Embedded) -> str:
    about = httpx.get(f"{server.url}/gtbridge/about", headers={"Authorization": f"Token {server.api_key}"}, timeout=60)
    return str(about.json()["guard"])


@pytest.mark.server
def test_a_server_without_the_guard_is_a_note_that_says_what_that_means(label_studio: Embedded) -> None:
    state, says = findings(label_studio)["guard"]
    assert state == "note"
    assert "every account sees and changes everything" in says
    assert "DJANGO_SETTINGS_MODULE=gtbridge.plugin.guard.settings" in says


@pytest.mark.guarded
def test_the_guard_says_nothing_of_itself_to_strangers(guarded: Embedded) -> None:
    assert httpx.get(f"{guarded.url}/gtbridge/about", timeout=60).status_code == 401
