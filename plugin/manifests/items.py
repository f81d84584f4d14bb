"""The items of a manifest with their texts, of which some lie in files of their own (``source-ref``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from ...converters.formats.manifest import read_manifest
from ...converters.formats.sources_texts import bounded_lines
from ...converters.records import Item
from ...label_configs.errors import GtbridgeError, InputError
from ..files.side_by_side import batches
from ..storage import as_text, open_input, parent, read_each
from .references import References

__all__ = ["item_with_text", "manifest_items", "with_texts"]

_BATCH = 256


def manifest_items(path: str, moves: Sequence[tuple[str, str]] = (), digest: Any = None) -> Iterator[Item]:
    """The items of the input manifest at ``path``, in order, each with its text.

    A ``source-ref`` may lie beneath the manifest's own folder, or where ``moves`` allow (see ``References``). A
    ``digest`` (of hashlib) is given each line's bytes and each text that lies elsewhere. Raises what is wrong with the
    first line or text that cannot be used.
    """
    references = References(parent(path), moves)
    with open_input(path) as file:
        lines = bounded_lines(file, path)
        lines = lines if digest is None else _hashed(lines, digest)
        for item, text in with_texts(read_manifest(lines, path), references, path):
            if isinstance(text, GtbridgeError):
                raise text
            if digest is not None and text is not None:
                digest.update(text.encode())
            yield item


def with_texts(
    items: Iterable[Item], references: References, source: str
) -> Iterator[tuple[Item, str | GtbridgeError | None]]:
    """Each item with its text in it, beside what was read for it: None, the text, or why there is none."""
    for batch in batches(items, _BATCH):
        places = {item.index: references.text(item.text_ref, source, item.index + 1) for item in batch if item.text_ref}
        texts = dict(zip(places, read_each(places.values()), strict=True))
        for item in batch:
            yield item_with_text(item, texts.get(item.index), places.get(item.index, ""))


def item_with_text(
    item: Item, data: bytes | GtbridgeError | None, place: str
) -> tuple[Item, str | GtbridgeError | None]:
    """The item with the text that was read at ``place``, and that text; or with none, and why there is none."""
    try:
        text = as_text(data, place) if isinstance(data, bytes) else data
    except InputError as error:
        text = error
    return (replace(item, text=text) if isinstance(text, str) else item), text


def _hashed(lines: Iterable[bytes], digest: Any) -> Iterator[bytes]:
    for line in lines:
        digest.update(line)
        yield line
