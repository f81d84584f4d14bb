"""What is in between: tabs of the data manager, which Label Studio shares among all, files of an import, pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from one_item import make_job
from roads import RANKING_TASK, Api, pooled_annotator

from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.guarded

ITEM = {"source": "Why?", "responses": ["zero", "one"]}


def tabs(api: Api, project: int) -> list[str]:
    return [view["data"]["title"] for view in api.get("/api/dm/views", project=project).json()]


def open_tab(api: Api, project: int, title: str) -> int:
    answer = httpx.post(
        f"{api.url}/api/dm/views/", json={"project": project, "data": {"title": title}}, headers=api.headers, timeout=60
    )
    return answer.status_code


def annotators(server: Embedded) -> list[Api]:
    return [Api(server, pooled_annotator(server.url, server.api_key, number)) for number in (0, 1)]


def test_everybody_has_tabs_of_their_own_and_reviewers_see_none_of_annotators(
    guarded: Embedded, tmp_path: Path
) -> None:
    project = make_job(guarded, tmp_path, "tabs", ITEM, RANKING_TASK)
    owner, (ann, bob) = Api(guarded), annotators(guarded)
    for api, title in ((owner, "Review"), (ann, "Ann's"), (bob, "Bob's")):
        assert open_tab(api, project, title) == 201
    assert (tabs(owner, project), tabs(ann, project), tabs(bob, project)) == (["Review"], ["Ann's"], ["Bob's"])


def test_tabs_of_a_foreign_project_are_shared_as_ever(guarded: Embedded) -> None:
    owner, (ann, _) = Api(guarded), annotators(guarded)
    config = '<View><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice value="a"/></Choices></View>'
    made: dict[str, Any] = httpx.post(
        f"{owner.url}/api/projects/",
        json={"title": "foreign", "label_config": config},
        headers=owner.headers,
        timeout=60,
    ).json()
    assert open_tab(ann, made["id"], "Ann's") == 201
    assert tabs(owner, made["id"]) == ["Ann's"]


def test_files_of_an_import_are_the_reviewers(guarded: Embedded, tmp_path: Path) -> None:
    project = make_job(guarded, tmp_path, "files", ITEM, RANKING_TASK)
    owner, (ann, _) = Api(guarded), annotators(guarded)
    uploaded = httpx.post(
        f"{owner.url}/api/projects/{project}/import",
        params={"commit_to_project": "false"},
        files={"file": ("answers.json", b'[{"data": {"prompt": "CANARY"}}]', "application/json")},
        headers=owner.headers,
        timeout=60,
    )
    (number,) = uploaded.json()["file_upload_ids"]
    file = owner.get(f"/api/import/file-upload/{number}").json()["file"]
    for path in (f"/data/{file}", f"/api/import/file-upload/{number}"):
        assert owner.get(path).status_code == 200, path
        assert ann.get(path).status_code == 403, path


def test_a_page_for_reviewers_says_so_to_people_and_leads_back(guarded: Embedded, tmp_path: Path) -> None:
    project = make_job(guarded, tmp_path, "pages", ITEM, RANKING_TASK)
    ann, _ = annotators(guarded)
    url = f"{guarded.url}/projects/{project}/settings"
    page = httpx.get(url, headers={**ann.headers, "Accept": "text/html,*/*"}, follow_redirects=True, timeout=60)
    assert (page.status_code, page.headers["Content-Type"]) == (403, "text/html; charset=utf-8")
    assert "Only reviewers may open this page." in page.text
    assert 'href="/projects/"' in page.text
    assert ann.get(f"/projects/{project}/settings/").json()["detail"] == "only reviewers may do this"
