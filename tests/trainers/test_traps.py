"""What TRL stumbles over, shown on rows made by hand, and that no row of the build has it."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tiny_model import END, Tiny, tiny_model
from trained_jobs import FORMS, TRAINER_MARKS, dataset

pytestmark = TRAINER_MARKS

CONFIGS = ("preference", "unpaired", "sft", "prompts")
# The columns by which TRL tells its types of datasets; in one table they are one of these sets.
TYPES = [
    {"prompt", "chosen", "rejected"},
    {"chosen", "rejected"},
    {"prompt", "completion", "label"},
    {"prompt", "completion"},
    {"messages"},
    {"text"},
    {"prompt"},
]
OURS = {"metadata", "margin", "answers"}


@pytest.fixture
def tiny(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Tiny:
    return tiny_model(tmp_path_factory.getbasetemp() / "trainers", monkeypatch)


def of(**columns: list[Any]) -> Any:
    return importlib.import_module("datasets").Dataset.from_dict(columns)


def asks(*texts: str) -> list[Any]:
    return [[{"role": "user", "content": text}] for text in texts]


def says(*texts: str | None) -> list[Any]:
    return [[{"role": "assistant", "content": text}] for text in texts]


def pairs(**more: list[Any]) -> Any:
    return of(prompt=asks("What?", "Why?"), chosen=says("That.", "So."), rejected=says("No.", "Not."), **more)


def tables(tiny: Tiny, *configs: str, margins: bool = False) -> Iterator[Any]:
    """The rankings' rows of these configs in each form, and with margins if they matter."""
    for preset, format in FORMS:
        for config in configs:
            for more in ({"margin": "rank"}, {"margin": "vote"}) if margins else ({},):
                yield dataset(tiny.folder, "rankings", config, preset=preset, format=format, **more)


def texts(value: Any) -> Iterator[str]:
    """All texts of a prompt or reply, or of messages."""
    if isinstance(value, list):
        assert value
        for message in value:
            yield message["content"]
    else:
        yield value


def fails(tiny: Tiny, trainer: str, rows: Any, *errors: type[Exception], match: str | None = None) -> None:
    with pytest.raises(errors, match=match):
        tiny.step(tiny.trainer(trainer, rows))


def has_none(tiny: Tiny, *columns: str) -> None:
    for table in tables(tiny, *CONFIGS):
        assert not set(columns) & set(table.column_names)


Check = Callable[[Tiny], None]
TRAPS: dict[str, tuple[Check, Check]] = {}


def trap(springs: Check) -> Callable[[Check], None]:
    """Decorates what shows that our rows avoid the trap that ``springs`` shows."""

    def named(avoided: Check) -> None:
        TRAPS[avoided.__name__] = springs, avoided

    return named


def _text_beside_dialogues(tiny: Tiny) -> None:
    dialogues = [[*prompt, *reply] for prompt, reply in zip(asks("What?"), says("That."), strict=True)]
    rows = of(prompt=["What?"], chosen=dialogues, rejected=says("No."))
    for trainer in ("DPO", "Reward"):  # which error it is depends on PYTHONHASHSEED
        fails(tiny, trainer, rows, TypeError, AttributeError)


@trap(_text_beside_dialogues)
def prompt_and_replies_are_text_or_messages_alike(tiny: Tiny) -> None:
    for table in tables(tiny, *CONFIGS):
        for row in table:
            read = {type(value) for name, value in row.items() if name not in OURS | {"label"}}
            assert read in ({str}, {list})


def _prompt_twice(tiny: Tiny) -> None:
    dialogue = [*asks("What?")[0], *says("That.")[0]]
    trainer = tiny.trainer("DPO", of(prompt=asks("What?"), chosen=[dialogue], rejected=says("No.")))
    tiny.step(trainer)
    (seen,) = trainer.train_dataset
    assert tiny.text(seen["prompt_ids"] + seen["chosen_ids"]).count("What?") == 2


@trap(_prompt_twice)
def a_reply_beside_a_prompt_does_not_repeat_it(tiny: Tiny) -> None:
    for table in tables(tiny, "preference", "unpaired", "sft"):
        for row in table:
            if "prompt" in row:
                prompt = "".join(texts(row["prompt"])).strip()
                for name in {"chosen", "rejected", "completion"} & set(row):
                    assert prompt not in "".join(texts(row[name]))
                    assert isinstance(row[name], str) or len(row[name]) == 1


def _label_beside_pairs(tiny: Tiny) -> None:
    labels = [list(tiny.trainer("KTO", rows).train_dataset["label"]) for rows in (pairs(), pairs(label=[1, 1]))]
    assert labels == [[True, True, False, False], [1, 1, 1, 1]]


@trap(_label_beside_pairs)
def only_unpaired_rows_have_a_label(tiny: Tiny) -> None:
    for table in tables(tiny, "preference", "sft", "prompts"):
        assert "label" not in table.column_names


def _both_desirable_and_not(tiny: Tiny) -> None:
    rows = of(prompt=asks("What?", "What?"), chosen=says("best", "middle"), rejected=says("middle", "worst"))
    made = tiny.trainer("KTO", rows).train_dataset
    assert [
        label
        for text, label in zip(made["completion_ids"], made["label"], strict=True)
        if tiny.text(text).startswith("middle")
    ] == [True, False]


