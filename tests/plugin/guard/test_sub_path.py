"""Label Studio below a path of a site: whatever the guard says or asks for is there as well."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from guarded_api import calling, open_desk
from installation import Installation
from invited import PASSWORD, choose, logged_in, new_job
from judged_jobs import QUESTIONS
from roads import done, output_lines

pytestmark = pytest.mark.guarded


def test_the_commands_reach_a_server_below_a_path(demanding: Installation, tmp_path: Path) -> None:
    with calling(demanding.server) as owner, calling(demanding.server, "below-a-path") as ann:
        desk = open_desk(owner, tmp_path, "below-a-path", QUESTIONS)
        assert ann("POST", desk.path(), json={"result": QUESTIONS.good}).status_code == 201
        bad = ann("PATCH", f"/api/annotations/{desk.stored()[0]['id']}/", json={"result": []})
        assert bad.status_code == 400
    described = json.loads(done("job", "describe", "below-a-path", "--json", server=demanding.server))
    assert described["LabelStudio"]["Valid"] == 1
    done("job", "export", "below-a-path", "--to", str(tmp_path / "out"), server=demanding.server)
    assert len(output_lines(tmp_path / "out/below-a-path")) == 1


def test_an_invitation_leads_below_the_path_and_from_there_to_the_job(demanding: Installation, tmp_path: Path) -> None:
    url, path = demanding.server.url, httpx.URL(demanding.server.url).path
    project = new_job(demanding.server, tmp_path, "path-invitation")
    people = tmp_path / "people.csv"
    people.write_text("email\nfar@example.com\n", encoding="utf-8")
    made = done("workers", "add", "--job", "path-invitation", str(people), "--json", server=demanding.server)
    (far,) = json.loads(made)["workers"]
    assert far["link"].startswith(f"{url}/gtbridge/welcome/")
    chosen = choose(far["link"])
    assert chosen.status_code == 302
    assert chosen.headers["Location"].startswith(f"{path}/user/login/?next={path.replace('/', '%2F')}%2Fprojects%2F")
    with logged_in(demanding.server, "far@example.com", PASSWORD) as browser:
        page = browser.get(f"/projects/{project}/data")
        assert f'<script src="{path}/gtbridge/guard.js?' in page.text
        assert browser.get("/gtbridge/guard.js").status_code == 200
        about = browser.get("/gtbridge/about").json()
        assert not about["reviewer"]
        closed = browser.get(f"/projects/{project}/settings", headers={"Accept": "text/html"})
        assert f'<a href="{path}/projects/">' in closed.text
