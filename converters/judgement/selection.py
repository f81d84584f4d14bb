"""Which preferences of an item become preference pairs. Knows who is preferred to whom, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["selected"]


def selected(signs: Mapping[tuple[int, int], int], strategy: str) -> set[tuple[int, int]]:
    """The pairs of ``signs`` (+1 first preferred, -1 second, 0 neither) with a preference that ``strategy`` takes.

    ``adjacent``: no third response stands between, that is, below the better and above the worse. Responses that are
    preferred to each other in a circle stand on one level: none of them is between another and anything else.
    ``best-vs-rest``: the better one is best (nothing is preferred to it), the worse one is not.
    ``best-vs-worst``: the better one is best, the worse one is preferred to nothing. All of a circle have something
    preferred to them, so an item with a circle on top has no best.
    """
    better = {(i, j) if sign > 0 else (j, i) for (i, j), sign in signs.items() if sign}
    above = {response for response, _ in better}
    below = {response for _, response in better}
    if strategy == "all":
        taken = better
    elif strategy == "adjacent":
        taken = _covering(better)
    elif strategy == "best-vs-rest":
        taken = {(i, j) for i, j in better if i not in below}  # j is below i, hence not best
    elif strategy == "best-vs-worst":
        taken = {(i, j) for i, j in better if i not in below and j not in above}
    else:
        raise ValueError(f"{strategy!r} is no way to choose pairs")
    return {(min(pair), max(pair)) for pair in taken}


def _covering(better: set[tuple[int, int]]) -> set[tuple[int, int]]:
    worse_than: dict[int, set[int]] = {}
    for i, j in better:
        worse_than.setdefault(i, set()).add(j)
    reached = {response: _reached(response, worse_than) for response in worse_than}
    strictly = {(i, j) for i, j in better if i not in reached.get(j, ())}
    return {(i, j) for i, j in better if not any((i, k) in strictly and (k, j) in strictly for k in worse_than[i])}


def _reached(start: int, worse_than: Mapping[int, set[int]]) -> set[int]:
    """All responses below ``start``, over any number of steps; ``start`` itself if it is in a circle."""
    found: set[int] = set()
    waiting = [start]
    while waiting:
        new = worse_than.get(waiting.pop(), set()) - found
        found |= new
        waiting.extend(new)
    return found
