"""Games on a whole bot: what members see, click and own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from discord_sandbox.driver import Guild, Member
from discord_sandbox.server import Sandbox
from seraphim.app.lifecycle import Bot, running
from seraphim.features.economy.public import MINT, Bank, person
from seraphim.kernel.config import load_config
from seraphim.kernel.ids import GuildId, UserId

START = 1_000


@pytest.fixture
async def bot(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Bot]:
    """The bot in this process."""
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
    async with running(load_config(environ, None)) as started:
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


async def test_roulette(bot: Bot, guild: Guild, alice: Member) -> None:
    for command, options in (
        ("dice", {"guess": "over"}),
        ("slots", {}),
        ("mysterybox", {}),
        ("highlow", {}),
        ("doubleornothing", {}),
        ("roulette", {"space": "17"}),
    ):
        shown = await alice.slash(command, dict(options) | {"bet": "20"})
        print(shown.text, shown.message.data.get("components"))
