"""Columns as `datasets` itself says them, to hold those that gtbridge writes against."""

from __future__ import annotations

from typing import Any

import datasets

__all__ = ["features_of"]


def features_of(spec: dict[str, Any]) -> Any:
    """``datasets.Features`` for a spec of dtype names, one-element lists and dicts."""
    return datasets.Features({name: _feature(part) for name, part in spec.items()})


def _feature(spec: Any) -> Any:
    if isinstance(spec, dict):
        return {name: _feature(part) for name, part in spec.items()}
    return datasets.List(_feature(spec[0])) if isinstance(spec, list) else datasets.Value(spec)
