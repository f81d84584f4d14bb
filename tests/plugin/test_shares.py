"""Which lines of which job each of several machines takes, and what none of them can take a part of."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from commands import refusal
from job_files import answer, write_job

from gtbridge.label_configs.errors import ServerError
from gtbridge.plugin.outputs.opened_output import JobOutput
from gtbridge.plugin.outputs.ray_engine import check_reachable
from gtbridge.plugin.outputs.shares import Extent, Share, extent_of


def test_a_live_project_is_not_divided() -> None:
    job = JobOutput("live", "label-studio:live", None, False, lambda ledger: iter(()))
    with pytest.raises(ValueError, match="label-studio:live: changes while it is read"):
        extent_of(job)


@pytest.mark.parametrize("lines", [(7, 4), (0, 1), (1,), (3, 0, 1000)])
@pytest.mark.parametrize("of", [1, 2, 3, 16])
def test_shares_cover_every_line_once_in_order_and_evenly(lines: tuple[int, ...], of: int) -> None:
    extents = {f"job{number}": Extent(count, "") for number, count in enumerate(lines)}
    shares = [Share(number, of).stretches(extents) for number in range(1, of + 1)]
    for number, count in enumerate(lines):
        covered = [at for share in shares for at in range(*share[f"job{number}"])]
        assert covered == list(range(count))
    sizes = [sum(end - start for start, end in share.values()) for share in shares]
    assert max(sizes) - min(sizes) <= 1


def test_ray_that_is_not_installed_is_one_clear_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_job(Path("one"), [[answer("w")]])
    Path("key").write_bytes(b"k" * 32)
    monkeypatch.setitem(sys.modules, "ray", None)
    message = refusal(tmp_path, "dataset", "build", "one", "-o", "data", "--engine", "ray", "--pseudonym-key", "key")
    assert message == "--engine ray needs Ray: pip install 'gtbridge[ray]'"


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1", "127.0.0.1:99999"])
def test_a_cluster_that_does_not_answer_is_one_clear_sentence(address: str) -> None:
    with pytest.raises(ServerError) as caught:
        check_reachable(address)
    assert str(caught.value).startswith(f"{address}: no Ray cluster answers (RAY_ADDRESS): ")
