"""What columns a config has: as an Arrow schema that `datasets` reads, and as its card says it. Holds no rows.

A spec names dtypes, as ``datasets.Value`` does: ``{"responses": ["string"], "metadata": {"id": "string"}}``. `datasets`
itself would say the same, but takes half a second and 60 MB to import: a test holds the two together.
"""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

__all__ = ["card_features", "schema_of"]

_TYPES = {
    "bool": pa.bool_(),
    "int32": pa.int32(),
    "float64": pa.float64(),
    "string": pa.string(),
}


def schema_of(spec: dict[str, Any]) -> pa.Schema:
    """The Arrow schema, with the features as `datasets` keeps them: JSON in the metadata under ``huggingface``."""
    fields = [pa.field(name, _arrow_type(part)) for name, part in spec.items()]
    features = {name: _feature(part) for name, part in spec.items()}
    return pa.schema(fields, {"huggingface": json.dumps({"info": {"features": features}})})


def card_features(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The features as the YAML of a dataset card has them under ``dataset_info``, a mapping for each column."""
    return [{"name": name, **_card_feature(part)} for name, part in spec.items()]


def _arrow_type(spec: Any) -> pa.DataType:
    if isinstance(spec, dict):
        return pa.struct({name: _arrow_type(part) for name, part in spec.items()})
    return pa.list_(_arrow_type(spec[0])) if isinstance(spec, list) else _TYPES[spec]


def _feature(spec: Any) -> dict[str, Any]:
    if isinstance(spec, dict):
        return {name: _feature(part) for name, part in spec.items()}
    if isinstance(spec, list):
        return {"feature": _feature(spec[0]), "_type": "List"}
    return {"dtype": spec, "_type": "Value"}


def _card_feature(spec: Any) -> dict[str, Any]:
    if isinstance(spec, dict):
        return {"struct": card_features(spec)}
    if not isinstance(spec, list):
        return {"dtype": spec}
    inner = _card_feature(spec[0])
    # What a list holds stands without its key, but for lists in lists.
    return {"list": inner if "list" in inner else next(iter(inner.values()))}
