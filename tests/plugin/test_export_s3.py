"""A job that lives in S3: made from a manifest and a template there, exported there, read from there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import datasets
import pyarrow.parquet
import pytest
from ground_truth_jobs import manifest, put
from roads import ITEMS, RANKING_TASK, Api, done, ranked, request, run

from gtbridge.label_configs.errors import InputError
from gtbridge.plugin.label_studio.export import export_job
from gtbridge.plugin.label_studio.jobs import find_job
from gtbridge.plugin.label_studio.server import connect
from gtbridge.plugin.local_server.embedded import Embedded
from gtbridge.plugin.storage import list_files, read_bytes

pytestmark = pytest.mark.server


@pytest.fixture
def job(label_studio: Embedded, bucket: str, tmp_path: Path) -> Iterator[tuple[str, int]]:
    """The name and the project of a job whose manifest and task lie in S3."""
    name = bucket.rpartition("/")[2]
    put(bucket, {"in/items.manifest": manifest(ITEMS), "in/task.yaml": RANKING_TASK.encode()})
    fields = request(name, Path("m"), Path("t"), workers=2)
    fields["InputConfig"]["DataSource"]["S3DataSource"]["ManifestS3Uri"] = f"{bucket}/in/items.manifest"
    fields["HumanTaskConfig"]["UiConfig"]["UiTemplateS3Uri"] = f"{bucket}/in/task.yaml"
    put(bucket, {"in/request.json": json.dumps(fields).encode()})
    made = done("job", "create", "--request", f"{bucket}/in/request.json", "--json", server=label_studio)
    yield name, json.loads(made)["ProjectId"]


def test_an_output_in_s3_is_whole_grows_and_becomes_a_dataset(
    label_studio: Embedded, job: tuple[str, int], bucket: str, tmp_path: Path
) -> None:
    name, project = job
    api = Api(label_studio)
    first, second, _ = api.tasks(project)
    api.annotate(first["id"], ranked(first["data"], [1, 2, 2], [1, 2, 3]))
    done("job", "export", name, "--to", f"{bucket}/out", server=label_studio)
    (before,) = responses(bucket, name)
    line = json.loads(read_bytes(f"{bucket}/out/{name}/manifests/output/output.manifest").splitlines()[0])
    assert line["label-metadata"]["worker-response-ref"] == f"{bucket}/out/{name}/{before}"

    api.annotate(second["id"], ranked(second["data"], [2, 1], [2, 1]))
    done("job", "export", name, "--to", f"{bucket}/out/", server=label_studio)
    assert before in responses(bucket, name)
    assert len(responses(bucket, name)) == 2
    done("dataset", "build", f"{bucket}/out/{name}", "-o", str(tmp_path / "ds"), "--test-size", "0")
    rows = datasets.load_dataset(str(tmp_path / "ds"), "annotations", split="train")
    assert [row["status"] for row in rows] == ["valid", "valid"]

    done("dataset", "build", f"{bucket}/out/{name}", "-o", f"{bucket}/ds", "--test-size", "0")
    files = {path.relative_to(tmp_path / "ds").as_posix() for path in (tmp_path / "ds").rglob("*") if path.is_file()}
    assert set(list_files(f"{bucket}/ds")) == files
    shard = BytesIO(read_bytes(f"{bucket}/ds/annotations/train-00000.parquet"))
    assert pyarrow.parquet.ParquetFile(shard).metadata.num_rows == 2  # type: ignore[no-untyped-call]
    again = run("dataset", "build", f"{bucket}/out/{name}", "-o", f"{bucket}/ds")
    assert (again.exit_code, "holds something already" in again.stderr) == (1, True)


def test_two_exports_at_once_leave_one_whole_output(label_studio: Embedded, job: tuple[str, int], bucket: str) -> None:
    name, project = job
    api = Api(label_studio)
    for task in api.tasks(project)[:2]:
        count = len(task["data"]["responses"])
        api.annotate(task["id"], ranked(task["data"], [1] * count, list(range(1, count + 1))))

    def export(_: int) -> str:
        with connect(label_studio.url, label_studio.api_key) as server:
            try:
                return export_job(server, find_job(server, name), f"{bucket}/out")[0]
            except InputError as error:
                return error.message

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(export, range(2)))
    assert f"{bucket}/out/{name}" in results
    assert all(result == f"{bucket}/out/{name}" or "meanwhile" in result for result in results)
    report = json.loads(done("verify", f"{bucket}/out/{name}", f"label-studio:{name}", "--json", server=label_studio))
    assert (report["same"], report["answers"]["compared"]) == (True, 2)


def responses(bucket: str, name: str) -> list[str]:
    return [path for path in list_files(f"{bucket}/out/{name}") if "worker-response" in path]
