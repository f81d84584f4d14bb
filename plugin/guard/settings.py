"""Label Studio's Django settings with the guard switched on: DJANGO_SETTINGS_MODULE=gtbridge.plugin.guard.settings.

GTBRIDGE_REVIEWERS names further reviewers: e-mail addresses, separated by commas. GTBRIDGE_LOCK_PATIENCE says how many
seconds a call that stores an answer waits for a locked database.
"""

from __future__ import annotations

import os
from typing import Any

# The order matters: Label Studio's second module reads django.conf.settings, hence this very module, while it loads.
from core.settings.base import *  # noqa: F403
from core.settings.label_studio import *  # noqa: F403

_label_studio: dict[str, Any] = globals()

INSTALLED_APPS = [*_label_studio["INSTALLED_APPS"], "gtbridge.plugin.guard.apps.Guard"]
MIDDLEWARE = [*_label_studio["MIDDLEWARE"], "gtbridge.plugin.guard.middleware.Guard"]
# Around whatever may meet a lock, but within Label Studio's own way with locks, which goes on for a quarter of an hour.
MIDDLEWARE.insert(
    MIDDLEWARE.index("core.middleware.DatabaseIsLockedRetryMiddleware") + 1, "gtbridge.plugin.guard.busy.KeepTrying"
)
ROOT_URLCONF = "gtbridge.plugin.guard.urls"

# An item that was opened and left is given to somebody else after this time, Label Studio's own is a day. Whoever is
# at work on it keeps it: each look of the guard at a changed answer begins the time anew.
TASK_LOCK_TTL = int(os.environ.get("LABEL_STUDIO_TASK_LOCK_TTL") or os.environ.get("TASK_LOCK_TTL") or 3600)

# How long the link lives with which a new annotator chooses a password (seconds).
PASSWORD_RESET_TIMEOUT = 14 * 24 * 3600

GTBRIDGE_LOCK_PATIENCE = float(os.environ.get("GTBRIDGE_LOCK_PATIENCE") or 20)

GTBRIDGE_REVIEWERS = frozenset(
    address.strip().casefold() for address in os.environ.get("GTBRIDGE_REVIEWERS", "").split(",") if address.strip()
)
