"""The short form of the load: twenty annotators, one item each, on the database that the other tests are on."""

from __future__ import annotations

from pathlib import Path

import pytest
from installation import Installation
from stresses.load import flood
from stresses.part import Stress

pytestmark = pytest.mark.guarded


def test_of_twenty_annotators_at_once_no_answer_is_lost_doubled_or_invalid(
    guarded_place: Installation, tmp_path: Path
) -> None:
    stress = Stress(seconds=0, seed=0)
    flood(stress, "here", guarded_place, None, tmp_path, 0, items=8)
    assert not stress.wrong
    counts = {what.removesuffix(" (here)"): count for what, count in stress.counts.items()}
    assert counts["answers submitted"] == counts["answers found"] >= 15
    for what in ("answered", "refused with the rule's sentence", "pressed Submit twice"):
        assert counts[what], what
