"""What the sandbox's page says is missing is what is missing, neither more nor less."""

import json
import re
from pathlib import Path

from tests.docs.pages import ROOT

from discord_sandbox.faults.routes import ASYNC_KINDS, KINDS
from discord_sandbox.server import Sandbox

PAGE = (ROOT / "docs/develop/sandbox.md").read_text(encoding="utf-8")
SPECIFICATION = ROOT / "tests/specs/discord-openapi.json"
ORIGINAL = re.compile(r"/messages/@original$")
"""The description lists ``@original`` beside the message's id; one route serves both."""


def _shape(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def _missing(folder: Path) -> set[str]:
    described = {
        f"{method.upper()} {_shape(path)}"
        for path, methods in json.loads(SPECIFICATION.read_text())["paths"].items()
        for method in methods
        if method in {"get", "post", "put", "patch", "delete"} and not ORIGINAL.search(path)
    }
    routes = Sandbox(data_dir=folder).rest.router.routes
    return described - {f"{one.method} {_shape(one.template)}" for one in routes}


def _told() -> set[str]:
    table = PAGE.split("| missing | paths |", 1)[1].split("\n\n", 1)[0]
    return set(re.findall(r"`([^`]+)`", table))


def _is_meant(operation: str, told: str) -> bool:
    method, _, path = operation.partition(" ")
    if " " in told:
        told_method, _, told = told.partition(" ")
        return method == told_method and path.startswith(told)
    return path.startswith(told)


def test_every_missing_operation_is_in_the_list(tmp_path: Path) -> None:
    told = _told()
    untold = {one for one in _missing(tmp_path) if not any(_is_meant(one, each) for each in told)}
    assert not untold


def test_nothing_in_the_list_is_there(tmp_path: Path) -> None:
    missing = _missing(tmp_path)
    outlived = {each for each in _told() if not any(_is_meant(one, each) for one in missing)}
    assert not outlived


def test_every_kind_of_fault_is_described() -> None:
    table = PAGE.split("| `kind` | what happens | fields |", 1)[1].split("\n\n", 1)[0]
    first_cells = re.findall(r"^\| ([^|]*)\|", table, re.MULTILINE)
    assert {kind for cell in first_cells for kind in re.findall(r"`(\w+)`", cell)} == {
        *KINDS,
        *ASYNC_KINDS,
    }
