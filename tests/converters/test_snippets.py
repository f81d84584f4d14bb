from __future__ import annotations

import json
import shlex
from typing import Any

import pytest
import yaml
from shaped_rows import SHAPES, SPECS

from gtbridge.converters.datasets.options import CONFIGS
from gtbridge.converters.datasets.shapes import Shape
from gtbridge.converters.datasets.snippets import Snippet, snippet

PLACES = ["org/name", "/tmp/two words", """it's "quoted" $HOME #1: \\n`x`""", "données/日本語", "- a: {b}"]
TRL = Shape.of("trl", "conversational")
COMMANDS = {"preference": ["dpo", "reward"], "unpaired": ["kto"], "sft": ["sft"], "prompts": ["grpo"]}


def found(kind: str, shape: Shape, config: str = "the-config", location: str = "org/name") -> Snippet:
    made = snippet(kind, config, shape, location)
    assert made is not None
    return made


def commands(made: Snippet) -> list[list[str]]:
    """The words of each command, as a shell takes them apart."""
    assert made.language == "sh"
    return [shlex.split(part.replace("\\\n", " ")) for part in made.text.split("\n\n")]


def options(words: list[str]) -> dict[str, str | None]:
    """The options of a command by name, None for those without a value."""
    taken: dict[str, str | None] = {}
    for word, after in zip(words, [*words[1:], "--"], strict=True):
        if word.startswith("--"):
            taken[word[2:]] = None if after.startswith("--") else after
    return taken


def columns(kind: str, shape: Shape) -> dict[str, Any]:
    return shape.features(kind, SPECS[kind])


def names_what_it_reads(made: Snippet, kind: str, shape: Shape) -> list[str]:
    """The columns that the snippet names."""
    if made.language == "json":
        return list(json.loads(made.text)["the-config"]["columns"].values())
    if made.language == "yaml":
        return [dataset["field_messages"] for dataset in yaml.safe_load(made.text)["datasets"] if "type" in dataset]
    given = [options(words) for words in commands(made)]
    return [str(value) for taken in given for name, value in taken.items() if name.endswith("_key")]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("kind", SPECS)
def test_the_columns_that_a_snippet_names_are_there(kind: str, shape: Shape) -> None:
    made = snippet(kind, "the-config", shape, "org/name")
    if made is None:
        assert (shape.preset, kind) == ("openrlhf", "unpaired")  # it has no such trainer any more
        return
    named = names_what_it_reads(made, kind, shape)
    assert set(named) <= set(columns(kind, shape))
    assert bool(named) == (shape.preset in ("llamafactory", "openrlhf") or (shape.preset, kind) == ("axolotl", "sft"))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("kind", sorted(set(CONFIGS) - set(SPECS)))
def test_what_no_trainer_reads_has_no_snippet(kind: str, shape: Shape) -> None:
    assert snippet(kind, kind, shape, "org/name") is None


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("kind", SPECS)
@pytest.mark.parametrize("place", PLACES)
def test_a_location_and_a_config_of_any_name_come_out_as_they_went_in(kind: str, shape: Shape, place: str) -> None:
    config = "preference-Ehrlich_é日本"
    made = snippet(kind, config, shape, place)
    if made is None:
        return
    if made.language == "json":
        read = json.loads(made.text)
        assert (read[config]["hf_hub_url"], read[config]["subset"]) == (place, config)
    elif made.language == "yaml":
        (dataset,) = yaml.safe_load(made.text)["datasets"]
        assert (dataset["path"], dataset["name"]) == (place, config)
    elif shape.preset == "openrlhf":
        for words in commands(made):
            assert f"{place}@{config}" in words
    else:
        for words in commands(made):
            assert (options(words)["dataset_config"], words[words.index("--dataset_name") + 1]) == (config, place)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("kind", SPECS)
def test_only_the_training_split_is_named(kind: str, shape: Shape) -> None:
    made = snippet(kind, "the-config", shape, "org/name")
    if made is not None and made.language != "sh":  # commands take it unless told otherwise
        read = json.loads(made.text)["the-config"] if made.language == "json" else yaml.safe_load(made.text)
        assert (read if made.language == "json" else read["datasets"][0])["split"] == "train"


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape.preset.startswith("trl")], ids=str)
@pytest.mark.parametrize("kind", SPECS)
def test_trl_has_a_command_for_each_method_that_takes_the_rows(kind: str, shape: Shape) -> None:
    assert [words[:2] for words in commands(found(kind, shape))] == [["trl", method] for method in COMMANDS[kind]]


def test_commands_of_one_snippet_write_to_different_folders() -> None:
    for preset in ("trl", "openrlhf"):
        made = commands(found("preference", Shape.of(preset, "conversational")))
        folders = [next(value for name, value in options(words).items() if "output_dir" in name) for words in made]
        assert len(set(folders)) == 2


@pytest.mark.parametrize(("preset", "format"), [("trl", "conversational"), ("trl", "standard")])
def test_where_a_completion_stands_alone_the_rest_is_not_learnt(preset: str, format: str) -> None:
    made = found("sft", Shape.of(preset, format))
    assert "assistant_only_loss" not in options(*commands(made))
    assert made.about.endswith("on the completion.")


