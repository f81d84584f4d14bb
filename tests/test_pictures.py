"""The pictures that the documentation shows are there, and are the script's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
SCRIPT = (ROOT / "scripts" / "pictures.py").read_text(encoding="utf-8")
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
SHOWN = sorted(
    {
        (page.parent / name).resolve()
        for page in PAGES
        for name in re.findall(r"!\[[^\]]*\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
        if "://" not in name
    }
)
NAMES = sorted(picture.name for picture in PICTURES.iterdir())


def test_the_readme_shows_a_picture_of_each_task() -> None:
    assert {PICTURES / "text-ranking.png", PICTURES / "question-answer.png"} <= set(SHOWN)


@pytest.mark.parametrize("picture", SHOWN, ids=lambda picture: picture.name)
def test_a_picture_that_is_shown_exists(picture: Path) -> None:
    assert picture.is_file()


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_small_and_the_script_makes_it(name: str) -> None:
    assert f'"{name}"' in SCRIPT
    data = (PICTURES / name).read_bytes()
    assert data.startswith(b"\x89PNG") and len(data) <= 200 * 1024
