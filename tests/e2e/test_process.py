"""Starting and stopping: what a self-hoster does wrong ends in one sentence and exit code 1."""

import asyncio
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import psutil
import pytest
from tests.e2e.conftest import MakeBot
from tests.support.bot_process import BotProcess

from discord_sandbox.driver import Driver, Guild


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


async def test_a_wrong_token_is_refused_with_the_way_to_a_new_one(make_bot: MakeBot) -> None:
    bot = make_bot(DISCORD_TOKEN="MTAwMDAwMDAwMDAwMDAwMDAw.wrong0.000000000000000000000000000")
    assert await bot.run_to_end() == 1
    assert "DISCORD_TOKEN" in bot.text
    assert "Reset Token" in bot.text
    assert "Traceback" not in bot.text


async def test_a_revoked_token_ends_the_bot_with_the_same_sentence(
    make_bot: MakeBot, driver: Driver
) -> None:
    bot = make_bot()
    await bot.start()
    application = await driver.application()
    revoke = {"kind": "token_revoke", "application_id": application["id"]}
    await driver.control("POST", "/faults", revoke)
    assert await bot.wait() == 1
    assert "Reset Token" in bot.text


async def test_something_that_is_no_token_is_refused_before_anything_starts(
    make_bot: MakeBot,
) -> None:
    bot = make_bot(DISCORD_TOKEN="hello")
    assert await bot.run_to_end() == 1
    assert "DISCORD_TOKEN" in bot.text


async def test_all_wrong_settings_are_listed_at_once(make_bot: MakeBot) -> None:
    bot = make_bot(
        SERAPHIM_WEB_PORT="eighty",
        SERAPHIM_LOG_LEVEL="loud",
        SERAPHIM_DATABASE_URL="mysql://localhost/bot",
        SERAPHIM_HTTP_ALLOW="everywhere",
    )
    assert await bot.run_to_end() == 1
    for name in ("WEB_PORT", "LOG_LEVEL", "DATABASE_URL", "HTTP_ALLOW"):
        assert f"SERAPHIM_{name}" in bot.text


async def test_a_port_that_was_asked_for_and_is_taken_is_said(
    make_bot: MakeBot, taken_port: int
) -> None:
    bot = make_bot(SERAPHIM_WEB_PORT=str(taken_port))
    assert await bot.run_to_end() == 1
    assert str(taken_port) in bot.text
    assert "SERAPHIM_WEB_PORT" in bot.text


async def test_a_second_start_on_the_same_data_is_refused(make_bot: MakeBot) -> None:
    first = make_bot()
    await first.start()
    second = make_bot()
    assert await second.run_to_end() == 1
    assert "already running" in second.text
    assert str(first.process.pid) in second.text
    assert first.process.returncode is None


async def test_a_lock_of_a_killed_process_is_taken_over(make_bot: MakeBot) -> None:
    first = make_bot()
    await first.start()
    first.kill()
    await first.wait()
    second = make_bot()
    await second.start()
    assert second.process.returncode is None


async def test_a_file_that_is_no_database_is_not_overwritten(
    make_bot: MakeBot, tmp_path: Path
) -> None:
    data = tmp_path / "bot" / "data"
    data.mkdir(parents=True)
    (data / "seraphim.db").write_bytes(b"my diary" * 1000)
    bot = make_bot()
    assert await bot.run_to_end() == 1
    assert "Traceback" not in bot.text
    assert (data / "seraphim.db").read_bytes() == b"my diary" * 1000


async def test_a_database_locked_by_another_program_is_said_and_nothing_is_lost(
    make_bot: MakeBot, guild: Guild, tmp_path: Path
) -> None:
    bot = make_bot()
    await bot.start()
    ada = await guild.member("ada")
    change = {"feature": "music", "setting": "default_volume", "value": "70"}
    lock = sqlite3.connect(tmp_path / "bot" / "data" / "seraphim.db", isolation_level=None)
    try:
        lock.execute("BEGIN IMMEDIATE")
        refused = await ada.slash("settings change", change, timeout=30)
        assert "database" in refused.text.lower()
    finally:
        lock.close()
    done = await ada.slash("settings change", change)
    assert "70" in done.text


async def test_a_data_folder_that_cannot_be_made_is_said(make_bot: MakeBot, tmp_path: Path) -> None:
    (tmp_path / "occupied").write_text("a file, not a folder")
    bot = make_bot(SERAPHIM_DATA_DIR=str(tmp_path / "occupied" / "data"))
    assert await bot.run_to_end() == 1
    assert "SERAPHIM_DATA_DIR" in bot.text


async def test_health_answers_while_the_bot_lives(make_bot: MakeBot) -> None:
    bot = make_bot()
    await bot.start()
    address = next(line.split()[-1] for line in bot.output if line.strip().startswith("Health"))
    async with aiohttp.ClientSession() as session:
        for path in ("", "/live", "/ready"):
            async with session.get(address + path) as response:
                assert response.status == 200
                assert (await response.json())["status"]
        async with session.get(address.replace("/health", "/metrics")) as response:
            assert "seraphim_" in await response.text()


async def test_the_demo_starts_alone_and_leaves_nothing_behind(tmp_path: Path) -> None:
    bot = BotProcess({"SERAPHIM_DEMO_PORT": "0", "SERAPHIM_WEB_PORT": "0"}, tmp_path)
    await bot.start()
    children = psutil.Process(bot.process.pid).children(recursive=True)
    chat = next(line.split()[-1] for line in bot.output if line.strip().startswith("Chat"))
    async with aiohttp.ClientSession() as session, session.get(chat) as response:
        assert response.status == 200
        assert "text/html" in response.headers["Content-Type"]
    bot.interrupt()
    assert await bot.wait() == 0
    assert "Traceback" not in bot.text
    assert [child for child in children if child.is_running()] == []


async def test_the_sandbox_ends_when_the_bot_is_killed(tmp_path: Path) -> None:
    bot = BotProcess({"SERAPHIM_DEMO_PORT": "0", "SERAPHIM_WEB_PORT": "0"}, tmp_path)
    await bot.start()
    children = psutil.Process(bot.process.pid).children(recursive=True)
    assert children
    bot.kill()
    await bot.wait()
    _, alive = await asyncio.to_thread(psutil.wait_procs, children, timeout=10)
    assert alive == []


async def test_a_taken_chat_port_is_stepped_over(tmp_path: Path, taken_port: int) -> None:
    environ = {"SERAPHIM_DEMO_PORT": str(taken_port), "SERAPHIM_WEB_PORT": "0"}
    bot = BotProcess(environ, tmp_path)
    await bot.start()
    chat = next(line.split()[-1] for line in bot.output if line.strip().startswith("Chat"))
    assert f":{taken_port}/" not in chat
    await bot.stop()
