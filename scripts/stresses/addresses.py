"""Every address of a guarded Label Studio, called by an annotator in each way and in disguise, in a random order.

What is allowed shows nothing of others; all else is refused, and changes nothing in the database.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, closing
from pathlib import Path

import httpx
from addresses import Address, all_addresses, call, handled, is_refused
from addresses_callers import ENDING, KNOWS_SESSIONS, WAYS, calling, shown
from addresses_walk import SHADOWED, closed, disguised
from addresses_world import CANARIES, World, populated
from installation import on_sqlite
from stored import Stored

from gtbridge.plugin.guard.allowed import ALLOWED

from .part import Stress

__all__ = ["run", "walk"]

# To compare the whole database takes as long as many calls.
_LOOKED_AT_TOGETHER = 60
_AT_LEAST = 200  # calls, however long the server took to start


def walk(stress: Stress, world: World, addresses: list[Address]) -> None:
    """Call them all, in an order of its own each time, while there is time."""
    random = stress.random("addresses")
    with ExitStack() as stack:
        bobs = {way: stack.enter_context(calling(world, world.bob, way)) for way in WAYS}
        database = stack.enter_context(closing(Stored(world.database, world.data_dir)))
        walked: set[Address] = set()
        rounds = 0
        while not rounds or stress.time_left():
            order = [(address, method) for address in addresses for method in handled(address)]
            random.shuffle(order)
            for at, (address, method) in enumerate(order):
                way = WAYS[(at + rounds) % len(WAYS)]
                if not address.template.startswith((SHADOWED, *KNOWS_SESSIONS)):
                    _one(stress, bobs[way], address, method, world, random.randrange(8))
                    walked.add(address)
                if at % _LOOKED_AT_TOGETHER == _LOOKED_AT_TOGETHER - 1:
                    _unchanged(stress, database)
                    if at > _AT_LEAST and not stress.time_left():
                        break
            rounds += 1
        _unchanged(stress, database)
    stress.count("URL patterns walked", len(walked))


def _one(stress: Stress, bob: httpx.Client, address: Address, method: str, world: World, kind: int) -> None:
    allowed = ALLOWED.get((method, address.name))
    if allowed is None:
        wrong = [*closed(bob, method, address, world, slashes=True), *disguised(bob, method, address, world, kind)]
        stress.count("requests as an annotator", 3)
        stress.count("refused", 3)
    elif method == "GET" and (method, address.name) not in ENDING:
        answer = call(bob, method, address.path(world.bobs), world.bobs)
        stress.count("requests as an annotator")
        stress.count("refused" if is_refused(answer) else "allowed")
        wrong = [*shown(answer, CANARIES)]
        if answer.status_code >= 500:
            wrong.append(f"{method} {address.template} fails: {answer.text[:200]}")
    else:
        return
    for problem in wrong:
        stress.is_wrong(problem)


def _unchanged(stress: Stress, database: Stored) -> None:
    for change in database.changes():
        stress.is_wrong(f"a call that is refused changed {change}")


def run(stress: Stress) -> None:
    """Start a server, fill it, walk."""
    with tempfile.TemporaryDirectory(prefix="gtbridge-addresses-") as name:
        folder = Path(name)
        for made in ("empty", "files"):
            (folder / made).mkdir()
        addresses = all_addresses(folder / "empty")
        with on_sqlite(folder / "data") as place:
            walk(stress, populated(place, folder / "files"), addresses)
