"""Any weak order, put into each of the forms in which Label Studio stores one, comes back as it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from foreign_answers import one_answer, read
from foreign_values import chosen, number, pairwise, ranked, rating
from hypothesis import given, settings
from hypothesis import strategies as st
from weak_orders import weak_orders

from gtbridge.converters.foreign_projects.config import read_config
from gtbridge.converters.foreign_projects.mapping import parse_mapping
from gtbridge.converters.judgement.ranks import dense_ranks
from gtbridge.label_configs.errors import GtbridgeError

PROMPT = '<Text name="p" value="$prompt"/>'
LIST = f'{PROMPT}<List name="l" value="$items"/>'
COUNT = 4
LEVELS = range(1, COUNT + 1)
BUCKETS = "".join(f'<Bucket name="b{level}"/>' for level in LEVELS)
SAID = [f"bucket:b{level}={level}" for level in LEVELS]

PLAIN = read(f'{LIST}<Ranker name="r" toName="l"/>')
TIED = read(f'{LIST}<Ranker name="r" toName="l">{BUCKETS}</Ranker>', *SAID, "within:r=tied")
ORDERED = read(f'{LIST}<Ranker name="r" toName="l">{BUCKETS}</Ranker>', *SAID, "within:r=order")
RATED = read(
    f'{PROMPT}<Repeater on="$items"><Text name="t_{{{{idx}}}}" value="$items[{{{{idx}}}}].body"/>'
    '<Rating name="s_{{idx}}" toName="t_{{idx}}"/><Number name="n_{{idx}}" toName="t_{{idx}}"/></Repeater>',
    "better:n_{{idx}}=lower",
)
TEXTS = "".join(f'<Text name="t{index}" value="$t{index}"/>' for index in range(COUNT))
OPTIONS = "".join(f'<Choice value="t{index}"/>' for index in range(COUNT))
CHOSEN = read(
    f'{PROMPT}{TEXTS}<Choices name="c" toName="p" choice="multiple">{OPTIONS}</Choices>',
    "rest:c=tied",
)

FEW = settings(max_examples=30)

ids = st.lists(st.text("ab01", min_size=1, max_size=3), min_size=COUNT, max_size=COUNT, unique=True)
orders = st.sampled_from(weak_orders(COUNT))
permutations = st.permutations(list(range(COUNT)))


def items(names: Sequence[str]) -> dict[str, Any]:
    return {"prompt": "?", "items": [{"id": name, "body": f"text {name}"} for name in names]}


@FEW
@given(ids, permutations)
def test_an_order_comes_back_from_a_bare_list_and_from_one_under_its_name(names: list[str], order: list[int]) -> None:
    ranking = tuple(order.index(index) + 1 for index in range(COUNT))
    listed = [names[index] for index in order]
    for value in (listed, {"r": listed}):
        answer = one_answer(PLAIN, items(names), ranked("r", value))
        assert (answer.unread, answer.rankings[0].ranks) == ((), ranking)


@FEW
@given(ids, orders, permutations)
def test_a_weak_order_comes_back_from_buckets(names: list[str], ranks: tuple[int, ...], shuffle: list[int]) -> None:
    value = {f"b{level}": [names[index] for index in shuffle if ranks[index] == level] for level in LEVELS}
    answer = one_answer(TIED, items(names), ranked("r", value | {"_": []}))
    assert (answer.unread, answer.rankings[0].ranks) == ((), ranks)


@FEW
@given(ids, permutations, st.lists(st.integers(0, COUNT), min_size=COUNT - 1, max_size=COUNT - 1))
def test_an_order_comes_back_from_buckets_wherever_it_is_parted(
    names: list[str], order: list[int], cuts: list[int]
) -> None:
    bounds = [0, *sorted(cuts), COUNT]
    parts = {f"b{level}": order[bounds[level - 1] : bounds[level]] for level in LEVELS}
    value = {bucket: [names[index] for index in part] for bucket, part in parts.items()}
    answer = one_answer(ORDERED, items(names), ranked("r", value))
    assert answer.rankings[0].ranks == tuple(order.index(index) + 1 for index in range(COUNT))


@FEW
@given(ids, orders, st.lists(st.booleans(), min_size=COUNT, max_size=COUNT))
def test_a_weak_order_comes_back_from_scores_and_what_has_none_is_unknown(
    names: list[str], ranks: tuple[int, ...], known: list[bool]
) -> None:
    result = [rating(f"s_{index}", 9 - rank) for index, rank in enumerate(ranks) if known[index]]
    result += [number(f"n_{index}", rank / 2) for index, rank in enumerate(ranks) if known[index]]
    answer = one_answer(RATED, items(names), *result, chosen("other", "x"))
    expected = dense_ranks([rank if known[index] else None for index, rank in enumerate(ranks)])
    assert {ranking.dimension: ranking.ranks for ranking in answer.rankings} == {"s": expected, "n": expected}
    assert answer.rankings[1].scores == tuple(rank / 2 if known[i] else None for i, rank in enumerate(ranks))


@FEW
@given(st.sets(st.integers(0, COUNT - 1), min_size=1))
def test_those_that_are_chosen_are_better_than_those_that_are_not(picked: set[int]) -> None:
    data = {"prompt": "?", **{f"t{index}": str(index) for index in range(COUNT)}}
    answer = one_answer(CHOSEN, data, chosen("c", *(f"t{index}" for index in picked)))
    assert answer.rankings[0].ranks == tuple(1 if index in picked else 2 for index in range(COUNT))


@FEW
@given(permutations, st.booleans())
def test_what_a_pairwise_says_does_not_depend_on_the_order_of_the_responses(order: list[int], left: bool) -> None:
    said = ",".join(f"t{index}" for index in order)
    reading = read(f'{PROMPT}{TEXTS}<Pairwise name="w" toName="t2,t0"/>', f"responses={said}")
    data = {"prompt": "?", **{f"t{index}": str(index) for index in range(COUNT)}}
    answer = one_answer(reading, data, pairwise("w", "left" if left else "right"))
    by_text = {order[place]: rank for place, rank in enumerate(answer.rankings[0].ranks)}
    assert by_text == {2: 1 if left else 2, 0: 2 if left else 1, 1: None, 3: None}


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text("_rx1", max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["r", "_", "b1", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@FEW
@given(values, st.sampled_from([PLAIN, TIED, ORDERED]))
def test_whatever_a_ranker_holds_nothing_raises_and_no_rank_is_invented(value: Any, reading: Any) -> None:
    answer = one_answer(reading, items(["x1", "x2", "x3", "x4"]), ranked("r", value))
    assert answer.unread or all(rank is None for rank in answer.rankings[0].ranks)


@FEW
@given(values, st.sampled_from(["s_0", "n_0"]))
def test_whatever_a_score_is_it_is_a_number_or_unread(value: Any, name: str) -> None:
    entry = rating(name, value) if name == "s_0" else number(name, value)
    answer = one_answer(RATED, items(["x1", "x2", "x3", "x4"]), entry)
    for ranking in answer.rankings:
        assert all(score is None or isinstance(score, float) for score in ranking.scores or ())


@FEW
@given(st.text("<>/=\"'$&;#{}[]! abTextView\n", max_size=80))
def test_no_text_given_as_a_config_raises_anything_but_our_own(text: str) -> None:
    try:
        read_config(text, "c.xml")
    except GtbridgeError as error:
        assert str(error).startswith("c.xml")


@FEW
@given(st.text("abprompt:=,_ 1", max_size=30))
def test_no_text_given_with_map_raises_anything_but_our_own(text: str) -> None:
    try:
        parse_mapping([text])
    except GtbridgeError as error:
        assert text.strip() in str(error) or repr(text) in str(error)
