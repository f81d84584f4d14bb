"""Task definitions made to fell their reader, each found by fuzzing: refused with one short sentence, and soon."""

from __future__ import annotations

from pathlib import Path

import pytest

from gtbridge.label_configs.crowd import read_template
from gtbridge.label_configs.definition_files import definition_from_text
from gtbridge.label_configs.errors import DefinitionError
from gtbridge.label_configs.labeling_config import labeling_config_to_definition
from gtbridge.label_configs.xml_text import parse_xml
from gtbridge.plugin.definitions import read_definition

BOMB = "\n".join(
    ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 25)), "task: text-ranking"]
)


def refusal(text: str) -> str:
    with pytest.raises(DefinitionError) as caught:
        definition_from_text(text, "t.yaml")
    assert len(str(caught.value)) < 1000
    return str(caught.value)


@pytest.mark.parametrize("field", ["title", "dimensions", "instructions", "unknown", "flags"])
def test_what_aliases_spell_is_never_spelled_out(field: str) -> None:
    assert refusal(f"{BOMB}\n{field}: *a24").startswith("t.yaml:")


def test_what_aliases_spell_is_not_spelled_out_as_a_task_either() -> None:
    assert "it must be one of text-ranking" in refusal(BOMB.replace("text-ranking", "*a24"))


@pytest.mark.parametrize("value", ["0x" + "f" * 5000, "0b" + "1" * 20_000, ":".join(["59"] * 3000)])
def test_a_number_that_python_does_not_write_is_not_written(value: str) -> None:
    assert "t.yaml:2: $.title: expected text" in refusal(f"task: text-ranking\ntitle: {value}\n")


@pytest.mark.parametrize("value", ["!!bool a", "!!int a", "!!float a", "!!timestamp a", "!!null a", "!!binary é"])
def test_a_value_that_its_tag_does_not_fit_is_refused(value: str) -> None:
    assert refusal(f"task: text-ranking\ntitle: {value}\n").startswith("t.yaml:")


@pytest.mark.parametrize("tag", ["python/object/apply:os.system [id]", "python/name:os.system", "python/module:os"])
def test_no_tag_makes_anything_of_pythons(tag: str) -> None:
    assert "could not determine a constructor" in refusal(f"task: !!{tag}")


@pytest.mark.parametrize("deep", ["[" * 50_000, "{a: " * 20_000, "- " * 20_000, "? " * 20_000, "a: " * 3], ids=len)
def test_levels_are_counted_while_they_are_read(deep: str) -> None:
    assert "not YAML" in refusal(deep)


@pytest.mark.parametrize("questions", ["{max: 2147483648}", "{min: 2147483648}", "{min: 1, max: 1001}"])
def test_no_screen_is_made_for_more_questions_than_it_has_room_for(questions: str) -> None:
    assert "asks for more than 1,000 questions" in refusal(f"task: question-answer\nquestions: {questions}\n")


def test_fifty_levels_are_read() -> None:
    assert "$.dimensions: is missing" in refusal("task: text-ranking\nx: " + "[" * 48 + "]" * 48)
    assert "nested too deeply" in refusal("task: text-ranking\nx: " + "[" * 60 + "]" * 60)


def test_a_definition_is_not_longer_than_anybody_reads() -> None:
    assert "more than 100,000 characters" in refusal("#" * 100_001)
    with pytest.raises(DefinitionError, match="more than 250,000 characters"):
        read_template("<" * 250_001, "t.html")
    with pytest.raises(DefinitionError, match="more than 5,000,000 characters"):
        parse_xml("<a>" + " " * 5_000_000, "c.xml")


def test_a_file_is_not_read_further_than_a_definition_is_long(tmp_path: Path) -> None:
    with (tmp_path / "t.yaml").open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(DefinitionError, match="more than 20 MB"):
        read_definition(str(tmp_path / "t.yaml"))


@pytest.mark.parametrize("declaration", ["<![", "<![x", "<![ \x00["])
def test_a_declaration_that_html_does_not_know_is_refused(declaration: str) -> None:
    with pytest.raises(DefinitionError, match=r"^t\.html:2: "):
        read_template(f"<crowd-form>\n{declaration}<crowd-text-ranking>", "t.html")


def test_of_very_many_elements_only_the_first_are_named() -> None:
    with pytest.raises(DefinitionError, match=r"holds 5000 elements \(lines 1, 1, .* \.\.\.\)") as caught:
        read_template("<crowd-text-ranking/>" * 5000, "t.html")
    assert len(str(caught.value)) < 200


ENTITIES = (
    "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><View a='1'>&x;</View>",
    "<!DOCTYPE a [<!ENTITY % x SYSTEM 'http://127.0.0.1:1/x'> %x;]><View/>",
    "<!DOCTYPE a SYSTEM 'file:///etc/hostname'><View/>",
    "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]><View>&b;</View>",
)


@pytest.mark.parametrize("xml", ENTITIES)
def test_no_entity_is_read_or_grows(xml: str) -> None:
    with pytest.raises(DefinitionError, match="has no document type declaration"):
        labeling_config_to_definition(xml, "c.xml")


def test_very_deep_xml_is_gone_through() -> None:
    with pytest.raises(DefinitionError, match="is not a labeling config of gtbridge"):
        labeling_config_to_definition("<View>" * 100_000 + "</View>" * 100_000, "c.xml")
