"""Accounts, made over HTTP on a real server."""

from __future__ import annotations

import httpx
import pytest

from gtbridge.label_configs.errors import InputError, ServerError
from gtbridge.plugin.local_server.accounts import add_annotator, personal_access_token
from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.server
PASSWORD = "a-long-password"


def test_a_new_account_has_its_names_and_is_no_superuser(label_studio: Embedded) -> None:
    add_annotator(label_studio.url, label_studio.api_key, "ann@example.com", PASSWORD, "Ann", "Otator")
    headers = {"Authorization": f"Token {label_studio.api_key}"}
    [ann] = [
        u for u in httpx.get(f"{label_studio.url}/api/users", headers=headers).json() if u["email"] == "ann@example.com"
    ]
    assert (ann["first_name"], ann["last_name"]) == ("Ann", "Otator")
    token = personal_access_token(label_studio.url, "ann@example.com", PASSWORD)
    access = httpx.post(f"{label_studio.url}/api/token/refresh/", json={"refresh": token}).json()["access"]
    admin = httpx.get(f"{label_studio.url}/admin/", headers={"Authorization": f"Bearer {access}"})
    assert admin.status_code == 302


def test_the_token_that_comes_back_is_the_new_accounts_own(label_studio: Embedded) -> None:
    key = add_annotator(label_studio.url, label_studio.api_key, "own@example.com", PASSWORD)
    me = httpx.get(f"{label_studio.url}/api/current-user/whoami", headers={"Authorization": f"Token {key}"}).json()
    assert me["email"] == "own@example.com"


def test_a_personal_access_token_can_invite_as_well(label_studio: Embedded) -> None:
    add_annotator(label_studio.url, label_studio.api_key, "inviter@example.com", PASSWORD)
    token = personal_access_token(label_studio.url, "inviter@example.com", PASSWORD)
    assert len(add_annotator(label_studio.url, token, "invited@example.com", PASSWORD)) == 40


def test_an_address_that_has_an_account_is_refused_by_name(label_studio: Embedded) -> None:
    with pytest.raises(InputError, match=r"owner@localhost: User with this email already exists"):
        add_annotator(label_studio.url, label_studio.api_key, label_studio.email, PASSWORD)


def test_a_short_password_is_refused_with_label_studios_reason_and_without_the_password(label_studio: Embedded) -> None:
    with pytest.raises(InputError, match="8–128 characters") as caught:
        add_annotator(label_studio.url, label_studio.api_key, "short@example.com", "pass-1")
    assert "pass-1" not in str(caught.value)


def test_a_wrong_key_is_a_server_error_that_does_not_quote_it(label_studio: Embedded) -> None:
    with pytest.raises(ServerError, match="status 401") as caught:
        add_annotator(label_studio.url, "f" * 40, "nobody@example.com", PASSWORD)
    assert "f" * 40 not in str(caught.value)


def test_a_server_that_is_not_there_is_a_server_error() -> None:
    with pytest.raises(ServerError, match="did not answer"):
        personal_access_token("http://127.0.0.1:1", "nobody@example.com", PASSWORD)
