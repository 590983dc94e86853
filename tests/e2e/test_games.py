"""Games on a whole bot: what members see, click and own."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from discord_sandbox.driver import Guild, Member
from discord_sandbox.server import Sandbox
from seraphim.app.lifecycle import Bot, running
from seraphim.features.economy.public import MINT, Bank, person
from seraphim.features.games.service.orders import ActOrder
from seraphim.features.games.service.steps import TIMEOUT_JOB
from seraphim.features.games.service.table import Table
from seraphim.features.games.store.tables import games
from seraphim.kernel.config import Config, load_config
from seraphim.kernel.db import signal
from seraphim.kernel.ids import ChannelId, GuildId, UserId
from seraphim.kernel.jobs import JOBS, JOBS_SIGNAL

START = 1_000


def configured(sandbox: Sandbox, tmp_path: Path) -> Config:
    """Return the settings of a bot on the sandbox; two from one test share their data."""
    assert sandbox.seeded is not None
    environ = {
        "DISCORD_TOKEN": sandbox.seeded.application.token,
        "SERAPHIM_DISCORD_API_URL": sandbox.url,
        "SERAPHIM_DISCORD_GATEWAY_URL": sandbox.gateway.url,
        "SERAPHIM_DISCORD_CA_FILE": str(sandbox.voice.ca_file),
        "SERAPHIM_WEB_PORT": "0",
        "SERAPHIM_DATA_DIR": str(tmp_path / "data"),
        "SERAPHIM_COMMAND_RATE_LIMIT": "1000",
        "SERAPHIM_LOG_LEVEL": "error",
    }
    return load_config(environ, None)


@pytest.fixture
async def bot(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Bot]:
    """The bot in this process."""
    async with running(configured(sandbox, tmp_path)) as started:
        yield started


async def give(bot: Bot, guild: Guild, member: Member, coins: int = START) -> None:
    """Mint coins for a member."""
    kernel = bot.kernel
    bank = Bank(kernel.clock)
    user_id = UserId(int(member.id))
    await kernel.db.write(
        bank.transfer, GuildId(int(guild.id)), MINT, person(user_id), coins,
        key=f"test:{user_id}", kind="test",
    )  # fmt: skip


async def holds(bot: Bot, guild: Guild, member: Member) -> int:
    """Return what a member has."""
    kernel = bot.kernel
    bank = Bank(kernel.clock)
    return await kernel.db.read(bank.balance, GuildId(int(guild.id)), UserId(int(member.id)))


async def make_due(bot: Bot) -> None:
    """Let the deadline of every open game pass, without waiting for it."""
    await bot.kernel.db.write(_make_due)


def _make_due(conn: sa.Connection) -> None:
    conn.execute(games.update().where(games.c.status == "open").values(deadline_ms=1))
    conn.execute(JOBS.update().where(JOBS.c.kind == TIMEOUT_JOB).values(run_at_ms=1))
    signal(conn, JOBS_SIGNAL)


@pytest.fixture
async def alice(bot: Bot, guild: Guild) -> Member:
    """A member with coins."""
    member = await guild.member("alice")
    member.use("general")
    await give(bot, guild, member)
    return member


async def test_a_coin_is_called_and_paid(bot: Bot, guild: Guild, alice: Member) -> None:
    shown = await alice.slash("coinflip", bet="100", side="heads")
    won = "You win" in shown.text
    assert await holds(bot, guild, alice) == (START + 95 if won else START - 100)


async def test_a_second_click_and_a_strangers_click_change_nothing(
    bot: Bot, guild: Guild, alice: Member
) -> None:
    bob = await guild.member("bob")
    channel = bob.channel("general")
    shown = await alice.slash("mysterybox", bet="100")
    message = await channel.wait_for(lambda one: one.id == shown.message_id)
    stranger = await channel.click(message, "Box 1")
    assert stranger.ephemeral
    assert "not your game" in stranger.text
    assert await holds(bot, guild, alice) == START - 100
    first, second = await asyncio.gather(shown.click("Box 1"), shown.click("Box 2"))
    private = [one for one in (first, second) if one.ephemeral]
    assert len(private) == 1
    text = private[0].text
    assert "too late" in text or "over already" in text
    await shown.until(lambda one: "holds" in one.text)
    assert "mysterybox" not in text
    moved = await holds(bot, guild, alice) - (START - 100)
    assert moved in {0, 50, 100, 150, 200, 500, 1000}


async def test_the_clock_ends_a_game_and_the_message_says_so(bot: Bot, alice: Member) -> None:
    shown = await alice.slash("mysterybox", bet="100")
    await make_due(bot)
    message = await shown.until(lambda one: "Box 1 holds" in one.text)
    assert message.find_button("Again") is not None


async def test_a_game_that_ends_while_the_bot_is_stopped_is_no_failed_job(
    bot: Bot, guild: Guild, alice: Member
) -> None:
    shown = await alice.slash("mysterybox", bet="100")
    assert "Box 1" in shown.text
    await bot.wiring.client.close()
    await make_due(bot)
    await bot.kernel.jobs.run_due()
    await bot.kernel.jobs.stop()
    failed = sa.select(JOBS.c.last_error).where(JOBS.c.last_error.is_not(None))
    assert await bot.kernel.db.read(lambda conn: conn.execute(failed).all()) == []
    assert await holds(bot, guild, alice) >= START - 100


async def test_a_game_goes_on_after_a_restart(
    sandbox: Sandbox, tmp_path: Path, guild: Guild
) -> None:
    config = configured(sandbox, tmp_path)
    alice = await guild.member("alice")
    alice.use("general")
    async with running(config) as first:
        await give(first, guild, alice)
        shown = await alice.slash("mysterybox", bet="100")
    async with running(config) as second:
        clicked = await shown.click("Box 3")
        assert "Box 3 holds" in clicked.text
        assert await holds(second, guild, alice) >= START - 100


async def test_an_answer_that_was_lost_in_a_crash_is_shown_at_the_start(
    sandbox: Sandbox, tmp_path: Path, guild: Guild
) -> None:
    """The step is stored and Discord was never told, as when the process dies in between."""
    config = configured(sandbox, tmp_path)
    alice = await guild.member("alice")
    alice.use("general")
    async with running(config) as first:
        await give(first, guild, alice)
        shown = await alice.slash("mysterybox", bet="100")
        button = shown.message.find_button("Box 2")
        assert button is not None
        game_id = str(button["custom_id"]).split(":")[2]
        kernel = first.kernel
        table = Table(
            kernel.db, Bank(kernel.clock), kernel.settings,
            clock=kernel.clock, ids=kernel.ids, dice=kernel.dice,
        )  # fmt: skip
        await table.act(
            ActOrder(
                key="lost", guild_id=GuildId(int(guild.id)), channel_id=ChannelId(1),
                user_id=UserId(int(alice.id)), game_id=game_id, action="box",
                at_ms=kernel.clock.now_ms(), version=1, options={"value": "1"},
            )
        )  # fmt: skip
        assert "Box 2 holds" not in shown.text
    async with running(config):
        await shown.until(lambda one: "Box 2 holds" in one.text)


async def test_bad_bets_are_refused_with_a_sentence(bot: Bot, guild: Guild, alice: Member) -> None:
    for bet in ("0", "-5", "1.5", "1e30", "5000", "٣٠"):
        refused = await alice.slash("coinflip", bet=bet)
        assert refused.ephemeral, bet
    assert await holds(bot, guild, alice) == START


async def test_the_panel_switches_games_off(bot: Bot, guild: Guild, alice: Member) -> None:
    ada = await guild.member("ada")
    ada.use("general")
    panel = await ada.slash("games-settings")
    assert "97.50" in panel.text, "what 100 coins become in coinflip"
    menu = next(one for one in panel.message.selects if "games" in one["custom_id"])
    kept = [one["value"] for one in menu["options"] if one["value"] != "slots"]
    await panel.select(*kept, menu=menu["custom_id"])
    refused = await alice.slash("slots", bet="100")
    assert "switched off" in refused.text
    assert await holds(bot, guild, alice) == START


async def test_a_played_game_is_proved_to_the_member(alice: Member) -> None:
    shown = await alice.slash("dice", bet="100", guess="over")
    again = shown.message.find_button("Again")
    assert again is not None
    game_id = str(again["custom_id"]).split(":")[2]
    early = await alice.slash("fair verify", game=game_id)
    assert "once its seed is public" in early.text
    await alice.slash("fair rotate")
    proved = await alice.slash("fair verify", game=game_id)
    assert "every draw and coin agrees" in proved.text
    assert proved.message.data["attachments"][0]["filename"] == f"dice-{game_id}.json"
