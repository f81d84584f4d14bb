"""Datasets whose rows are made on a Ray cluster: the very same, whatever becomes of its workers on the way."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from commands import refusal, snapshot
from job_files import answer, reference, write_job
from roads import done, write_lines

from gtbridge.converters.datasets.batch import Batch
from gtbridge.converters.ledger import Ledger
from gtbridge.plugin.files.aws import S3Options
from gtbridge.plugin.outputs import batches, ray_engine

pytestmark = [
    pytest.mark.skipif(find_spec("ray") is None, reason="Ray has no wheel for this Python"),
    *(pytest.mark.server, pytest.mark.xdist_group("ray"), pytest.mark.filterwarnings("ignore::ResourceWarning")),
]

PROCESSORS = 2


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    """One for all these tests, as they take long to start; the engine uses it as it is."""
    import ray

    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    ray.init(num_cpus=PROCESSORS, include_dashboard=False, log_to_driver=False, configure_logging=False)
    yield
    ray.shutdown()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a job of 9 items and a file of judgements; two items are a piece."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(batches, "_ITEMS", 2)
    Path("key").write_bytes(b"k" * 32)
    write_job(Path("job"), [[answer(f"w{n}") for n in range(index % 4)] for index in range(9)])
    write_lines(Path("judged.jsonl"), [{"prompt": f"{n}?", "chosen": f"yes {n}", "rejected": "no"} for n in range(5)])
    return tmp_path


def build(folder: Path, engine: str) -> dict[str, bytes | None]:
    given = ("job", "judged.jsonl", "-o", "data", "--pseudonym-key", "key")
    done("dataset", "build", *given, "--test-size", "0.4", "--engine", engine)
    return snapshot(Path("data"))


def test_the_files_are_the_same_to_the_byte(folder: Path) -> None:
    assert build(folder, "ray") == build(folder, "plain")


def test_a_worker_that_is_killed_in_the_middle_loses_nothing(folder: Path) -> None:
    whole = build(folder, "plain")
    file = folder / "job" / reference(3)
    spare = file.with_suffix(".spare")
    file.rename(spare)
    os.mkfifo(file)  # whoever reads the answers to item 3 is held up
    killed: list[int] = []
    killer = threading.Thread(target=lambda: killed.append(kill_reader(file, spare)), daemon=True)
    killer.start()
    again = build(folder, "ray")
    killer.join()
    assert killed[0] != os.getpid()
    assert again == whole


def kill_reader(pipe: Path, spare: Path) -> int:
    """End the process that reads ``pipe``, which ``spare`` then takes the place of; gives its number."""
    with pipe.open("wb"):  # waits for it
        others = (process for process in Path("/proc").glob("[0-9]*") if process.name != str(os.getpid()))
        pid = next(int(process.name) for process in others if opened(process, pipe))
        spare.rename(pipe)
        os.kill(pid, signal.SIGKILL)
        return pid


def opened(process: Path, file: Path) -> bool:
    try:
        return any(os.path.realpath(link) == str(file) for link in (process / "fd").iterdir())
    except OSError:
        return False  # gone, or somebody else's


def test_what_is_wrong_with_the_answers_is_said_as_by_one_process(folder: Path) -> None:
    (folder / "job" / reference(5)).write_text("{", encoding="utf-8")
    (folder / "job" / reference(7)).unlink()
    given = ("dataset", "build", "job", "-o", "data", "--pseudonym-key", "key")
    messages = [refusal(folder, *given, "--engine", engine) for engine in ("plain", "ray")]
    assert messages[0] == messages[1]
    assert "1 missing and 1 unreadable" in messages[0]


def test_what_was_read_before_a_damaged_line_is_looked_at_first(folder: Path) -> None:
    manifest = Path("job/manifests/output/output.manifest")
    manifest.write_text(manifest.read_text("utf-8") + "{", encoding="utf-8")
    given = ("dataset", "build", "job", "-o", "data", "--pseudonym-key", "key")
    messages = [refusal(folder, *given, "--engine", engine) for engine in ("plain", "ray")]
    assert messages[0] == messages[1]
    assert f"{manifest}:10: " in messages[0]


def test_a_worker_with_another_version_of_gtbridge_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray_engine, "version", lambda name: "9.9.9")
    message = refusal(folder, "dataset", "build", "job", "-o", "data", "--engine", "ray", "--pseudonym-key", "key")
    assert message.startswith("Ray: a worker of the cluster has gtbridge 0.")


def test_pieces_under_way_are_bounded_and_come_back_in_order(folder: Path) -> None:
    asked: list[int] = []

    def pieces() -> Iterator[batches.Done]:
        for number in range(50):
            asked.append(number)
            yield str(number), Batch(Ledger()), None

    whole = batches.Whole({}, (), None, S3Options())  # type: ignore[arg-type]
    for number, (name, _, _) in enumerate(ray_engine.on_ray(pieces(), whole)):
        assert name == str(number)
        assert len(asked) - number <= 2 * PROCESSORS + 1
