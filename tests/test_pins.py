"""gtbridge beside Label Studio in one environment: installing the one changes nothing that the other pins."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator
from functools import cache

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def requirements(name: str, extras: frozenset[str] = frozenset()) -> Iterator[Requirement]:
    """What an installed distribution requires here, with these of its extras."""
    for line in importlib.metadata.distribution(name).requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in extras or {""}):
            yield requirement


@cache
def closure(name: str) -> dict[str, list[Requirement]]:
    """All that ``name`` requires, directly or not, by the distribution that it is asked of."""
    asked: dict[str, list[Requirement]] = {}
    seen, waiting = set(), [(name, frozenset[str]())]
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        for requirement in requirements(*current):
            key = canonicalize_name(requirement.name)
            asked.setdefault(key, []).append(requirement)
            waiting.append((key, frozenset(requirement.extras)))
    return asked


def pinned() -> dict[str, Requirement]:
    """What Label Studio, or the SDK that it pins, asks for in one version only."""
    exact = {
        name: requirement
        for name, found in closure("label-studio").items()
        for requirement in found
        if any(one.operator in ("==", "===") and not one.version.endswith(".*") for one in requirement.specifier)
    }
    assert "label-studio-sdk" in exact
    return exact


def test_what_label_studio_asks_for_is_what_is_installed_beside_gtbridge() -> None:
    wrong = [
        f"{requirement} but {importlib.metadata.version(name)} is installed"
        for name, found in closure("label-studio").items()
        for requirement in found
        if not requirement.specifier.contains(importlib.metadata.version(name), prereleases=True)
    ]
    assert not wrong


def test_everything_that_gtbridge_requires_admits_what_label_studio_pins() -> None:
    exact = pinned()
    wrong = []
    for name, found in closure("gtbridge").items():
        versions = (
            [one.version for one in exact[name].specifier if one.operator in ("==", "===")] if name in exact else []
        )
        wrong += [f"{one} refuses {name} {at}" for one in found for at in versions if at not in one.specifier]
    assert not wrong


def test_the_server_extra_pins_the_version_of_label_studio_that_is_installed() -> None:
    (server,) = [one for one in requirements("gtbridge", frozenset({"server"})) if one.name == "label-studio"]
    assert str(server.specifier) == f"=={importlib.metadata.version('label-studio')}"
