"""People earn, give and rob on the sandbox; the bot is killed in between and nothing is lost."""

import asyncio
import re

import pytest
from tests.e2e.conftest import MakeBot
from tests.support.bot_process import BotProcess

from discord_sandbox.driver import Driver, Guild, Member
from discord_sandbox.driver.replies import Reply

SYMBOL = "✨"


async def coins_of(member: Member) -> int:
    """What /balance says."""
    shown = await member.slash("balance")
    found = re.search(rf"## ([\d,]+) {SYMBOL}", shown.text)
    assert found, shown.text
    return int(found[1].replace(",", ""))


@pytest.fixture
async def alice(guild: Guild, bot: BotProcess) -> Member:
    """A member without coins, once the bot runs."""
    assert bot.process.returncode is None
    return await guild.member("alice")


@pytest.fixture
async def bob(guild: Guild, alice: Member) -> Member:
    """Another."""
    assert alice.id
    return await guild.member("bob")


async def test_daily_pays_once_however_often_it_is_asked_for(alice: Member) -> None:
    answers = await asyncio.gather(*(alice.slash("daily") for _ in range(3)))
    paid = [one for one in answers if "+100" in one.text]
    refused = [one for one in answers if "ready again <t:" in one.text]
    assert (len(paid), len(refused)) == (1, 2), [one.text for one in answers]
    assert not paid[0].ephemeral
    assert all(one.ephemeral for one in refused)
    assert await coins_of(alice) == 100


async def test_coins_given_arrive_and_are_on_both_statements(alice: Member, bob: Member) -> None:
    await alice.slash("daily")
    given = await alice.slash("give", user=bob, amount="half")
    assert f"**50 {SYMBOL}** to <@{bob.id}>" in given.text
    assert (await coins_of(alice), await coins_of(bob)) == (50, 50)
    mine = await alice.slash("transactions")
    assert mine.ephemeral
    assert f"**\N{MINUS SIGN}50 {SYMBOL}** · Gift · <@{bob.id}>" in mine.text
    table = await mine.click("Table (CSV)")
    assert [file["filename"] for file in table.message.attachments] == ["transactions.csv"]
    his = await bob.slash("transactions")
    assert f"**+50 {SYMBOL}** · Gift · <@{alice.id}>" in his.text


async def test_a_robbery_moves_coins_or_costs_a_fine(alice: Member, bob: Member) -> None:
    await asyncio.gather(alice.slash("daily"), bob.slash("daily"))
    tried = await alice.slash("rob", user=bob)
    mine, his = await coins_of(alice), await coins_of(bob)
    if "saw it" in tried.text:
        assert 5 <= 100 - his <= 15
        assert mine + his == 200
    else:
        assert (mine, his) == (90, 100)
    again = await alice.slash("rob", user=bob)
    assert again.ephemeral
    assert "/rob is ready again <t:" in again.text


AMOUNTS = {
    "0": "at least 1",
    "-5": "at least 1",
    "1.5": "whole numbers",
    str(10**30): "more than any account",
    "10^30": "did not understand",
    "\N{ARABIC-INDIC DIGIT FIVE}": "did not understand",
    "\N{FULLWIDTH DIGIT FIVE}0": "did not understand",
    "ten": "did not understand",
    "1.5k": "100 are there",
    "101": "100 are there",
    "9" * 40: "too long",
}


async def test_wrong_amounts_move_nothing_and_are_told_privately(
    alice: Member, bob: Member
) -> None:
    await alice.slash("daily")
    for typed, told in AMOUNTS.items():
        refused = await alice.slash("give", user=bob, amount=typed)
        assert refused.ephemeral, typed
        assert told in refused.text, (typed, refused.text)
        assert "internal" not in refused.text
    assert (await coins_of(alice), await coins_of(bob)) == (100, 0)


@pytest.mark.parametrize("command", ["give", "rob"])
async def test_oneself_and_bots_are_no_receivers(
    alice: Member, guild: Guild, driver: Driver, command: str
) -> None:
    await alice.slash("daily")
    people = await driver.control("GET", f"/guilds/{guild.id}/members")
    robot = next(one["user"]["id"] for one in people if one["user"].get("bot"))
    options: dict[str, object] = {"amount": "10"} if command == "give" else {}
    for user, sentence in {alice.id: "That is you", robot: "Bots have no account"}.items():
        refused = await alice.slash(command, {"user": user, **options})
        assert refused.ephemeral
        assert sentence in refused.text
    assert await coins_of(alice) == 100


LEFT = {
    "give": {"amount": "10"},
    "rob": {},
    "trade": {},
    "duel": {"bet": "10"},
    "rps": {"bet": "10"},
}


async def test_who_has_left_gets_nothing_and_is_challenged_to_nothing(
    alice: Member, guild: Guild
) -> None:
    await alice.slash("daily")
    mallory = await guild.create_member("mallory")
    await guild.kick(mallory)
    for command, options in LEFT.items():
        refused = await alice.slash(command, {**options, "user": mallory})
        assert refused.ephemeral, command
        assert "is not on th" in refused.text, (command, refused.text)
    assert await coins_of(alice) == 100


async def test_amounts_are_suggested_with_what_they_mean(alice: Member, bob: Member) -> None:
    await alice.slash("daily")
    empty = await alice.autocomplete("give", user=bob, amount="")
    assert [one["value"] for one in empty] == ["100", "25%", "half", "all"]
    half = await alice.autocomplete("give", user=bob, amount="half")
    assert half == [{"name": "half · 50 coins", "value": "half"}]
    assert await alice.autocomplete("give", user=bob, amount="5k") == []


async def test_a_guild_calls_its_coins_as_it_likes(alice: Member, guild: Guild) -> None:
    ada = await guild.member("ada")
    for setting, value in {
        "currency_symbol": "🌻",
        "currency_name": "sunflowers",
        "daily_reward": "250",
        "rob_enabled": "off",
    }.items():
        changed = await ada.slash(
            "settings change", feature="economy", setting=setting, value=value
        )
        assert "Undo" in changed.text, changed.text
    paid = await alice.slash("daily")
    assert "+250 🌻" in paid.text
    assert "sunflowers" in paid.text
    refused = await ada.slash("rob", user=alice)
    assert refused.ephemeral
    assert "Nobody robs anybody" in refused.text
    wrong = await ada.slash("settings change", feature="economy", setting="work_min", value="151")
    assert "work_min must not be above work_max" in wrong.text


async def test_what_was_answered_is_still_there_after_a_kill(
    bot: BotProcess, make_bot: MakeBot, alice: Member, bob: Member
) -> None:
    await alice.slash("daily")
    await alice.slash("give", user=bob, amount="40")
    last: list[Reply] = list(
        await asyncio.gather(alice.slash("work"), bob.slash("daily"), bob.slash("beg"))
    )
    assert all("+" in one.text for one in last)
    before = await coins_of(alice), await coins_of(bob)
    statement = await alice.slash("transactions")
    bot.kill()
    await bot.wait()
    await make_bot().start()
    assert (await coins_of(alice), await coins_of(bob)) == before
    for member, command in ((alice, "daily"), (alice, "work"), (bob, "daily"), (bob, "beg")):
        refused = await member.slash(command)
        assert "ready again <t:" in refused.text, f"{command} was paid twice"
    table = await statement.click("Table (CSV)")
    assert table.message.attachments, "a button from before the kill works"
