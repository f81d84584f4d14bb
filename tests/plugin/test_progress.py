"""Bars on a terminal, and nothing elsewhere."""

from __future__ import annotations

import io
import sys

import pytest

from gtbridge.plugin.commands.common import stages


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("screen", [Screen(), io.StringIO()], ids=["terminal", "file"])
def test_each_stage_has_a_bar_of_its_own_that_ends_where_the_next_begins(
    monkeypatch: pytest.MonkeyPatch, screen: io.StringIO
) -> None:
    monkeypatch.setattr(sys, "stderr", screen)
    with stages() as advance:
        for count in (4, 6):
            advance("tasks fetched", 10, count)
        advance("items", 3, 3)
    shown = screen.getvalue()
    if not screen.isatty():
        assert shown == ""
        return
    fetched, items = shown.split("\n")[:2]
    assert ("tasks fetched" in fetched, "10/10" in fetched, "items" in fetched) == (True, True, False)
    assert ("items" in items, "3/3" in items) == (True, True)
