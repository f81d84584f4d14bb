"""S3 through a proxy that spoils answers: what can be had comes whole, and what cannot be had is one short sentence."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import nullcontext

import pytest
from fault_proxy import Fault, FaultProxy, every, fault_proxy
from seaweedfs import BUCKET, ObjectServer

from gtbridge.label_configs.errors import InputError, ServerError
from gtbridge.plugin.files import s3_clients
from gtbridge.plugin.files.aws import s3_options
from gtbridge.plugin.storage import (
    create_bytes,
    exists,
    is_folder,
    list_files,
    open_input,
    open_output,
    read_bytes,
    read_each,
    stamp,
    write_bytes,
)

PASSING = {
    "refused": [Fault.THROTTLED, Fault.FAILED, Fault.SLOW_DOWN],
    **{fault.name: [fault] for fault in (Fault.RESET, Fault.LOST, Fault.TRUNCATED, Fault.STALLED)},
}
BIG = bytes(range(256)) * 2**16

SENTENCES = {
    Fault.THROTTLED: "S3 failed or was too busy, again and again (429 SlowDown)",
    Fault.FAILED: "S3 failed or was too busy, again and again (500 SlowDown)",
    Fault.SLOW_DOWN: "S3 failed or was too busy, again and again (503 SlowDown)",
    Fault.RESET: "the connection to S3 broke again and again",
    Fault.LOST: "the connection to S3 broke again and again",
    Fault.TRUNCATED: "the connection to S3 broke again and again",
    Fault.STALLED: "nothing came from S3 in time, again and again",
    Fault.TELLTALE: "S3 denies access (403 ExpiredToken)",
}


@pytest.fixture(autouse=True)
def short_of_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said after a minute is said after a second: the clients are made when they are first asked for."""
    monkeypatch.setattr(s3_clients, "REQUEST_SECONDS", 1)


@pytest.mark.parametrize("faults", PASSING.values(), ids=PASSING)
def test_what_every_third_answer_loses_is_asked_for_again(
    bucket: str, objects: ObjectServer, faults: list[Fault]
) -> None:
    with fault_proxy(objects.url, every(3, *faults)) as proxy, s3_options(endpoint_url=proxy.url):
        write_bytes(f"{bucket}/small", b"small")
        assert read_bytes(f"{bucket}/small") == b"small"
        assert create_bytes(f"{bucket}/created", b"created")
        assert not create_bytes(f"{bucket}/created", b"late")
        seen = stamp(f"{bucket}/created")
        with open_output(f"{bucket}/created", unchanged=seen) as file:
            file.write(b"newer")
        with open_output(f"{bucket}/big") as file:
            file.write(BIG)
        with open_input(f"{bucket}/big") as file:
            assert file.read(10**6) + file.read() == BIG
        assert exists(f"{bucket}/small")
        assert is_folder(bucket)
        assert list(list_files(bucket)) == ["big", "created", "small"]
        assert proxy.spoilt() >= 4
    assert read_bytes(f"{bucket}/created") == b"newer"
    assert read_bytes(f"{bucket}/big") == BIG


def test_many_files_come_whole_from_a_server_that_refuses_every_tenth_request(
    bucket: str, objects: ObjectServer
) -> None:
    contents = [str(number).encode() * 500 for number in range(100)]
    for number, content in enumerate(contents):
        write_bytes(f"{bucket}/{number}", content)
    faults = every(10, Fault.SLOW_DOWN, Fault.TRUNCATED, Fault.RESET)
    with fault_proxy(objects.url, faults) as proxy, s3_options(endpoint_url=proxy.url):
        assert list(read_each(f"{bucket}/{number}" for number in range(100))) == contents
        assert proxy.spoilt() >= 10


