"""Every block of code in the pages is run, as the file it is, by the program meant for it."""

import asyncio
import os
import shutil
import sys
from pathlib import Path

import pytest
from tests.docs.pages import ROOT, blocks, files_in
from tests.sandbox.clients.test_foreign_clients import NODE_FOLDER, install_node_packages
from tests.support.local_discord import local_discord

from discord_sandbox.driver import Driver
from seraphim.kernel.migrate import MIGRATIONS_DIR, known_versions

HOUSE, SANDBOX = "docs/develop/house.md", "docs/develop/sandbox.md"
FAIR = "docs/develop/provably-fair.md"
MIGRATION = "src/seraphim/migrations/versions/0003_thanks.py"
RUN_HERE = {
    HOUSE: {
        *(
            f"src/seraphim/features/thanks/{room}.py"
            for room in ("rules", "store", "service", "commands", "feature")
        ),
        MIGRATION,
        "tests/features/thanks/test_rules.py",
    },
    FAIR: {"draws.py"},  # against the test vectors, in tests/features/games/core/test_fair.py
    SANDBOX: {"bot_discord_py.py", "bot_discord.mjs", "bot_hikari.py", "test_my_bot.py"},
}
"""Page -> the files in it that tests run, the ones below where nothing else is said."""
RUN_SECONDS = 45


def test_every_block_of_code_is_run_by_a_test() -> None:
    code = blocks("python", "js")
    nameless = [block.where for block in code if block.file is None]
    assert not nameless, f"name the file on the first line of these blocks: {nameless}"
    unknown = [b.where for b in code if b.file not in RUN_HERE.get(b.page, set())]
    assert not unknown, f"no test runs these blocks: {unknown}"
    for page, expected in RUN_HERE.items():
        assert set(files_in(page)) == expected


async def _run(*command: str, cwd: Path, **environ: str) -> None:
    """Run a program to its end; fails with its output."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=cwd,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environ},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), RUN_SECONDS)
    except TimeoutError:
        process.kill()
        raise
    assert process.returncode == 0, output.decode(errors="replace")


@pytest.fixture
def feature(tmp_path: Path) -> Path:
    """The feature of house.md, written down; its migration gets the next free number."""
    known = known_versions()
    following = f"{int(known[-1]) + 1:04}"
    shutil.copytree(MIGRATIONS_DIR, tmp_path / "src/seraphim/migrations")
    for name, body in files_in(HOUSE).items():
        text = body
        path = tmp_path / name
        if name == MIGRATION:
            path = path.with_name(f"{following}_thanks.py")
            text = text.replace('"0002"', f'"{known[-1]}"').replace('"0003"', f'"{following}"')
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "src/seraphim/features/thanks/__init__.py").write_text('"""Thanks."""\n')
    return tmp_path


async def test_the_feature_of_the_house_works_on_the_sandbox(feature: Path) -> None:
    program = Path(__file__).with_name("thanks_on_sandbox.py")
    await _run(
        *(sys.executable, str(program), str(feature / "src"), str(feature / "data")),
        cwd=feature,
        PYTHONPATH=str(ROOT / "src"),
    )


async def test_the_test_of_the_house_passes(feature: Path) -> None:
    shutil.copytree(
        ROOT / "src/seraphim",
        feature / "src/seraphim",
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("__pycache__", "thanks"),
    )
    await _run(
        *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"),
        cwd=feature,
        PYTHONPATH=str(feature / "src"),
    )


@pytest.mark.parametrize("name", ["bot_discord_py.py", "bot_hikari.py", "bot_discord.mjs"])
@pytest.mark.timeout(180)
async def test_a_bot_of_the_page_answers_a_member(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(files_in(SANDBOX)[name], encoding="utf-8")
    command = (sys.executable, name)
    if name.endswith(".mjs"):
        await install_node_packages()
        (tmp_path / "node_modules").symlink_to(NODE_FOLDER / "node_modules")
        command = ("node", name)
    async with (
        local_discord(tmp_path / "sandbox") as sandbox,
        Driver(sandbox, timeout=30) as driver,
    ):
        assert sandbox.seeded is not None
        bot = await asyncio.create_subprocess_exec(
            *command,
            cwd=tmp_path,
            env={
                **os.environ,
                "SANDBOX_URL": sandbox.url,
                "SANDBOX_GATEWAY_URL": sandbox.gateway.url,
                "DISCORD_TOKEN": sandbox.seeded.application.token,
            },
            stdout=asyncio.subprocess.PIPE,
        )
        assert bot.stdout is not None
        try:
            async with asyncio.timeout(RUN_SECONDS):
                while (line := await bot.stdout.readline()) != b"ready\n":
                    assert line, "the bot ended before it was ready"
            alice = await (await driver.guild()).member("alice")
            assert (await alice.slash("hello")).content == "Hello alice!"
        finally:
            bot.terminate()
            await bot.wait()


async def test_the_test_of_the_sandbox_page_passes(tmp_path: Path) -> None:
    for name in ("bot_discord_py.py", "test_my_bot.py"):
        (tmp_path / name).write_text(files_in(SANDBOX)[name], encoding="utf-8")
    await _run(
        *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
        *("-o", "asyncio_mode=auto", "test_my_bot.py"),
        cwd=tmp_path,
        PYTHONPATH=str(ROOT / "src"),
    )
