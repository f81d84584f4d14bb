"""Servers that repeat what they were sent: errors of the library quote them without the credentials in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from echoing_server import FORMS, Echo, echoing_server

from gtbridge.label_configs.errors import GtbridgeError, InputError, ServerError
from gtbridge.plugin.files.aws import s3_options
from gtbridge.plugin.label_studio.server import connect
from gtbridge.plugin.sagemaker.client import sagemaker_client, speaking_to_sagemaker
from gtbridge.plugin.storage import is_folder, read_bytes

pytestmark = pytest.mark.server

KEY = "k3y" + "0123456789abcdef" * 2
SESSION = "session/" + "0123456789abcdef" * 2


@pytest.fixture
def echo(monkeypatch: pytest.MonkeyPatch) -> Iterator[Echo]:
    keys = {"ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "SECRET_ACCESS_KEY": KEY, "SESSION_TOKEN": SESSION}
    for name, value in {**keys, "REGION": "us-east-1", "DEFAULT_REGION": "us-east-1", "MAX_ATTEMPTS": "1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    with echoing_server() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        yield server


def tells_no_secret(error: GtbridgeError, echo: Echo, *secrets: str) -> None:
    heard = "".join(echo.heard)
    for secret in secrets:
        assert secret in heard, "it was sent"
        assert secret not in str(error)


@pytest.mark.parametrize("form", FORMS)
def test_label_studio_is_quoted_without_the_api_key(echo: Echo, form: str) -> None:
    echo.status, echo.form = 400, form
    with pytest.raises(ServerError, match=r"Label Studio refused \(400\): ") as refused:
        connect(echo.url, KEY)
    tells_no_secret(refused.value, echo, KEY)


def test_sagemaker_is_quoted_without_keys(echo: Echo) -> None:
    with pytest.raises(ServerError, match="refused") as refused, speaking_to_sagemaker():
        sagemaker_client().list_labeling_jobs()
    tells_no_secret(refused.value, echo, SESSION, "AKIAIOSFODNN7EXAMPLE")


def test_who_gives_out_credentials_is_quoted_without_the_token_that_was_sent(
    echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"):
        monkeypatch.delenv(f"AWS_{name}")
    monkeypatch.setattr("botocore.utils.ContainerMetadataFetcher.RETRY_ATTEMPTS", 1)
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{echo.url}/role")
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", KEY)
    with pytest.raises(ServerError) as refused:
        read_bytes("s3://bucket/file")
    tells_no_secret(refused.value, echo, KEY)


@pytest.mark.parametrize("host", ["host.invalid:port", "host.invalid:99999"])
def test_a_port_that_is_none_is_a_setting_that_cannot_be_used(echo: Echo, host: str) -> None:
    address = f"http://user:{KEY}@{host}"
    with s3_options(endpoint_url=address), pytest.raises(InputError, match="the AWS settings cannot be used") as s3:
        read_bytes("s3://bucket/file")
    with pytest.raises(InputError, match=r"is no http\(s\) address") as label_studio:
        connect(address, KEY)
    assert KEY not in f"{s3.value} {label_studio.value}"


def test_an_s3_server_that_sends_the_client_round_in_circles_is_one_sentence(echo: Echo) -> None:
    echo.status = 301
    with pytest.raises(ServerError, match=r"^s3://bucket/folder: "):
        is_folder("s3://bucket/folder")
