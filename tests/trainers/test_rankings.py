"""One real step of each of TRL's trainers on what the build makes of rankings."""

from __future__ import annotations

from typing import Any

import pytest
from tiny_model import END, Tiny, rendered, tiny_model
from trained_jobs import BEST, DESIRABLE, FORMS, PREFERRED, TRAINER_MARKS, dataset, expected, opening

pytestmark = TRAINER_MARKS


@pytest.fixture
def tiny(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Tiny:
    return tiny_model(tmp_path_factory.getbasetemp() / "trainers", monkeypatch)


def rows(tiny: Tiny, config: str, preset: str = "trl", format: str = "conversational", **choices: Any) -> Any:
    return dataset(tiny.folder, "rankings", config, preset=preset, format=format, **choices)


def said(reply: list[dict[str, str]]) -> str:
    (message,) = reply
    return message["content"]


def prompts_once(text: str, row: dict[str, Any]) -> bool:
    """Whether the model sees every turn of the prompt, and each once."""
    return [text.count(message["content"].rstrip()) for message in row["prompt"]] == [1] * len(row["prompt"])


def test_the_rows_hold_a_conversation_with_a_system_message_and_other_scripts(tiny: Tiny) -> None:
    for config in ("preference", "unpaired", "sft", "prompts"):
        talks = [row["prompt"] for row in rows(tiny, config) if len(row["prompt"]) > 1]
        assert [[message["role"] for message in talk] for talk in talks[:1]] == [
            ["system", "user", "assistant", "user"]
        ]
    assert any("小明" in row["chosen"][0]["content"] for row in rows(tiny, "preference"))


@pytest.mark.parametrize(("preset", "format"), FORMS)
def test_dpo_sees_each_pair_after_its_prompt(tiny: Tiny, preset: str, format: str) -> None:
    trainer = tiny.trainer("DPO", rows(tiny, "preference", preset, format))
    canonical = rows(tiny, "preference")
    assert len(trainer.train_dataset) == len(canonical) == len(PREFERRED)
    assert {(said(row["chosen"]), said(row["rejected"])) for row in canonical} == PREFERRED
    for row, seen in zip(canonical, trainer.train_dataset, strict=True):
        prompt, chosen = expected(row["prompt"], row["chosen"], format)
        _, rejected = expected(row["prompt"], row["rejected"], format)
        read = {name: tiny.text(seen[f"{name}_ids"]) for name in ("prompt", "chosen", "rejected")}
        if (preset, format) == ("trl-implicit", "standard"):  # replies that begin alike are told apart further on
            assert read["prompt"].startswith(prompt)
            assert (read["prompt"] + read["chosen"], read["prompt"] + read["rejected"]) == (
                prompt + chosen,
                prompt + rejected,
            )
        else:
            assert read == {"prompt": prompt, "chosen": chosen, "rejected": rejected}
        assert prompts_once(read["prompt"] + read["chosen"], row)
    tiny.step(trainer)


@pytest.mark.parametrize(("preset", "format"), FORMS)
def test_a_reward_model_sees_both_dialogues_whole(tiny: Tiny, preset: str, format: str) -> None:
    trainer = tiny.trainer("Reward", rows(tiny, "preference", preset, format))
    canonical = rows(tiny, "preference")
    assert len(trainer.train_dataset) == len(canonical)
    for row, seen in zip(canonical, trainer.train_dataset, strict=True):
        for side in ("chosen", "rejected"):
            text = tiny.text(seen[f"{side}_ids"])
            assert text == "".join(expected(row["prompt"], row[side], format))
            assert prompts_once(text, row)
    tiny.step(trainer)


@pytest.mark.parametrize("kind", ["rank", "vote"])
def test_a_margin_that_was_asked_for_moves_the_reward_models_loss(tiny: Tiny, kind: str) -> None:
    plain, asked = rows(tiny, "preference"), rows(tiny, "preference", margin=kind)
    trainers = [tiny.trainer("Reward", data) for data in (plain, asked)]
    assert list(trainers[1].train_dataset["margin"]) == list(asked["margin"])
    losses = [tiny.step(trainer) for trainer in trainers]
    assert "margin" not in plain.column_names
    assert losses[0] == pytest.approx(0.693, abs=0.01)
    assert losses[1] > losses[0] + 0.1


@pytest.mark.parametrize(("preset", "format"), FORMS)
def test_kto_sees_each_response_with_its_own_label(tiny: Tiny, preset: str, format: str) -> None:
    trainer = tiny.trainer("KTO", rows(tiny, "unpaired", preset, format))
    canonical = rows(tiny, "unpaired")
    assert len(trainer.train_dataset) == len(canonical)
    assert {said(row["completion"]): row["label"] for row in canonical} == DESIRABLE
    for row, seen in zip(canonical, trainer.train_dataset, strict=True):
        assert (tiny.text(seen["prompt_ids"]), tiny.text(seen["completion_ids"])) == expected(
            row["prompt"], row["completion"], format
        )
        assert seen["label"] is row["label"]
    tiny.step(trainer)


@pytest.mark.parametrize(("preset", "format"), FORMS)
def test_sft_learns_the_best_response_after_its_prompt(tiny: Tiny, preset: str, format: str) -> None:
    whole = (preset, format) == ("trl-implicit", "conversational")
    trainer = tiny.trainer("SFT", rows(tiny, "sft", preset, format), **({"assistant_only_loss": True} if whole else {}))
    canonical = rows(tiny, "sft")
    assert len(trainer.train_dataset) == len(canonical)
    assert {said(row["completion"]) for row in canonical} == BEST
    for row, seen in zip(canonical, trainer.train_dataset, strict=True):
        prompt, completion = expected(row["prompt"], row["completion"], format)
        assert tiny.text(seen["input_ids"]) == prompt + completion
        learnt = tiny.text([token for token in seen["labels"] if token != -100])
        if whole:
            earlier = [message["content"] + END for message in row["prompt"] if message["role"] == "assistant"]
            assert learnt == "".join([*earlier, row["completion"][0]["content"] + END])
        else:
            assert learnt == (prompt + completion if preset == "trl-implicit" else completion)
    tiny.step(trainer)


@pytest.mark.parametrize(
    ("method", "preset", "format"), [*(("ORPO", *form) for form in FORMS), ("CPO", *FORMS[0]), ("CPO", *FORMS[3])]
)
def test_orpo_and_cpo_see_each_pair_after_its_prompt(tiny: Tiny, method: str, preset: str, format: str) -> None:
    trainer = tiny.trainer(method, rows(tiny, "preference", preset, format))
    canonical = rows(tiny, "preference")
    assert len(trainer.train_dataset) == len(canonical)
    for row, seen in zip(canonical, trainer.train_dataset, strict=True):
        for side in ("chosen", "rejected"):
            prompt, reply = expected(row["prompt"], row[side], format)
            text = tiny.text(seen[f"{side}_input_ids"])
            assert text.removesuffix(END) == (prompt + reply).removesuffix(END)  # some add another to a template's own
            learnt = tiny.text([token for token in seen[f"{side}_labels"] if token != -100])
            assert text.endswith(learnt)
            assert (prompt + reply).removesuffix(END).endswith(learnt.removesuffix(END))
    tiny.step(trainer)


@pytest.mark.parametrize("format", ["conversational", "standard"])
def test_grpo_asks_for_every_prompt_and_rewards_with_all_columns(tiny: Tiny, format: str) -> None:
    canonical, data = rows(tiny, "prompts"), rows(tiny, "prompts", format=format)
    columns: dict[str, Any] = {}

    def reward(completions: list[Any], **given: Any) -> list[float]:
        columns.update(given)
        return [float(number) for number, _ in enumerate(completions)]

    trainer = tiny.trainer("GRPO", data, reward_funcs=reward, **tiny.two_each(data))
    asked = tiny.prompts_of(trainer)
    tiny.step(trainer)
    assert len(trainer.train_dataset) == len(canonical)
    assert set(asked) == {
        rendered(row["prompt"], asks=True) if format == "conversational" else opening(row["prompt"])
        for row in canonical
    }
    assert {entry["id"] for entry in columns["metadata"]} == {row["metadata"]["id"] for row in canonical}
    assert columns["answers"] == [[]] * (2 * len(canonical))  # a ranking names no right answer
