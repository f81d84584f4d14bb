"""Label Studio's own settings, but that an account is made in no time: hashing a password takes half a CPU second."""

from __future__ import annotations

# The order matters: Label Studio's second module reads django.conf.settings, hence this very module, while it loads.
from core.settings.base import *  # noqa: F403
from core.settings.label_studio import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
