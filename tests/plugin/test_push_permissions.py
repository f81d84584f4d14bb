"""Who may read what is pushed, who may push it, what is tagged, and what nobody learns of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hub_stand_in import READER, TOKEN, Fault, Hub, hub
from hub_store import Repo
from pushed_datasets import ADDRESS, LINE, NAME, ROWS, TODAY, log_in, pushed, refused, write_dataset

from gtbridge.label_configs.errors import GtbridgeError, InputError, MissingError, ServerError
from gtbridge.plugin.hub.push import push
from gtbridge.plugin.hub.ready import PushOptions, get_ready

pytestmark = pytest.mark.server


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """An empty Hub that huggingface_hub talks to."""
    with hub() as made:
        log_in(monkeypatch, made)
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_dataset(tmp_path / "data", ROWS)


@pytest.mark.parametrize("private", [True, False])
def test_only_public_makes_public_and_only_after_the_commit(there: Hub, folder: Path, private: bool) -> None:
    there.repos[NAME] = Repo(private=private)
    if not private:
        message = refused(InputError, folder)
        assert message == f"{ADDRESS}: is public, so what is pushed there is published; say --public if that is meant"
        assert not there.asked("(POST|PUT) ")
    done = pushed(folder, public=True)
    assert (done.private, there.repos[NAME].private) == (False, False)
    changes = there.asked("PUT .*/settings")
    assert len(changes) == (1 if private else 0)
    assert not changes or there.requests.index(changes[0]) > there.requests.index(there.asked("POST .*/commit/")[0])


def test_a_new_repository_is_private_until_everything_is_there(there: Hub, folder: Path) -> None:
    seen: list[bool] = []
    there.faults.append(Fault("POST .*/commit/", meanwhile=lambda: seen.append(there.repos[NAME].private)))
    assert pushed(folder, public=True, tag="v1").private is False
    assert (seen, there.repos[NAME].private) == ([True], False)
    made, tagged, opened = (there.asked(f"(POST|PUT) .*/{what}")[0] for what in ("commit/", "tag/", "settings"))
    assert there.requests.index(made) < there.requests.index(tagged) < there.requests.index(opened)


def test_a_push_of_the_same_makes_what_is_there_public(there: Hub, folder: Path) -> None:
    pushed(folder)
    assert pushed(folder, public=True).outcome == "unchanged"
    assert there.repos[NAME].private is False


def test_a_tag_is_made_for_the_commit_and_is_never_moved(there: Hub, folder: Path) -> None:
    first = pushed(folder, tag="v1")
    assert first.changelog == LINE.replace(":", " (v1):", 1)
    assert there.repos[NAME].tags == {"v1": first.commit}
    assert pushed(folder, tag="v1").outcome == "unchanged"
    assert pushed(folder, tag="same").outcome == "unchanged"
    write_dataset(folder, ROWS, body="More.")
    there.requests.clear()
    message = refused(InputError, folder, tag="v1")
    assert message == f"{ADDRESS}: has a tag v1 already, for another commit; tags stay as they are, so choose another"
    assert not there.asked("(POST|PUT) ")
    pushed(folder)
    assert refused(InputError, folder, tag="v1") == message
    assert there.repos[NAME].tags == {"v1": first.commit, "same": first.commit}


def test_a_dry_run_needs_no_token_where_nothing_is(there: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log_in(monkeypatch, there, None)
    assert pushed(folder, dry_run=True).private is None
    assert refused(InputError, folder) == (f"{ADDRESS}: the Hub asks who you are: set HF_TOKEN, or run `hf auth login`")


@pytest.mark.parametrize(
    ("token", "message"),
    [
        ("hf_" + "x" * 34, "the Hub does not take this token (HF_TOKEN, or the one of your login)"),
        (
            READER,
            "your token may not do this; it takes write access to org (You don't have the rights to do this with this "
            "namespace)",
        ),
    ],
    ids=["unknown", "reader"],
)
def test_a_token_that_may_not_write_is_one_clear_sentence(
    there: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch, token: str, message: str
) -> None:
    log_in(monkeypatch, there, token)
    assert refused(InputError, folder) == f"{ADDRESS}: {message}"
    there.repos[NAME] = Repo(private=True)
    assert refused(InputError, folder) == f"{ADDRESS}: {message}"
    assert len(there.repos[NAME].history()) == 1


def test_a_repository_that_is_there_but_not_for_this_token_is_said_to_be(there: Hub, folder: Path) -> None:
    there.repos[NAME] = Repo(private=True)
    there.faults.append(Fault("GET .*/revision/main", 404, 2, {"X-Error-Code": "RepoNotFound"}))
    assert refused(MissingError, folder) == f"{ADDRESS}: is there, but your token may not see it"


def test_a_repository_that_somebody_makes_public_meanwhile_is_left_alone(there: Hub, folder: Path) -> None:
    make = lambda: there.repos.__setitem__(NAME, Repo(private=False))  # noqa: E731
    there.faults.append(Fault("POST /api/repos/create", meanwhile=make))
    assert "is public, so what is pushed there is published" in refused(InputError, folder)
    assert len(there.repos[NAME].history()) == 1


@pytest.mark.parametrize("asked", ["POST .*/commit/", "GET .*/revision/main", "PUT /large/", "POST .*/objects/batch"])
@pytest.mark.parametrize("status", [400, 403, 503])
def test_what_the_hub_says_is_repeated_without_secrets(
    there: Hub, folder: Path, asked: str, status: int, capfd: Any, caplog: Any
) -> None:
    secret = f"sent Authorization: Bearer {TOKEN} to https://x.org/y?X-Amz-Signature=secret"
    there.faults.append(Fault(asked, status, 10**6, told=secret))
    remarks: list[str] = []
    with pytest.raises(GtbridgeError) as error:
        push(get_ready(str(folder), NAME, PushOptions()), TODAY, tell=remarks.append, wait=lambda seconds: None)
    out, err = capfd.readouterr()
    for text in (str(error.value), *remarks, out, err, caplog.text):
        assert TOKEN not in text
        assert "secret" not in text
    assert "\n" not in str(error.value)


def test_a_token_of_any_form_is_a_secret(there: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    token = "api-org.0123456789"
    log_in(monkeypatch, there, token)
    there.tokens[token] = "write"
    there.faults.append(Fault("POST .*/commit/", 400, told=f"what is {token}?"))
    with pytest.raises(ServerError, match=r": the Hub answers 400: what is \.\.\.\?$"):
        pushed(folder)
