"""The card of judged items, made as a build makes it."""

from __future__ import annotations

from typing import Any

from job_items import KEY, build_in_memory, options

from gtbridge.converters.agreement.agreement import Agreement
from gtbridge.converters.datasets.card import CardFacts, dataset_card
from gtbridge.converters.datasets.collection import Collection
from gtbridge.converters.datasets.rows import Pseudonyms

__all__ = ["card_of"]


def card_of(items: Any, dimensions: Any, chosen: Any = None, **facts: Any) -> str:
    """The card for the items, made as a build makes it."""
    chosen = chosen or options()
    name_of = Pseudonyms(KEY).of
    collection = Collection({item.job: item.definition for item in items}, name_of)
    agreement = Agreement(name_of, resamples=50)
    for item in items:
        collection.see(item)
        agreement.see(item)
    _, built, ledger, _ = build_in_memory(items, dimensions, chosen)
    sizes = {config.name: 1 for config in built.configs}
    jobs = list(collection.jobs.values())
    said: dict[str, Any] = {"title": "t", "location": "d", "jobs": jobs, "sizes": sizes, "digests": sizes}
    said |= {"agreement": agreement.dimensions(), **facts}
    return dataset_card(built, chosen, CardFacts(**said), ledger.to_dict())
