"""Accounts of a Label Studio server over HTTP, by its public pages and API: nothing here touches the server's database.

Open-source Label Studio has no call that makes a usable account: ``POST /api/users/`` sets no password. The invite
link is the one way in, and what this module follows.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from ...label_configs.errors import InputError, ServerError

__all__ = ["add_annotator", "authorization", "personal_access_token"]

_SIGN_UP, _LOG_IN = "/user/signup/", "/user/login/"
_FORM_ERRORS = re.compile(r'<(?:ul class="field_errors"|p class="error")[^>]*>(.*?)</(?:ul|p)>', re.DOTALL)


def add_annotator(
    server_url: str, api_key: str, email: str, password: str, first_name: str = "", last_name: str = ""
) -> str:
    """Make an account in the organization that ``api_key`` belongs to; returns the new account's own API token.

    That is its legacy token where the organization allows these, else a new personal access token. Raises InputError
    if Label Studio refuses the e-mail address (for one, because it has an account) or the password, and ServerError if
    the server refuses anything else or does not answer.
    """
    with _client(server_url) as client:
        inviter = {"Authorization": authorization(client, api_key)}
        invite = _json(client.get("/api/invite", headers=inviter), "the invite link")
        allowed = _json(client.get("/api/jwt/settings", headers=inviter), "the token settings")
        _submit(client, _SIGN_UP, {"email": email, "password": password}, token=invite["token"])
        if first_name or last_name:
            me = _json(client.get("/api/current-user/whoami"), "the new account")
            names = {"first_name": first_name, "last_name": last_name}
            _json(client.patch(f"/api/users/{me['id']}/", json=names), "the new account's name")
        if allowed["legacy_api_tokens_enabled"]:
            return str(_json(client.get("/api/current-user/token"), "the new account's token")["token"])
        return _new_token(client)


def personal_access_token(url: str, email: str, password: str) -> str:
    """Log in as a person would and make a personal access token (a JWT refresh token, of which an account has one).

    Raises InputError if the login is refused, and ServerError if the account has such a token already: Label Studio
    shows it only once, and making another would revoke it.
    """
    with _client(url) as client:
        _submit(client, _LOG_IN, {"email": email, "password": password})
        return _new_token(client)


def authorization(client: httpx.Client, api_key: str) -> str:
    """The Authorization header for either kind of API key; a personal access token buys five minutes of access."""
    if api_key.count(".") != 2:  # a legacy token is 40 hexadecimal digits, a JWT has three parts
        return f"Token {api_key}"
    answer = client.post("/api/token/refresh/", json={"refresh": api_key})
    return f"Bearer {_json(answer, 'an access token')['access']}"


@contextmanager
def _client(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, timeout=60) as client:
        try:
            yield client
        except httpx.HTTPError as error:
            # Not the error's own words: they can quote an address, and an invite address is a secret.
            raise ServerError(f"Label Studio did not answer ({type(error).__name__})", source=url) from None


def _submit(client: httpx.Client, page: str, form: dict[str, str], **query: str) -> None:
    """Fill in a form of Label Studio's pages. It redirects when it is content, and shows the page again when not."""
    source = str(client.base_url).rstrip("/") + page
    if client.get(page, params=query).status_code != 200 or "csrftoken" not in client.cookies:
        raise ServerError("this page is not Label Studio's", source=source)
    headers = {"Referer": source, "X-CSRFToken": client.cookies["csrftoken"]}
    answer = client.post(page, params=query, data=form, headers=headers)
    if answer.status_code == 200:
        complaints = [html.unescape(re.sub(r"<[^>]+>", " ", found)) for found in _FORM_ERRORS.findall(answer.text)]
        reason = " ".join(" ".join(complaints).split()) or "no reason given"
        raise InputError(f"Label Studio refused {form['email']}: {reason}", source=source)
    if answer.status_code != 302:
        raise ServerError(f"Label Studio refused {form['email']} (status {answer.status_code})", source=source)
    # Logging in changes the token, and the calls that follow are checked against the new one.
    client.headers["X-CSRFToken"] = client.cookies["csrftoken"]
    client.headers["Referer"] = source


def _new_token(client: httpx.Client) -> str:
    return str(_json(client.post("/api/token/"), "a personal access token")["token"])


def _json(answer: httpx.Response, wanted: str) -> dict[str, Any]:
    """The answer's JSON object; ``wanted`` says what for, in the error."""
    try:
        body = answer.json()
    except ValueError:
        body = None
    if answer.is_success and isinstance(body, dict):
        return body
    detail = body.get("detail", "") if isinstance(body, dict) else ""
    reason = f"status {answer.status_code}" + (f": {detail}" if detail else "")
    raise ServerError(f"Label Studio gave no answer for {wanted} ({reason})", source=str(answer.request.url))