@trap(_both_desirable_and_not)
def no_response_is_desirable_and_undesirable(tiny: Tiny) -> None:
    for table in tables(tiny, "unpaired"):
        said = Counter((str(row["prompt"]), "".join(texts(row["completion"])).strip()) for row in table)
        assert set(said.values()) == {1}


@trap(lambda tiny: fails(tiny, "Reward", pairs(margin=[0.5, None]), TypeError, match="NoneType"))
def a_margin_is_a_number_in_every_row(tiny: Tiny) -> None:
    for table in tables(tiny, "preference", margins=True):
        assert all(isinstance(margin, float) for margin in table["margin"])


def _unasked_margin(tiny: Tiny) -> None:
    losses = [tiny.step(tiny.trainer("Reward", rows)) for rows in (pairs(), pairs(margin=[2.0, 3.0]))]
    assert losses[1] > losses[0] + 1


@trap(_unasked_margin)
def there_is_no_margin_that_nobody_asked_for(tiny: Tiny) -> None:
    has_none(tiny, "margin")


@trap(lambda tiny: fails(tiny, "DPO", pairs(chat_template_kwargs=[{"x": True}, None]), TypeError, match="mapping"))
def there_are_no_settings_of_a_template(tiny: Tiny) -> None:
    has_none(tiny, "chat_template_kwargs", "tools")


@trap(lambda tiny: fails(tiny, "DPO", pairs(images=[[], []]), ValueError, match="vision"))
def there_are_no_pictures(tiny: Tiny) -> None:
    has_none(tiny, "images", "image")


@trap(lambda tiny: fails(tiny, "SFT", of(messages=asks("What?"), labels=[[1]]), RuntimeError, match="size of tensor"))
def there_is_no_column_that_trl_makes_itself(tiny: Tiny) -> None:
    has_none(tiny, "labels", "input_ids", "attention_mask", "completion_mask", "assistant_masks", "seq_lengths")
    has_none(tiny, "prompt_ids", "chosen_ids", "rejected_ids", "completion_ids", "ref_logps", "reference")


@trap(lambda tiny: fails(tiny, "SFT", of(messages=asks("What?"), prompt=["What?"]), KeyError, match="completion"))
def each_table_is_of_one_type(tiny: Tiny) -> None:
    for table in tables(tiny, *CONFIGS):
        assert set(table.column_names) - OURS in TYPES


@trap(lambda tiny: fails(tiny, "SFT", of(messages=[[], *asks("What?")]), IndexError))
def no_conversation_is_empty(tiny: Tiny) -> None:
    for table in tables(tiny, *CONFIGS):
        assert all(value != [] for row in table for name, value in row.items() if name != "answers")


def _nothing_said(tiny: Tiny) -> None:
    errors = importlib.import_module("jinja2.exceptions")
    rows = of(prompt=asks("What?"), chosen=says(None), rejected=says("No."))
    fails(tiny, "DPO", rows, errors.UndefinedError, TypeError)
    trainer = tiny.trainer("DPO", of(prompt=["What?\n"], chosen=[""], rejected=["No."]))
    tiny.step(trainer)  # an empty reply is learnt without a word
    assert tiny.text(trainer.train_dataset[0]["chosen_ids"]) == END


@trap(_nothing_said)
def every_message_says_something(tiny: Tiny) -> None:
    for table in tables(tiny, *CONFIGS):
        for row in table:
            for name in set(row) - OURS - {"label"}:
                assert all(isinstance(text, str) and text.strip() for text in texts(row[name]))


def _equal_replies(tiny: Tiny) -> None:
    trainer = tiny.trainer("DPO", of(chosen=["Say same"], rejected=["Say same"]))
    tiny.step(trainer)
    (seen,) = trainer.train_dataset
    assert (tiny.text(seen["prompt_ids"]), tiny.text(seen["chosen_ids"])) == ("Say sa", "me" + END)


@trap(_equal_replies)
def chosen_and_rejected_differ_in_more_than_white_space(tiny: Tiny) -> None:
    for table in tables(tiny, "preference"):
        for row in table:
            assert list(texts(row["chosen"]))[-1].strip() != list(texts(row["rejected"]))[-1].strip()


def _token_across_the_boundary(tiny: Tiny) -> None:
    for prompt, reply in (("Name a col", "our"), ("What?\n\n", "Blue.")):
        (seen,) = tiny.trainer("DPO", of(prompt=[prompt], chosen=[reply], rejected=["No."])).train_dataset
        assert tiny.text(seen["prompt_ids"]) != prompt


@trap(_token_across_the_boundary)
def a_prompt_as_text_ends_where_a_token_ends(tiny: Tiny) -> None:
    for config, reply in (("preference", "chosen"), ("preference", "rejected"), ("unpaired", "completion")):
        for row in dataset(tiny.folder, "rankings", config, preset="trl", format="standard"):
            ids = tiny.tokenizer(row["prompt"])["input_ids"]
            assert tiny.tokenizer(row["prompt"] + row[reply])["input_ids"][: len(ids)] == ids


@pytest.mark.parametrize("name", TRAPS)
def test_trl_has_the_trap_and_the_rows_avoid_it(tiny: Tiny, name: str) -> None:
    springs, avoided = TRAPS[name]
    springs(tiny)
    avoided(tiny)
