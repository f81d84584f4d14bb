"""The random walk over all addresses, for a moment; the whole of it is ``test_every_address``."""

from __future__ import annotations

import pytest
from addresses import Address, handled
from addresses_callers import calling
from addresses_walk import disguised
from addresses_world import World
from stresses.addresses import walk
from stresses.part import Stress

from gtbridge.plugin.guard.allowed import ALLOWED

pytestmark = pytest.mark.guarded


def test_a_walk_in_random_order_meets_nothing_that_is_open(world: World, addresses: list[Address]) -> None:
    stress = Stress(seconds=0, seed=1)
    walk(stress, world, addresses)
    assert stress.wrong == []
    assert stress.counts["URL patterns walked"] > 100
    assert stress.counts["requests as an annotator"] > 300
    assert stress.counts["refused"] > stress.counts["allowed"] > 0


@pytest.mark.parametrize("kind", range(8))
def test_what_is_refused_stays_refused_in_disguise(world: World, addresses: list[Address], kind: int) -> None:
    wrong: list[str] = []
    theirs = ("tasks:api", "data_manager:dm-actions", "projects:api:project-detail", "gtbridge:workers", "user-list")
    with calling(world, world.bob, "session") as bob:
        for address in addresses:
            for method in handled(address):
                if address.name.startswith(theirs) and (method, address.name) not in ALLOWED:
                    wrong += disguised(bob, method, address, world, kind)
    assert not wrong, "\n".join(wrong)
