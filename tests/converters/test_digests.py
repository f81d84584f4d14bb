"""What a build remembers of each prompt."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtbridge.converters.datasets.digests import SIZE, Digests

DIGESTS = st.binary(min_size=SIZE, max_size=SIZE).filter(any)
# Of which many want the same place.
CROWDED = st.integers(1, 9).map(lambda last: bytes(SIZE - 1) + bytes([last]))


@given(st.lists(DIGESTS | CROWDED, max_size=60))
def test_a_digest_is_new_once(digests: list[bytes]) -> None:
    seen, oracle = Digests(), set[bytes]()
    for digest in digests:
        assert (digest in seen) is (digest in oracle)
        assert seen.add(digest) is (digest not in oracle)
        oracle.add(digest)
        assert digest in seen
        assert len(seen) == len(oracle)


def test_none_is_lost_while_the_table_grows_and_few_bytes_are_kept_of_each() -> None:
    digests = [hashlib.blake2b(str(n).encode(), digest_size=SIZE).digest() for n in range(5_000)]
    seen = Digests()
    assert all(seen.add(digest) for digest in digests)
    assert not any(seen.add(digest) for digest in digests)
    assert 24 * len(seen) <= len(seen._table) <= 48 * len(seen)


@pytest.mark.parametrize("what", [b"", b"short", bytes(SIZE), bytes(SIZE + 1)])
def test_what_is_no_digest_is_refused(what: bytes) -> None:
    with pytest.raises(ValueError, match="not a digest"):
        Digests().add(what)
