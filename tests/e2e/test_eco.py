"""The owners' view on the whole bot: a click once, rights, the chart, the file, forgetting."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
from PIL import Image

from discord_sandbox.driver import Guild, Member
from discord_sandbox.driver.replies import Reply
from discord_sandbox.server import Sandbox
from seraphim.app.lifecycle import Bot, running
from seraphim.kernel.audit import list_entries
from seraphim.kernel.config import load_config
from seraphim.kernel.ids import GuildId


@dataclass
class Town:
    """The running bot, its owner and two members."""

    bot: Bot
    guild_id: GuildId
    ada: Member
    alice: Member
    bob: Member

    async def eco(self, verb: str, **options: object) -> Reply:
        """Let the owner run ``/eco``."""
        return await self.ada.slash(f"eco {verb}", dict(options))

    async def give(self, member: Member, amount: str) -> Reply:
        """Let the owner create coins."""
        return await self.eco("add", member=member, amount=amount, reason="a prize")


@pytest.fixture
async def town(sandbox: Sandbox, guild: Guild, tmp_path: Path) -> AsyncIterator[Town]:
    assert sandbox.seeded is not None
    environ = {
        "DISCORD_TOKEN": sandbox.seeded.application.token,
        "SERAPHIM_DISCORD_API_URL": sandbox.url,
        "SERAPHIM_DISCORD_GATEWAY_URL": sandbox.gateway.url,
        "SERAPHIM_WEB_PORT": "0",
        "SERAPHIM_DATA_DIR": str(tmp_path / "data"),
        "SERAPHIM_COMMAND_RATE_LIMIT": "1000",
        "SERAPHIM_LOG_LEVEL": "error",
    }
    async with running(load_config(environ, None)) as bot:
        people = [await guild.member(name) for name in ("ada", "alice", "bob")]
        for member in people:
            member.use("general")
        guild_id = GuildId(bot.wiring.client.guilds[0].id)
        yield Town(bot, guild_id, *people)


async def fetched(url: str) -> bytes:
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.read()


def code_of(reply: Any) -> str:
    return str(reply.embeds[0]["footer"]["text"].partition(" · ")[0])


async def test_a_change_is_undone_once_and_only_the_owner_sees_it(town: Town) -> None:
    done = await town.give(town.alice, "1.5k")
    assert done.ephemeral
    assert "+1,500" in done.text
    await done.click("Undo")
    await done.until(lambda message: "Taken back" in message.text)
    assert done.message.buttons == []
    assert "**0 " in (await town.eco("balance", member=town.alice)).text
    entries = await town.bot.kernel.db.read(list_entries, town.guild_id)
    assert [entry.action for entry in entries] == ["economy.undo", "economy.add"]


async def test_members_are_not_offered_it_and_bots_have_no_coins(town: Town) -> None:
    await town.alice.command("daily")
    assert not town.alice.offers("eco")
    me = town.bot.wiring.client.user
    assert me is not None
    refused = await town.eco("add", member=me.id, amount="10", reason="for the bot")
    assert code_of(refused) == "economy.bot_account"


async def test_a_frozen_member_can_neither_give_nor_get(town: Town) -> None:
    await town.give(town.alice, "100")
    await town.give(town.bob, "100")
    await town.eco("freeze", member=town.alice, reason="looks odd")
    assert code_of(await town.alice.slash("give", user=town.bob, amount="5")) == (
        "economy.account_frozen"
    )
    assert code_of(await town.bob.slash("give", user=town.alice, amount="5")) == (
        "economy.account_frozen"
    )
    seen = (await town.eco("balance", member=town.alice)).text
    assert "frozen" in seen
    assert "a prize" in seen  # why the coins came
    own = (await town.alice.slash("balance")).text
    assert "frozen" in own
    assert "/daily" not in own  # it would pay nothing
    await town.eco("unfreeze", member=town.alice, reason="was fine")
    await town.alice.slash("give", user=town.bob, amount="5")
    assert "**105 " in (await town.eco("balance", member=town.bob)).text


async def test_the_supply_is_drawn_for_each_span(town: Town) -> None:
    await town.give(town.alice, "1000")
    await town.alice.slash("daily")
    shown = await town.eco("supply")
    assert "1,100" in shown.text
    assert "Administrators" in shown.text
    pictures: set[bytes] = set()
    for days in (30, 7, 90):
        if days != 30:
            await shown.click(f"{days} days")
            await shown.until(lambda message, days=days: f"in {days} days" in message.text)
        (file,) = shown.message.attachments
        assert shown.message.embeds[0]["image"]["url"] == file["url"]
        png = await fetched(file["url"])
        assert Image.open(BytesIO(png)).size == (960, 1040)
        pictures.add(png)
    assert len(pictures) == 3


async def test_the_audit_says_what_holds_and_what_does_not(town: Town) -> None:
    await town.give(town.alice, "1000")
    right = await town.eco("audit")
    assert "The books are right" in right.text
    assert "1,000" in right.text
    await town.bot.kernel.db.write(
        lambda conn: conn.exec_driver_sql("UPDATE accounts SET balance = balance + 1") and None
    )
    wrong = await town.eco("audit")
    assert "The books are wrong" in wrong.text
    assert "❌" in wrong.text


async def test_the_ledger_comes_as_a_file_and_by_a_link(town: Town) -> None:
    await town.give(town.alice, "25")
    answer = await town.eco("export", format="jsonl")
    assert answer.ephemeral
    (file,) = answer.message.attachments
    attached = await fetched(file["url"])
    sides = [json.loads(line) for line in attached.splitlines()]
    assert [(side["kind"], side["amount"]) for side in sides] == [("eco.add", -25), ("eco.add", 25)]
    (button,) = answer.message.buttons
    link = urlsplit(str(button["url"]))
    assert await fetched(f"{town.bot.web.url}{link.path}?{link.query}") == attached
    newest, *_ = await town.bot.kernel.db.read(list_entries, town.guild_id)
    assert newest.action == "economy.export"


async def test_a_member_takes_their_data_and_is_forgotten(town: Town) -> None:
    await town.give(town.alice, "500")
    await town.alice.slash("daily")
    answer = await town.alice.slash("data export")
    (file,) = answer.message.attachments
    known = json.loads(await fetched(file["url"]))
    assert known["features"]["economy"]["balance"] == 600
    assert set(known["features"]) >= {"economy", "music"}

    question = await town.alice.slash("data erase")
    assert question.ephemeral
    assert "The ledger keeps the amounts" in question.text
    await question.click("Keep everything")
    assert "**600 " in (await town.eco("balance", member=town.alice)).text

    question = await town.alice.slash("data erase")
    await question.click("Forget me")
    await question.until(lambda message: "forgotten" in message.text)
    assert "**0 " in (await town.eco("balance", member=town.alice)).text
    assert code_of(await town.alice.slash("daily")) != "", "no second daily by being forgotten"
    assert "The books are right" in (await town.eco("audit")).text


async def test_many_new_coins_are_told_in_the_channel(town: Town) -> None:
    channel = next(
        each
        for each in town.bot.wiring.client.guilds[0].text_channels
        if each.name == "bot-commands"
    )
    for setting, value in (("mint_alert_coins", "100"), ("mint_alert_channel", str(channel.id))):
        await town.ada.slash("settings change", feature="economy", setting=setting, value=value)
    await town.give(town.alice, "101")
    (watch,) = [
        each
        for feature in town.bot.wiring.features
        for each in feature.jobs
        if each.kind == "economy.supply"
    ]
    assert watch.run is not None
    job: Any = None  # the handler looks at no payload
    await watch.run(job)
    await watch.run(job)
    said = await town.ada.channel("bot-commands").messages()
    assert [each.embeds[0]["title"] for each in said if each.embeds] == ["Many new coins"]
    assert "101" in said[-1].text
