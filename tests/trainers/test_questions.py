"""One real step of TRL's trainers on what the build makes of questions and answers."""

from __future__ import annotations

from typing import Any

import pytest
from tiny_model import Tiny, rendered, tiny_model
from trained_jobs import FORMS, PASSAGES, TRAINER_MARKS, dataset, expected, opening

pytestmark = TRAINER_MARKS


@pytest.fixture
def tiny(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Tiny:
    return tiny_model(tmp_path_factory.getbasetemp() / "trainers", monkeypatch)


def rows(tiny: Tiny, config: str, preset: str = "trl", format: str = "conversational", **choices: Any) -> Any:
    return dataset(tiny.folder, "questions", config, preset=preset, format=format, **choices)


@pytest.mark.parametrize(("preset", "format"), FORMS)
def test_sft_learns_the_answer_to_the_question_about_the_passage(tiny: Tiny, preset: str, format: str) -> None:
    canonical = rows(tiny, "sft")
    trainer = tiny.trainer("SFT", rows(tiny, "sft", preset, format))
    assert len(trainer.train_dataset) == len(canonical) == 4
    pairs = [(passage, *pair) for passage, pair in PASSAGES for _ in ("ann", "bob")]
    for row, seen, (passage, question, answer) in zip(canonical, trainer.train_dataset, pairs, strict=True):
        text = tiny.text(seen["input_ids"])
        assert text == "".join(expected(row["prompt"], row["completion"], format))
        assert (text.count(passage), text.count(question)) == (1, 1)
        if preset == "trl":
            learnt = tiny.text([token for token in seen["labels"] if token != -100])
            assert learnt.startswith(answer)
            assert question not in learnt
    tiny.step(trainer)


def test_sft_learns_the_question_where_the_model_is_to_ask(tiny: Tiny) -> None:
    trainer = tiny.trainer("SFT", rows(tiny, "sft", direction="ask"))
    for seen, (passage, (question, answer)) in zip(
        trainer.train_dataset, [p for p in PASSAGES for _ in "ab"], strict=True
    ):
        learnt = tiny.text([token for token in seen["labels"] if token != -100])
        assert learnt.startswith(question)
        text = tiny.text(seen["input_ids"])
        assert text.index(passage) < text.index(learnt)
        assert text.count(question) == 1
        assert answer not in learnt
    tiny.step(trainer)


@pytest.mark.parametrize("format", ["conversational", "standard"])
def test_grpo_asks_each_question_once_and_hands_its_answers_to_the_reward(tiny: Tiny, format: str) -> None:
    canonical, data = rows(tiny, "prompts"), rows(tiny, "prompts", format=format)
    right: list[tuple[str, list[str], str]] = []

    def reward(completions: list[Any], prompts: list[Any], answers: list[list[str]], **columns: Any) -> list[float]:
        texts = [prompt if format == "standard" else prompt[-1]["content"] for prompt in prompts]
        right.extend(zip(texts, answers, [entry["id"] for entry in columns["metadata"]], strict=True))
        return [float(number) for number, _ in enumerate(completions)]

    trainer = tiny.trainer("GRPO", data, reward_funcs=reward, **tiny.two_each(data))
    asked = tiny.prompts_of(trainer)
    tiny.step(trainer)
    assert len(trainer.train_dataset) == len(canonical) == len(PASSAGES)
    known = {
        rendered(row["prompt"], asks=True) if format == "conversational" else opening(row["prompt"])
        for row in canonical
    }
    assert set(asked) == known
    assert len(right) == 2 * len(PASSAGES)
    ids = {row["prompt"][0]["content"]: row["metadata"]["id"] for row in canonical}
    for text, answers, name in right:
        (pair,) = [pair for passage, pair in PASSAGES if passage in text]
        assert pair[0] in text
        assert answers == [pair[1], pair[1] + "!"]
        assert name == ids[text.rstrip("\n")]
