"""What users paste to train on a config: a command, or an entry for a trainer's own configuration. Runs nothing."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from .shapes import Shape

__all__ = ["Snippet", "snippet"]

_MODEL = "Qwen/Qwen2.5-0.5B-Instruct"
_REWARD = "rewards.reward"  # a function that users write
# In tokens. What is longer is cut or left out without an error, from 512 or 1024 on unless the trainer is told.
_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Snippet:
    """``text`` in ``language`` (``sh``, ``json``, ``yaml``); ``about`` is one sentence that says where it goes."""

    language: str
    about: str
    text: str


def snippet(kind: str, config: str, shape: Shape, location: str) -> Snippet | None:
    """The snippet for the config named ``config`` of ``kind`` at ``location``; None if the trainer takes no such rows.

    ``location`` is a dataset of the Hub, ``ORG/NAME``, or a folder. None, too, if the trainer cannot be told of it:
    OpenRLHF takes a name apart at commas and at signs.
    """
    return _OF_PRESET[shape.preset](kind, config, shape, location)


def _command(words: str, options: Mapping[str, str | int | bool]) -> str:
    """A command over several lines, its values quoted for the shell; True stands for an option without a value."""
    said = [f"--{name}" if value is True else f"--{name} {shlex.quote(str(value))}" for name, value in options.items()]
    return " \\\n  ".join([words, *said])


def _trl(kind: str, config: str, shape: Shape, location: str) -> Snippet | None:
    """Options as ``trl dpo --help`` and its like list them (TRL 1.16)."""

    def train(trainer: str, **more: str | int) -> str:
        options: dict[str, str | int | bool] = {"model_name_or_path": _MODEL}
        options |= {"dataset_name": location, "dataset_config": config, **more, "output_dir": f"{config}-{trainer}"}
        return _command(f"trl {trainer}", options)

    if kind == "preference":
        both = "\n\n".join(train(trainer, max_length=_LONGEST) for trainer in ("dpo", "reward"))
        return Snippet("sh", "Preference optimisation with TRL, or a reward model.", both)
    if kind == "unpaired":
        return Snippet("sh", "KTO with TRL.", train("kto", max_length=_LONGEST))
    if kind == "prompts":
        about = "GRPO with TRL; rewards.py holds your `reward(completions, answers, **columns)`, a number for each."
        return Snippet("sh", about, train("grpo", reward_funcs=_REWARD))
    if kind != "sft":
        return None
    if shape == Shape("trl-implicit", "conversational"):
        about = "Fine-tuning with TRL, on all that the assistant says."
        return Snippet("sh", about, train("sft", max_length=_LONGEST, assistant_only_loss="True"))
    learnt = "the completion" if shape.preset == "trl" else "the whole text, prompt and completion"
    return Snippet("sh", f"Fine-tuning with TRL, on {learnt}.", train("sft", max_length=_LONGEST))


def _llamafactory(kind: str, config: str, shape: Shape, location: str) -> Snippet | None:
    """Keys as src/llamafactory/data/parser.py reads them.

    A folder stands in ``hf_hub_url`` as well: in ``file_name``, all of its splits would be trained on.
    """
    dialogue: dict[str, Any] = {"formatting": "sharegpt", "columns": {"messages": "conversations"}}
    pair = {"messages": "conversations", "chosen": "chosen", "rejected": "rejected"}
    question = {"prompt": "instruction", "system": "system", "history": "history"}
    ways: dict[str, tuple[str, dict[str, Any]]] = {
        "preference": ("`stage: dpo` or `stage: rm`", {"formatting": "sharegpt", "ranking": True, "columns": pair}),
        "unpaired": ("`stage: kto`", {**dialogue, "columns": {"messages": "conversations", "kto_tag": "label"}}),
        "sft": ("`stage: sft` and `mask_history: true`, which learns the last turn alone", dialogue),
        "prompts": ("`stage: ppo`", {"formatting": "alpaca", "columns": question}),
    }
    if kind not in ways:
        return None
    stage, reading = ways[kind]
    about = f"An entry of LLaMA-Factory's data/dataset_info.json, for `dataset: {config}` with {stage}."
    entry = {config: {"hf_hub_url": location, "subset": config, "split": "train", **reading}}
    return Snippet("json", about, json.dumps(entry, indent=2, ensure_ascii=False))


def _axolotl(kind: str, config: str, shape: Shape, location: str) -> Snippet | None:
    """Keys of src/axolotl/utils/schemas.

    Only fine-tuning names a ``type``. For the others it would cut the replies out of the rendered conversation by
    searching for them, which finds short ones elsewhere; without, and unprepared, the rows reach TRL as they are.
    """
    dataset: dict[str, Any] = {"path": location, "name": config, "split": "train"}
    trained = {"type": "chat_template", "field_messages": "messages", "message_field_training": "training"}
    to_trl = {"skip_prepare_dataset": True, "datasets": [dataset]}
    ways: dict[str, tuple[str, dict[str, Any]]] = {
        "preference": ("preference optimisation", {"rl": "dpo", **to_trl}),
        "unpaired": ("KTO", {"rl": "kto", **to_trl}),
        "sft": ("fine-tuning on the last turn alone", {"datasets": [dataset | trained]}),
        "prompts": (
            "GRPO with your `reward(completions, answers, **columns)` in rewards.py",
            {"rl": "grpo", "trl": {"reward_funcs": [_REWARD]}, **to_trl},
        ),
    }
    if kind not in ways:
        return None
    purpose, keys = ways[kind]
    text = yaml.safe_dump({**keys, "sequence_len": _LONGEST}, sort_keys=False, allow_unicode=True, width=2**20)
    return Snippet("yaml", f"Part of Axolotl's configuration, for {purpose}.", text.rstrip("\n"))


def _openrlhf(kind: str, config: str, shape: Shape, location: str) -> Snippet | None:
    """Options of openrlhf/cli. A config is named by its folder: ``load_dataset`` gets it as ``data_dir``."""
    if {",", "@"} & set(location):
        return None
    place = f"{location}@{config}"

    def train(trainer: str, source: str, output: str, **keys: str) -> str:
        model = {f"{'actor' if kind == 'prompts' else 'model'}.model_name_or_path": _MODEL}
        data = {f"data.{name}": value for name, value in keys.items()}
        options: dict[str, str | int | bool] = {**model, source: place, **data}
        options |= {"data.apply_chat_template": True, "data.max_len": _LONGEST, "ckpt.output_dir": f"{config}-{output}"}
        return _command(f"python -m openrlhf.cli.{trainer}", options)

    if kind == "preference":
        keys = {"prompt_key": "prompt", "chosen_key": "chosen", "rejected_key": "rejected"}
        both = "\n\n".join(train(f"train_{name}", "data.dataset", name, **keys) for name in ("dpo", "rm"))
        return Snippet("sh", "Preference optimisation with OpenRLHF, or a reward model.", both)
    if kind == "sft":
        text = train("train_sft", "data.dataset", "sft", input_key="prompt", output_key="completion")
        return Snippet("sh", "Fine-tuning with OpenRLHF, on the completion.", text)
    if kind == "prompts":
        text = train("train_ppo_ray", "data.prompt_dataset", "ppo", input_key="prompt", label_key="answers")
        about = "PPO with OpenRLHF; add `--reward.remote_url rewards.py` or a reward model."
        return Snippet("sh", about, text)
    return None  # the KTO trainer that it once had is gone


_OF_PRESET: Mapping[str, Callable[[str, str, Shape, str], Snippet | None]] = {
    "trl": _trl,
    "trl-implicit": _trl,
    "llamafactory": _llamafactory,
    "axolotl": _axolotl,
    "openrlhf": _openrlhf,
}
