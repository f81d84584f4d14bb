"""Answers that people wrote to prompts -> rows: the prompt as it stands, no template, no passage."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from audited import audited
from cards import card_of
from hypothesis import given, settings
from hypothesis import strategies as st
from job_items import ASK, WRITE, asked, build_in_folder, build_in_memory, job_item, load, options, wrote
from judged_rows import build_rows, rejudged
from strategies import make_item

from gtbridge.converters.formats.conversations import messages_to_transcript
from gtbridge.converters.judgement.job_item import JobItem
from gtbridge.converters.judgement.rules import problems
from gtbridge.converters.ledger import Ledger
from gtbridge.converters.records import Answer, Item, Pair, Section, Worker
from gtbridge.label_configs.crowd import definition_to_template
from gtbridge.label_configs.describe import definition_to_sentences
from gtbridge.label_configs.errors import DefinitionError
from gtbridge.label_configs.labeling_config import definition_to_labeling_config, labeling_config_to_definition
from gtbridge.label_configs.tasks import QuestionAnswer, Range

TALK = (("system", "Be brief."), ("user", "Hi"), ("assistant", "Yes?"), ("user", "Why?"))
MESSAGES = [{"role": role, "content": content} for role, content in TALK]
USER = [{"role": "user", "content": "Write a {poem}."}]


def prompt(index: int = 0, text: str = "Write a {poem}.", messages: Any = None) -> Item:
    return replace(make_item(index, text), messages=messages)


def written(*answers: Answer, item: Item | None = None) -> JobItem:
    return job_item(item or prompt(), *answers, task=WRITE, job="write")


def made(*items: JobItem, **chosen: Any) -> tuple[dict[str, list[dict[str, Any]]], Ledger]:
    rows, _, ledger, _ = build_in_memory(items, [], options(**chosen))
    return {config: part for (config, _), part in rows.items()}, ledger


@pytest.mark.parametrize("chosen", [{}, {"context": "none"}, {"context": "sections"}, {"direction": "ask"}])
def test_the_prompt_stands_as_it_is_whatever_is_asked_about_passages(chosen: Any) -> None:
    talk = prompt(1, messages_to_transcript(MESSAGES), TALK)
    rows, ledger = made(written(wrote("ann", "An ode.")), written(wrote("ann", "Because."), item=talk), **chosen)
    said = [(row["prompt"], row["completion"]) for row in rows["sft"]]
    assert said == [
        (USER, [{"role": "assistant", "content": "An ode."}]),
        (MESSAGES, [{"role": "assistant", "content": "Because."}]),
    ]
    assert [(row["prompt"], row["answers"]) for row in rows["prompts"]] == [
        (USER, ["An ode."]),
        (MESSAGES, ["Because."]),
    ]
    assert (ledger.came["completions"], ledger.went["completions"]) == (2, 2)
    assert "questions" not in ledger.came


def test_each_answer_is_a_row_that_names_no_question_and_the_prompt_has_the_distinct_ones() -> None:
    rows, _ = made(written(wrote("ann", "An ode.", "A sonnet."), wrote("bob", "An ode.")))
    assert [row["completion"][0]["content"] for row in rows["sft"]] == ["An ode.", "A sonnet.", "An ode."]
    assert {row["metadata"]["question"] for row in rows["sft"]} == {None}
    assert len({row["metadata"]["id"] for row in rows["sft"]}) == 3
    assert len({row["metadata"]["annotator"] for row in rows["sft"]}) == 2
    assert [row["answers"] for row in rows["prompts"]] == [["An ode.", "A sonnet."]]
    assert [row["status"] for row in rows["annotations"]] == ["valid", "valid"]


def test_the_id_of_a_row_depends_on_the_whole_conversation() -> None:
    ids = set()
    for last in ("Why?", "Who?"):
        messages = (*TALK[:3], ("user", last))
        rows, _ = made(written(wrote("ann", "So."), item=prompt(0, "called", messages)), configs=("sft",))
        ids.add(rows["sft"][0]["metadata"]["id"])
    assert len(ids) == 2


def test_a_prompt_is_no_passage_and_the_ledger_says_so() -> None:
    passage = make_item(1, "Ann came.")
    items = [written(wrote("ann", "Write a")), job_item(passage, asked("w", passage.text, ("Who?", "Ann")), task=ASK)]
    rows, ledger = made(*items)
    assert [len(rows[config]) for config in ("sft", "qa", "squad")] == [2, 1, 1]
    for config in ("qa", "squad"):
        assert ledger.notes["items", f"left out of {config}: a prompt is no passage"] == 1
    _, only_sft = made(*items, configs=("sft",))
    assert not only_sft.notes


def test_one_prompt_is_in_one_split_whatever_its_transcript_is_called() -> None:
    items = [written(wrote("ann", "a"), item=prompt(n, f"called {n}", (("user", "Go"),))) for n in range(8)]
    rows, *_ = build_in_memory([*items, written(wrote("ann", "a"), item=prompt(8, "Go"))], [], options(test_size=0.5))
    assert len({split for config, split in rows if config == "sft"}) == 1


@settings(max_examples=6)
@given(st.lists(st.lists(st.sampled_from(["a", " b", "c\n"]), min_size=1, max_size=3), min_size=1, max_size=4))
def test_as_many_rows_come_out_as_answers_went_in(texts: list[list[str]]) -> None:
    rows, ledger = made(
        written(*(wrote(f"w{n}", *said) for n, said in enumerate(texts))), configs=("sft", "prompts", "annotations")
    )
    said = [text for part in texts for text in part]
    assert [row["completion"][0]["content"] for row in rows["sft"]] == said
    assert [row["answers"] for row in rows["prompts"]] == [list(dict.fromkeys(said))]
    assert [[pair["answer"] for pair in row["pairs"]] for row in rows["annotations"]] == texts
    assert ledger.went["completions"] == len(said)


def test_the_dataset_loads_and_its_card_has_no_template(tmp_path: Path) -> None:
    items = [written(wrote("ann", "An ode."), wrote("bob", "No."), item=prompt(n, f"Write {n}")) for n in range(3)]
    _, _, card = build_in_folder(tmp_path / "d", items, [], options(configs=("sft", "prompts")))
    loaded = load(tmp_path / "d", "sft")["train"]
    assert [row["completion"][0]["content"] for row in loaded] == ["An ode.", "No."] * 3
    assert loaded[0]["prompt"] == [{"role": "user", "content": "Write 0"}]
    assert "Annotators wrote at least 1 answers to each prompt: at least 1 words an answer." in card
    assert "trl sft" in card and "trl grpo" in card
    assert "template" not in card.split("## How it was collected")[1] and "about each passage" not in card
    head = card.split("\n---\n")[0]
    assert "- text-generation" in head and "question-answering" not in head


def test_the_card_has_the_template_where_passages_are_asked_about_as_well() -> None:
    passage = make_item(1, "Ann came.")
    other = job_item(passage, asked("w", passage.text, ("Who?", "Ann")), task=ASK, job="ask")
    assert "Question: {question}\n```" in card_of([written(wrote("ann", "a")), other], [], options(configs=("sft",)))


def test_annotations_of_prompts_are_read_back() -> None:
    items = [written(wrote("ann", "An ode.", "A sonnet."), wrote("bob", " "))]
    files = build_rows(items, WRITE, configs=("annotations", "sft"))
    [again] = rejudged(files["annotations"], WRITE)
    assert [answer.pairs for answer in again.judged.valid] == [(Pair("", "An ode."), Pair("", "A sonnet."))]
    assert [broken for _, broken in again.judged.invalid] == [("answer 1: write an answer",)]


@pytest.mark.parametrize(
    ("task", "pairs", "sentence"),
    [
        (WRITE, (), "0 answers to the prompt; at least 1 answer is needed"),
        (WRITE, (Pair("", "\n "),), "answer 1: write an answer"),
        (
            WRITE.model_copy(update={"answer_words": Range(min=2, max=3)}),
            (Pair("", "a b"), Pair("", "a")),
            "answer 2: the answer has 1 word; 2 to 3 words are needed",
        ),
        (WRITE.model_copy(update={"questions": Range(max=1)}), (Pair("", "a"), Pair("", "b")),
         "2 answers to the prompt; 1 answer is needed"),
        (WRITE, (Pair("", "a", ("Why",)),), "answer 1: Why is not one of the tags"),
        (WRITE, (Pair("Who?", "a"),), "answer 1: it answers a prompt, but has a question or sections of its own"),
        (
            WRITE,
            (Pair("", "a", (), (Section(0, 1, "W"),), "sections"),),
            "answer 1: it answers a prompt, but has a question or sections of its own",
        ),
    ],
)  # fmt: skip
def test_what_an_answer_to_a_prompt_must_be(task: QuestionAnswer, pairs: tuple[Pair, ...], sentence: str) -> None:
    assert [p.message for p in problems(task, prompt(), Answer(Worker("ann"), pairs=pairs))] == [sentence]


@pytest.mark.parametrize("scope", [None, "passage"])
def test_an_answer_to_a_prompt_need_not_say_what_it_is_about(scope: Any) -> None:
    assert problems(WRITE, prompt(), Answer(Worker("ann"), pairs=(Pair("", "a", scope=scope),))) == []


def test_no_screen_asks_for_answers_to_prompts() -> None:
    sentence = "no screen asks for answers to prompts, which are only read from projects that were made elsewhere"
    for render in (definition_to_labeling_config, definition_to_template):
        with pytest.raises(DefinitionError, match=sentence):
            render(WRITE)
    carried = '<View definition=\'{"task": "question-answer", "prompt_completion": true}\'/>'
    with pytest.raises(DefinitionError, match=rf"mine\.xml: \$\.prompt_completion: {sentence}"):
        labeling_config_to_definition(carried, "mine.xml")


def test_what_such_a_task_asks_is_said_in_words() -> None:
    said = list(definition_to_sentences(WRITE))
    assert said[1:3] == ["Write at least 1 answer to each prompt:", "  an answer has at least 1 words"]
    assert not any("question" in sentence or sentence.startswith("Note") for sentence in said)


def test_answers_to_prompts_are_no_questions_to_the_audit() -> None:
    found = audited([written(wrote("ann", "An ode.", "A sonnet."))])
    assert found["questions"] is None
    assert [(job["items_answered"], job["answers"]) for job in found["jobs"]] == [(1, 1)]
