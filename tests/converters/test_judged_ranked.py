"""Datasets of rankings and ratings: Nectar's shape, and UltraFeedback's."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judged_rows import read_rows

from gtbridge.converters.records import Answer
from gtbridge.label_configs.errors import InputError


def ranks(answer: Answer) -> dict[str, tuple[int | None, ...]]:
    return {ranking.dimension: ranking.ranks for ranking in answer.rankings}


def nectar(*ranked: Any, prompt: Any = "p") -> dict[str, Any]:
    answers = [{"answer": f"answer {n}", "model": f"m{n}", "rank": rank} for n, rank in enumerate(ranked)]
    return {"prompt": prompt, "answers": answers}


def ultrafeedback(*ratings: Any, aspect: str = "helpfulness") -> dict[str, Any]:
    completions = [
        {"response": f"response {n}", "model": "m", "annotations": {aspect: {"Rating": rating}}}
        for n, rating in enumerate(ratings)
    ]
    return {"instruction": "i", "completions": completions}


# Nectar


@given(st.permutations(range(1, 6)))
def test_nectars_answers_keep_their_ranks_and_models_in_an_order_that_tells_neither(given_ranks: list[int]) -> None:
    [(line, [answer])], _ = read_rows(nectar(*given_ranks))
    told = dict(zip(line["responses"], ranks(answer)["rank"], strict=True))
    assert told == {f"answer {n}": rank for n, rank in enumerate(given_ranks)}
    assert line["models"] == [f"m{text[-1]}" for text in line["responses"]]
    assert [fields["rank"] for fields in line["response_fields"]] == list(told.values())
    [(sorted_line, _)], _ = read_rows(nectar(*sorted(given_ranks)))
    assert line["responses"] == sorted_line["responses"] != [f"answer {n}" for n in range(5)]


@pytest.mark.parametrize("rank", [1, 1.0, "1", " 1.0 "])
def test_a_rank_may_be_written_in_any_way_that_is_one(rank: Any) -> None:
    [(line, [answer])], _ = read_rows(nectar(rank, 2))
    vector = ranks(answer)["rank"]
    assert vector[line["responses"].index("answer 0")] == 1
    assert all(type(given) is int for given in vector)


@pytest.mark.parametrize("rank", [None, True, "best", "", 0, -1, 1.5, "1.5", [1], 2**31])
def test_what_is_no_rank_is_refused_by_row_and_column(rank: Any) -> None:
    with pytest.raises(InputError) as caught:
        read_rows(nectar(1, 2), nectar(1, rank))
    assert str(caught.value) == f"in: $[1].answers[1].rank: expected a rank, 1 or more, found {rank!r}"


def test_models_that_not_all_answers_name_stay_with_the_answers() -> None:
    row = nectar(1, 2)
    del row["answers"][1]["model"]
    [(line, _)], _ = read_rows(row)
    assert "models" not in line
    assert {fields.get("model") for fields in line["response_fields"]} == {"m0", None}


@pytest.mark.parametrize(
    "prompt",
    [
        "\n\nHuman: a\n\nHuman: b\n\nAssistant: ",
        "\n\nAssistant: a\n\nHuman: b\n\nAssistant: ",
        "\n\nHuman: \n\nAssistant: a\n\nHuman: b\n\nAssistant: ",
        "\n\nHuman: a\n\nAssistant: \n\nHuman: b\n\nAssistant: ",
        "\n\nHuman: a\n\nAssistant: b",
        "Human: a\n\nAssistant: ",
        "\n\nHuman:",
        "Why?",
    ],
)
def test_a_prompt_that_is_no_clear_transcript_stays_text(prompt: str) -> None:
    [(line, _)], _ = read_rows(nectar(1, 2, prompt=prompt))
    assert (line["source"], "messages" in line) == (prompt, False)


@pytest.mark.parametrize("end", ["\n\nAssistant:", "\n\nAssistant: ", ""])
def test_a_transcript_is_the_conversation_that_it_writes_down(end: str) -> None:
    [(line, _)], _ = read_rows(nectar(1, 2, prompt=f"\n\nHuman: a: b \n\nAssistant: c\n\nHuman: d{end}"))
    assert [(m["role"], m["content"]) for m in line["messages"]] == [
        ("user", "a: b"),
        ("assistant", "c"),
        ("user", "d"),
    ]
    assert line["source"] == "User: a: b\n\nAssistant: c\n\nUser: d"


# UltraFeedback


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        (["4", "2", "5", "1"], (2, 3, 1, 4)),
        ([4, 4.0, "4", 5], (2, 2, 2, 1)),
        (["N/A", "2", None, "n/a "], (None, 1, None, None)),
        (["1", "N/A", "10", "9"], (3, None, 1, 2)),
        (["-1", "0.5", 0], (3, 1, 2)),
    ],
)
def test_a_higher_rating_is_a_better_rank_and_what_is_not_rated_is_not_ranked(
    ratings: list[Any], expected: tuple[int | None, ...]
) -> None:
    row = ultrafeedback(*ratings)
    for number, completion in enumerate(row["completions"]):  # so that there always is an answer
        completion["annotations"]["other"] = {"Rating": number}
    [(line, [answer])], _ = read_rows(row)
    assert ranks(answer)["helpfulness"] == expected
    assert line["responses"] == [f"response {n}" for n in range(len(ratings))]
    assert [f["annotations"]["helpfulness"]["Rating"] for f in line["response_fields"]] == ratings


def test_an_aspect_that_only_some_completions_have_is_a_dimension() -> None:
    row = ultrafeedback(4, 3)
    row["completions"][1]["annotations"] |= {"truth": {"Rating": 1}, "wit": None}
    [(_, [answer])], _ = read_rows(row)
    assert ranks(answer) == {"helpfulness": (1, 2), "truth": (None, 1), "wit": (None, None)}


def test_an_item_that_compares_nothing_is_kept_without_an_answer() -> None:
    rows = [ultrafeedback("N/A", 3), ultrafeedback(), nectar(1)]
    for row, count in zip(rows, (2, 0, 1), strict=True):
        shape = "nectar" if "prompt" in row else "ultrafeedback"
        [(line, answers)], ledger = read_rows(row, shape=shape)  # type: ignore[arg-type]
        assert (len(line["responses"]), answers) == (count, ())
        assert ledger.notes["records", "with no two responses that are compared"] == 1


@pytest.mark.parametrize("rating", [True, "high", "", [4], "nan", "1e5"])
def test_what_is_no_rating_is_refused_by_row_and_column(rating: Any) -> None:
    with pytest.raises(InputError) as caught:
        read_rows(ultrafeedback(1, 2), ultrafeedback(1, rating, aspect="wit"))
    place = "in: $[1].completions[1].annotations.wit.Rating"
    assert str(caught.value) == f"{place}: expected a number or N/A, found {rating!r}"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"prompt": "p", "answers": "a"}, "answers: expected a list, found 'a'"),
        ({"prompt": "p", "answers": ["a"]}, "answers[0]: expected an object, found 'a'"),
        ({"prompt": "p", "answers": [{"rank": 1}]}, "answers[0]: expected a text under one of"),
        ({"prompt": None, "answers": [{"answer": "a", "rank": 1}]}, "prompt: expected text, or a conversation"),
    ],
)
def test_what_is_no_row_of_the_shape_is_refused(row: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_rows(row, shape="nectar")
    assert str(caught.value).startswith(f"in: $[0].{message}")


def test_a_conversation_that_was_answered_is_left_out_and_counted() -> None:
    prompt = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
    found, ledger = read_rows(nectar(1, 2, prompt=prompt), nectar(1, 2))
    assert (len(found), ledger.drops["records", "whose prompt ends with the assistant"]) == (1, 1)
