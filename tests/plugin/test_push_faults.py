"""What goes wrong on the way to the Hub: it is survived with nothing sent twice, or it is one clear sentence."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hub_stand_in import Fault, Hub, hub
from hub_store import Repo
from pushed_datasets import ADDRESS, NAME, ROWS, TODAY, log_in, pushed, row, write_dataset, write_table

from gtbridge.label_configs.errors import GtbridgeError, ServerError
from gtbridge.plugin.hub.push import push
from gtbridge.plugin.hub.ready import PushOptions, get_ready

pytestmark = pytest.mark.server

COMMIT, UPLOAD = "POST .*/commit/", "PUT /large/"


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with hub() as made:
        log_in(monkeypatch, made)
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_dataset(tmp_path / "data", ROWS)


def is_whole(there: Hub, folder: Path) -> None:
    """The repository holds the dataset by exactly one commit, and every large file was sent whole once."""
    repo = there.repos[NAME]
    assert [commit.title for commit in repo.history() if commit.title != "by hand"][1:] == [
        "Dataset built with gtbridge"
    ]
    for path in folder.rglob("*"):
        if path.is_file():
            assert repo.files[path.relative_to(folder).as_posix()].data == path.read_bytes()
    assert repo.texts()["CHANGELOG.md"].count("2026-11-23") == 1


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [
        (429, {"Retry-After": "37"}, 37),
        (429, {"Retry-After": "99999"}, 300),
        (429, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, 1),
        (503, {}, 1),
        (500, {}, 1),
        (409, {}, 1),
        (412, {}, 1),
    ],
)
def test_a_commit_that_the_hub_does_not_take_now_is_made_later(
    there: Hub, folder: Path, status: int, headers: dict[str, str], wait: float
) -> None:
    there.faults.append(Fault(COMMIT, status, 2, headers))
    waited: list[float] = []
    assert pushed(folder, waited=waited).outcome == "pushed"
    assert waited == ([wait, wait] if wait > 1 else [1, 2])
    assert len(there.asked(UPLOAD)) == 3
    is_whole(there, folder)


@pytest.mark.parametrize(
    "asked",
    [
        "GET .*/revision/main",
        "POST /api/repos/create",
        "GET .*/tree/",
        "POST .*/preupload/",
        "POST .*/objects/batch",
        UPLOAD,
        "GET .*/refs",
        "POST .*/tag/",
        "PUT .*/settings",
    ],
)
@pytest.mark.parametrize("happens", [429, 503, "cut", "lost"])
def test_each_other_request_is_made_again(there: Hub, folder: Path, asked: str, happens: int | str) -> None:
    there.faults.append(Fault(asked, happens, 1, {"Retry-After": "3"}))
    done = pushed(folder, tag="v1", public=True)
    assert (done.outcome, done.private) == ("pushed", False)
    assert (there.repos[NAME].tags, there.repos[NAME].private) == ({"v1": done.commit}, False)
    assert there.faults[0].times == 0
    is_whole(there, folder)


def test_a_commit_of_which_the_answer_is_lost_is_not_made_twice(there: Hub, folder: Path) -> None:
    there.faults.append(Fault(COMMIT, "lost"))
    done = pushed(folder, tag="v1")
    assert (done.outcome, done.commit) == ("pushed", there.repos[NAME].branches["main"])
    assert done.changelog is not None
    assert done.plan.added[0].path == "README.md"
    assert there.repos[NAME].tags == {"v1": done.commit}
    is_whole(there, folder)


def test_an_upload_that_breaks_off_goes_on_with_what_is_missing(there: Hub, folder: Path) -> None:
    # More often than huggingface_hub itself tries again, so that the whole push begins anew.
    digest = hashlib.sha256((folder / "sft/train-00000.parquet").read_bytes()).hexdigest()
    there.faults.append(Fault(f"PUT /large/{digest}", "cut", 6))
    waited: list[float] = []
    assert pushed(folder, waited=waited).outcome == "pushed"
    assert waited == [1]
    assert len(there.asked(UPLOAD)) == 2 + 6 + 1
    is_whole(there, folder)


def test_a_second_push_after_a_broken_one_sends_only_what_is_missing(there: Hub, folder: Path) -> None:
    there.faults.append(Fault(COMMIT, 400, told="no more room"))
    with pytest.raises(ServerError, match=f"^{ADDRESS}: the Hub answers 400: no more room$"):
        pushed(folder)
    assert len(there.repos[NAME].history()) == 1
    there.requests.clear()
    pushed(folder)
    assert there.asked(UPLOAD) == []
    is_whole(there, folder)


def test_a_commit_of_somebody_else_in_between_is_kept(there: Hub, folder: Path) -> None:
    there.repos[NAME] = Repo(private=True)
    theirs = lambda: there.repos[NAME].write({"LICENSE": b"theirs", "CHANGELOG.md": b"# Changelog\n\n- theirs\n"})  # noqa: E731
    there.faults.append(Fault(COMMIT, meanwhile=theirs))
    done = pushed(folder)
    files = there.repos[NAME].files
    assert (done.outcome, files["LICENSE"].data) == ("pushed", b"theirs")
    assert files["CHANGELOG.md"].data.decode() == f"# Changelog\n\n- {done.changelog}\n- theirs\n"
    assert len(there.asked(COMMIT)) == 2
    is_whole(there, folder)


def test_rows_are_compared_with_what_somebody_else_committed_in_between(
    there: Hub, folder: Path, tmp_path: Path
) -> None:
    pushed(folder)
    other = write_dataset(tmp_path / "other", {**ROWS, "sft": {"train": [row(7)]}})
    theirs = {"sft/train-00000.parquet": (other / "sft/train-00000.parquet").read_bytes()}
    new = write_dataset(tmp_path / "new", {**ROWS, "sft": {"train": [row(1), row(4), row(7)]}})
    there.faults.append(Fault(COMMIT, meanwhile=lambda: there.repos[NAME].write(theirs)))
    assert pushed(new).changelog == "2026-11-23: sft: 2 rows added"


def test_somebody_who_pushed_the_same_in_between_spares_the_commit(there: Hub, folder: Path) -> None:
    there.repos[NAME] = Repo(private=True)
    same = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    there.faults.append(Fault(COMMIT, meanwhile=lambda: there.repos[NAME].write(same)))
    assert pushed(folder).commit == there.repos[NAME].branches["main"]
    assert len(there.repos[NAME].history()) == 2


def test_a_tag_that_somebody_makes_meanwhile_is_not_moved(there: Hub, folder: Path) -> None:
    there.repos[NAME] = Repo(private=True)
    first = there.repos[NAME].branches["main"]
    there.faults.append(Fault(COMMIT, meanwhile=lambda: there.repos[NAME].tags.update(v1=first)))
    with pytest.raises(
        ServerError, match=r"was made, but then: the Hub answers 409: tag v1 exists already; push again"
    ):
        pushed(folder, tag="v1", public=True)
    assert there.repos[NAME].tags == {"v1": first}
    assert there.repos[NAME].private is True


@pytest.mark.parametrize("asked", ["GET .*/revision/main", COMMIT])
@pytest.mark.parametrize(
    ("happens", "said"), [(503, "the Hub answers 503: spoilt"), ("cut", "the connection to the Hub broke: ")]
)
def test_it_gives_up_after_six_attempts(there: Hub, folder: Path, asked: str, happens: int | str, said: str) -> None:
    there.faults.append(Fault(asked, happens, 10**6))
    waited: list[float] = []
    with pytest.raises(ServerError) as error:
        pushed(folder, waited=waited)
    assert str(error.value).startswith(f"{ADDRESS}: {said}")
    assert str(error.value).endswith(" (after 6 attempts)")
    assert waited == [1, 2, 4, 8, 16]
    assert NAME not in there.repos or len(there.repos[NAME].history()) == 1


def test_nobody_there_is_one_clear_error(there: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ServerError, match=r"^hf://datasets/org/feedback: the connection to the Hub broke: .*refused"):
        pushed(folder)


def test_a_hub_that_falls_silent_is_not_waited_for_for_ever(
    there: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gtbridge.plugin.hub.repository._SILENCE_SECONDS", 0.05)
    there.faults.append(Fault(COMMIT, "stalled"))
    assert pushed(folder).outcome == "pushed"
    is_whole(there, folder)


def test_offline_mode_is_one_clear_error(there: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ServerError, match=r"the Hub is out of reach, for HF_HUB_OFFLINE is set$"):
        pushed(folder)
    assert there.requests == []


def test_what_is_asked_again_is_said(there: Hub, folder: Path) -> None:
    there.faults += [Fault(COMMIT, 429, 1, {"Retry-After": "5"}), Fault(COMMIT, "cut")]
    remarks: list[str] = []
    push(get_ready(str(folder), NAME, PushOptions()), TODAY, tell=remarks.append, wait=lambda seconds: None)
    assert remarks == ["the Hub answers 429; trying again in 5 s", "the connection broke; trying again in 2 s"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda path: path.unlink(), "sft/train-00000.parquet: no such file"),
        (lambda path: path.write_bytes(b"other"), "sft/train-00000.parquet: cannot be read as Parquet"),
        (lambda path: write_table(path, [row(8)]), "was made, but then: not all of it is there as it was sent"),
    ],
    ids=["gone", "broken", "another"],
)
def test_a_folder_that_changes_while_it_is_pushed_is_noticed(
    there: Hub, folder: Path, change: Callable[[Path], Any], said: str
) -> None:
    ready = get_ready(str(folder), NAME, PushOptions())
    change(folder / "sft/train-00000.parquet")
    with pytest.raises(GtbridgeError, match=said):
        push(ready, TODAY, wait=lambda seconds: None)
