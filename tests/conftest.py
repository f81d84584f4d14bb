"""What all tests share: a clean environment, and one embedded Label Studio for those marked ``server``."""

from __future__ import annotations

import gc
import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from addresses import Address, all_addresses
from addresses_world import World, populated
from hypothesis import settings
from installation import Installation, on_postgres, on_sqlite, with_settings
from living_projects import Living, living_project, said
from roads import ITEMS, RANKING_TASK, done, prepare_job
from seaweedfs import BUCKET, ObjectServer, object_server

from gtbridge.plugin.local_server.embedded import Embedded

# No deadline: how long an example takes says something about the machine, not about the code.
settings.register_profile("gtbridge", deadline=None, max_examples=20)
settings.register_profile("thorough", deadline=None, max_examples=1_000)  # pytest --hypothesis-profile=thorough
settings.load_profile("gtbridge")

# Which tests share a worker of pytest-xdist, by the fixture that they have in common; the first one counts.
_SHARED = {
    "world": "world",
    "guarded_place": "guarded",
    "on_each_database": "guarded",
    "demanding": "guarded",
    "impatient": "guarded",
    "guarded_on_sqlite": "guarded",
    "label_studio": "label_studio",
}

_FOREIGN = ("AWS_", "GTBRIDGE_", "LABEL_STUDIO_", "HF_")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where the guard's tests run: one code of tests for both."""
    help = "the database of the guarded server: sqlite (one process, the default), or postgres (two processes)"
    parser.addoption("--guarded-on", choices=("sqlite", "postgres"), default="sqlite", help=help)


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
    with with_settings("quick_settings") as server:
        yield server


@pytest.fixture(scope="session")
def guarded_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One guarded server of one process for the run."""
    with on_sqlite(tmp_path_factory.mktemp("guarded") / "data") as place:
        yield place


@pytest.fixture(scope="session")
def guarded_on_postgres() -> Iterator[Installation]:
    """One of two processes, as teams run it."""
    with on_postgres() as place:
        yield place


@pytest.fixture(scope="session")
def demanding() -> Iterator[Installation]:
    """One of two processes below a path, with Label Studio's content-security policy enforced; it waits for no lock."""
    with on_postgres("/annotate", LABEL_STUDIO_LS_CSP_REPORT_ONLY="false", GTBRIDGE_LOCK_PATIENCE="2") as place:
        yield place


@pytest.fixture(scope="session")
def guarded_place(request: pytest.FixtureRequest) -> Installation:
    """The one of the two that ``--guarded-on`` names, for the tests marked ``guarded``."""
    place: Installation = request.getfixturevalue(f"guarded_on_{request.config.getoption('--guarded-on')}")
    return place


@pytest.fixture(scope="session")
def guarded(guarded_place: Installation) -> Embedded:
    """Its server."""
    return guarded_place.server


@pytest.fixture(scope="session", params=("sqlite", "postgres"))
def on_each_database(request: pytest.FixtureRequest) -> Installation:
    """Each of the two: for what the database itself decides, which is who waits for whom."""
    place: Installation = request.getfixturevalue(f"guarded_on_{request.param}")
    return place


@pytest.fixture(scope="session")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> list[Address]:
    """Every address of a guarded server, as Django's resolver has them."""
    return all_addresses(tmp_path_factory.mktemp("addresses"))


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[World]:
    """A guarded server full of things to spy on; whoever uses it leaves them as they are, and may add some."""
    folder = tmp_path_factory.mktemp("world")
    postgres = request.config.getoption("--guarded-on") == "postgres"
    with on_postgres() if postgres else on_sqlite(folder / "data") as place:
        yield populated(place, folder)


@pytest.fixture
def job(label_studio: Embedded, tmp_path: Path, request: pytest.FixtureRequest) -> tuple[str, int, Path]:
    """(name, project, folder) of a ranking job made through the command line."""
    name = "road-" + request.node.name.replace("_", "-")[5:60].rstrip("-")
    path, _ = prepare_job(tmp_path, name, ITEMS, RANKING_TASK, workers=2)
    made = json.loads(done("job", "create", "--request", str(path), "--json", server=label_studio))
    return name, made["ProjectId"], tmp_path


@pytest.fixture
def living(label_studio: Embedded, tmp_path: Path) -> Iterator[Living]:
    """A project of four tasks, the first and the third of which have an answer."""
    with living_project(label_studio, tmp_path / "kept.jsonl.gz") as made:
        made.add([{"result": said()}], [], [{"result": said()}], [])
        yield made


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs the guard or S3 needs a server, too (``-m "not server"``); who share a server share a worker."""
    for item in items:
        if item.get_closest_marker("guarded"):
            item.add_marker(pytest.mark.server)
        used = getattr(item, "fixturenames", ())
        if item.get_closest_marker("server"):
            shared = [group for name, group in _SHARED.items() if name in used]
            item.add_marker(pytest.mark.xdist_group(shared[0] if shared else item.path.name))
        elif "objects" in used or "addresses" in used:  # start in seconds, so that each worker may have one
            item.add_marker(pytest.mark.server)


def pytest_collection_finish(session: pytest.Session) -> None:
    """With pytest 9.2, pytest-xdist 3.8 spreads what is to share a worker, and says nothing of it."""
    gc.collect()
    gc.freeze()  # the modules and tests are there to the end: looking through them again and again takes seconds
    if session.config.option.__dict__.get("loadgroup"):
        spread = [item for item in session.items if item.get_closest_marker("xdist_group") and "@" not in item.nodeid]
        assert not spread, "tests that share a server are not kept together; does pytest-xdist go with this pytest?"
