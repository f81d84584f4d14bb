"""What Label Studio says of itself: nothing that opens it."""

from __future__ import annotations

import pytest
from addresses import leaks
from addresses_callers import calling
from addresses_world import World

pytestmark = pytest.mark.guarded


def test_the_servers_settings_are_not_told_with_its_versions(world: World) -> None:
    with world.client() as administrator, calling(world, world.bob, "session") as bob, world.client() as nobody:
        form = {"email": world.server.email, "password": world.server.password}
        administrator.get("/user/login/")
        headers = {"X-CSRFToken": administrator.cookies["csrftoken"], "Referer": world.server.url}
        assert administrator.post("/user/login/", data=form, headers=headers).status_code == 302
        for _ in range(2):  # each process, if there are two
            assert "SECRET_KEY" in administrator.get("/version/").text
        for somebody in (bob, nobody):
            for path in ("/api/version", "/api/version/", "/api/version/"):
                told = somebody.get(path)
                assert told.json()["release"]
                assert not leaks(told, ["secret_key", '"settings"'])
