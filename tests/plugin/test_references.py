"""A manifest is data, not an authority: what its references may mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from gtbridge.label_configs.errors import InputError
from gtbridge.plugin.manifests.references import References

FILE = "annotations/worker-response/iteration-1/0/2025-06-20_18:59:00.json"
IN_S3 = References("s3://bucket/out/job")


def test_a_job_in_s3_refers_to_its_own_files() -> None:
    assert IN_S3.answers(f"s3://bucket/out/job/{FILE}", "m", 1) == f"s3://bucket/out/job/{FILE}"
    assert IN_S3.answers(FILE, "m", 1) == f"s3://bucket/out/job/{FILE}"


@pytest.mark.parametrize(
    "reference",
    [
        f"s3://other/out/job/{FILE}",
        f"s3://bucket/out/another/{FILE}",
        f"s3://bucket/out/job-2/{FILE}",
        f"s3://bucket/out/job/../another/{FILE}",
        f"s3://bucket/out/job//{FILE}",
        "s3://bucket/out/job/annotations\\..\\..\\secret.json",
        "/etc/passwd",
        "file:///etc/passwd",
        "../secret.json",
        f"../another/{FILE}",
        "http://169.254.169.254/latest/meta-data/annotations/worker-response/x.json",
        f"https://bucket.s3.amazonaws.com/out/job/{FILE}",
        f"http://localhost/{FILE}",
        f"s3://bucket@other/out/job/{FILE}",
        f"S3://bucket/out/job/{FILE}",
        f"s3:/bucket/out/job/{FILE}",
        f"\\\\server\\share\\{FILE}",
        f"//server/share/{FILE}",
        f"C:\\{FILE}",
        f"gs://bucket/out/job/{FILE}",
        f"s3://bucket/out/job/{FILE}\0",
        "",
    ],
)
def test_whatever_lies_elsewhere_is_refused_by_name(reference: str) -> None:
    with pytest.raises(InputError) as refused:
        IN_S3.answers(reference, "out.manifest", 7)
    assert (refused.value.source, refused.value.line) == ("out.manifest", 7)
    assert reference in refused.value.message or repr(reference) in refused.value.message


def test_the_refusal_names_the_option_that_would_allow_it() -> None:
    with pytest.raises(InputError, match="--refs s3://other/out/job,"):
        IN_S3.answers(f"s3://other/out/job/{FILE}", "m", 1)


def test_what_the_user_allows_is_read_there_or_where_it_lies_now() -> None:
    reference = f"s3://other/out/job/{FILE}"
    allowed = References("s3://bucket/out/job", [("s3://other/out/job", "s3://other/out/job")])
    moved = References("s3://bucket/out/job", [("s3://other/out/", "/data/out")])
    assert allowed.answers(reference, "m", 1) == reference
    assert moved.answers(reference, "m", 1) == f"/data/out/job/{FILE}"
    with pytest.raises(InputError, match="outside"):
        moved.answers("s3://other/out/../secret.json", "m", 1)
    with pytest.raises(InputError, match="outside"):
        allowed.answers(f"s3://other/out/job-2/{FILE}", "m", 1)


def test_a_copy_on_this_machine_is_read_in_the_copy(tmp_path: Path) -> None:
    references = References(str(tmp_path / "copied"))
    assert references.answers(f"s3://bucket/out/job/{FILE}", "m", 1) == str(tmp_path / "copied" / FILE)


def test_another_jobs_answers_are_not_looked_for_in_a_copy_of_this_one(tmp_path: Path) -> None:
    references = References(str(tmp_path / "second"))
    theirs, own = f"s3://bucket/out/first/{FILE}", f"s3://bucket/out/second/{FILE}"
    assert references.answers(own, "m", 1, of_several=True) == str(tmp_path / "second" / FILE)
    with pytest.raises(InputError, match="outside"):
        references.answers(theirs, "m", 1, of_several=True)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    job, secret = tmp_path / "job", tmp_path / "secret.json"
    secret.write_text("{}", encoding="utf-8")
    link = job / FILE
    link.parent.mkdir(parents=True)
    link.symlink_to(secret)
    with pytest.raises(InputError, match="outside"):
        References(str(job)).answers(FILE, "m", 1)


def test_a_folder_that_links_out_is_not_followed_whatever_was_read_before(tmp_path: Path) -> None:
    job, outside = tmp_path / "job", tmp_path / "outside"
    outside.mkdir()
    answers = job / "annotations/worker-response/iteration-1"
    answers.mkdir(parents=True)
    (answers / "200").symlink_to(outside)
    references = References(str(job))
    for index in range(200):
        name = FILE.replace("/0/", f"/{index}/")
        assert references.answers(name, "m", 1) == str(job / name)
    with pytest.raises(InputError, match="outside"):
        references.answers(FILE.replace("/0/", "/200/"), "m", 1)


def test_a_link_that_stays_in_the_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "annotations").symlink_to(tmp_path / "kept")
    assert References(str(tmp_path)).answers(FILE, "m", 1) == str(tmp_path / FILE)


def test_texts_lie_beside_the_manifest() -> None:
    references = References("s3://bucket/in")
    assert references.text("s3://bucket/in/texts/1.txt", "m", 1) == "s3://bucket/in/texts/1.txt"
    assert references.text("texts/1.txt", "m", 1) == "s3://bucket/in/texts/1.txt"
    for outside in ("s3://bucket/other/1.txt", "/etc/passwd", "texts/../../1.txt", "http://host/1.txt", "a//b"):
        with pytest.raises(InputError, match="outside"):
            references.text(outside, "m", 1)
