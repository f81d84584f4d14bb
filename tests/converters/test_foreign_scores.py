"""Ratings, Numbers and Choices, by values as Label Studio stores them."""

from __future__ import annotations

from typing import Any

import pytest
from foreign_answers import one_answer, ranks_in, read, unread_in
from foreign_configs import PAIR, PROMPT, TWO
from foreign_values import chosen, number, rating

from gtbridge.label_configs.errors import InputError

# Rating, Number

SCORES = (
    f'{TWO}<Rating name="sa" toName="a"/><Rating name="sb" toName="b"/>'
    '<Number name="na" toName="a"/><Number name="nb" toName="b"/>'
)


def test_more_stars_are_better_and_equal_stars_tie() -> None:
    reading = read(SCORES)
    answer = one_answer(reading, PAIR, rating("sa", 2), rating("sb", 5), number("na", 0.5), number("nb", 0.5))
    assert ranks_in(answer) == {"s": (2, 1), "n": (1, 1)}
    assert [ranking.scores for ranking in answer.rankings] == [(2.0, 5.0), (0.5, 0.5)]


def test_where_lower_is_better_the_scores_stay_and_the_ranks_turn() -> None:
    reading = read(SCORES, "dimension:Errors=nb,na", "better:na=lower", "ignore=sa,sb")
    answer = one_answer(reading, PAIR, number("na", 3), number("nb", 1))
    assert ranks_in(answer) == {"Errors": (2, 1)}
    assert answer.rankings[0].scores == (3.0, 1.0)


def test_a_response_without_a_score_is_not_ranked() -> None:
    answer = one_answer(read(SCORES), PAIR, rating("sa", 2), number("na", 0), number("nb", -1))
    assert ranks_in(answer) == {"s": (1, None), "n": (1, 2)}
    assert answer.rankings[0].scores == (2.0, None)


def test_a_rating_of_no_stars_was_taken_back_but_a_number_may_be_nought() -> None:
    answer = one_answer(read(SCORES), PAIR, rating("sa", 0), rating("sb", 1), number("na", 0), number("nb", 1))
    assert ranks_in(answer) == {"s": (None, 1), "n": (2, 1)}


@pytest.mark.parametrize("stars", ["5", True, [5], 10**400, float("nan")])
def test_a_score_that_is_no_number_is_not_read(stars: Any) -> None:
    answer = one_answer(read(SCORES), PAIR, rating("sa", stars), rating("sb", 1))
    assert answer.unread == (f"sa: {stars!r} is no number",)


def test_one_response_that_is_rated_by_itself_has_its_score_and_no_rival() -> None:
    reading = read(f'{PROMPT}<Text name="a" value="$left"/><Rating name="s" toName="a"/>', "good:s=4")
    (ranking,) = one_answer(reading, PAIR, rating("s", 4)).rankings
    assert (ranking.ranks, ranking.scores) == ((1,), (4.0,))
    assert reading.definition.dimensions[0].good_score == 4  # type: ignore[union-attr]


def test_ratings_in_a_repeater_are_one_dimension_each() -> None:
    reading = read(
        f'{PROMPT}<Repeater on="$r"><Text name="t_{{{{idx}}}}" value="$r[{{{{idx}}}}].text"/>'
        '<Rating name="help_{{idx}}" toName="t_{{idx}}"/><Number name="clear_{{idx}}" toName="t_{{idx}}"/></Repeater>',
        "dimension:Clear=clear_{{idx}}",
    )
    data = {"prompt": "?", "r": [{"text": "a"}, {"text": "b"}, {"text": "c"}]}
    answer = one_answer(reading, data, rating("help_2", 5), rating("help_0", 1), number("clear_1", 2))
    assert ranks_in(answer) == {"Clear": (None, 1, None), "help": (2, None, 1)}


def test_ratings_may_stand_in_a_repeater_of_their_own_over_the_same_list() -> None:
    cards = f'{PROMPT}<Repeater on="$r"><Text name="t_{{{{idx}}}}" value="$r[{{{{idx}}}}]"/></Repeater>'
    own = '<Repeater on="$r" indexFlag="#"><Rating name="s#" toName="t_#"/></Repeater>'
    answer = one_answer(read(cards + own), {"prompt": "?", "r": ["a", "b"]}, rating("s0", 1), rating("s1", 2))
    assert ranks_in(answer) == {"s": (2, 1)}
    with pytest.raises(InputError, match="dimension:NAME=s0"):
        read(cards + own.replace('on="$r"', 'on="$criteria"'), "responses=r")


def test_a_rating_of_two_at_once_is_for_the_second_above_the_middle() -> None:
    reading = read(f'{TWO}<Rating name="m" toName="a,b"/>', "middle:m=3")
    said = {stars: ranks_in(one_answer(reading, PAIR, rating("m", stars)))["m"] for stars in (1, 3, 5)}
    assert said == {1: (1, 2), 3: (1, 1), 5: (2, 1)}
    assert ranks_in(one_answer(reading, PAIR, rating("m", 0))) == {"m": (None, None)}