def test_whole_dialogues_are_learnt_from_the_assistants_turns() -> None:
    made = found("sft", Shape.of("trl-implicit", "conversational"))
    assert options(*commands(made))["assistant_only_loss"] == "True"
    assert "all that the assistant says" in made.about


def test_whole_texts_are_learnt_whole_and_the_snippet_says_so() -> None:
    made = found("sft", Shape.of("trl-implicit", "standard"))
    assert "assistant_only_loss" not in options(*commands(made))  # there are no turns to tell apart
    assert "the whole text" in made.about


def test_openrlhf_has_none_for_a_place_that_it_would_take_apart() -> None:
    shape = Shape.of("openrlhf", "conversational")
    for place in ("a,b", "me@home/x"):
        assert snippet("preference", "preference", shape, place) is None


def test_llamafactory_reads_pairs_as_pairs_and_labels_as_labels() -> None:
    shape = Shape.of("llamafactory", "conversational")
    pair = json.loads(found("preference", shape).text)["the-config"]
    assert (pair["formatting"], pair["ranking"]) == ("sharegpt", True)
    assert pair["columns"] == {"messages": "conversations", "chosen": "chosen", "rejected": "rejected"}
    unpaired = json.loads(found("unpaired", shape).text)["the-config"]
    assert (unpaired["columns"]["kto_tag"], "ranking" in unpaired) == ("label", False)
    assert json.loads(found("prompts", shape).text)["the-config"]["formatting"] == "alpaca"
    assert "tags" not in pair  # from, value, human, gpt and system are what it reads unless told otherwise


def test_axolotl_leaves_rows_to_trl_untouched_except_for_fine_tuning() -> None:
    shape = Shape.of("axolotl", "conversational")
    for kind, method in (("preference", "dpo"), ("unpaired", "kto"), ("prompts", "grpo")):
        read = yaml.safe_load(found(kind, shape).text)
        assert (read["rl"], read["skip_prepare_dataset"]) == (method, True)
        assert "type" not in read["datasets"][0]
    read = yaml.safe_load(found("sft", shape).text)
    assert "rl" not in read
    assert "skip_prepare_dataset" not in read
    (dataset,) = read["datasets"]
    message = columns("sft", shape)[dataset["field_messages"]][0]
    assert message[dataset["message_field_training"]] == "bool"


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("kind", SPECS)
def test_about_is_one_sentence(kind: str, shape: Shape) -> None:
    made = snippet(kind, "the-config", shape, "org/name")
    if made is not None:
        assert made.about.endswith(".")
        assert ". " not in made.about


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("kind", ["preference", "unpaired", "sft"])
def test_trainers_that_leave_out_long_rows_are_told_how_long_rows_may_be(kind: str, shape: Shape) -> None:
    made = snippet(kind, "the-config", shape, "org/name")
    if made is not None and shape.preset == "axolotl":
        assert yaml.safe_load(made.text)["sequence_len"] == 4096
    elif made is not None and made.language == "sh":
        for words in commands(made):
            taken = options(words)
            assert taken.get("max_length", taken.get("data.max_len")) == "4096"


@pytest.mark.parametrize("preset", ["trl", "llamafactory", "axolotl", "openrlhf"])
def test_names_in_any_script_stand_there_as_people_write_them(preset: str) -> None:
    assert "données/日本語" in found("sft", Shape.of(preset, "conversational"), location="données/日本語").text


def test_online_methods_are_told_where_the_reward_is() -> None:
    assert options(*commands(found("prompts", TRL)))["reward_funcs"] == "rewards.reward"
    read = yaml.safe_load(found("prompts", Shape.of("axolotl", "conversational")).text)
    assert read["trl"] == {"reward_funcs": ["rewards.reward"]}
    assert "remote_url rewards.py" in found("prompts", Shape.of("openrlhf", "conversational")).about


@pytest.mark.parametrize(
    ("kind", "trainers", "model", "data"),
    [
        ("preference", ["train_dpo", "train_rm"], "model.model_name_or_path", "data.dataset"),
        ("sft", ["train_sft"], "model.model_name_or_path", "data.dataset"),
        ("prompts", ["train_ppo_ray"], "actor.model_name_or_path", "data.prompt_dataset"),
    ],
)
def test_openrlhf_renders_messages_and_each_trainer_has_its_own_options(
    kind: str, trainers: list[str], model: str, data: str
) -> None:
    made = commands(found(kind, Shape.of("openrlhf", "conversational")))
    assert [words[:3] for words in made] == [["python", "-m", f"openrlhf.cli.{trainer}"] for trainer in trainers]
    for words in made:
        taken = options(words)
        assert "data.apply_chat_template" in taken
        assert {model, data} <= set(taken)


@pytest.mark.parametrize(
    ("kind", "stage"), [("preference", "dpo"), ("unpaired", "kto"), ("sft", "sft"), ("prompts", "ppo")]
)
def test_llamafactory_is_told_the_stage_and_the_name(kind: str, stage: str) -> None:
    about = found(kind, Shape.of("llamafactory", "conversational")).about
    assert f"`stage: {stage}`" in about
    assert "`dataset: the-config`" in about
    assert ("mask_history: true" in about) == (kind == "sft")  # or else earlier turns are learnt as well
