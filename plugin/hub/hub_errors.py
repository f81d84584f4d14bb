"""What huggingface_hub raises -> what went wrong, in one sentence of ours, and whether it is worth another try.

Says nothing of tokens, signed addresses or headers. Talks to nobody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from json import JSONDecodeError

from huggingface_hub import get_token
from huggingface_hub.errors import (
    HfHubHTTPError,
    LocalTokenNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
)

from ...label_configs.errors import GtbridgeError, InputError, MissingError, ServerError

__all__ = ["Trouble", "clean", "trouble"]

# The Hub was busy, or broke down on the way; asked again it may well do it.
_PASSING = (408, 425, 429, 500, 502, 503, 504)
_LONGEST_WAIT_SECONDS = 300  # the Hub's rate limits are counted over five minutes
_LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong: the HTTP ``status`` (None: no answer came), and the seconds that the Hub asks to wait."""

    error: BaseException
    status: int | None
    wait: float | None
    passing: bool

    def named(self) -> str:
        """In a few words, for a remark: ``the Hub answers 503``."""
        return "the connection broke" if self.status is None else f"the Hub answers {self.status}"

    def as_ours(self, source: str) -> GtbridgeError:
        """As an error about ``source``: MissingError, InputError or ServerError."""
        error = self.error
        if isinstance(error, OfflineModeIsEnabled):
            return ServerError("the Hub is out of reach, for HF_HUB_OFFLINE is set", source=source)
        if isinstance(error, LocalTokenNotFoundError) or (self.status == 401 and get_token() is None):
            return InputError("the Hub asks who you are: set HF_TOKEN, or run `hf auth login`", source=source)
        if self.status == 401:
            return InputError("the Hub does not take this token (HF_TOKEN, or the one of your login)", source=source)
        if self.status == 403:
            told = _told(error)
            message = f"your token may not do this; it takes write access to {_owner(source)}"
            return InputError(f"{message} ({told})" if told else message, source=source)
        if isinstance(error, RepositoryNotFoundError) or self.status == 404:
            return MissingError("no such dataset, or one that your token (HF_TOKEN) may not see", source=source)
        if isinstance(error, OSError) and error.filename is not None:
            return InputError(f"cannot be read: {error.strerror}", source=str(error.filename))
        if self.status is None and isinstance(error, LookupError | JSONDecodeError):
            return ServerError("the Hub gives an answer that makes no sense", source=source)
        if self.status is None and isinstance(error, ValueError):
            return InputError(f"cannot be pushed: {_reason(error)}", source=source)
        if self.status is None:
            return ServerError(f"the connection to the Hub broke: {_reason(error)}", source=source)
        told = _told(error)
        return ServerError(f"the Hub answers {self.status}{f': {told}' if told else ''}", source=source)


def trouble(error: Exception) -> Trouble | None:
    """What ``error`` says of the Hub or the way there; None if it is about something else, hence a bug.

    huggingface_hub wraps what happens in an upload into a RuntimeError, and stands on httpx or httpx2. An error of ours
    that it wrapped is raised as it was.
    """
    chain: list[BaseException] = [error]
    while cause := chain[-1].__cause__:
        chain.append(cause)
    for part in chain:
        if isinstance(part, GtbridgeError):
            raise part from None
        if isinstance(part, HfHubHTTPError):
            status = part.response.status_code
            return Trouble(part, status, _wait(part.response.headers.get("Retry-After")), status in _PASSING)
    for part in chain:
        if isinstance(part, OfflineModeIsEnabled | LocalTokenNotFoundError):
            return Trouble(part, None, None, passing=False)
    innermost = chain[-1]
    if type(innermost).__module__.partition(".")[0] in ("httpx", "httpx2", "httpcore", "httpcore2"):
        return Trouble(innermost, None, None, passing=True)
    if isinstance(innermost, OSError | RuntimeError):  # hf_xet raises these; a file on this machine has a name
        return Trouble(innermost, None, None, passing=getattr(innermost, "filename", None) is None)
    if isinstance(innermost, ValueError | LookupError):  # an answer that huggingface_hub makes nothing of
        return Trouble(innermost, None, None, passing=False)
    return None


def _wait(retry_after: str | None) -> float | None:
    """https://www.rfc-editor.org/rfc/rfc9110#field.retry-after, where it is a number of seconds."""
    given = (retry_after or "").strip()
    return min(float(given), _LONGEST_WAIT_SECONDS) if given.isdecimal() else None


def _told(error: BaseException) -> str:
    told = getattr(error, "server_message", None)
    return clean(told) if isinstance(told, str) else ""


def _reason(error: BaseException) -> str:
    return clean(str(error)) or type(error).__name__


def clean(text: str) -> str:
    """``text`` on one line, without this user's token and without what signs an address."""
    token = get_token()
    if token:
        text = text.replace(token, "...")
    text = re.sub(r"hf_[A-Za-z0-9]{8,}|(?i:bearer)\s+\S+", "...", text)
    text = re.sub(r"(https?://[^\s?]+)\?\S+", r"\1", text)
    return " ".join(text.split())[:_LONGEST_REASON]


def _owner(source: str) -> str:
    return source.removeprefix("hf://datasets/").partition("/")[0]
