"""Which versions of Label Studio gtbridge is tested against: the one place that says so. Imports nothing."""

from __future__ import annotations

__all__ = ["TESTED_LABEL_STUDIO", "is_tested"]

TESTED_LABEL_STUDIO = ("1.23.2",)


def is_tested(label_studio: str) -> bool:
    """Whether screens, view names and result formats of this version are known to be what gtbridge takes them for."""
    return label_studio in TESTED_LABEL_STUDIO
