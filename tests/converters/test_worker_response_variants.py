"""Every shape of worker-response documents with rankings: a file each under ``tests/data/worker_response``."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from response_variants import WITHOUT_RESPONSES, document, read, refused

from gtbridge.converters.formats.json_text import document_to_text
from gtbridge.converters.formats.reading import RANK_ENCODINGS, Reading
from gtbridge.converters.formats.worker_response import answer_to_response, document_to_answers, response_to_answer
from gtbridge.converters.records import Answer, Item, Ranking
from gtbridge.label_configs.errors import InputError

CLARITY = Ranking("Clarity", (2, 1, 3), False)


@pytest.mark.parametrize("case", ["ranking-not-nested", "ranking-under-another-name", "ranking-as-text"])
def test_rankings_are_found_wherever_they_stand(case: str) -> None:
    assert read(case)[0].rankings == (CLARITY,)
    assert read(case)[0].unread == ()


def test_two_elements_that_rank_are_refused_by_name_unless_one_is_named() -> None:
    place = "w.json: $.answers[0].answerContent"
    assert refused("ranking-two-elements") == (
        f"{place}: several elements rank the responses (tone, facts); name the one to read with --element"
    )
    assert read("ranking-two-elements", element="facts")[0].rankings == (Ranking("Truth", (3, 1, 2)),)
    assert refused("ranking-two-elements", element="style") == f"{place}: has no element 'style'; it has tone, facts"


def test_ranks_come_as_floats_and_digits_but_not_as_booleans() -> None:
    assert [ranking.ranks for ranking in read("ranking-other-numbers")[0].rankings] == [(2, 1, 3), (2, 1, 3)]
    assert "responseRankings[0]: expected a rank, found True" in refused("ranking-booleans")


def test_ties_stay_as_they_were_written() -> None:
    ties = [(ranking.dimension, ranking.ranks) for ranking in read("ranking-ties")[0].rankings]
    assert ties == [("Competition", (1, 1, 3)), ("Dense", (1, 1, 2)), ("Gaps", (3, 1, 3))]


def test_what_was_not_ranked_is_unknown_and_never_last() -> None:
    nothing = (None, None, None)
    assert read("ranking-partial")[0].rankings == (
        Ranking("Clarity", (2, None, 1), True),
        Ranking("Truth", nothing, True),
        Ranking("Tone", nothing),
        Ranking("Length", nothing, False),
    )


def test_ranks_from_zero_are_refused_until_somebody_says_so() -> None:
    sentence = "0 is no rank where 1 is best; say with --rank-encoding how these are written"
    place = "$.answers[0].answerContent.textRanking.ordinalRankingDimensions[0].responseRankings[1]"
    assert refused("ranking-from-zero") == f"w.json: {place}: {sentence}"
    ranks = [ranking.ranks for ranking in read("ranking-from-zero", rank_encoding="zero-based")[0].rankings]
    assert ranks == [(2, 1, 3), (1, 1, None)]


@pytest.mark.parametrize(
    ("case", "encoding"), [("ranking-as-order", "order"), ("ranking-as-order-from-zero", "order-zero-based")]
)
def test_orders_name_the_responses_from_best_to_worst(case: str, encoding: str) -> None:
    assert read(case, rank_encoding=encoding)[0].rankings == (Ranking("Clarity", (3, 1, 2), False),)


@pytest.mark.parametrize("encoding", ["order", "order-zero-based"])
@pytest.mark.parametrize("case", ["ranking-ties", "ranking-other-numbers", "ranking-from-zero"])
def test_what_is_no_order_is_refused(case: str, encoding: str) -> None:
    if (case, encoding) == ("ranking-other-numbers", "order"):
        assert read(case, rank_encoding=encoding)[0].rankings[0].ranks == (2, 1, 3)
    else:
        assert "once, so it is no order of them" in refused(case, rank_encoding=encoding)


def test_an_order_of_some_responses_is_refused() -> None:
    assert "does not name each of the responses 1 to 3 once" in refused("ranking-partial", rank_encoding="order")


def test_another_number_of_ranks_than_of_responses_is_refused_where_it_stands() -> None:
    place = "$.answers[0].answerContent.textRanking.ordinalRankingDimensions[1].responseRankings"
    assert refused("ranking-too-short") == f"w.json: {place}: 2 entries for 3 responses"


@pytest.mark.parametrize("item", [WITHOUT_RESPONSES, None])
def test_ranks_without_responses_to_count_are_read_by_their_position(item: Item | None) -> None:
    assert [ranking.ranks for ranking in read("ranking-too-short", item)[0].rankings] == [(2, 1, 3), (2, 1)]


def test_a_dimension_without_a_name_is_its_position_and_without_a_tie_rule_has_none() -> None:
    rankings = read("ranking-without-names")[0].rankings
    assert rankings == (Ranking("dimension 1", (1, 2, 3)), Ranking("dimension 2", (3, 2, 1)))


def test_old_public_files_have_neither_identity_nor_all_times() -> None:
    answer = read("public-workforce")[0]
    assert (answer.worker.id, answer.worker.identity) == ("public.us-east-1.A1B2C3", None)
    assert (answer.accepted, answer.submitted, answer.seconds) == (None, "2019-06-20T18:59:58Z", None)


def test_oidc_workers_keep_their_identity_and_times_without_fractions() -> None:
    answer = read("oidc-workforce")[0]
    assert answer.worker.identity == {
        "identityProviderType": "Oidc", "issuer": "https://idp.example/oidc", "sub": "0f1e2d3c",
    }  # fmt: skip
    assert (answer.worker.id, answer.accepted) == ("private.us-west-2.ef7294f850a3d9d1", "2025-06-20T18:59:15Z")


def test_keys_that_nobody_knows_are_no_complaint_and_are_written_back() -> None:
    (answer,) = read("unknown-keys")
    assert (answer.rankings, answer.unread) == ((CLARITY,), ())


def test_a_file_holds_the_answers_of_all_workers() -> None:
    answers = read("several-workers")
    assert [(answer.worker.id, answer.rankings[0].ranks) for answer in answers] == [
        ("w1", (1, 2, 3)),
        ("w2", (3, 1, 2)),
    ]


def test_what_gtbridge_wrote_among_others_is_in_ranks_whatever_the_others_are_in() -> None:
    ranking = Ranking("Clarity", (2, 3, 1), False)
    own = answer_to_response(Answer(read("several-workers")[1].worker, rankings=(ranking,), definition="f"))
    mixed = {"answers": [*document("ranking-as-order")["answers"], json.loads(document_to_text(own))]}
    answers = document_to_answers(mixed, "w.json", Reading(rank_encoding="order", element="textRanking"))
    assert [answer.rankings[0].ranks for answer in answers] == [(3, 1, 2), (2, 3, 1)]


def test_an_empty_form_has_no_elements_and_needs_none() -> None:
    answer = response_to_answer({"workerId": "w", "answerContent": {}}, "w", reading=Reading(element="facts"))
    assert (answer.rankings, answer.unread) == ((), ())


@pytest.mark.parametrize("encoding", RANK_ENCODINGS)
@given(data=st.data())
def test_encodings_say_the_same_ranks(encoding: Any, data: Any) -> None:
    ranks = data.draw(st.integers(1, 6).flatmap(lambda n: st.permutations(range(1, n + 1))))
    first = 0 if encoding.endswith("zero-based") else 1
    if "order" in encoding:
        vector = [ranks.index(rank) + first for rank in range(1, len(ranks) + 1)]
    else:
        vector = [rank - 1 + first for rank in ranks]
    content = {"e": {"ordinalRankingDimensions": [{"name": "d", "responseRankings": vector}]}}
    answer = response_to_answer(
        {"workerId": "w", "answerContent": content}, "w", reading=Reading(rank_encoding=encoding)
    )
    assert answer.rankings == (Ranking("d", tuple(ranks)),)


def test_an_encoding_or_a_key_that_is_none_is_refused() -> None:
    wrong: Any = "best-first"
    with pytest.raises(InputError, match="'best-first' is no rank encoding; choose from rank, zero-based, order"):
        Reading(rank_encoding=wrong)
    with pytest.raises(InputError, match="'passage' is nothing that has a key; choose from pairs, question, answer"):
        Reading(keys={"passage": "text"})
