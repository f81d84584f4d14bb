"""A set of digests that takes little memory: what a build remembers of each prompt. Knows nothing of prompts."""

from __future__ import annotations

__all__ = ["SIZE", "Digests"]

SIZE = 16  # bytes of a digest
_NONE = bytes(SIZE)
_FEWEST = 1024


class Digests:
    """Digests of SIZE bytes: 24 to 48 bytes of memory for each, half as much again while the table grows.

    An open-addressed hash table in one ``bytearray``, a third as large as a ``set`` of ``bytes``. Digests are taken to
    be of a cryptographic hash, random already, so that none is all zeros; ValueError for what cannot be one.
    """

    def __init__(self) -> None:
        self._table = bytearray(_FEWEST * SIZE)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, digest: bytes) -> bool:
        at = self._place(digest)
        return self._table[at : at + SIZE] == digest

    def add(self, digest: bytes) -> bool:
        """Whether it is new: was not among them before."""
        at = self._place(digest)
        if self._table[at : at + SIZE] == digest:
            return False
        self._table[at : at + SIZE] = digest
        self._count += 1
        if 3 * self._count * SIZE > 2 * len(self._table):
            self._grow()
        return True

    def _place(self, digest: bytes) -> int:
        """Where the digest is, or would go."""
        if len(digest) != SIZE or digest == _NONE:
            raise ValueError("not a digest")
        table, end = self._table, len(self._table)
        at = int.from_bytes(digest[:8], "big") * SIZE % end
        while (found := table[at : at + SIZE]) != digest and found != _NONE:
            at = (at + SIZE) % end
        return at

    def _grow(self) -> None:
        old, self._table = self._table, bytearray(2 * len(self._table))
        for start in range(0, len(old), SIZE):
            digest = bytes(old[start : start + SIZE])
            if digest != _NONE:
                at = self._place(digest)
                self._table[at : at + SIZE] = digest
