"""The repository as a package: what is installed, and which floor may import which."""

from __future__ import annotations

import ast
import configparser
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = ("label_configs", "converters", "plugin")
SETTINGS = configparser.ConfigParser()
SETTINGS.read(ROOT / "setup.cfg")


def sources(floor: str) -> list[Path]:
    return sorted((ROOT / floor).rglob("*.py"))


def test_setup_cfg_lists_every_package_folder() -> None:
    listed = set(SETTINGS["options"]["packages"].split())
    folders = {path.parent.relative_to(ROOT) for floor in FLOORS for path in (ROOT / floor).rglob("__init__.py")}
    assert listed == {f"gtbridge.{'.'.join(folder.parts)}" for folder in folders}


def imported_floors(path: Path) -> set[str]:
    """The floors that a file imports from, whether relatively or by name."""
    depth = len(path.relative_to(ROOT).parts) - 1
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level > depth:
                names = [module] if module else [alias.name for alias in node.names]
            elif node.level == 0:
                names = [module.removeprefix("gtbridge.")] if module.startswith("gtbridge.") else []
        elif isinstance(node, ast.Import):
            names = [a.name.removeprefix("gtbridge.") for a in node.names if a.name.startswith("gtbridge.")]
        found |= {name.split(".")[0] for name in names}
    return found


@pytest.mark.parametrize("floor", FLOORS)
def test_no_floor_imports_a_higher_one(floor: str) -> None:
    allowed = set(FLOORS[: FLOORS.index(floor) + 1])
    for path in sources(floor):
        assert imported_floors(path) <= allowed, path


def test_the_guard_brings_nothing_heavy_into_label_studios_server() -> None:
    files = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "plugin" / "guard").glob("*.py")]
    imports = [node for file in files for node in ast.walk(file) if isinstance(node, ast.ImportFrom)]
    own_floor = {f"gtbridge.plugin.{node.module}" for node in imports if node.level == 2}
    lower_floors = {f"gtbridge.{node.module}" for node in imports if node.level == 3}
    assert own_floor == {"gtbridge.plugin.project_description", "gtbridge.plugin.versions"}
    code = f"import sys, {', '.join(own_floor | lower_floors)}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"datasets", "pyarrow", "pandas", "boto3", "botocore", "label_studio_sdk", "click"} & set(loaded)


def test_the_floor_test_sees_imports_of_every_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    (tmp_path / "converters" / "formats").mkdir(parents=True)
    file = tmp_path / "converters" / "formats" / "x.py"
    for line in ("from ...plugin.storage import x", "from ... import plugin", "import gtbridge.plugin.cli"):
        file.write_text(line, encoding="utf-8")
        assert imported_floors(file) == {"plugin"}, line
    file.write_text("from ..ledger import Ledger", encoding="utf-8")
    assert imported_floors(file) == set()


def test_files_have_at_most_250_lines() -> None:
    files = [path for folder in (*FLOORS, "tests", "scripts") for path in (ROOT / folder).rglob("*") if path.is_file()]
    code = [path for path in files if path.suffix in {".py", ".xml", ".css", ".js", ".md", ""}]
    assert code
    long = {str(path): count for path in code if (count := len(path.read_text("utf-8").splitlines())) > 250}
    assert long == {}


@pytest.mark.parametrize("folder", FLOORS)
def test_the_folders_are_no_packages_of_their_own(folder: str, tmp_path: Path) -> None:
    outcome = subprocess.run([sys.executable, "-c", f"import {folder}"], cwd=tmp_path, capture_output=True, check=False)
    assert b"ModuleNotFoundError" in outcome.stderr


def test_the_built_wheel_works_and_lacks_no_file(tmp_path: Path) -> None:
    """Installed into an empty environment, with the dependencies of the running one in sight."""
    source = tmp_path / "source"
    tracked = subprocess.check_output(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, text=True
    ).splitlines()
    for name in tracked:
        if (ROOT / name).is_file() and not (ROOT / name).is_symlink():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    wheels = tmp_path / "wheels"
    build = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(wheels), str(source)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = wheels.glob("*.whl")
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=False)
    python = environment / "bin" / "python"
    (site,) = (environment / "lib").glob("python*/site-packages")
    unpack = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--target", str(site), str(wheel)]
    subprocess.run(unpack, check=True, capture_output=True)
    for name in tracked:
        if name.startswith(FLOORS):
            assert (site / "gtbridge" / name).is_file(), name
    dependencies = [path for path in sys.path if path.endswith("site-packages")]
    probe = (
        f"import sys; sys.path += {dependencies!r}; import gtbridge.label_configs as g; print(g.__file__);"
        "from gtbridge.plugin.cli import cli; cli(['task', 'new', 'text-ranking'])"
    )
    shell = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    output = subprocess.check_output([python, "-P", "-c", probe], cwd="/", text=True, env=shell)
    assert str(site) in output
    assert "task: text-ranking" in output
