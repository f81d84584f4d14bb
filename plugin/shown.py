"""What a person may be shown of texts that strangers wrote: nothing that steers a terminal, and no secrets.

Shows nothing itself. Files and their contents are none of its business: those are written as they are.
"""

from __future__ import annotations

import json
import os
import re
from typing import Any

__all__ = ["shown", "shown_as_json", "without_secrets"]

# What moves the cursor, hides, or reorders what stands beside it: C0 and C1 with the escape in both, line and
# paragraph separators, bidirectional embeddings, overrides and isolates, characters of no width, halves of surrogates.
# U+200C to U+200F are left alone: Persian, Hindi and emoji are spelled with them.
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufff9-\ufffb]")
_STEERING_BUT_LINES = re.compile(f"(?!\n){_STEERING.pattern}")

# Settings whose values are secrets, by their names in the environment.
_SECRETS = (
    *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"),
    *("AWS_CONTAINER_AUTHORIZATION_TOKEN", "LABEL_STUDIO_API_KEY", "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"),
    *("POSTGRE_PASSWORD", "POSTGRES_PASSWORD", "PGPASSWORD"),
)
_SHORTEST_SECRET = 8  # of fewer letters, other words would be taken for it
# Other credentials, by their looks. None of these matches goes beyond a string of JSON.
_VALUE = r"""[^\s"'<>\\&,]+"""
_LOOKS = (
    (re.compile(r"""(?<=://)[^\s/@"'<>\\]+@"""), "...@"),
    (re.compile(r"""(?i)\b((?:proxy-)?authorization|(?:set-)?cookie|x-csrftoken|x-amz-security-token)(["']?\s*[:=]\s*["']?)
                    [^"'<>\\\n]+""", re.VERBOSE), r"\1\2..."),
    (re.compile(r"(?i)\b(bearer|token|basic)\s+[\w.~+/=-]{20,}"), r"\1 ..."),
    (re.compile(rf"(?i)\b(x-amz-[a-z-]+|credential|signature|sig|awsaccesskeyid|token)(=|%3D){_VALUE}"), r"\1\2..."),
    (re.compile(r"\bhf_[A-Za-z0-9]{8,}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"), "..."),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}"), "..."),  # a JSON Web Token
)  # fmt: skip


def shown(text: str, *, lines: bool = False) -> str:
    r"""``text`` without secrets, and with ``\x1b`` or ``\u202e`` in place of what would steer a terminal.

    It is one line afterwards, unless ``lines`` says that its line ends are meant.
    """
    pattern = _STEERING_BUT_LINES if lines else _STEERING
    return pattern.sub(lambda found: _spelled(ord(found[0])), without_secrets(text))


def shown_as_json(data: Any, indent: int | None = None) -> str:
    """The same for JSON, which stays the JSON of the same ``data``, save for secrets."""
    text = without_secrets(json.dumps(data, ensure_ascii=False, indent=indent))
    return _STEERING_BUT_LINES.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def without_secrets(text: str) -> str:
    """``text`` with ``...`` in place of this user's credentials, and of whatever looks like any."""
    for name in _SECRETS:
        secret = os.environ.get(name, "").strip()
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, "...")
    for pattern, instead in _LOOKS:
        text = pattern.sub(instead, text)
    return text


def _spelled(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
