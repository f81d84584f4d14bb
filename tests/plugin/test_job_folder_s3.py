"""A whole job in S3, with what goes wrong there: lost files, damaged files, a server that is often too busy."""

from __future__ import annotations

import pytest
from fault_proxy import Fault, every, fault_proxy
from ground_truth_jobs import put, ranking_job, response_path
from seaweedfs import ObjectServer

from gtbridge.converters.ledger import Ledger
from gtbridge.converters.records import Answer
from gtbridge.label_configs.errors import InputError
from gtbridge.plugin.outputs.job_reader import job_lines, open_job_output

OBJECTS = 2_500


def test_a_large_job_loses_what_is_lost_and_nothing_else(
    bucket: str, objects: ObjectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = ranking_job(bucket, "job", OBJECTS, iterations=3)
    put(f"{bucket}/job", files)
    whole = [line.answers for line in job_lines(open_job_output(f"{bucket}/job"), Ledger())]
    assert [len(answers) for answers in whole] == [2] * OBJECTS
    assert sum(path.startswith("annotations/") for path in files) == OBJECTS > 1_000  # a page of a listing

    lost, damaged = range(0, OBJECTS, 100), range(50, OBJECTS, 100)
    client = objects.client()
    name, _, prefix = bucket.removeprefix("s3://").partition("/")
    for index in lost:
        client.delete_object(Bucket=name, Key=f"{prefix}/job/{response_path(index, 3, OBJECTS)}")
    put(f"{bucket}/job", {response_path(index, 3, OBJECTS): b'{"answers": [' for index in damaged})
    rest: list[tuple[Answer, ...]] = []
    ledger = Ledger()
    with fault_proxy(objects.url, every(10, Fault.SLOW_DOWN)) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.url)
        with pytest.raises(InputError, match="25 missing and 25 unreadable"):
            rest.extend(line.answers for line in job_lines(open_job_output(f"{bucket}/job"), ledger))
        assert proxy.spoilt() >= OBJECTS // 10
    gone = {*lost, *damaged}
    assert rest == [() if index in gone else answers for index, answers in enumerate(whole)]
    assert ledger.notes["items", "whose answers are missing or damaged"] == len(gone)