# Choices

NAMED = f'{TWO}<Choices name="pick" toName="p"><Choice value="First" alias="a"/><Choice value="right"/>'
OPEN = f'{TWO}<Text name="d" value="$third"/><Choices name="pick" toName="p"'
THREE = {**PAIR, "third": "T"}


def test_options_that_are_called_as_a_response_name_it() -> None:
    reading = read(f"{NAMED}</Choices>")
    assert ranks_in(one_answer(reading, PAIR, chosen("pick", "a"))) == {"pick": (1, 2)}
    assert ranks_in(one_answer(reading, PAIR, chosen("pick", "right"))) == {"pick": (2, 1)}
    assert not reading.definition.dimensions[0].allow_tie  # type: ignore[union-attr]


def test_an_option_may_say_that_all_are_equal_or_that_none_is_chosen() -> None:
    more = '<Choice value="Same"/><Choice value="Neither"/></Choices>'
    reading = read(NAMED + more, "choice:Same=tie", "choice:Neither=none")
    assert ranks_in(one_answer(reading, PAIR, chosen("pick", "Same"))) == {"pick": (1, 1)}
    assert reading.definition.dimensions[0].allow_tie  # type: ignore[union-attr]
    declined = one_answer(reading, PAIR, chosen("pick", "Neither"))
    assert (declined.status, declined.reason, declined.rankings) == ("declined", "Neither", ())


def test_of_three_the_others_are_tied_once_the_user_says_so() -> None:
    options = '><Choice value="a"/><Choice value="b"/><Choice value="d"/></Choices>'
    reading = read(OPEN + options, "rest:pick=tied")
    assert ranks_in(one_answer(reading, THREE, chosen("pick", "b"))) == {"pick": (2, 1, 2)}


def test_several_options_may_name_one_response_and_aliases_may_be_said_by_what_they_show() -> None:
    reading = read(
        f'{TWO}<Choices name="c" toName="p"><Choice value="much" alias="1"/><Choice value="a bit"/>'
        '<Choice value="b"/></Choices>',
        *("choice:much=left", "choice:a bit=a"),
    )
    for option in ("1", "a bit"):
        assert ranks_in(one_answer(reading, PAIR, chosen("c", option))) == {"c": (1, 2)}


def test_all_that_are_chosen_of_several_are_better_than_the_rest() -> None:
    options = (
        ' choice="multiple"><Choice value="a"/><Choice value="b"/><Choice value="d"/><Choice value="0"/></Choices>'
    )
    reading = read(OPEN + options, "rest:pick=tied", "choice:0=none")
    assert ranks_in(one_answer(reading, THREE, chosen("pick", "d", "a"))) == {"pick": (1, 2, 1)}
    assert unread_in(reading, THREE, chosen("pick", "0", "a")) == ["pick: 0 and a cannot all be meant"]


def test_two_choices_where_one_is_asked_are_not_read() -> None:
    assert unread_in(read(f"{NAMED}</Choices>"), PAIR, chosen("pick", "a", "right")) == [
        "pick: a and right cannot all be meant"
    ]


@pytest.mark.parametrize("option", ["c", "tie", "none", "0"])
def test_an_option_that_nothing_explains_is_not_read(option: str) -> None:
    assert unread_in(read(f"{NAMED}</Choices>"), PAIR, chosen("pick", option)) == [
        f"pick: {option!r} is no response of this task"
    ]


def test_nested_choices_are_not_read() -> None:
    assert unread_in(read(f"{NAMED}</Choices>"), PAIR, chosen("pick", ["a", "b"])) == [
        "pick: does not hold a list of choices"
    ]


def test_dynamic_choices_name_the_entries_of_their_list() -> None:
    reading = read(f'{PROMPT}<Choices name="c" toName="p" value="$o"/>', "responses=o", "rest:c=tied")
    data = {"prompt": "?", "o": [{"value": "one"}, {"value": "two", "alias": "2"}, {"value": "three"}]}
    assert ranks_in(one_answer(reading, data, chosen("c", "2"))) == {"c": (2, 1, 2)}
    assert ranks_in(one_answer(reading, data, chosen("c", "one"))) == {"c": (1, 2, 2)}


def test_an_option_that_two_entries_share_names_neither() -> None:
    reading = read(f'{PROMPT}<Choices name="c" toName="p" value="$o"/>', "responses=o", "rest:c=tied")
    data = {"prompt": "?", "o": [{"value": "same"}, {"value": "same"}, {"value": "other"}]}
    assert unread_in(reading, data, chosen("c", "same")) == ["c: 'same' is no response of this task"]
