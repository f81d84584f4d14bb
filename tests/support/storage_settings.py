"""Settings of a Label Studio whose target storage may be an S3 server on loopback, in either of its two forms.

With a file called ``by-task`` in its data directory it stores a file for each task, else one for each annotation.
"""

from __future__ import annotations

import os
from pathlib import Path

# The order matters: Label Studio's second module reads django.conf.settings, hence this very module, while it loads.
from core.settings.base import *  # noqa: F403
from core.settings.label_studio import *  # noqa: F403


class _ByTask:
    """Label Studio asks the setting anew for each annotation."""

    def __bool__(self) -> bool:
        return Path(os.environ["LABEL_STUDIO_BASE_DATA_DIR"], "by-task").exists()


SSRF_PROTECTION_ENABLED = False
FUTURE_SAVE_TASK_TO_STORAGE = _ByTask()
