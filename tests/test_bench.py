"""``scripts/bench`` on next to no data: what is measured runs, and all contenders do the same work as gtbridge."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmarks import label_studio_peers as peers
from benchmarks import made_export, reading, same_rows
from benchmarks.comparison import Comparison, Range, at_least, at_most, ratios
from benchmarks.made_jobs import ANSWERS, made_job
from benchmarks.measuring import Contender, Failure, Figures, take_turns
from benchmarks.object_server import delayed
from living_projects import Living

ROOT = Path(__file__).parents[1]
SCRIPTS = ROOT / "scripts"


@pytest.mark.server
def test_every_road_from_s3_makes_the_same_pairs(tmp_path: Path) -> None:
    """The bench itself fails where a contender makes other rows than gtbridge; see ``same_rows`` below."""
    found = tmp_path / "found.json"
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "XDG_CACHE_HOME") if name in os.environ}
    options = ["--tiny", "--only", "objects", "--cache", str(tmp_path / "cache"), "--json", str(found)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *options],
        env={**kept, "PYTHONPATH": str(SCRIPTS)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    [comparison] = json.loads(found.read_text("utf-8"))["comparisons"]
    assert f"## {comparison['title']}" in done.stdout
    assert len(comparison["contenders"]) == 7
    assert len(comparison["goals"]) == 3
    for contender in comparison["contenders"]:
        assert all(figures["cpu"] > 0 and figures["wall"] > 0 for figures in contender["rounds"])


def test_other_pairs_than_gtbridges_are_found_out(tmp_path: Path) -> None:
    def write(name: str, votes: int) -> str:
        said = {part: [{"role": "user", "content": part}] for part in ("prompt", "chosen", "rejected")}
        about = {"item": "job/0", "dimension": "d", "votes_chosen": votes, "votes_rejected": 0, "votes_tie": 0}
        (tmp_path / name).mkdir()
        table = pa.Table.from_pylist([{**said, "metadata": about}])
        pq.write_table(table, tmp_path / name / "a.parquet")  # type: ignore[no-untyped-call]
        return f"{tmp_path / name}:1"

    ours, same, other = write("ours", 2), write("same", 2), write("other", 3)
    assert same_rows.main(ours, same) is None
    assert "1 pairs are lacking and 1 too many, of 1" in str(same_rows.main(ours, same, other))
    assert same_rows.main(f"{tmp_path / 'none'}:1", f"{tmp_path / 'none'}:1") is not None


@pytest.mark.server
def test_every_road_out_of_label_studio_gives_the_same_answers(living: Living) -> None:
    def said(tasks: list[Any]) -> list[Any]:
        return sorted([task["id"], *([a["id"], a["result"]] for a in task["annotations"])] for task in tasks)

    whole = said(peers.whole(living.http, living.project))
    assert sum(len(task) - 1 for task in whole) == 2
    assert said(peers.chunks(living.http, living.project, 3)) == whole
    assert said(peers.snapshot(living.server.sdk, living.project)) == whole
    assert said(peers.paging(living.server.sdk, living.project, 4)) == whole


@pytest.mark.server
def test_every_reader_of_an_export_file_finds_all_answers(tmp_path: Path) -> None:
    made_export.main(str(made_job(tmp_path, 5)), 50_000, tmp_path)
    reading.main("gtbridge", tmp_path, tmp_path / "read")
    answers = int((tmp_path / "read").read_text())
    assert answers == ANSWERS * len(json.loads((tmp_path / "export.json").read_bytes())) > 5 * ANSWERS
    reading.main("JSON_MIN", tmp_path, tmp_path / "flat")
    assert len(json.loads((tmp_path / "flat" / "result.json").read_bytes())) == answers
    reading.main("json", tmp_path, tmp_path / "listed")
    assert pq.read_metadata(tmp_path / "listed").num_rows == answers  # type: ignore[no-untyped-call]


def test_contenders_take_turns_and_what_they_made_is_removed_before(tmp_path: Path) -> None:
    made, log = tmp_path / "made", tmp_path / "log"

    def contender(name: str, **more: Any) -> Contender:
        writes = f"test ! -e {made} && echo {name} >> {log} && echo > {made}"
        return Contender(name, [["sh", "-c", writes]], 1, made, dict(os.environ), **more)

    found = take_turns([contender("a"), contender("b"), contender("once", rounds=1)], 2)
    assert log.read_text().split() == ["a", "b", "once", "a", "b"]
    assert {name: len(rounds) for name, rounds in found.items()} == {"a": 2, "b": 2, "once": 1}


def test_a_contender_that_fails_ends_the_bench_unless_it_may() -> None:
    fails = [["sh", "-c", "echo what was wrong >&2; exit 3"]]
    with pytest.raises(Failure, match=r"exit code 3\nwhat was wrong"):
        take_turns([Contender("x", fails, 1)], 1)
    allowed = Contender("x", fails, 1, may_fail=True)
    take_turns([allowed], 1)
    assert allowed.failed == [3]


def test_a_goal_is_met_if_the_worse_end_of_the_range_meets_it() -> None:
    assert at_least("", [2.0, 9.0], 2).is_met and not at_least("", [1.9, 9.0], 2).is_met
    assert at_most("", [1.0, 2.0], 2).is_met and not at_most("", [1.0, 2.1], 2).is_met


def test_rates_are_of_each_contenders_own_share_and_ratios_round_by_round() -> None:
    two = [Contender("whole", [], 1000), Contender("sample", [], 10)]
    figures = {"whole": [Figures(10, 4, 2**20), Figures(20, 4, 2**20)], "sample": [Figures(1, 2, 0), Figures(4, 2, 0)]}
    found = Comparison("", "Title", "things", "", two, figures)
    assert (found.rate("whole"), found.rate("sample")) == ([100, 50], [10, 2.5])
    assert (found.cpu("whole"), found.cpu("sample")) == ([4, 4], [200, 200])
    assert ratios(found.rate("whole"), found.rate("sample")) == [10, 20]
    assert ratios([1.0], [2.0, 4.0]) == [0.25, 0.5]
    assert f"| whole | 1,000 | {Range(75, 50, 100).text(1)} | 4.00 | 1.00 |" in found.markdown()


def test_a_delayed_server_gives_what_the_server_gives_and_no_late_answer() -> None:
    over = Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            if content == b"wait":
                over.wait()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            with delayed(server.server_port, 1) as url, delayed(server.server_port, 1, patience=0.1) as impatient:
                sent = os.urandom(300_000)
                assert httpx.post(url, content=sent).content == sent
                with pytest.raises(httpx.TransportError):
                    httpx.post(impatient, content=b"wait", timeout=60)
        finally:
            over.set()
            server.shutdown()
            thread.join()


def test_the_published_figures_are_of_a_full_run_and_the_page_shows_them() -> None:
    page = (ROOT / "docs" / "benchmarks.md").read_text("utf-8")
    said = json.loads((ROOT / "docs" / "benchmarks.json").read_text("utf-8"))
    assert said["size"] == "full"
    for comparison in said["comparisons"]:
        assert f"## {comparison['title']}\n" in page
        for goal in comparison["goals"]:
            assert f"- {goal['goal']}: " in page
