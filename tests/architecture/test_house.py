"""The rules of the house that no linter knows: sizes, names, and that every room can be entered."""

import ast
import importlib
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "node_modules" not in path.parts)
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 70
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}


def _dotted(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("package", ["seraphim", "discord_sandbox"])
def test_every_module_imports(package: str) -> None:
    names = [_dotted(path) for path in MODULES]
    mine = [name for name in names if name.split(".")[0] == package]
    assert len(mine) > 10, f"only {len(mine)} modules of {package} were found"
    for name in mine:
        if name.endswith("__main__"):
            continue
        assert importlib.import_module(name) is not None


def test_no_file_is_longer_than_a_room() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in MODULES
        if (lines := len(path.read_text().splitlines())) > MAX_FILE_LINES
    }
    assert not long, f"split these files (limit {MAX_FILE_LINES} lines): {long}"


def test_no_function_scrolls() -> None:
    long: dict[str, int] = {}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MAX_FUNCTION_LINES:
                long[f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"] = lines
    assert not long, f"split these functions (limit {MAX_FUNCTION_LINES} lines): {long}"


def test_every_name_says_what_is_inside() -> None:
    vague = [str(path.relative_to(ROOT)) for path in MODULES if path.stem in FORBIDDEN_NAMES]
    assert not vague, f"name these for what they do: {vague}"


def test_every_module_begins_with_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in MODULES
        if not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not silent, f"these modules have no docstring: {silent}"


def test_the_locks_pin_by_hash_and_name_no_index() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        pinned = [line for line in text.splitlines() if "==" in line and not line.startswith(" ")]
        assert len(pinned) > 30, f"{name} pins only {len(pinned)} packages"
        assert all(line.rstrip().endswith("\\") for line in pinned), f"{name} pins without hashes"
        assert "index-url" not in text
        assert "://" not in text


def test_the_declared_dependencies_are_all_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    locked = (ROOT / "requirements.lock").read_text().lower()
    for dependency in project["dependencies"]:
        name = re.sub(r"[-_.]+", "-", re.split(r"[\[=<>;!~ ]", dependency)[0]).lower()
        assert f"\n{name}==" in f"\n{locked}", f"{name} is not in requirements.lock: run make locks"
