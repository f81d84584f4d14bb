"""Nothing is said to a server whose certificate nobody vouches for, whatever stands in the environment."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import pytest
from certificates import own_certificate
from echoing_server import Echo, echoing_server
from huggingface_hub import HfApi
from roads import run

from gtbridge.label_configs.errors import GtbridgeError
from gtbridge.plugin.files.aws import s3_options
from gtbridge.plugin.label_studio.server import connect
from gtbridge.plugin.storage import is_folder, read_bytes

pytestmark = pytest.mark.server

# What is said to switch the check off in one library or another, and what could do so by mistake.
SWITCHES: tuple[dict[str, str], ...] = (
    {},
    *({name: ""} for name in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")),
    {"PYTHONHTTPSVERIFY": "0", "NODE_TLS_REJECT_UNAUTHORIZED": "0", "GIT_SSL_NO_VERIFY": "1", "CURL_INSECURE": "1"},
    {"AWS_ALLOW_INVALID_CERTIFICATES": "true", "AWS_ALLOW_HTTP": "true", "AWS_VERIFY_SSL": "false"},
    {"ALLOW_INVALID_CERTIFICATES": "true", "OBJECT_STORE_ALLOW_INVALID_CERTIFICATES": "true", "VERIFY": "false"},
    {"HF_HUB_DISABLE_SSL_VERIFY": "1", "HF_HUB_DISABLE_SSL_VERIFICATION": "1", "HTTPX_VERIFY": "0"},
)  # fmt: skip


@pytest.fixture(scope="module")
def false_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Echo]:
    """A server of S3, Label Studio and the Hub whose certificate it made itself."""
    folder = tmp_path_factory.mktemp("certificate")
    own_certificate(folder / "key.pem", folder / "certificate.pem")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    with echoing_server(tls) as server:
        yield server


@pytest.fixture(params=SWITCHES, ids=lambda switch: next(iter(switch), "nothing") if isinstance(switch, dict) else "")
def untrusted(false_server: Echo, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Echo]:
    """The server, while one of the switches is set; it must not have heard a word in the end."""
    names = {name for switch in SWITCHES for name in switch}
    for name in names:
        monkeypatch.delenv(name, raising=False)
    keys = {"ACCESS_KEY_ID": "a" * 16, "SECRET_ACCESS_KEY": "s" * 16, "REGION": "us-east-1", "MAX_ATTEMPTS": "1"}
    for name, value in {**{f"AWS_{key}": value for key, value in keys.items()}, **request.param}.items():
        monkeypatch.setenv(name, value)
    yield false_server
    assert false_server.heard == []


def test_s3_is_told_nothing(untrusted: Echo) -> None:
    for use in (lambda: read_bytes("s3://bucket/file"), lambda: is_folder("s3://bucket/folder")):
        with s3_options(endpoint_url=untrusted.url), pytest.raises(GtbridgeError) as refused:
            use()
        assert "\n" not in str(refused.value)


def test_label_studio_is_told_nothing(untrusted: Echo) -> None:
    with pytest.raises(GtbridgeError, match="CERTIFICATE_VERIFY_FAILED"):
        connect(untrusted.url, "k" * 40)


def test_sagemaker_is_told_nothing(untrusted: Echo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SAGEMAKER", untrusted.url)
    monkeypatch.setattr("gtbridge.plugin.sagemaker.client._ATTEMPTS", 1)
    result = run("job", "list", "--backend", "sagemaker")
    assert result.exit_code == 1
    assert result.stderr.startswith("error: ") and result.stderr.count("\n") == 1


def test_the_hub_is_told_nothing(untrusted: Echo) -> None:
    with pytest.raises(Exception, match=r"CERTIFICATE_VERIFY_FAILED|certificate"):
        HfApi(endpoint=untrusted.url, token="hf_" + "x" * 20).dataset_info("org/name", timeout=5)
