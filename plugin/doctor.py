"""What is installed, what can be reached, and whether it goes together. Looks; changes nothing."""

from __future__ import annotations

import importlib.metadata
import platform
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Literal

from ..label_configs.errors import GtbridgeError
from .label_studio.server import Server, connect, speaking_to
from .versions import TESTED_LABEL_STUDIO, is_tested

__all__ = ["Finding", "examine"]

# Always named, as what people are asked for when something goes wrong.
_NAMED = ("label-studio-sdk", "datasets")
_TESTED = " and ".join(TESTED_LABEL_STUDIO)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. A ``note`` may be as it should; what is ``wrong`` will not work."""

    subject: str
    state: Literal["ok", "note", "wrong"]
    says: str


def examine(label_studio_url: str | None = None, api_key: str | None = None) -> list[Finding]:
    """Look at this installation, and at the Label Studio at ``label_studio_url`` if one is named."""
    return [*_installation(), *_server(label_studio_url, api_key)]


def _installation() -> Iterator[Finding]:
    yield Finding("Python", "ok", platform.python_version())
    yield Finding("gtbridge", "ok", importlib.metadata.version("gtbridge"))
    yield _installed_label_studio()
    yield from _requirements()


def _installed_label_studio() -> Finding:
    subject, version = "label-studio", _version("label-studio")
    if version is None:
        says = 'not installed, which only serve, demo and task preview need: pip install "gtbridge[server]"'
        return Finding(subject, "note", says)
    if not is_tested(version):
        return Finding(subject, "note", f"{version}, not among the versions tested ({_TESTED})")
    return Finding(subject, "ok", version)


def _requirements() -> Iterator[Finding]:
    """The packages that gtbridge asks for: those that are named always, the others if they do not suit."""
    from packaging.requirements import Requirement

    for line in importlib.metadata.requires("gtbridge") or []:
        requirement = Requirement(line)
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        version = _version(requirement.name)
        if version is None:
            yield Finding(requirement.name, "wrong", f"not installed: pip install '{line}'")
        elif not requirement.specifier.contains(version, prereleases=True):
            yield Finding(requirement.name, "wrong", f"{version} does not do: pip install '{line}'")
        elif requirement.name in _NAMED:
            yield Finding(requirement.name, "ok", version)


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _server(url: str | None, api_key: str | None) -> Iterator[Finding]:
    if not url:
        yield Finding("server", "note", "none named: set LABEL_STUDIO_URL and LABEL_STUDIO_API_KEY to have one checked")
        return
    with ExitStack() as stack:
        try:
            server = stack.enter_context(connect(url, api_key))
            person = _ask(server, "api/current-user/whoami") or {}
            version = _release(_ask(server, "api/version") or {})
            guard = _ask(server, "gtbridge/about")
        except GtbridgeError as error:
            yield Finding("server", "wrong", str(error))
            return
        yield _server_version(server.url, version)
        yield from _guard(guard, str(person.get("email")))


def _server_version(url: str, version: str) -> Finding:
    if is_tested(version):
        return Finding("server", "ok", f"Label Studio {version} at {url}")
    says = f"Label Studio {version} at {url}, not among the versions tested ({_TESTED})"
    return Finding("server", "note", says)


def _guard(about: dict[str, Any] | None, email: str) -> Iterator[Finding]:
    if about is None or "guard" not in about:
        says = (
            "off: every account sees and changes everything. To switch it on, start the server with "
            "DJANGO_SETTINGS_MODULE=gtbridge.plugin.guard.settings"
        )
        yield Finding("guard", "note", says)
        yield Finding("API key", "ok", email)
        return
    ours = importlib.metadata.version("gtbridge")
    same = about["guard"] == ours
    yield Finding(
        "guard", "ok" if same else "note", f"on, {about['guard']}" + ("" if same else f"; gtbridge here is {ours}")
    )
    if about.get("reviewer"):
        yield Finding("API key", "ok", f"{email}, who sees all answers")
    else:
        says = f"{email}, who sees their own answers only: jobs that others made cannot be exported"
        yield Finding("API key", "note", says)


def _ask(server: Server, path: str) -> dict[str, Any] | None:
    """The JSON object at this address, None if there is none."""
    with speaking_to(server.url):
        response = server.sdk._client_wrapper.httpx_client.request(path, method="GET")
    try:
        body = response.json() if response.is_success else None
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _release(versions: dict[str, Any]) -> str:
    found = re.match(r"[0-9]+(\.[0-9]+)*", str(versions.get("release")))
    return found.group() if found else "of an unknown version"
