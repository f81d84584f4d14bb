"""Which shape a dataset of judgements has, by the columns of a record. Reads no judgement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, get_args

from ...label_configs.errors import InputError
from ..formats.sources_records import Record

__all__ = ["SHAPES", "DatasetShape", "is_squad_document", "recognise", "shape_of"]

DatasetShape = Literal["preference", "nectar", "ultrafeedback", "squad", "annotations", "ranking", "qa"]
SHAPES: tuple[DatasetShape, ...] = get_args(DatasetShape)

_Columns = Mapping[str, Any]


def _preference(columns: _Columns) -> bool:
    sides = [columns.get("chosen"), columns.get("rejected")]
    alike = any(all(isinstance(side, kind) for side in sides) for kind in (str, list, dict))
    # A manifest line has its prompt in ``source`` already, and these two beside it as somebody's own fields.
    prompted = columns.get("prompt") is not None or columns.get("conversations") is not None
    return alike and (prompted or not isinstance(columns.get("source"), str))


def _nectar(columns: _Columns) -> bool:
    return _has(columns, "prompt") and _all_have(columns.get("answers"), "answer", "rank")


def _ultrafeedback(columns: _Columns) -> bool:
    return _has(columns, "instruction") and _all_have(columns.get("completions"), "response", "annotations")


def _squad(columns: _Columns) -> bool:
    return is_squad_document(columns) or _has(columns, "context", "question", "answers")


def _annotations(columns: _Columns) -> bool:
    return _has(columns, "item", "source", "annotator", "status") and {"rankings", "pairs"} <= columns.keys()


def _ranking(columns: _Columns) -> bool:
    return _has(columns, "prompt", "responses") and _all_have(
        columns.get("rankings"), "dimension", "annotator", "ranks"
    )


def _qa(columns: _Columns) -> bool:
    metadata = columns.get("metadata")
    # Others' passages with questions are items in their own right, a row each.
    return _has(columns, "passage", "question", "answer") and isinstance(metadata, dict) and "item" in metadata


_FITS: Mapping[DatasetShape, Callable[[_Columns], bool]] = {
    "preference": _preference,
    "nectar": _nectar,
    "ultrafeedback": _ultrafeedback,
    "squad": _squad,
    "annotations": _annotations,
    "ranking": _ranking,
    "qa": _qa,
}


def _has(columns: _Columns, *names: str) -> bool:
    return all(columns.get(name) is not None for name in names)


def _all_have(value: Any, *keys: str) -> bool:
    entries = value if isinstance(value, list) else []
    return bool(entries) and all(isinstance(entry, dict) and set(keys) <= entry.keys() for entry in entries)


def is_squad_document(columns: _Columns) -> bool:
    """Whether a record is one of the documents that SQuAD is published in, or an article of one."""
    return _all_have(columns.get("data"), "paragraphs") or _all_have(columns.get("paragraphs"), "qas")


def _fitting(record: Record) -> list[DatasetShape]:
    """The shapes that the record could have."""
    return [shape for shape in SHAPES if _FITS[shape](record.fields)]


def recognise(record: Record) -> DatasetShape | None:
    """The shape of the record; None if it has none. InputError if several fit."""
    found = _fitting(record)
    if len(found) > 1:
        raise record.place.refuse(f"could be {' or '.join(found)}; say which with --dataset-shape")
    return found[0] if found else None


def shape_of(record: Record) -> DatasetShape:
    """The same for what must have one. InputError if none fits."""
    shape = recognise(record)
    if shape is None:
        raise InputError(
            f"its columns ({', '.join(record.fields)}) are those of no dataset of judgements that is known "
            f"({', '.join(SHAPES)}); say with --dataset-shape which it is",
            source=record.place.source,
        )
    return shape
