"""Preference datasets of third parties: what is the prompt, whose the verdict, in which order the responses come."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judged_rows import read_rows

from gtbridge.converters.records import Answer
from gtbridge.label_configs.errors import InputError


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def assistant(text: str) -> dict[str, Any]:
    return {"role": "assistant", "content": text}


def ranks(answer: Answer) -> dict[str, tuple[int | None, ...]]:
    return {ranking.dimension: ranking.ranks for ranking in answer.rankings}


@given(st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3)), min_size=1, max_size=5))
def test_the_order_of_the_responses_tells_nothing_of_the_verdict(pairs: list[tuple[str, str]]) -> None:
    rows = [{"prompt": "p", "chosen": chosen, "rejected": rejected} for chosen, rejected in pairs]
    turned = [{"prompt": "p", "chosen": rejected, "rejected": chosen} for chosen, rejected in pairs]
    one, other = read_rows(*rows)[0], read_rows(*turned)[0]
    assert [line["responses"] for line, _ in one] == [line["responses"] for line, _ in other]
    for (line, [answer]), (chosen, rejected) in zip(one, pairs, strict=True):
        [vector] = ranks(answer).values()
        assert sorted(vector) == [1, 2]  # type: ignore[type-var]
        assert (line["responses"][vector.index(1)], line["responses"][vector.index(2)]) == (chosen, rejected)


def test_responses_stand_in_the_order_of_their_sha_256() -> None:
    texts = [f"response {n}" for n in range(20)]
    rows = [{"prompt": "p", "chosen": texts[n], "rejected": texts[n + 1]} for n in range(19)]
    lines = [line["responses"] for line, _ in read_rows(*rows)[0]]
    assert all(line == sorted(line, key=lambda text: hashlib.sha256(text.encode()).hexdigest()) for line in lines)
    assert 3 < sum(line[0] == row["chosen"] for line, row in zip(lines, rows, strict=True)) < 16


def test_models_and_scores_travel_along_and_models_go_with_their_responses() -> None:
    rows = [
        {"prompt": "p", "chosen": c, "rejected": r, "chosen_model": f"of {c}", "rejected_model": f"of {r}", "score": 1}
        for c, r in (("a", "b"), ("b", "a"))
    ]
    for line, _ in read_rows(*rows)[0]:
        assert line["models"] == [f"of {text}" for text in line["responses"]]
        assert (line["score"], "chosen_model" in line) == (1, False)
    [(line, _)], _ = read_rows({"prompt": "p", "chosen": "a", "rejected": "b", "chosen_model": "m"})
    assert (line["chosen_model"], "models" in line) == ("m", False)


def test_a_column_with_the_name_of_a_field_of_the_line_is_renamed_and_not_lost() -> None:
    row = {"prompt": "p", "chosen": "a", "rejected": "b", "source": "web", "dataset.source": 1, "models": ["x"]}
    [(line, _)], _ = read_rows(row)
    assert (line["source"], line["dataset.source"], line["dataset.dataset.source"]) == ("p", 1, "web")
    assert line["dataset.models"] == ["x"]


def test_metadata_of_others_is_a_column_like_any_other() -> None:
    rows = [
        {"prompt": "p", "chosen": "a", "rejected": "b", "metadata": m} for m in ("x", {"annotator": 3, "item": "i"})
    ]
    for (line, [answer]), row in zip(read_rows(*rows)[0], rows, strict=True):
        assert (line["metadata"], answer.worker.id) == (row["metadata"], "me/set")


def test_what_messages_say_beside_their_text_is_kept_with_the_response() -> None:
    row = {"prompt": [user("p")], "chosen": [{**assistant("a"), "weight": 2}], "rejected": [assistant("b")]}
    [(line, _)], _ = read_rows(row)
    assert line["response_fields"][line["responses"].index("a")] == {"weight": 2}
    assert line["response_fields"][line["responses"].index("b")] == {}


def test_nulls_that_a_table_fills_messages_with_are_no_part_of_them() -> None:
    row = {"prompt": [{**user("p"), "name": None}], "chosen": [assistant("a")], "rejected": [assistant("b")]}
    assert "messages" not in read_rows(row)[0][0][0]


def test_a_conversation_beside_the_pair_is_left_out_only_if_it_says_nothing_else() -> None:
    row = {"chosen": [user("p"), assistant("a")], "rejected": [user("p"), assistant("b")]}
    [(same, _), (other, _)], _ = read_rows({**row, "messages": row["chosen"]}, {**row, "messages": [user("q")]})
    assert ("dataset.messages" in same, other["dataset.messages"]) == (False, [user("q")])


def test_of_whole_texts_the_prompt_ends_with_the_last_blank_line_that_both_share() -> None:
    row = {"chosen": "Why?\n\nSo.\n\nReally.", "rejected": "Why?\n\nSo!"}
    [(line, [answer])], ledger = read_rows(row)
    said = dict(zip(line["responses"], ranks(answer)["preference"], strict=True))
    assert (line["source"], said) == ("Why?\n\n", {"So.\n\nReally.": 1, "So!": 2})
    assert ledger.notes.total() == 1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            {"prompt": [user("a"), assistant("b")], "chosen": "x", "rejected": "y"},
            "whose prompt ends with the assistant",
        ),
        (
            {"chosen": [user("a"), assistant("b")], "rejected": [user("c"), assistant("d")]},
            "whose conversations part before their last message",
        ),
        (
            {"chosen": [user("a"), assistant("b")], "rejected": [user("a"), assistant("c"), user("d"), assistant("e")]},
            "whose conversations part before their last message",
        ),
        (
            {"prompt": [user("z")], "chosen": [user("a"), assistant("b")], "rejected": [user("a"), assistant("d")]},
            "whose conversations part before their last message",
        ),
    ],
)
def test_what_annotators_could_not_be_shown_is_left_out_and_counted(row: dict[str, Any], reason: str) -> None:
    sound = {"prompt": "p", "chosen": "a", "rejected": "b"}
    found, ledger = read_rows(row, sound, shape="preference")
    assert (len(found), ledger.drops["records", reason]) == (1, 1)


REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({"prompt": "p", "chosen": "a", "rejected": None}, "chosen: expected text, or a conversation"),
    ({"prompt": "p", "chosen": ["a"], "rejected": ["b"]}, "chosen: expected text, or a conversation"),
    ({"prompt": "p", "chosen": "a", "rejected": [assistant("b")]}, "chosen: expected text, or a conversation"),
    ({"prompt": 3, "chosen": "a", "rejected": "b"}, "prompt: expected text, or a conversation"),
    ({"chosen": "a", "rejected": "b"}, "chosen: shares no beginning with 'rejected'"),
    ({"chosen": "\n\na", "rejected": "\n\nb"}, "chosen: shares no beginning with 'rejected'"),
    ({"chosen": [assistant("a")], "rejected": [assistant("b")]}, "chosen: holds a response alone"),
    ({"prompt": "p", "chosen": [user("a")], "rejected": [assistant("b")]}, "chosen: ends with a message of the role"),
    ({"prompt": "p", "chosen": [assistant("a")], "rejected": [user("b")]}, "rejected: ends with a message of the role"),
]


@pytest.mark.parametrize(("row", "message"), REFUSALS)
def test_what_is_no_preference_is_refused_by_row_and_column(row: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_rows({"prompt": "p", "chosen": "a", "rejected": "b"}, row, shape="preference")
    assert str(caught.value).startswith(f"in: $[1].{message}")
