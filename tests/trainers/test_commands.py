"""The commands that a card prints, as TRL's own command line reads them."""

from __future__ import annotations

import importlib
import shlex
from typing import Any

import pytest
from shaped_rows import SHAPES, SPECS
from tiny_model import Tiny, tiny_model
from trained_jobs import TRAINER_MARKS

from gtbridge.converters.datasets.shapes import Shape
from gtbridge.converters.datasets.snippets import snippet

pytestmark = TRAINER_MARKS


@pytest.fixture
def tiny(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Tiny:
    return tiny_model(tmp_path_factory.getbasetemp() / "trainers", monkeypatch)


def words_of(kind: str, shape: Shape, location: str = "org/name") -> list[list[str]]:
    """The words of each command of the snippet."""
    made = snippet(kind, "the-config", shape, location)
    assert made is not None
    return [shlex.split(command.replace("\\\n", " ")) for command in made.text.split("\n\n")]


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape.preset.startswith("trl")], ids=str)
@pytest.mark.parametrize("kind", SPECS)
def test_trl_knows_every_option_of_the_command(tiny: Tiny, kind: str, shape: Shape) -> None:
    for words in words_of(kind, shape, "two words/it's"):
        script: Any = importlib.import_module(f"trl.scripts.{words[1]}")
        parser = script.make_parser()
        unknown: list[str]
        given, unknown = parser.parse_known_args(words[2:])
        assert unknown == []
        assert (given.dataset_name, given.dataset_config) == ("two words/it's", "the-config")
        assert given.dataset_train_split == "train"


def test_pairs_that_the_reward_trainer_leaves_out_in_silence_are_kept_by_the_command(tiny: Tiny) -> None:
    prompt, reply = [{"role": "user", "content": "What?"}], [{"role": "assistant", "content": "中" * 1100}]
    rows = importlib.import_module("datasets").Dataset.from_dict(
        {"prompt": [prompt], "chosen": [reply], "rejected": [[{"role": "assistant", "content": "No."}]]}
    )
    _, words = words_of("preference", Shape.of("trl", "conversational"))
    longest = int(words[words.index("--max_length") + 1])
    assert words[:2] == ["trl", "reward"]
    assert len(tiny.trainer("Reward", rows).train_dataset) == 0
    assert len(tiny.trainer("Reward", rows, max_length=longest).train_dataset) == 1