def test_a_body_that_breaks_off_is_never_continued_with_that_of_another_object(
    bucket: str, objects: ObjectServer
) -> None:
    write_bytes(f"{bucket}/file", b"old" * 10_000)

    def choose(number: int, asked: str) -> Fault | None:
        if number == 2:  # the first answer has broken off by now
            key = f"{bucket.partition(BUCKET + '/')[2]}/file"
            objects.client().put_object(Bucket=BUCKET, Key=key, Body=b"new" * 10_000)
        return Fault.TRUNCATED if number == 1 else None

    with fault_proxy(objects.url, choose) as proxy, s3_options(endpoint_url=proxy.url):
        with pytest.raises(ServerError, match="the connection to S3 broke"):
            read_bytes(f"{bucket}/file")
        assert len(proxy.requests) > 1


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.RESET, Fault.CONFLICT])
@pytest.mark.parametrize("winner", ["ours", "another"])
def test_who_wrote_a_file_is_known_even_if_the_first_answer_does_not_tell(
    bucket: str, objects: ObjectServer, winner: str, fault: Fault
) -> None:
    write_bytes(f"{bucket}/replaced", b"older")
    seen = stamp(f"{bucket}/replaced")
    if winner == "another":
        write_bytes(f"{bucket}/created", b"same")
        write_bytes(f"{bucket}/replaced", b"same")
    asked_before: set[str] = set()

    def first_of_each(number: int, asked: str) -> Fault | None:
        if not asked.startswith("PUT") or asked in asked_before:
            return None
        asked_before.add(asked)
        return fault

    with fault_proxy(objects.url, first_of_each) as proxy, s3_options(endpoint_url=proxy.url):
        assert create_bytes(f"{bucket}/created", b"same") == (winner == "ours")
        refused = pytest.raises(InputError, match="replaced") if winner == "another" else nullcontext()
        with refused, open_output(f"{bucket}/replaced", unchanged=seen) as file:
            file.write(b"same")
        assert proxy.spoilt() == 2


@pytest.fixture
def hopeless(
    objects: ObjectServer, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FaultProxy]:
    """A server that never answers as it should, asked twice at most."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "the-session-token")
    with fault_proxy(objects.url, lambda number, asked: request.param) as proxy, s3_options(endpoint_url=proxy.url):
        yield proxy


@pytest.mark.parametrize("hopeless", [fault for fault in Fault if fault in SENTENCES], indirect=True)
def test_a_server_that_always_fails_is_one_sentence_after_a_few_attempts_and_no_secret(
    bucket: str, objects: ObjectServer, hopeless: FaultProxy
) -> None:
    with pytest.raises(ServerError) as caught:
        read_bytes(f"{bucket}/file")
    fault = hopeless.requests[0].fault
    assert fault is not None
    assert str(caught.value) == f"{bucket}/file: {SENTENCES[fault]}"
    assert 1 <= len(hopeless.requests) <= 2
    told = "".join(traceback.format_exception(caught.value))
    for secret in (objects.access_key, objects.secret_key, "the-session-token", "Signature"):
        assert secret not in told


@pytest.mark.parametrize("hopeless", [Fault.SLOW_DOWN, Fault.RESET], indirect=True)
def test_every_use_of_a_server_that_always_fails_ends_in_one_sentence(bucket: str, hopeless: FaultProxy) -> None:
    def write(unchanged: str | None) -> None:
        with open_output(f"{bucket}/file", unchanged=unchanged) as file:
            file.write(b"x")

    uses: list[Callable[[], object]] = [
        lambda: write_bytes(f"{bucket}/file", b"x"),
        lambda: create_bytes(f"{bucket}/file", b"x"),
        lambda: write(None),
        lambda: write('"stamp"'),
        lambda: stamp(f"{bucket}/file"),
        lambda: is_folder(bucket),
        lambda: list(list_files(bucket)),
        lambda: open_input(f"{bucket}/file").__enter__(),
    ]
    for use in uses:
        hopeless.requests.clear()
        with pytest.raises(ServerError, match=r"^s3://[^\n]*: [^\n]*$"):
            use()
        assert len(hopeless.requests) <= 4


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "http://nowhere.invalid", "https://127.0.0.1:1"])
def test_a_server_that_is_not_there_is_said_to_be_out_of_reach(
    bucket: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with s3_options(endpoint_url=address):
        for use in (read_bytes, is_folder, stamp):
            with pytest.raises(ServerError, match=re.escape(f"{bucket}/x: S3 cannot be reached")):
                use(f"{bucket}/x")
