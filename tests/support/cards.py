"""The card of judged items, made as a build makes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from job_items import KEY, build_in_memory, options

from gtbridge.converters.agreement.agreement import Agreement
from gtbridge.converters.datasets.card import CardFacts, dataset_card
from gtbridge.converters.datasets.collection import Collection
from gtbridge.converters.datasets.rows import Pseudonyms

__all__ = ["card_of", "cards_of"]


def card_of(items: Any, dimensions: Any, chosen: Any = None, **facts: Any) -> str:
    """The card for the items, made as a build makes it."""
    return cards_of(items, dimensions, chosen)(**facts)


def cards_of(items: Any, dimensions: Any, chosen: Any = None) -> Callable[..., str]:
    """What gives the card for the items, once they are built, for other facts each time."""
    chosen = chosen or options()
    name_of = Pseudonyms(KEY).of
    collection = Collection({item.job: item.definition for item in items}, name_of)
    agreement = Agreement(name_of, resamples=50)
    for item in items:
        collection.see(item)
        agreement.see(item)
    _, built, ledger, _ = build_in_memory(items, dimensions, chosen)
    sizes = {config.name: 1 for config in built.configs}
    said: dict[str, Any] = {"title": "t", "location": "d", "sizes": sizes, "digests": sizes}
    said |= {"jobs": list(collection.jobs.values()), "agreement": agreement.dimensions()}
    return lambda **facts: dataset_card(built, chosen, CardFacts(**{**said, **facts}), ledger.to_dict())
