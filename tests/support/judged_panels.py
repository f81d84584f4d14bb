"""What several annotators said of the responses of one item, on several dimensions, and what it may be judged by."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from gtbridge.converters.judgement.criteria import Criterion, criteria

NAMES = ("Help", "Safe", "Style")
HELP = Criterion("Help", ("Help",))


@st.composite
def judged(draw: Any, most: int = 5) -> tuple[int, list[dict[str, tuple[int | None, ...]]]]:
    """The number of responses, and annotators' rankings by dimension; some leave dimensions or responses out."""
    count = draw(st.integers(2, most))
    ranks = st.integers(1, count) if draw(st.booleans()) else st.none() | st.integers(1, count)
    names = draw(st.sampled_from([NAMES, NAMES[:2]]))
    vector = st.tuples(*[ranks] * count)
    whole = st.fixed_dictionaries(dict.fromkeys(names, vector))
    parts = st.dictionaries(st.sampled_from(names), vector)
    return count, draw(st.lists(whole if draw(st.booleans()) else whole | parts, min_size=1, max_size=5))


@st.composite
def any_criterion(draw: Any) -> Criterion:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    weights = {name: Fraction(draw(st.integers(1, 3)), draw(st.integers(1, 3))) for name in names}
    return draw(st.sampled_from(criteria(names, draw(st.sampled_from(["each", "weighted", "pareto"])), weights)))  # type: ignore[no-any-return]
