"""An annotator at a real browser: how Label Studio's editor is opened, sent off and read, whatever the task.

Every wait is for a condition that a person would wait for, too.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Cookie, Locator, Page, Playwright, Request, expect, sync_playwright
from roads import Api

from gtbridge.plugin.local_server.accounts import add_annotator
from gtbridge.plugin.local_server.embedded import Embedded

# Nothing but the page itself talks to a network, and Chromium starts as root in a container.
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
_PASSWORD = "a-long-password"
_PATIENCE = 20_000  # milliseconds: for a page of Label Studio on a busy machine

_NOT_INSTALLED = re.compile(r"^https?://[^/]+/(?!static/|react-app/)")

# What the config puts into names so that nothing interprets or turns them: WORD JOINER, the isolates, POP ISOLATE.
_INVISIBLE = re.compile("[\u2060\u2066-\u2069]")


def seen(text: str) -> str:
    """What a reader sees of ``text``."""
    return _INVISIBLE.sub("", text).strip()


def chosen(options: Locator) -> list[str]:
    """The options of a control that are shown as chosen."""
    return [seen(text) for text in options.locator(".ant-checkbox-wrapper-checked").all_inner_texts()]


def option(options: Locator, text: str) -> Locator:
    """The option of a control that reads ``text``."""
    labels = options.locator("label")
    (position,) = [at for at, label in enumerate(labels.all_inner_texts()) if seen(label) == text]
    return labels.nth(position)


def choose(options: Locator, text: str) -> None:
    """Click an option, which its control shows as chosen from then on."""
    found = option(options, text)
    found.click()
    expect(found).to_contain_class("ant-checkbox-wrapper-checked")


@dataclass
class Annotator:
    """Somebody with an account of their own, logged in."""

    page: Page
    api: Api
    worker: str
    server: Embedded = field(repr=False)

    @property
    def user(self) -> int:
        """The id of the account."""
        return int(self.worker.rpartition("-")[2])

    @property
    def submit_button(self) -> Locator:
        """Submit, or Update on an answer that was submitted before."""
        return self.page.locator("button[name=submit]")

    def begin(self, project: int) -> str:
        """Open the project's label stream; reads the instructions, closes them and returns them."""
        self.page.goto(f"{self.api.url}/projects/{project}/data?labeling=1")
        instructions = self.page.locator(".lsf-modal-ls_visible")
        body = instructions.locator(".lsf-modal-ls__body").inner_text()
        instructions.get_by_role("button", name="Close modal").click()
        expect(instructions).to_have_count(0)
        expect(self.page.locator(".gtb")).to_be_visible()
        return body.strip()

    def reopen(self, project: int, text: str) -> None:
        """Open the task with this prompt or passage from its row in the data manager."""
        self.page.goto(f"{self.api.url}/projects/{project}/data")
        self.page.get_by_text(text, exact=True).click()
        expect(self.submit_button).to_have_text("Update")

    def refused(self) -> str:
        """Press Submit, which the screen refuses; returns the message, with the dialogue closed again.

        The dialogue is Label Studio's, with one message, or the guard's, with a line for each.
        """
        self.submit_button.click()
        dialogue = self.page.get_by_role("dialog")
        message = dialogue.locator(".ant-modal-confirm-content, ul").inner_text()
        expect(dialogue).not_to_have_class(re.compile(r"\bant-zoom-"))  # it has come to rest
        dialogue.get_by_role("button", name="OK").click()
        try:
            expect(dialogue).to_have_count(0, timeout=_PATIENCE / 4)
        except AssertionError:
            # Seen once on a busy machine: the click went astray. A person would click again.
            dialogue.get_by_role("button", name="OK").click()
            expect(dialogue).to_have_count(0)
        return seen(message)

    def refusal(self) -> list[str]:
        """Press Submit or Update, which the guard refuses; returns its sentences, with the box closed again."""
        self.submit_button.click()
        return self.sentences()

    def sentences(self) -> list[str]:
        """What the guard's box says, with the box closed again."""
        box = self.page.get_by_role("dialog", name="Not saved yet")
        expect(box.get_by_role("button", name="OK")).to_be_focused()
        sentences = box.get_by_role("listitem").all_inner_texts()
        self.page.keyboard.press("Enter")
        expect(box).to_have_count(0)
        return sentences

    def hand_over(self, cookies: list[Cookie]) -> None:
        """Leave the browser to whoever these cookies stand for; nobody logs out."""
        self.page.goto("about:blank")  # a page of Label Studio would go on asking, and be given its session again
        self.page.context.clear_cookies()
        self.page.context.add_cookies(cookies)  # type: ignore[arg-type]  # what comes out goes in

    def change_to(self, name: str) -> Annotator:
        """Somebody else, with a new account, logs in to the same browser, in which nobody logged out."""
        self.hand_over([])
        return _new_account(self.page, self.server, name)

    def submit(self) -> None:
        """Send the answer off; there is no other task."""
        with self.page.expect_response(lambda response: saves_an_answer(response.request)) as saved:
            self.submit_button.click()
        assert saved.value.status == 201
        expect(self.page.get_by_text("No More Tasks Left in Queue")).to_be_visible()

    def update(self) -> None:
        """Save an answer that was submitted before."""
        with self.page.expect_response(lambda response: saves_an_answer(response.request)) as saved:
            self.submit_button.click()
        assert saved.value.status == 200


