"""What a dataset folder holds, which options fit it, and which files a push would add, replace and delete."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from pushed_datasets import NAME, row, write_dataset, write_table

from gtbridge.label_configs.errors import InputError
from gtbridge.plugin.hub.dataset_folder import Card, DatasetFolder, read_card, read_folder
from gtbridge.plugin.hub.plan import Plan, make_plan
from gtbridge.plugin.hub.ready import PushOptions, get_ready
from gtbridge.plugin.hub.repository import RemoteFile


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    configs = {"preference": {"train": [row(1), row(2)], "test": [row(3)]}, "sft": {"train": [row(1)]}}
    return write_dataset(tmp_path / "data", configs)


def test_a_dataset_is_its_card_and_what_the_card_names(folder: Path) -> None:
    for name in ("LICENSE", "preference/notes.txt", "preference/train-00000.csv", "other/train-00000.parquet", ".x"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x", encoding="utf-8")
    (folder / "preference/train-00001.parquet").write_bytes((folder / "sft/train-00000.parquet").read_bytes())
    found = read_folder(str(folder), NAME)
    assert [file.path for file in found.files] == [
        "README.md",
        "preference/test-00000.parquet",
        "preference/train-00000.parquet",
        "preference/train-00001.parquet",
        "sft/train-00000.parquet",
    ]
    assert found.left == (
        ".x",
        "LICENSE",
        "other/train-00000.parquet",
        "preference/notes.txt",
        "preference/train-00000.csv",
    )
    assert (found.files[1].config, found.files[1].split, found.card.license) == ("preference", "test", "cc-by-4.0")


def test_digests_are_those_of_sha256sum_and_git(folder: Path) -> None:
    for file in read_folder(str(folder), NAME).files:
        data = (folder / file.path).read_bytes()
        oid = subprocess.run(["git", "hash-object", "--stdin"], input=data, capture_output=True, check=True).stdout
        assert (file.size, file.sha256, file.git_oid) == (
            len(data),
            hashlib.sha256(data).hexdigest(),
            oid.decode().strip(),
        )


@pytest.mark.parametrize(
    ("readme", "message"),
    [
        (None, "is no dataset: it has no README.md; give the folder that `dataset build` made"),
        ("# My own", "is no dataset that `dataset build` made; its README.md is another one"),
        (
            "# Human feedback collected with gtbridge",
            "is no dataset that `dataset build` made; its README.md is another",
        ),
        (
            "---\nconfigs: [{config_name: a, data_files: [{split: train, path: sft/train-*}]}]\n---\n# Mine",
            "is no dataset that `dataset build` made; its README.md is another one",
        ),
        ("---\nconfigs: [\n---\n", "README.md: its front matter is no YAML: "),
    ],
)
def test_another_folder_is_refused(folder: Path, readme: str | None, message: str) -> None:
    (folder / "README.md").unlink()
    if readme is not None:
        (folder / "README.md").write_text(readme, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_folder(str(folder), NAME)
    assert message in str(refused.value)
    assert str(refused.value).startswith(str(folder))


def test_a_dataset_that_lacks_a_part_is_refused(folder: Path) -> None:
    (folder / "preference/test-00000.parquet").unlink()
    with pytest.raises(InputError, match=r": lacks preference/test-\*, which its README.md names"):
        read_folder(str(folder), NAME)


def test_a_card_is_read_as_the_hub_reads_it() -> None:
    entries = "configs:\r\n- {config_name: a, data_files: [{split: train, path: [a/x-*, a/y-*]}]}\r\n"
    card = read_card(f"---\r\nlicense: mit\r\n{entries}---\r\nBody\r\n---\r\nmore", "x")
    assert (card.license, card.body) == ("mit", "Body\r\n---\r\nmore")
    assert card.part_of("a/y-00000.parquet") == ("a", "train")
    assert [card.part_of(path) for path in ("b/x-0", "a/x-0/b", "x/a/x-0", "a/x")] == [None] * 4
    assert read_card("No front matter\n---\n", "x") == Card(
        "No front matter\n---\n", "No front matter\n---\n", None, ()
    )


@pytest.mark.parametrize("name", ["feedback", "a/b/c", "org/", "hf://org/x", "org/x y", "../x/y"])
def test_a_name_that_is_none_is_refused_first(name: str) -> None:
    with pytest.raises(InputError, match="a dataset on the Hub is given as ORG/NAME"):
        get_ready("nowhere", name, PushOptions())


@pytest.mark.parametrize("name", ["", "a b", "-x", "a..b", "a.lock", "x/", ".x", "a~1", "a:b", "a/.b", "v1."])
def test_a_tag_or_branch_that_git_does_not_take_is_refused(name: str) -> None:
    for option, options in (("tag", PushOptions(tag=name)), ("revision", PushOptions(branch=name))):
        with pytest.raises(InputError, match=f"^--{option} .* is no name that git takes"):
            get_ready("nowhere", NAME, options)


def test_the_licence_is_the_cards(folder: Path) -> None:
    get_ready(str(folder), NAME, PushOptions(public=True, license="cc-by-4.0"))
    with pytest.raises(
        InputError, match=r"its card says cc-by-4.0, not mit; build it again with `dataset build --license"
    ):
        get_ready(str(folder), NAME, PushOptions(license="mit"))
    write_dataset(folder, {"sft": {"train": [row(1)]}}, license=None)
    get_ready(str(folder), NAME, PushOptions())
    for options in (PushOptions(public=True), PushOptions(public=True, license="mit"), PushOptions(license="mit")):
        with pytest.raises(InputError, match="its card says no licence"):
            get_ready(str(folder), NAME, options)


def test_rows_are_numbered_through_all_shards_of_a_split(folder: Path) -> None:
    for shard in (1, 2):
        write_table(folder / f"preference/train-{shard:05d}.parquet", [row(7), row(8, "jo@example.com")])
    [found] = get_ready(str(folder), NAME, PushOptions()).scan.refused
    assert [example.row for example in found.examples] == [3, 5]


def test_sizes_on_the_card_are_no_account_ids(folder: Path) -> None:
    sizes = "x:\n- {n: 1}\n- num_bytes: 123456789012\n  num_examples: 123456789012\ndownload_size: 123456789012\n"
    card = (folder / "README.md").read_text("utf-8")
    (folder / "README.md").write_text(card.replace("---\n", f"---\n{sizes}", 1) + "123456789012\n", "utf-8")
    [found] = get_ready(str(folder), NAME, PushOptions()).scan.refused
    assert (found.column, found.count) == ("README.md", 1)


def remote(files: DatasetFolder, **others: str) -> dict[str, RemoteFile]:
    """A repository with these files, large ones as the Hub has them, and others with this git_oid."""
    there = {
        file.path: RemoteFile(file.path, file.size, *(("", file.sha256) if file.config else (file.git_oid, None)))
        for file in files.files
    }
    return there | {path.replace("__", "/"): RemoteFile(path, 1, oid, None) for path, oid in others.items()}


def plan(local: DatasetFolder, there: dict[str, RemoteFile], card: Card | None) -> Plan:
    return make_plan(local, there, card, "hf://datasets/org/feedback")


def test_what_is_alike_is_left_alone_whether_large_or_small(folder: Path) -> None:
    local = read_folder(str(folder), NAME)
    found = plan(local, remote(local, LICENSE="x"), local.card)
    assert not found
    assert len(found.unchanged) == 4


def test_what_differs_is_changed_even_if_it_is_as_long(folder: Path) -> None:
    local = read_folder(str(folder), NAME)
    there = remote(local)
    table = "sft/train-00000.parquet"
    others = {"README.md": replace(there["README.md"], git_oid="0" * 40), table: replace(there[table], sha256="0" * 64)}
    for path, other in others.items():
        assert [file.path for file in plan(local, {**there, path: other}, None).changed] == [path]


def test_shards_that_are_gone_are_deleted_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    old = read_folder(str(folder), NAME)
    new = read_folder(str(write_dataset(tmp_path / "new", {"preference": {"train": [row(1)]}})), NAME)
    names = {"LICENSE": "x", "own__train-00000.parquet": "x", "sft__notes.parquet": "x", "data__x-00000.parquet": "x"}
    found = plan(new, remote(old, **names, **{".gitattributes": "x"}), old.card)
    assert [file.path for file in found.deleted] == ["preference/test-00000.parquet", "sft/train-00000.parquet"]
    assert [file.path for file in found.changed] == ["README.md", "preference/train-00000.parquet"]
    assert found.old_parts["sft/train-00000.parquet"] == ("sft", "train")


def test_a_file_that_a_card_names_but_no_build_made_is_somebodys_own(folder: Path) -> None:
    local = read_folder(str(folder), NAME)
    entries = "configs: [{config_name: own, data_files: [{split: train, path: own/*}]}]"
    theirs = read_card(f"---\n{entries}\n---\n{local.card.body}", "x")
    found = plan(local, remote(local, own__mine="x"), theirs)
    assert (found.deleted, found.added) == ((), ())


def test_a_repository_of_another_making_is_refused_and_an_empty_card_is_not(folder: Path) -> None:
    local = read_folder(str(folder), NAME)
    with pytest.raises(InputError, match=r"^hf://datasets/org/feedback: holds a dataset that gtbridge did not build"):
        plan(local, {}, read_card("---\nlicense: mit\n---\n# My data\n", "x"))
    assert plan(local, {}, read_card("---\nlicense: mit\n---\n\n", "x"))


def test_a_file_that_would_slip_into_a_config_is_refused(folder: Path) -> None:
    local = read_folder(str(folder), NAME)
    for card in (local.card, None):
        with pytest.raises(
            InputError, match=r"holds sft/train-mine.csv, which would be read as a part of the config sft"
        ):
            plan(local, remote(local, **{"sft__train-mine.csv": "x"}), card)
