"""The order in which one annotator sees an item's responses: to show it, to record it in the answer, to undo it.

Every stored value names the response it speaks of, so an answer means the same in any order; only the *names* of the
controls count positions. Stored answers count them in the order that the task's data has; readers see their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...label_configs.controls import flags_name, rank_name, response_index
from ..judgement.rules import response_title
from .label_studio_tasks import shown_order, shuffled
from .result_meta import recorded, with_recorded

__all__ = ["ORDER", "aligned", "order_for", "order_from_text", "recorded_order", "reordered", "with_recorded_order"]

ORDER = "gtbridge_order"
_RANK = rank_name("", "").removesuffix("__")


def order_for(data: Mapping[str, Any], task: int, annotator: int) -> tuple[int, ...] | None:
    """The random order in which the annotator sees the responses of the task; None if its data has no responses.

    The same at every look: it depends on nothing but the two ids and the number of responses.
    """
    own = shown_order(data)
    return None if own is None else shuffled(len(own), f"{task}\0{annotator}")


def reordered(data: Mapping[str, Any], order: Sequence[int]) -> dict[str, Any]:
    """The task's data with its responses in ``order``. Titles belong to positions; ids and ranks to responses."""
    own = shown_order(data)
    if own is None or sorted(own) != sorted(order):
        return dict(data)
    by_index = dict(zip(own, data["responses"], strict=True))
    responses = [{**by_index[index], "title": response_title(position)} for position, index in enumerate(order)]
    return {**data, "responses": responses}


def aligned(result: Any, order: Sequence[int]) -> Any:
    """The annotation result with what each response got under the control at whose position ``order`` shows it.

    What is neither a response's rank nor its flags stays as it is, as does everything if two claim the same place.
    """
    if not isinstance(result, list):
        return result
    names = [_name(entry, order) for entry in result]
    moved = [name for name in names if name is not None]
    if len(set(moved)) != len(moved):
        return result
    return [entry if name is None else {**entry, "from_name": name} for entry, name in zip(result, names, strict=True)]


def _name(entry: Any, order: Sequence[int]) -> str | None:
    """The control that this entry belongs under; None if it is neither the rank nor the flags of one response."""
    name, value = (entry.get("from_name"), entry.get("value")) if isinstance(entry, dict) else (None, None)
    choices = value.get("choices") if isinstance(value, dict) else None
    if not isinstance(name, str) or not isinstance(choices, list):
        return None
    stem, _, position = name.rpartition("__")
    if not position.isascii() or not position.isdecimal():
        return None
    named = {response_index(str(choice).partition(":")[0], len(order)) for choice in choices}
    index = named.pop() if len(named) == 1 else None
    if index is None:
        return None
    shown_at = list(order).index(index)
    if name == flags_name(int(position)):
        return flags_name(shown_at)
    slug = stem.removeprefix(_RANK)
    is_rank = len(choices) == 1 and name == rank_name(slug, int(position))
    return rank_name(slug, shown_at) if is_rank else None


def with_recorded_order(result: Sequence[Mapping[str, Any]], order: Sequence[int]) -> list[dict[str, Any]]:
    """The result with ``order`` recorded in its first entry; an empty one stays empty."""
    return with_recorded(result, ORDER, ",".join(map(str, order)))


def recorded_order(result: Any) -> tuple[int, ...] | None:
    """The order that ``with_recorded_order`` recorded, wherever in the result it now stands; None if there is none."""
    return next((order for order in map(order_from_text, recorded(result, ORDER)) if order is not None), None)


def order_from_text(text: Any) -> tuple[int, ...] | None:
    """The order that ``with_recorded_order`` spells so; None if it is none."""
    parts = text.split(",") if isinstance(text, str) else []
    if not parts or not all(part.isdecimal() and len(part) < 10 for part in parts):
        return None
    order = tuple(map(int, parts))
    return order if sorted(order) == list(range(len(order))) else None
