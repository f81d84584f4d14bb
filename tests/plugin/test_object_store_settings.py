"""How S3 is reached: AWS's settings and credentials, our options, encryption and certificates."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import boto3
import pytest
from botocore.stub import Stubber
from certificates import own_certificate
from fault_proxy import fault_proxy
from roads import done, run
from seaweedfs import ObjectServer

from gtbridge.label_configs.errors import InputError, ServerError
from gtbridge.plugin.files import s3_clients
from gtbridge.plugin.files.aws import S3Options, chosen_options, s3_options, session_for
from gtbridge.plugin.files.s3_clients import bucket_address, bucket_region, s3
from gtbridge.plugin.storage import is_folder, list_files, open_output, read_bytes, read_each, write_bytes


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of the environment, but for what keeps the developer's own out."""
    for name in ("ENDPOINT_URL", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "REGION", "DEFAULT_REGION"):
        monkeypatch.delenv(f"AWS_{name}")


def test_a_profile_gives_server_region_and_keys(
    bucket: str, objects: ObjectServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget(monkeypatch)
    (tmp_path / "config").write_text(f"[profile work]\nregion = us-east-1\nendpoint_url = {objects.url}\n")
    (tmp_path / "keys").write_text(
        f"[work]\naws_access_key_id = {objects.access_key}\naws_secret_access_key = {objects.secret_key}\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "keys"))
    with s3_options(profile="work"):
        write_bytes(f"{bucket}/file", b"x")
        assert list(list_files(bucket)) == ["file"]
        assert list(read_each([f"{bucket}/file"])) == [b"x"]
    with (
        s3_options(profile="play"),
        pytest.raises(ServerError, match=r"The config profile \(play\) could not be found"),
    ):
        is_folder(bucket)


@contextmanager
def container_role(objects: ObjectServer, asked: list[str]) -> Iterator[str]:
    """What gives containers their credentials; these end so soon that they are renewed each time."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.headers["Authorization"])
            end = (datetime.now(UTC) + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
            keys = {"AccessKeyId": objects.access_key, "SecretAccessKey": objects.secret_key, "Expiration": end}
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({**keys, "Token": ""}).encode())

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/role"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_role_of_a_container_is_taken_on_and_renewed(
    bucket: str, objects: ObjectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
        monkeypatch.delenv(f"AWS_{name}")
    monkeypatch.setattr(s3_clients, "_CREDENTIALS_KEPT", timedelta(0))
    asked: list[str] = []
    with container_role(objects, asked) as url:
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", url)
        monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "container-token")
        write_bytes(f"{bucket}/file", b"x")
        before = len(asked)
        assert read_bytes(f"{bucket}/file") == b"x"
        assert len(asked) > before
    assert set(asked) == {"container-token"}
    with pytest.raises(ServerError) as caught:
        read_bytes(f"{bucket}/file")
    assert str(caught.value) == f"{bucket}/file: the AWS credentials cannot be renewed"


def test_who_pays_and_which_key_encrypts_is_said_with_the_requests_that_it_is_for(
    bucket: str, objects: ObjectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    write_bytes(f"{bucket}/file", b"x")
    with fault_proxy(objects.url) as proxy, s3_options(endpoint_url=proxy.url, request_payer="requester"):
        read_bytes(f"{bucket}/file")
        list(list_files(bucket))
        is_folder(bucket)
        with s3_options(sse_kms_key_id="arn:aws:kms:us-east-1:1:key/k"):
            with suppress(ServerError):  # this server has no such key
                write_bytes(f"{bucket}/small", b"x")
            with suppress(ServerError), open_output(f"{bucket}/big") as file:
                file.write(bytes(9 * 2**20))
        writing = proxy.requests[3:]
    assert {request.headers.get("x-amz-request-payer") for request in proxy.requests} == {"requester"}
    said = [request.headers.get("x-amz-server-side-encryption-aws-kms-key-id") for request in writing]
    assert said[:2] == ["arn:aws:kms:us-east-1:1:key/k"] * 2
    assert writing[1].method == "POST"  # begins an upload in parts, which has the key from there
    assert {request.headers.get("x-amz-server-side-encryption") for request in writing[:2]} == {"aws:kms"}
    assert not any("x-amz-server-side-encryption" in request.headers for request in proxy.requests[:3])


def test_a_certificate_is_trusted_only_if_it_is_named(
    bucket: str, objects: ObjectServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_bytes(f"{bucket}/file", b"x")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    own_certificate(tmp_path / "key.pem", tmp_path / "certificate.pem")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "certificate.pem", tmp_path / "key.pem")
    with fault_proxy(objects.url, tls=tls) as proxy, s3_options(endpoint_url=proxy.url):
        for use in (lambda: read_bytes(f"{bucket}/file"), lambda: is_folder(bucket)):
            with pytest.raises(ServerError, match="the certificate of the S3 server is not trusted"):
                use()
        assert proxy.requests == []
        monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "certificate.pem"))
        assert read_bytes(f"{bucket}/file") == b"x"
        assert is_folder(bucket)
        for name, said in (("none.pem", "the certificates to trust cannot be read"), ("key.pem", "no certificate")):
            monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / name))
            with pytest.raises(InputError, match=rf"{name}: .*{said}"):
                is_folder(bucket)


def test_the_options_of_a_command_hold_for_that_command_only(
    bucket: str, objects: ObjectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_bytes(f"{bucket}/in.manifest", b'{"source": "x"}\n')
    write_bytes(f"{bucket}/task.yaml", b"task: question-answer\n")
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    there = ("--endpoint-url", objects.url, "--region", "us-east-1")
    assert "1 objects" in done("manifest", "check", f"{bucket}/in.manifest", "--task", f"{bucket}/task.yaml", *there)
    assert done("task", "check", f"{bucket}/task.yaml", *there)
    assert chosen_options() == S3Options()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("AWS_ENDPOINT_URL", "nowhere", "the AWS settings cannot be used: Invalid endpoint: nowhere"),
        ("AWS_MAX_ATTEMPTS", "many", "the AWS settings cannot be used: invalid literal for int() with base 10: 'many'"),
        ("AWS_PROFILE", "play", "AWS: The config profile (play) could not be found"),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_sentence(
    bucket: str, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    result = run("task", "check", f"{bucket}/task.yaml")
    assert (result.exit_code, result.stderr) == (1, f"error: {said}\n")


@pytest.mark.parametrize("arguments", [["-h"], ["manifest", "check", "-h"], ["task", "check", "task.yaml"]])
def test_what_is_local_waits_for_no_library_of_aws(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "task.yaml").write_text("task: question-answer\n")
    code = (
        "import sys; from gtbridge.plugin.cli import cli\n"
        f"try: cli({arguments!r})\nexcept SystemExit as end: assert not end.code\n"
        "assert not {'boto3', 'botocore', 'obstore'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True)


@pytest.mark.parametrize(
    ("option", "first", "second", "region"),
    [("a", "b", "c", "a"), (None, "b", "c", "b"), (None, "", "c", "c"), (None, None, None, None)],
)
def test_the_region_is_the_options_or_the_environments(
    monkeypatch: pytest.MonkeyPatch, option: str | None, first: str | None, second: str | None, region: str | None
) -> None:
    for name, value in (("AWS_REGION", first), ("AWS_DEFAULT_REGION", second)):
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    assert session_for(S3Options(region=option)).region_name == region


@pytest.mark.parametrize(
    ("endpoint", "bucket_name", "addressing", "address"),
    [
        ("https://s3.eu-west-1.amazonaws.com", "b", "auto", ("https://b.s3.eu-west-1.amazonaws.com", True)),
        ("https://s3.cn-north-1.amazonaws.com.cn", "b", "auto", ("https://b.s3.cn-north-1.amazonaws.com.cn", True)),
        ("https://s3.eu-west-1.amazonaws.com", "b.c", "auto", ("https://s3.eu-west-1.amazonaws.com", False)),
        ("https://s3.eu-west-1.amazonaws.com", "b", "path", ("https://s3.eu-west-1.amazonaws.com", False)),
        ("http://127.0.0.1:8333/", "b", "auto", ("http://127.0.0.1:8333", False)),
        ("https://minio.example/store", "b", "auto", ("https://minio.example/store", False)),
        ("https://minio.example", "b", "virtual", ("https://b.minio.example", True)),
        ("https://amazonaws.com.example", "b", "auto", ("https://amazonaws.com.example", False)),
    ],
)
def test_a_bucket_is_addressed_as_the_sdks_of_aws_do(
    endpoint: str, bucket_name: str, addressing: str, address: tuple[str, bool]
) -> None:
    assert bucket_address(endpoint, bucket_name, addressing) == address


def test_a_bucket_of_another_region_is_asked_for_there(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    known = {"ResponseMetadata": {"HTTPHeaders": {"x-amz-bucket-region": "eu-west-3"}}}
    monkeypatch.setattr(s3().client, "head_bucket", lambda Bucket: known)
    store = s3().store("some-bucket")
    assert store.config["region"] == "eu-west-3"
    assert store.config["endpoint"] == "https://some-bucket.s3.eu-west-3.amazonaws.com"
    assert store.client_options == {"timeout": "1m", "connect_timeout": "10s", "allow_http": "false"}


def test_the_region_is_known_even_where_access_is_denied() -> None:
    client = boto3.client("s3", aws_access_key_id="k", aws_secret_access_key="s", region_name="us-east-1")
    said = {"HTTPHeaders": {"x-amz-bucket-region": "eu-west-3"}}
    with Stubber(client) as stub:
        stub.add_response("head_bucket", {"ResponseMetadata": said})
        stub.add_client_error("head_bucket", "403", http_status_code=403, response_meta=said)
        stub.add_client_error("head_bucket", "404", http_status_code=404)
        assert [bucket_region(client, "b") for _ in range(3)] == ["eu-west-3", "eu-west-3", None]
