"""Bad input at every door that takes coins: a private sentence, and nothing has moved.

What a single door does is tested beside it; here one table of inputs goes to all of them, and
after each test the books are audited.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from tests.e2e.scenarios.shop import open_trade, pay

from discord_sandbox.driver import Guild, Member
from discord_sandbox.driver.replies import Reply
from discord_sandbox.server import Sandbox
from seraphim.app.lifecycle import Bot, running
from seraphim.features.economy.public import Bank
from seraphim.features.economy.service.ledger_audit import audit
from seraphim.features.games.service.payment import ESCROW_PREFIX, escrow_is_open
from seraphim.kernel.config import load_config
from seraphim.kernel.ids import GuildId, UserId

START = 400
AMOUNTS = (
    *("0", "-5", "1.5", "0.5", str(10**30), "10^30", "1e30", "9" * 31, "401", "1.5k", "101%"),
    *("ten", "-all", "NaN", "0x10", "1 0", "1,0,0", "--", "½", "1.000"),
    *("\N{ARABIC-INDIC DIGIT FIVE}", "\N{FULLWIDTH DIGIT FIVE}0", "\N{DEVANAGARI DIGIT ONE}00"),
)
"""None of these is an amount that somebody with 400 coins can give or bet."""

type Door = Callable[[Member, Member, str], Awaitable[Reply]]


@pytest.fixture
async def bot(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Bot]:
    """The bot in this process; its books are in order at the end."""
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
    async with running(load_config(environ, None)) as opened:
        yield opened
        kernel = opened.kernel
        bank = Bank(kernel.clock)
        bank.explain_escrows(ESCROW_PREFIX, escrow_is_open)
        report = await audit(kernel.db, bank, kernel.clock)
        assert report.findings == ()


@pytest.fixture
async def alice(bot: Bot, guild: Guild) -> Member:
    """A member with a few coins."""
    member = await guild.member("alice")
    await pay(bot.kernel, int(guild.id), member, START)
    return member


@pytest.fixture
async def bob(bot: Bot, guild: Guild) -> Member:
    """Another."""
    member = await guild.member("bob")
    await pay(bot.kernel, int(guild.id), member, START)
    return member


async def holds(bot: Bot, guild: Guild, member: Member) -> int:
    """Return what a member has."""
    bank = Bank(bot.kernel.clock)
    return await bot.kernel.db.read(bank.balance, GuildId(int(guild.id)), UserId(int(member.id)))


def is_told_privately(refused: Reply, what: str) -> None:
    """A refusal is seen by who asked only, says something, and is no fault of ours."""
    assert refused.ephemeral, what
    assert "unexpected" not in refused.text, (what, refused.text)
    sentence = refused.embeds[0]["description"]
    assert len(sentence) > 10, (what, sentence)


async def _give(alice: Member, bob: Member, amount: str) -> Reply:
    return await alice.slash("give", user=bob, amount=amount)


async def _duel(alice: Member, bob: Member, amount: str) -> Reply:
    return await alice.slash("duel", user=bob, bet=amount)


async def _roulette(alice: Member, _bob: Member, amount: str) -> Reply:
    return await alice.slash("roulette", bet=amount, space="red")


async def _blackjack(alice: Member, _bob: Member, amount: str) -> Reply:
    return await alice.slash("blackjack", bet=amount)


async def _crash(alice: Member, _bob: Member, amount: str) -> Reply:
    return await alice.slash("crash", bet=amount)


@pytest.mark.parametrize("door", [_give, _duel, _roulette, _blackjack, _crash])
async def test_no_door_takes_a_bad_amount(
    bot: Bot, guild: Guild, alice: Member, bob: Member, door: Door
) -> None:
    for amount in AMOUNTS:
        is_told_privately(await door(alice, bob, amount), amount)
    assert await holds(bot, guild, alice) == START
    assert await holds(bot, guild, bob) == START


async def test_a_trade_takes_no_bad_amount(
    bot: Bot, guild: Guild, alice: Member, bob: Member
) -> None:
    shown, _ = await open_trade(alice, bob)
    for amount in AMOUNTS:
        if amount in {"0", "--"}:  # nothing offered is an offer
            continue
        asked = await shown.click("Coins")
        assert asked.modal is not None
        is_told_privately(await asked.modal.submit(coins=amount), amount)
    await shown.until(lambda message: "400" not in message.text)
    assert await holds(bot, guild, alice) == START


async def test_the_shop_takes_no_bad_quantity(bot: Bot, guild: Guild, alice: Member) -> None:
    ada = await guild.member("ada")
    await ada.slash("shopadmin add", kind="collectible", name="Gem", price="100", stock=9)
    card = await (await alice.slash("shop")).select("Gem")
    for quantity in ("0", "-1", "1.5", "9999", "all", "\N{ARABIC-INDIC DIGIT TWO}", "5", "10"):
        asked = await card.click("Several …")
        assert asked.modal is not None
        is_told_privately(await asked.modal.submit(quantity=quantity), quantity)
    assert await holds(bot, guild, alice) == START
    shown = await alice.slash("inventory")
    assert "Gem" not in shown.text


async def test_no_price_is_a_bad_amount(bot: Bot, guild: Guild, alice: Member) -> None:
    del bot
    ada = await guild.member("ada")
    prices = [price for price in AMOUNTS if price not in {"401", "1.5k"}]
    for price in (*prices, "all", "half", "25%", str(10**12 + 1)):
        refused = await ada.slash("shopadmin add", kind="collectible", name="Gem", price=price)
        is_told_privately(refused, price)
    assert "Gem" not in (await alice.slash("shop")).text


async def test_no_administrator_mints_a_bad_amount(bot: Bot, guild: Guild, alice: Member) -> None:
    ada = await guild.member("ada")
    amounts = [amount for amount in AMOUNTS if amount not in {"0", "401", "1.5k"}]
    for verb in ("add", "remove", "set"):
        for amount in (*amounts, str(10**15 + 1)):
            is_told_privately(
                await ada.slash(f"eco {verb}", member=alice, amount=amount, reason="a try"), amount
            )
    assert await holds(bot, guild, alice) == START


async def test_half_and_all_mean_what_is_there(
    bot: Bot, guild: Guild, alice: Member, bob: Member
) -> None:
    await _give(alice, bob, "half")
    assert await holds(bot, guild, alice) == START // 2
    shown = await _duel(alice, bob, "all")
    assert "**200 ✨** each" in shown.text
    assert await holds(bot, guild, alice) == 0
    is_told_privately(await _give(alice, bob, "all"), "all of nothing")
    is_told_privately(await _blackjack(alice, bob, "half"), "half of nothing")


async def test_who_has_left_is_given_nothing_and_plays_nothing(
    bot: Bot, guild: Guild, alice: Member, bob: Member
) -> None:
    await guild.kick(bob)
    gone = bob.id
    for command, options in {
        "give": {"amount": "10"},
        "rob": {},
        "duel": {"bet": "10"},
        "rps": {"bet": "10"},
        "trade": {},
    }.items():
        is_told_privately(await alice.slash(command, {"user": gone, **options}), command)
    assert await holds(bot, guild, alice) == START
    assert await holds(bot, guild, bob) == START


async def test_of_two_who_want_the_last_piece_one_gets_it_and_one_keeps_the_coins(
    bot: Bot, guild: Guild, alice: Member, bob: Member
) -> None:
    ada = await guild.member("ada")
    await ada.slash("shopadmin add", kind="collectible", name="Gem", price="100", stock=1)
    cards = [await (await who.slash("shop")).select("Gem") for who in (alice, bob)]
    answers = await asyncio.gather(*(card.click("Buy for 100 ✨") for card in cards))
    assert sum("Bought" in one.text for one in answers) == 1
    late = next(one for one in answers if "Bought" not in one.text)
    is_told_privately(late, "the last piece")
    assert "sold out" in late.text
    left = sorted([await holds(bot, guild, alice), await holds(bot, guild, bob)])
    assert left == [START - 100, START]


async def test_what_is_taken_off_sale_while_somebody_looks_at_it_is_not_paid(
    bot: Bot, guild: Guild, alice: Member
) -> None:
    ada = await guild.member("ada")
    await ada.slash("shopadmin add", kind="collectible", name="Gem", price="100")
    card = await (await alice.slash("shop")).select("Gem")
    await ada.slash("shopadmin remove", item="Gem")
    is_told_privately(await card.click("Buy for 100 ✨"), "removed")
    assert await holds(bot, guild, alice) == START