def saves_an_answer(request: Request) -> bool:
    """Whether it is Submit or Update."""
    return request.method in ("POST", "PATCH") and re.search(r"/annotations(/\d+)?/?(\?|$)", request.url) is not None


@contextmanager
def new_annotator(server: Embedded, name: str, record: Path | None = None) -> Iterator[Annotator]:
    """A new account, logged in through the login page of a fresh browser.

    ``record`` is where to leave, at the end, everything that the browser received (a HAR file with the bodies), save
    for the scripts, styles and pictures that Label Studio serves from its own installation.
    """
    with sync_playwright() as playwright, _page(playwright, record) as page:
        yield _new_account(page, server, name)


@contextmanager
def several_people(server: Embedded) -> Iterator[Callable[[str | None], Annotator]]:
    """A function that seats somebody with a new account, or the server's owner (None), at a browser of their own."""
    with sync_playwright() as playwright, ExitStack() as browsers:

        def arrive(name: str | None) -> Annotator:
            page = browsers.enter_context(_page(playwright))
            if name is not None:
                return _new_account(page, server, name)
            return _log_in(page, server, server.email, server.password, Api(server))

        yield arrive


@contextmanager
def _page(playwright: Playwright, record: Path | None = None) -> Iterator[Page]:
    browser = playwright.chromium.launch(executable_path=chromium(playwright), args=FLAGS)
    context = browser.new_context(
        viewport={"width": 1440, "height": 1000},
        record_har_path=record,
        record_har_content="embed",
        record_har_url_filter=_NOT_INSTALLED,
    )
    context.set_default_timeout(_PATIENCE)
    expect.set_options(_PATIENCE)
    yield context.new_page()
    context.close()
    browser.close()


def _new_account(page: Page, server: Embedded, name: str) -> Annotator:
    email = f"{name}@example.com"
    api = Api(server, add_annotator(server.url, server.api_key, email, _PASSWORD))
    return _log_in(page, server, email, _PASSWORD, api)


def _log_in(page: Page, server: Embedded, email: str, password: str, api: Api) -> Annotator:
    """Log in as the login page's form does, but without the pages before and after it, which take seconds to draw."""
    address, request = f"{server.url}/user/login/", page.context.request
    user = api.get("/api/current-user/whoami").json()["id"]
    while request.get(f"{server.url}/api/current-user/whoami").json().get("id") != user:
        # Label Studio's session is a cookie: an answer that was under way when somebody left brought theirs back.
        page.context.clear_cookies()
        request.get(address)
        (token,) = [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken"]
        form: dict[str, str | float | bool] = {"email": email, "password": password, "csrfmiddlewaretoken": token}
        assert request.post(address, form=form, headers={"Referer": address}, max_redirects=0).status == 302
    return Annotator(page, api, f"label-studio-{user}", server)


def received(record: Path) -> list[bytes]:
    """The bodies of all responses in a record that ``new_annotator`` left."""
    entries = json.loads(record.read_bytes())["log"]["entries"]
    contents = [entry["response"]["content"] for entry in entries]
    return [
        base64.b64decode(content["text"]) if content.get("encoding") == "base64" else content["text"].encode()
        for content in contents
        if "text" in content
    ]


def chromium(playwright: Playwright) -> str | None:
    """The path of a Chromium, None for Playwright's own; without any, a developer's run is skipped, CI's fails."""
    system = os.environ.get("GTBRIDGE_CHROMIUM") or shutil.which("chromium", path=f"/usr/bin:{os.environ['PATH']}")
    if not system and not Path(playwright.chromium.executable_path).exists() and not os.environ.get("CI"):
        pytest.skip("no Chromium: install one, or name one in GTBRIDGE_CHROMIUM")
    return system
