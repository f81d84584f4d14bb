"""The Django application that puts the guard's rules on every stored answer."""

from __future__ import annotations

from django.apps import AppConfig


class Guard(AppConfig):  # type: ignore[misc]  # Django has no types
    """Has no tables: nothing is left behind when the guard is switched off."""

    name = "gtbridge.plugin.guard"
    label = "gtbridge_guard"

    def ready(self) -> None:
        """Listen to what is about to be stored, and go on listening whatever a request turns off."""
        from . import gallery_projects, signals, writing

        signals.keep_listening()
        writing.listen()
        gallery_projects.listen()
