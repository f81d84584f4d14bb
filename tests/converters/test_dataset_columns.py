"""Columns: no trainer finds one of a name that it acts on unless it is there for that trainer."""

from __future__ import annotations

import pytest
from job_items import options

from gtbridge.converters.datasets.options import CHOICES, CONFIGS
from gtbridge.converters.datasets.writers import features

# Columns that a trainer of TRL reads wherever it finds them.
RESERVED = {
    "label", "labels", "margin", "images", "image", "text", "messages", "conversations", "completion", "completions",
    "reference", "chat_template_kwargs", "input_ids", "attention_mask", "completion_mask", "assistant_masks",
    "seq_lengths", "prompt_ids", "chosen_ids", "rejected_ids", "completion_ids", "chosen_input_ids",
    "rejected_input_ids", "ref_chosen_logps", "ref_rejected_logps", "ref_logps", "prompt", "prompts", "chosen",
    "rejected", "tools", "position_ids", "KL_completion_ids", "trainer_state",
}  # fmt: skip
# What each type of dataset is: the columns that its trainer is meant to read, as one of several sets.
PAIR, PAIR_IN_FULL = {"prompt", "chosen", "rejected"}, {"chosen", "rejected"}
INTENDED: dict[str, list[set[str]]] = {
    "preference": [PAIR, PAIR_IN_FULL, {"conversations", "chosen", "rejected"}],
    "unpaired": [{"prompt", "completion", "label"}, {"conversations", "label"}],
    "sft": [{"prompt", "completion"}, {"messages"}, {"text"}, {"conversations"}],
    "prompts": [{"prompt"}, set()],
    "ranking": [{"prompt"}],
    "ties": [{"prompt"}],
    "qa": [set()],
    "squad": [set()],
    "annotations": [set()],
}


@pytest.mark.parametrize("kind", CONFIGS)
@pytest.mark.parametrize("margin", CHOICES["margin"])
def test_a_config_has_no_column_that_trainers_act_on_but_its_own(kind: str, margin: str) -> None:
    for preset in CHOICES["preset"]:
        for form in CHOICES["format"] if preset.startswith("trl") else ("conversational",):
            columns = set(features(kind, options(preset=preset, format=form, margin=margin)))
            extra = {"margin"} if kind == "preference" and margin != "none" else set()
            assert columns & RESERVED in [intended | extra for intended in INTENDED[kind]], (preset, form)


@pytest.mark.parametrize("kind", CONFIGS)
def test_what_is_known_about_a_row_stands_in_one_column(kind: str) -> None:
    assert list(features(kind, options()))[-1] == "metadata"
    assert {"item", "simulated"} <= {*features(kind, options()), *features(kind, options())["metadata"]}
