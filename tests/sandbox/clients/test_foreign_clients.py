"""Clients of three makers, unmodified, each in a process of its own.

Each must reach READY, register a slash command, receive it from a person, defer, edit,
follow up, and get the click of its button. Everything the sandbox says meanwhile is held
against Discord's descriptions.
"""

import asyncio
import contextlib
import os
import shutil
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.support.spec_check import SpecCheck

from discord_sandbox.driver import Driver
from discord_sandbox.server import Sandbox

HERE = Path(__file__).parent
NODE_FOLDER = HERE / "node"
START_SECONDS = 30
INSTALL_SECONDS = 120


@dataclass(frozen=True)
class Maker:
    """A client library and the program that uses it."""

    name: str
    command: tuple[str, ...]


MAKERS = (
    Maker("discord.py", (sys.executable, str(HERE / "bot_discord_py.py"))),
    Maker("hikari", (sys.executable, str(HERE / "bot_hikari.py"))),
    Maker("discord.js", ("node", str(NODE_FOLDER / "bot.js"))),
)


@dataclass
class Checked:
    """Hands the sandbox's REST exchanges to the checker."""

    check: SpecCheck

    def on_exchange(
        self,
        method: str,
        template: str | None,
        path: str,
        status: int,
        request_body: bytes | None,
        response_body: bytes | None,
        content_type: str,
    ) -> None:
        del template, request_body, content_type  # the checker finds the route by itself
        self.check.exchange(method, path, status, response_body)


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    check = SpecCheck()
    async with Sandbox(data_dir=tmp_path) as sandbox:
        sandbox.observers.append(Checked(check))
        sandbox.world.subscribe(lambda dispatch: check.dispatch(dispatch.name, dispatch.data))
        yield sandbox
    assert check.checked_answers > 3
    check.verdict()


async def install_node_packages() -> None:
    """Bring what package-lock.json names; two test processes may come here at once."""
    if (NODE_FOLDER / "node_modules" / "discord.js").exists():
        return
    with contextlib.ExitStack() as stack:
        import fcntl  # noqa: PLC0415 - Node tests run on Unix only

        lock = stack.enter_context((NODE_FOLDER / "package.json").open())
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
        if (NODE_FOLDER / "node_modules" / "discord.js").exists():
            return
        npm = shutil.which("npm")
        assert npm is not None, "npm is missing: the discord.js test needs Node 20"
        process = await asyncio.create_subprocess_exec(
            npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", cwd=NODE_FOLDER
        )
        assert await asyncio.wait_for(process.wait(), INSTALL_SECONDS) == 0


@contextlib.asynccontextmanager
async def running(maker: Maker, sandbox: Sandbox) -> AsyncGenerator[None]:
    """The maker's bot, from the line in which it says that it is ready."""
    assert sandbox.seeded is not None
    process = await asyncio.create_subprocess_exec(
        *maker.command,
        sandbox.url,
        sandbox.gateway.url,
        env={
            **os.environ,
            "DISCORD_TOKEN": sandbox.seeded.application.token,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "NODE_NO_WARNINGS": "1",
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    output: list[str] = []
    try:
        async with asyncio.timeout(START_SECONDS):
            async for line in process.stdout:
                output.append(line.decode())
                if output[-1].strip() == "ready":
                    break
        assert output[-1:] == ["ready\n"], "".join(output)
        yield
    except BaseException:
        print("".join(output))  # noqa: T201 - shown by pytest with the failure
        raise
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        rest, _ = await process.communicate()
        print(rest.decode())  # noqa: T201 - likewise


@pytest.mark.timeout(180)
@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.name)
async def test_a_client_of_any_maker_works_unmodified(maker: Maker, sandbox: Sandbox) -> None:
    if maker.command[0] == "node":
        await install_node_packages()
    async with running(maker, sandbox), Driver(sandbox) as driver:
        guild = await driver.guild()
        alice = await guild.member("alice")
        reply = await alice.slash("echo", text="hello")
        await reply.until(lambda message: message.content == "edited: hello")
        await reply.followup(lambda message: message.content == "follow-up: hello")
        await reply.click("Press me")
        await reply.until(lambda message: message.content == "pressed by alice")
        assert not reply.message.data["components"]
