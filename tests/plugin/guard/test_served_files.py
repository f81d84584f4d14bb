"""What lies on the server's disk: no address, however it is spelled, gives it to anybody."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest
from addresses_callers import calling
from addresses_world import World

pytestmark = pytest.mark.guarded

# Files of the data directory and of the machine; what is in each of them, so that it is known when it is seen.
_FILES = {"label_studio.sqlite3": b"SQLite format 3", ".env": b"SECRET_KEY=", "etc/passwd": b"root:"}
_BASES = (
    "/static/",
    "/static/../",
    "/data/",
    "/data/upload/",
    "/data/avatars/",
    "/data/local-files/?d=",
    "/react-app/",
)
_UPS = (
    "",
    "../",
    "../../",
    "../../../../../../../../",
    "..%2f..%2f",
    "%2e%2e/%2e%2e/",
    "..\\..\\",
    "....//....//",
    "/",
)


def ways() -> Iterator[tuple[str, bytes]]:
    for base in _BASES:
        for up in _UPS:
            for file, content in _FILES.items():
                yield f"{base}{up}{file}", content
    for file, content in _FILES.items():
        yield f"/data/local-files/?d={quote('/' + file, safe='')}", content
        yield f"/storage-data/uploaded/?filepath=../../{file}", content
        yield f"/data/upload/1/..%2f..%2f..%2f{file}", content


@pytest.mark.parametrize("who", ["owner", "bob"])
def test_no_file_of_the_server_is_served(world: World, who: str) -> None:
    host = urlsplit(world.server.url).netloc
    wrong = []
    with calling(world, getattr(world, who), "legacy token") as client:
        # Not httpx: it would tidy up the paths.
        connection = http.client.HTTPConnection(host, timeout=60)
        for path, content in ways():
            connection.request("GET", path, headers={"Authorization": client.headers["Authorization"]})
            answer = connection.getresponse()
            body = answer.read()
            if content in body:
                wrong.append(f"{who}: GET {path}: {answer.status}")
        connection.close()
    assert not wrong, "\n".join(wrong)


def test_a_page_of_an_error_tells_nothing_of_the_settings(world: World) -> None:
    with calling(world, world.bob, "session") as bob:
        answer = bob.get("/no/such/page", headers={"Accept": "text/html"})
        assert answer.status_code in (200, 404)
        assert not any(word in answer.text for word in ("DEBUG = True", "URLconf", "Traceback", "INSTALLED_APPS"))
