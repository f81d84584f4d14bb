"""Pushing datasets to a stand-in for the Hub with the real huggingface_hub: what is sent, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commands import snapshot
from hub_stand_in import Hub, hub
from hub_store import Repo
from pushed_datasets import ADDRESS, LINE, NAME, ROWS, log_in, pushed, refused, row, write_dataset, write_table

from gtbridge.label_configs.errors import GtbridgeError, InputError
from gtbridge.plugin.hub.row_changes import RowChanges

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


def test_a_first_push_makes_a_private_repository_with_one_commit(there: Hub, folder: Path, capfd: Any) -> None:
    done = pushed(folder)
    assert capfd.readouterr() == ("", "")
    repo = there.repos[NAME]
    first, made = repo.history()
    assert {path: file.data for path, file in made.files.items() if path not in first.files} == {
        **{path: data for path, data in snapshot(folder).items() if data is not None},
        "CHANGELOG.md": f"# Changelog\n\n- {LINE}\n".encode(),
    }
    assert (made.title, made.description) == ("Dataset built with gtbridge", LINE)
    assert (repo.private, repo.tags) == (True, {})
    assert (done.outcome, done.commit, done.private, done.created) == ("pushed", made.oid, True, True)
    assert done.url == f"{there.url}/datasets/{NAME}"
    assert done.changelog == LINE


def test_a_second_push_of_the_same_sends_nothing(there: Hub, folder: Path) -> None:
    first = pushed(folder)
    there.requests.clear()
    again = pushed(folder)
    assert (again.outcome, again.commit, again.created, again.changelog) == ("unchanged", first.commit, False, None)
    assert not there.asked("(POST|PUT|DELETE) ")
    assert not there.asked(r".*\.parquet")


def test_only_what_changed_is_read_and_sent(there: Hub, folder: Path) -> None:
    pushed(folder)
    there.requests.clear()
    write_table(folder / "preference/train-00000.parquet", [row(1), row(2, "else"), row(4)])
    done = pushed(folder)
    assert done.rows == {"preference": RowChanges(3, 4, added=1, removed=0, changed=1)}
    assert len(there.asked("PUT /large/")) == 1
    assert {request.rpartition("/")[2] for request in there.asked("GET .*/resolve/")} == {
        "README.md",
        "CHANGELOG.md",
        "train-00000.parquet",
    }
    assert there.repos[NAME].texts()["CHANGELOG.md"] == (
        f"# Changelog\n\n- 2026-11-23: preference: 1 row added, 1 changed\n- {LINE}\n"
    )


def test_rows_of_files_that_stay_count_on_both_sides(there: Hub, folder: Path, tmp_path: Path) -> None:
    pushed(folder)
    train = {"train": ROWS["preference"]["train"]}
    fewer = pushed(write_dataset(tmp_path / "fewer", {**ROWS, "preference": train}))
    assert fewer.rows == {"preference": RowChanges(3, 2, 0, removed=1, changed=0)}
    more = pushed(folder)
    assert more.rows == {"preference": RowChanges(2, 3, added=1, removed=0, changed=0)}
    assert not there.asked(".*/resolve/.*/preference/train")


def test_a_file_that_moves_is_not_sent_again(there: Hub, folder: Path) -> None:
    pushed(folder)
    there.requests.clear()
    moved = {"preference": {"train": ROWS["preference"]["train"], "dev": ROWS["preference"]["test"]}}
    done = pushed(write_dataset(folder.parent / "new", moved))
    assert not there.asked("PUT ")
    assert [file.path for file in done.plan.deleted] == ["preference/test-00000.parquet", "sft/train-00000.parquet"]
    assert done.changelog == "2026-11-23: preference: 1 row changed; sft: taken out, with 2 rows"


def test_files_of_others_stay_and_those_of_the_dataset_go(there: Hub, folder: Path) -> None:
    pushed(folder)
    own = {"LICENSE": b"mine", "extra/train-00000.parquet": b"mine", "sft/notes.md": b"mine", "CHANGELOG.md": b"Mine\n"}
    there.repos[NAME].write(own)
    pushed(write_dataset(folder.parent / "new", {"preference": {"train": [row(1)]}}))
    files = there.repos[NAME].files
    assert {path: files[path].data for path in own if path != "CHANGELOG.md"} == {
        path: data for path, data in own.items() if path != "CHANGELOG.md"
    }
    assert files["CHANGELOG.md"].data.startswith(b"# Changelog\n\n- 2026-11-23: preference: ")
    assert files["CHANGELOG.md"].data.endswith(b"\n\nMine\n")
    assert [path for path in files if path.startswith("preference/")] == ["preference/train-00000.parquet"]
    assert "sft/train-00000.parquet" not in files


def test_a_card_that_names_its_folder_names_the_repository_when_it_is_pushed(there: Hub, tmp_path: Path) -> None:
    code = '\n```python\na = load_dataset("data", "preference")\n```\n'
    code += '\n## How it was collected\n\nload_dataset("data", "x")'
    pushed(write_dataset(tmp_path / "data", ROWS, body=code))
    text = there.repos[NAME].texts()["README.md"]
    assert f'a = load_dataset("{NAME}", "preference")' in text
    assert 'load_dataset("data", "x")' in text
    assert pushed(tmp_path / "data").outcome == "unchanged"


def test_a_card_alone_that_changed_is_a_commit(there: Hub, folder: Path) -> None:
    pushed(folder)
    there.requests.clear()
    done = pushed(write_dataset(folder, ROWS, body="More."))
    assert (done.changelog, done.rows) == ("2026-11-23: the card alone", {})
    assert not there.asked("PUT ")


def test_another_branch_is_made_from_the_main_one_which_stays(there: Hub, folder: Path) -> None:
    main = pushed(folder).commit
    write_dataset(folder, ROWS, body="More.")
    done = pushed(folder, branch="draft/one")
    repo = there.repos[NAME]
    assert repo.branches == {"main": main, "draft/one": done.commit}
    assert repo.commits[str(done.commit)].parent == main
    pushed(folder, branch="draft/one")
    assert len(repo.history("draft/one")) == 3
    write_dataset(folder, ROWS)
    assert pushed(folder, branch="same").outcome == "unchanged"
    assert repo.branches["same"] == main


def test_a_message_has_a_title_and_more(there: Hub, folder: Path) -> None:
    pushed(folder, message="Second round\n\nWith more annotators.\n")
    made = there.repos[NAME].history()[-1]
    assert (made.title, made.description) == ("Second round", f"With more annotators.\n\n{LINE}")


def test_what_must_not_be_published_stops_everything(there: Hub, tmp_path: Path) -> None:
    rows = {"preference": {"train": [row(1), row(2, "Write to jo@example.com")]}}
    folder = write_dataset(tmp_path / "data", rows, body="See s3://bucket/key.")
    assert refused(InputError, folder, message="for 111122223333") == (
        f"{folder}: holds what should not be published, so nothing was sent; take it out, or --allow it "
        "(account:--message, s3:README.md, email:chosen.content)"
    )
    assert there.requests == []
    pushed(folder, message="for 111122223333", allow=("email:chosen", "s3:README.md", "account:*"))
    assert NAME in there.repos


def test_a_dry_run_says_all_and_does_nothing(there: Hub, folder: Path) -> None:
    first = pushed(folder, dry_run=True, tag="v1", public=True)
    assert (first.outcome, first.commit, first.private, first.created) == ("dry run", None, None, False)
    assert (len(first.plan.added), first.changelog) == (4, LINE.replace(":", " (v1):", 1))
    pushed(folder)
    write_table(folder / "sft/train-00000.parquet", [row(4)])
    before = there.repos[NAME].history()
    there.requests.clear()
    second = pushed(folder, dry_run=True, tag="v2", public=True, branch="draft")
    assert [file.path for file in second.plan.changed] == ["sft/train-00000.parquet"]
    assert second.rows == {"sft": RowChanges(2, 1, 0, 1, 0)}
    assert second.private is True
    assert there.repos[NAME].history() == before
    assert not there.asked("(POST|PUT|DELETE) ")


def test_files_that_the_repository_ignores_are_missed(there: Hub, folder: Path) -> None:
    there.repos[NAME] = Repo(private=True)
    there.repos[NAME].write({".gitignore": b"sft/train-00000.parquet\n"})
    with pytest.raises(GtbridgeError) as error:
        pushed(folder, public=True, tag="v1")
    made = there.repos[NAME].branches["main"]
    assert str(error.value) == (
        f"{ADDRESS}: the commit {made[:8]} was made, but then: not all of it is there as it was sent "
        "(sft/train-00000.parquet); a .gitignore there may leave files out; push again to finish"
    )
    assert (there.repos[NAME].private, there.repos[NAME].tags) == (True, {})


def test_a_table_there_that_cannot_be_read_is_one_clear_error(there: Hub, folder: Path) -> None:
    pushed(folder)
    there.repos[NAME].write({"sft/train-00000.parquet": b"PAR1 no more PAR1"})
    assert refused(InputError, folder) == (
        f"{ADDRESS}/sft/train-00000.parquet: cannot be read as Parquet; delete it there, and push again"
    )
