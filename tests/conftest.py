"""What all tests share: a clean environment, and one embedded Label Studio for those marked ``server``."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from addresses import Address, all_addresses
from addresses_world import World, guarded_world
from hypothesis import settings
from roads import ITEMS, RANKING_TASK, done, prepare_job
from seaweedfs import BUCKET, ObjectServer, object_server

from gtbridge.plugin.local_server.embedded import Embedded, embedded_label_studio

# No deadline: how long an example takes says something about the machine, not about the code.
settings.register_profile("gtbridge", deadline=None, max_examples=20)
settings.register_profile("thorough", deadline=None, max_examples=1_000)  # pytest --hypothesis-profile=thorough
settings.load_profile("gtbridge")

_FOREIGN = ("AWS_", "GTBRIDGE_", "LABEL_STUDIO_", "HF_")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the developer's credentials, endpoints or caches of AWS, Label Studio and Hugging Face."""
    for name in os.environ:
        if name.startswith(_FOREIGN):
            monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(scope="session")
def objects() -> Iterator[ObjectServer]:
    """One S3 server for the run; a test asks for ``bucket`` and has a part of it to itself."""
    with object_server() as server:
        yield server


@pytest.fixture
def bucket(objects: ObjectServer, clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """A prefix that nothing lies under, ``s3://<bucket>/<prefix>``, with what it takes to get there in AWS_*."""
    for name, value in objects.environment().items():
        monkeypatch.setenv(name, value)
    return f"s3://{BUCKET}/{secrets.token_hex(8)}"


@pytest.fixture(scope="session")
def label_studio() -> Iterator[Embedded]:
    """One server for the run; tests share it, so each makes its own projects and accounts.

    With pytest-xdist use ``--dist loadgroup``: the tests that share it then share a worker.
    """
    with embedded_label_studio() as server:
        yield server


@pytest.fixture(scope="session")
def guarded() -> Iterator[Embedded]:
    """One server with the guard for the run, for the tests marked ``guarded``; shared like ``label_studio``."""
    with embedded_label_studio(settings_module="gtbridge.plugin.guard.settings") as server:
        yield server


@pytest.fixture(scope="session")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> list[Address]:
    """Every address of a guarded server, as Django's resolver has them."""
    return all_addresses(tmp_path_factory.mktemp("addresses"))


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A guarded server full of things to spy on; whoever uses it leaves them as they are, and may add some."""
    with guarded_world(tmp_path_factory.mktemp("world")) as made:
        yield made


@pytest.fixture
def job(label_studio: Embedded, tmp_path: Path, request: pytest.FixtureRequest) -> tuple[str, int, Path]:
    """(name, project, folder) of a ranking job made through the command line."""
    name = "road-" + request.node.name.replace("_", "-")[5:60].rstrip("-")
    path, _ = prepare_job(tmp_path, name, ITEMS, RANKING_TASK, workers=2)
    made = json.loads(done("job", "create", "--request", str(path), "--json", server=label_studio))
    return name, made["ProjectId"], tmp_path


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs the guard or S3 needs a server, too (``-m "not server"``); who share a server share a worker."""
    for item in items:
        if item.get_closest_marker("guarded"):
            item.add_marker(pytest.mark.server)
        used = getattr(item, "fixturenames", ())
        if item.get_closest_marker("server"):
            shared = [name for name in ("world", "guarded", "label_studio") if name in used]
            item.add_marker(pytest.mark.xdist_group(shared[0] if shared else item.path.name))
        elif "objects" in used or "addresses" in used:  # start in seconds, so that each worker may have one
            item.add_marker(pytest.mark.server)
