"""Names from data that become part of a path: whatever they hold, nothing is written or read but where it belongs."""

from __future__ import annotations

import json
from pathlib import Path
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st
from job_files import reference, write_job
from roads import done, request, run

from gtbridge.converters.datasets.build import config_names
from gtbridge.converters.formats.job_output import reference_to_path
from gtbridge.converters.ledger import Ledger
from gtbridge.label_configs.errors import InputError
from gtbridge.plugin.label_studio.workers import read_invitees
from gtbridge.plugin.labeling_job import check_job_name, read_request
from gtbridge.plugin.manifests.inputs import SourceOptions, read_records

NAMES = (
    *(
        "..",
        ".",
        "../../x",
        "/etc/x",
        "a/../../b",
        "..\\..\\x",
        "C:\\x",
        "C:x",
        "%2e%2e/x",
        "%2e%2e%2fx",
        "\\\\host\\x",
    ),
    *(
        "a\0b",
        "a\nb",
        "\x1b[2Jx",
        "~",
        "~root/x",
        "file:///x",
        "s3://other/x",
        "a" * 500,
        "\u202ea",
        "\u200b",
        "con",
        "-rf",
    ),
    *(
        "*",
        "?",
        "a|b",
        "$(id)",
        "`id`",
        "${HOME}",
        "{{a}}",
        "\u2024\u2024/x",
        "\uff0e\uff0e\uff0fx",
        "..%c0%af",
        "é" * 200,
    ),
)
names = st.one_of(
    st.sampled_from(NAMES), st.text(), st.lists(st.sampled_from((*NAMES, "/", "..", "\\")), max_size=4).map("".join)
)


@given(st.lists(names, max_size=6, unique=True))
def test_a_dimension_of_any_name_is_one_part_of_a_path(dimensions: list[str]) -> None:
    endings = list(config_names(dimensions).values())
    assert len({ending.casefold() for ending in endings}) == len(dimensions)
    for ending in endings:
        assert not {category(char) for char in ending} & {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"}
        assert not set(ending) & set('/\\:*?"<>|\0~$`%')
        assert ".." not in ending[:3] and len(ending.encode()) < 200


@given(names)
def test_no_job_is_called_what_leads_elsewhere(name: str) -> None:
    try:
        check_job_name(name)
    except InputError:
        with pytest.raises(InputError):
            read_request(json.dumps(request(name, Path("in.manifest"), Path("task.yaml"))), "r.json")
    else:
        assert name.replace("-", "").isalnum() and name.isascii() and len(name) < 64


@given(names, names)
def test_answers_are_beneath_the_jobs_folder(before: str, within: str) -> None:
    for given_ref in (f"{before}annotations/worker-response/{within}.json", f"{before}/{within}", within):
        try:
            path = reference_to_path(given_ref, "out.manifest", 1)
        except InputError:
            continue
        assert path.startswith("annotations/worker-response/")
        assert not {"..", ""} & {*path.split("/")[:-1]} or "//" in path
        assert ".." not in path.split("/") and "\\" not in path and "\0" not in path


@pytest.mark.parametrize("name", NAMES)
def test_a_saved_dataset_names_only_files_in_its_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    for document in ({"_data_files": [{"filename": name}]}, {"splits": [name]}):
        (folder / ("state.json" if "_data_files" in document else "dataset_dict.json")).write_text(json.dumps(document))
        with pytest.raises(Exception) as caught:
            list(read_records(str(folder), SourceOptions(), (), Ledger()))
        assert type(caught.value).__name__ in ("InputError", "MissingError")
        if set(name) & set("/\\\0") or name in (".", ".."):
            assert "is not as `save_to_disk` writes it" in str(caught.value)


def tree(folder: Path, out: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in folder.rglob("*") if p.is_file() and not p.is_relative_to(out)}


def test_a_dataset_with_hostile_dimensions_is_written_into_its_folder_only(tmp_path: Path) -> None:
    shown = [name for name in NAMES if name.isprintable() and name.strip() == name and len(name) < 100]
    ranked = [{"name": name, "allowTie": True, "responseRankings": [1, 2]} for name in shown]
    answer = {"workerId": "../w", "answerContent": {"../x": {"ordinalRankingDimensions": ranked}}}
    write_job(tmp_path / "place" / "job", [[answer]] * 2)
    out = tmp_path / "place" / "out"
    before = tree(tmp_path, out)
    done("dataset", "build", str(tmp_path / "place" / "job"), "-o", str(out), "--config", "preference,ranking")
    beside = {str(path) for path in (tmp_path / "place").iterdir()} - {str(tmp_path / "place" / "job"), str(out)}
    assert {path: data for path, data in tree(tmp_path, out).items() if path not in beside} == before
    assert all(Path(path).name.startswith("out.") for path in beside)  # the provenance, which is not published
    folders = [path for path in out.iterdir() if path.is_dir()]
    assert len([path for path in folders if path.name.startswith("preference-")]) == len(shown)
    assert all(path.resolve().parent == out.resolve() for path in folders)


@pytest.mark.parametrize(
    "place", ["/etc/hostname", "../secret.json", "annotations/worker-response/../../../secret.json"]
)
def test_answers_outside_of_the_job_are_not_read(tmp_path: Path, place: str) -> None:
    (tmp_path / "secret.json").write_text(json.dumps({"answers": [{"workerId": "a-secret", "answerContent": {}}]}))
    job = write_job(tmp_path / "job", [[]])
    manifest = job / "manifests/output/output.manifest"
    manifest.write_text(manifest.read_text().replace(reference(0), place))
    result = run("dataset", "build", str(job), "-o", str(tmp_path / "out"))
    assert result.exit_code == 1
    assert "is no worker-response file" in result.output and "a-secret" not in result.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("email", ["a\0@b", "a@b\x1b[2J", "a@\x7fb"])
def test_an_address_with_control_characters_is_none(email: str) -> None:
    with pytest.raises(InputError, match="is no e-mail address"):
        read_invitees(None, [email])
