"""Where the command line begins."""

from __future__ import annotations

import os
import sys

import pytest

from gtbridge.plugin.__main__ import main


@pytest.mark.skipif(sys.platform != "linux", reason="Arrow is built with jemalloc for Linux only")
@pytest.mark.parametrize("chosen", [None, "system"])
def test_arrow_gives_memory_back_unless_its_allocator_was_chosen(
    chosen: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARROW_DEFAULT_MEMORY_POOL", chosen or "")  # noted, so that it is undone
    if chosen is None:
        monkeypatch.delenv("ARROW_DEFAULT_MEMORY_POOL")
    monkeypatch.setattr(sys, "argv", ["gtbridge", "--version"])
    with pytest.raises(SystemExit):
        main()
    assert os.environ["ARROW_DEFAULT_MEMORY_POOL"] == (chosen or "jemalloc")
