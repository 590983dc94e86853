"""Every command in a page is one that works: targets, programs, files, options, variables."""

import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec

import pytest
from tests.docs.pages import ROOT, Block, blocks
from tests.support.servers import child_environment

from seraphim.kernel.config import Config, variable_name

SETTINGS = {variable_name(field) for field in Config.model_fields}
OTHER_VARIABLES = {"NAME", "ARGS", "PYTHONPATH"}
"""What the Makefile and Python read."""
TARGETS = set(re.findall(r"^([a-z]+):(?!=)", (ROOT / "Makefile").read_text(), re.MULTILINE))
_ASSIGNMENT = re.compile(r"([A-Z][A-Z0-9_]*)=(.*)", re.DOTALL)
type Given = dict[str, str]
SHELL_BLOCKS = blocks("bash")


def commands(block: Block) -> Iterator[list[str]]:
    """Yield the words of each command of a block, comments left out."""
    for line in block.body.replace("\\\n", " ").splitlines():
        for part in line.split(" && "):
            words = shlex.split(part, comments=True)
            if words:
                yield words


def fault_of(words: list[str]) -> str | None:
    """Return what is wrong with a command, or None."""
    given: Given = {}
    rest: list[str] = []
    for word in words:
        assignment = _ASSIGNMENT.fullmatch(word)
        if assignment and (not rest or rest[0] in {"make", "echo"}):
            given[assignment[1]] = assignment[2]
        else:
            rest.append(word)
    unknown = set(given) - SETTINGS - OTHER_VARIABLES
    if unknown:
        return f"nobody reads {sorted(unknown)}"
    program, *arguments = rest
    check = CHECKS.get(program)
    return check(arguments, given) if check else f"the test does not know {program}: teach it"


def _make_fault(targets: list[str], given: Given) -> str | None:
    for target in targets:
        if target not in TARGETS:
            return f"the Makefile has no target {target}"
    name = given.get("NAME")
    if name is not None and not (ROOT / "benchmarks" / f"{name}.py").is_file():
        return f"there is no benchmark {name}"
    return None


def _python_fault(arguments: list[str], _given: Given) -> str | None:
    if arguments[:1] != ["-m"]:
        return "only python -m is known here"
    module = arguments[1]
    if find_spec(module) is None:
        return f"there is no module {module}"
    known = _help_of(module)
    options = [each for each in arguments[2:] if each.startswith("--")]
    return next((f"{module} has no option {each}" for each in options if each not in known), None)


def _pytest_fault(arguments: list[str], _given: Given) -> str | None:
    paths = [each for each in arguments if not each.startswith("-")]
    return next((f"{path} is not there" for path in paths if not (ROOT / path).exists()), None)


def _echo_fault(arguments: list[str], given: Given) -> str | None:
    return None if arguments == [">>", ".env"] and given else "it sets no setting in .env"


def _no_fault(_arguments: list[str], _given: Given) -> None:
    """A program of the person's own."""


CHECKS: dict[str, Callable[[list[str], Given], str | None]] = {
    "make": _make_fault,
    "python": _python_fault,
    ".venv/bin/python": _python_fault,
    ".venv/bin/pytest": _pytest_fault,
    "echo": _echo_fault,
    **dict.fromkeys(("git", "cd", "cp", "curl"), _no_fault),
}
"""Program -> what may be wrong with its arguments and the variables set for it."""


def _help_of(module: str) -> str:
    """Run the program's help, which is the cheapest run there is."""
    return subprocess.run(
        [sys.executable, "-m", module, "--help"],
        cwd=ROOT,
        env=child_environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=50,
    ).stdout


def test_there_are_commands() -> None:
    assert len(SHELL_BLOCKS) > 5


@pytest.mark.parametrize("block", SHELL_BLOCKS, ids=lambda block: block.where)
def test_every_command_is_real(block: Block) -> None:
    faults = {shlex.join(words): fault for words in commands(block) if (fault := fault_of(words))}
    assert not faults, f"{block.where}: {faults}"


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("make nonsense", "no target"),
        ("make bench NAME=nothing", "no benchmark"),
        ("SERAPHIM_LIBARY=music make run", "nobody reads"),
        ("python -m discord_sandbox --prot 1", "no option"),
        ("python -m no_such_module", "no module"),
        (".venv/bin/pytest tests/nowhere", "not there"),
        ("apt install happiness", "teach it"),
    ],
)
def test_a_wrong_command_is_noticed(command: str, fault: str) -> None:
    assert fault in (fault_of(shlex.split(command)) or "")


def test_make_help_lists_the_targets_people_use() -> None:
    shown = subprocess.run(
        ["make", "help"],  # noqa: S607 - the make the person has
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=50,
    ).stdout
    for target in ("run", "test", "check", "bench", "fmt", "assets"):
        assert f"make {target}" in shown


def test_the_commands_of_seraphim_in_the_pages_exist() -> None:
    shown = _help_of("seraphim")
    for command in ("run", "demo", "migrate"):
        assert command in shown


def test_every_variable_a_page_names_is_a_setting() -> None:
    pages = {block.where: block.body for block in blocks()}
    pages |= {str(path): path.read_text() for path in (ROOT / "docs").glob("*/*.md")}
    unknown = {
        f"{where}: {name}"
        for where, text in pages.items()
        for name in re.findall(r"\bSERAPHIM_[A-Z_]*[A-Z]\b", text)
        if name not in SETTINGS
    }
    assert not unknown
