"""What holds of every comparison: it is reflexive and symmetric, and nothing that was changed goes unsaid."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from compared import Output, compared, outputs
from hypothesis import assume, given
from hypothesis import strategies as st

from gtbridge.converters.comparison.findings import Finding
from gtbridge.label_configs.errors import InputError


def mirrored(found: list[Finding]) -> Counter[Finding]:
    return Counter(replace(finding, a=finding.b, b=finding.a) for finding in found)


def leaves(value: Any, holder: Any = None, key: Any = None) -> Iterator[tuple[Any, Any]]:
    """(the holder, the key) of each value in a document that holds no others."""
    if holder is not None and (not isinstance(value, dict | list) or not value):
        yield holder, key
    for inner, part in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from leaves(part, value, inner)


def other_than(value: Any) -> Any:
    """Another value of the same kind."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return value + "x"
        case None:
            return 1
        case _:
            return ["x"]


@given(outputs())
def test_an_output_is_the_same_as_itself(output: Output) -> None:
    found = compared(output, copy.deepcopy(output))
    assert (found.differences.count, found.notes.count) == (0, 0)
    assert found.answers.a == found.answers.b == found.answers.compared


@given(outputs(), outputs())
def test_it_does_not_matter_which_comes_first(a: Output, b: Output) -> None:
    there, back = compared(a, b), compared(b, a)
    assert Counter(there.differences.kept) == mirrored(back.differences.kept)
    assert Counter(there.notes.kept) == mirrored(back.notes.kept)
    assert there.answers.compared == back.answers.compared


def check(a: Output, b: Output, index: int) -> None:
    """Something is said of it, and of no other item."""
    try:
        found = compared(a, b)
    except InputError:
        assume(False)
    said = [*found.differences.kept, *found.notes.kept]
    assert said
    assert {finding.place.partition("/")[0] for finding in said} == {str(index)}


@given(outputs(), st.data())
def test_no_change_of_a_value_goes_unsaid(a: Output, data: st.DataObject) -> None:
    b = copy.deepcopy(a)
    index = data.draw(st.integers(0, len(b) - 1))
    holder, key = data.draw(st.sampled_from(list(leaves(b[index][1])) or [(None, None)]))
    assume(holder is not None)
    holder[key] = other_than(holder[key])
    check(a, b, index)


@given(outputs(), st.data())
def test_no_loss_goes_unsaid(a: Output, data: st.DataObject) -> None:
    b = copy.deepcopy(a)
    index = data.draw(st.integers(0, len(b) - 1))
    places = [(holder, key) for holder, key in leaves(b[index][1]) if holder is not b[index][1]]
    assume(places)
    holder, key = data.draw(st.sampled_from(places))
    del holder[key]
    check(a, b, index)


@given(outputs(), st.data())
def test_a_lost_answer_or_item_is_one_difference(a: Output, data: st.DataObject) -> None:
    b = copy.deepcopy(a)
    index = data.draw(st.integers(0, len(b) - 1))
    answers = b[index][1]["answers"]
    if answers:
        lost = answers.pop(data.draw(st.integers(0, len(answers) - 1)))
        [found] = compared(a, b).differences.kept
        assert (found.kind, found.place) == ("answer", f"{index}/{lost['workerId']}")
    [found] = compared(a, a[:-1]).differences.kept
    assert (found.kind, found.place, found.b) == ("item", str(len(a) - 1), None)
