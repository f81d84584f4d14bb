"""Prints every address of a guarded Label Studio as JSON; run as a program, in an empty data directory.

Django's own resolver is asked, set up as the embedded server sets it up, so that no address is missed: all
namespaces, the administration's and the task queue's included.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gtbridge.plugin.local_server import embedded_child
from gtbridge.plugin.local_server.embedded import ChildSettings


def main() -> None:
    """Print ``[{"template": "api/tasks/{pk}/", "name": "tasks:api:task-detail", "methods": ["GET", ...]}, ...]``."""
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # Label Studio prints while it loads
    here = os.fspath(Path.cwd())
    settings = ChildSettings(here, here, True, 0, "", "", "", "", "gtbridge.plugin.guard.settings")
    embedded_child._load_label_studio(settings)

    from django.urls import get_resolver

    with output:
        json.dump(list(_addresses(get_resolver(), "", ())), output)


def _addresses(resolver: Any, prefix: str, namespaces: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    from django.urls import ResolverMatch

    for pattern in resolver.url_patterns:
        template = prefix + _template(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _addresses(pattern, template, inner)
        else:
            match = ResolverMatch(pattern.callback, (), {}, pattern.name, namespaces=list(namespaces))
            yield {"template": template, "name": match.view_name, "methods": _methods(pattern.callback)}


def _template(pattern: Any) -> str:
    """The pattern with ``{name}`` in place of each parameter, without what may as well be left out."""
    from django.utils.regex_helper import normalize

    template, parameters = normalize(pattern.regex.pattern)[0]
    return str(template % {name: f"{{{name}}}" for name in parameters})


def _methods(view: Any) -> list[str] | None:
    """The methods that a class handles; None for a function, which is called whatever the method."""
    if hasattr(view, "actions"):  # a view set of Django REST framework
        return sorted(method.upper() for method in view.actions)
    owner = getattr(view, "view_class", getattr(view, "cls", None))
    if owner is None:
        return None
    handled = {method.upper() for method in owner.http_method_names if hasattr(owner, method)}
    return sorted(handled - {"HEAD", "OPTIONS"})


if __name__ == "__main__":
    main()
