"""A random model that is small enough to train in a blink, and TRL's trainers around it, without any network."""

from __future__ import annotations

import functools
import gc
import importlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "CUDA_VISIBLE_DEVICES": "",
    "TOKENIZERS_PARALLELISM": "false",
    "TRL_EXPERIMENTAL_SILENCE": "1",
}
END, PAD = "<|im_end|>", "<|endoftext|>"
# `generation` marks what the assistant says, for losses on nothing else.
_TEMPLATE = (
    "{%- for message in messages %}{{- '<|im_start|>' + message['role'] + '\n' }}"
    "{%- if message['role'] == 'assistant' %}"
    "{% generation %}{{- message['content'] + '<|im_end|>' }}{% endgeneration %}{{- '\n' }}"
    "{%- else %}{{- message['content'] + '<|im_end|>\n' }}{%- endif %}{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\n' }}{%- endif %}"
)
# What the tokenizer learns merges from: two line breaks at an end become one token, as GPT-2's do.
_CORPUS = ["Name a colour of the rainbow.\n\nBlue.\n\n", "User: What?\n\nAssistant:\nNothing.\n\n"] * 20


def rendered(messages: Iterable[dict[str, str]], *, asks: bool = False) -> str:
    """The conversation as the model sees it, written out once more to compare the template's work with."""
    turns = "".join(f"<|im_start|>{message['role']}\n{message['content']}{END}\n" for message in messages)
    return turns + ("<|im_start|>assistant\n" if asks else "")


@dataclass(frozen=True)
class Tiny:
    """The model's folders and its tokenizer. Trainers load it from disk anew, since some ask for its path."""

    folder: Path
    tokenizer: Any

    def text(self, ids: Sequence[int]) -> str:
        """What the tokens say, with the special ones but for padding."""
        return str(self.tokenizer.decode([token for token in ids if token != self.tokenizer.pad_token_id]))

    def trainer(self, name: str, rows: Any, **settings: Any) -> Any:
        """``DPO``, ``Reward`` and so on, ready for one step of at most eight rows."""
        given = {"per_device_train_batch_size": 8, **settings}
        more = {"reward_funcs": given.pop("reward_funcs")} if "reward_funcs" in given else {}
        common = {
            "output_dir": str(self.folder / "output"),
            "max_steps": 1,
            "report_to": "none",
            "save_strategy": "no",
            "use_cpu": True,
            "bf16": False,
            "disable_tqdm": True,
        }
        transformers: Any = importlib.import_module("transformers")
        kind = "Qwen2ForSequenceClassification" if name == "Reward" else "Qwen2ForCausalLM"
        model = getattr(transformers, kind).from_pretrained(self.folder / kind)
        args = found(f"{name}Config")(**common, **given)
        return found(f"{name}Trainer")(
            model=model, args=args, train_dataset=rows, processing_class=self.tokenizer, **more
        )

    def two_each(self, rows: Any) -> dict[str, int]:
        """Settings for a step in which each row is answered twice, in four tokens."""
        return {"num_generations": 2, "max_completion_length": 4, "per_device_train_batch_size": 2 * len(rows)}

    def prompts_of(self, trainer: Any) -> list[str]:
        """A list that fills with the texts that the model is given to go on with."""
        asked: list[str] = []
        generate = trainer.model.generate

        def listening(*args: Any, **given: Any) -> Any:
            asked.extend(self.text(ids) for ids in given["input_ids"].tolist())
            return generate(*args, **given)

        trainer.model.generate = listening
        return asked

    def step(self, trainer: Any) -> float:
        """One step is taken; its loss, a finite number."""
        loss = float(trainer.train().training_loss)
        assert trainer.state.global_step == 1
        assert math.isfinite(loss)
        return loss


def found(name: str) -> Any:
    """A class of TRL, wherever this version keeps it: some are experimental."""
    trl = importlib.import_module("trl")
    method = name.removesuffix("Trainer").removesuffix("Config").lower()
    home = trl if hasattr(trl, name) else importlib.import_module(f"trl.experimental.{method}")
    return getattr(home, name)


def tiny_model(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Tiny:
    """The model, made in ``folder`` by the first test that asks; nothing reaches for the network meanwhile."""
    constants: Any = importlib.import_module("huggingface_hub.constants")
    importlib.import_module("datasets")  # both read the environment once, and other tests are not to be cut off
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    for name, value in OFFLINE.items():
        monkeypatch.setenv(name, value)
    return _made(folder)


@functools.cache
def _made(folder: Path) -> Tiny:
    torch, transformers = importlib.import_module("torch"), importlib.import_module("transformers")
    torch.set_num_threads(1)
    torch.manual_seed(0)
    transformers.logging.set_verbosity_error()
    importlib.import_module("datasets").disable_progress_bars()
    tokenizer = _tokenizer(transformers)
    sizes = {
        "vocab_size": len(tokenizer),
        "hidden_size": 16,
        "intermediate_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "max_position_embeddings": 4096,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
        "bos_token_id": None,
    }
    for kind, more in (("Qwen2ForCausalLM", {}), ("Qwen2ForSequenceClassification", {"num_labels": 1})):
        model = getattr(transformers, kind)(transformers.Qwen2Config(**sizes, **more))
        model.save_pretrained(folder / kind)
        tokenizer.save_pretrained(folder / kind)
    # Each step collects garbage, half of its time among the objects of torch's modules, which are there to stay.
    gc.collect()
    gc.freeze()
    return Tiny(folder, tokenizer)


def _tokenizer(transformers: Any) -> Any:
    tokenizers: Any = importlib.import_module("tokenizers")
    made = tokenizers.Tokenizer(tokenizers.models.BPE())
    made.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = tokenizers.decoders.ByteLevel()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=400,
        show_progress=False,
        special_tokens=[PAD, "<|im_start|>", END],
        initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(),
    )
    made.train_from_iterator(_CORPUS, trainer)
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=made, eos_token=END, pad_token=PAD, chat_template=_TEMPLATE, model_max_length=4096
    )
