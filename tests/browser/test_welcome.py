"""The way in, at a real browser: from the link to the label stream."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from browser import new_annotator
from invited import PASSWORD, new_job
from playwright.sync_api import expect
from roads import done

from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.guarded


def test_an_invited_person_chooses_a_password_logs_in_and_is_at_work(guarded: Embedded, tmp_path: Path) -> None:
    project = new_job(guarded, tmp_path, "welcome-in-the-browser")
    people = tmp_path / "people.csv"
    people.write_text("email,first_name\nwelcome@example.com,Ann\n", encoding="utf-8")
    made = done("workers", "add", "--job", "welcome-in-the-browser", str(people), "--json", server=guarded)
    [ann] = json.loads(made)["workers"]
    with new_annotator(guarded, "at-the-browser-before") as before:
        page = before.page
        page.goto(ann["link"])
        expect(page.get_by_role("heading", name="Welcome, Ann")).to_be_visible()
        expect(page.get_by_text(guarded.url.removeprefix("http://"))).to_be_visible()
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_label("The same again").fill("something-else")
        page.get_by_role("button", name="Choose this password").click()
        expect(page.get_by_role("alert")).to_have_text("The two password fields didn’t match.")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_label("The same again").fill(PASSWORD)
        page.get_by_role("button", name="Choose this password").click()
        page.wait_for_url("**/user/login/**")  # whoever was logged in before is not any more
        page.fill("input[name=email]", "Welcome@example.com")
        page.fill("input[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url(f"**/projects/{project}/data**labeling=1**")
        expect(page.locator(".gtb")).to_be_visible()
        page.goto(ann["link"])
        expect(page.get_by_role("heading", name="This link does not work any more")).to_be_visible()
