"""The shop on a Discord: roles given, refused and taken back; trades with the wrong people."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Connection
from tests.e2e.scenarios.shop import (
    channel_of,
    offer_coins,
    offer_thing,
    open_trade,
    pay,
)

from discord_sandbox.driver import Driver, Guild, Member
from discord_sandbox.server import Sandbox
from seraphim.app.lifecycle import Bot, running
from seraphim.features.economy.public import Bank
from seraphim.features.economy.service.ledger_audit import audit
from seraphim.features.economy.service.shop_delivery import EXPIRE
from seraphim.features.economy.service.trade import EXPIRE as TRADE_EXPIRE
from seraphim.features.economy.store.shop_orders import list_orders
from seraphim.features.economy.store.shop_tables import shop_roles, shop_trades
from seraphim.kernel.config import load_config
from seraphim.kernel.ids import GuildId, UserId
from seraphim.kernel.jobs import enqueue

type Start = Callable[[], AbstractAsyncContextManager[Bot]]


@pytest.fixture
def start(sandbox: Sandbox, tmp_path: Path) -> Start:
    """Return a starter of the bot in this process; two from one test share their data."""
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
    return lambda: running(load_config(environ, None))


@pytest.fixture
async def bot(start: Start) -> AsyncIterator[Bot]:
    async with start() as opened:
        yield opened


@pytest.fixture
async def alice(guild: Guild) -> Member:
    return await guild.member("alice")


@pytest.fixture
async def bob(guild: Guild) -> Member:
    return await guild.member("bob")


@pytest.fixture
async def ada(guild: Guild) -> Member:
    return await guild.member("ada")


async def _roles_of(driver: Driver, guild: Guild, member: Member) -> list[str]:
    for data in await driver.control("GET", f"/guilds/{guild.id}/members"):
        if data["user"]["id"] == member.id:
            return data["roles"]
    return []


async def _balance(bot: Bot, guild: Guild, member: Member) -> int:
    bank = Bank(bot.kernel.clock)
    return await bot.kernel.db.read(bank.balance, GuildId(int(guild.id)), UserId(int(member.id)))


async def _sell_role(ada: Member, role_id: str, **more: Any) -> None:
    await ada.slash("shopadmin add", kind="role", name="Knight", price="100", role=role_id, **more)


async def _pay(bot: Bot, guild: Guild, *members: Member, coins: int = 1000) -> None:
    for member in members:
        await pay(bot.kernel, int(guild.id), member, coins)


async def _books_are_in_order(bot: Bot) -> None:
    kernel = bot.kernel
    report = await audit(kernel.db, Bank(kernel.clock), kernel.clock)
    assert report.findings == ()


async def test_a_bought_role_is_given_and_a_sold_one_taken(
    bot: Bot, driver: Driver, guild: Guild, alice: Member, ada: Member
) -> None:
    role_id = await guild.create_role("Knight")
    await _sell_role(ada, role_id, stock=1)
    await _pay(bot, guild, alice)
    bought = await alice.slash("buy", item="Knight")
    assert "The role is yours." in bought.text
    assert role_id in await _roles_of(driver, guild, alice)
    assert await _balance(bot, guild, alice) == 900
    again = await alice.slash("buy", item="Knight")
    assert "sold out" in again.text
    assert again.ephemeral
    sold = await alice.slash("sell", item="Knight")
    assert "50" in sold.text
    await bot.kernel.jobs.run_due()
    await _until_gone(driver, guild, alice, role_id)
    assert await _balance(bot, guild, alice) == 950
    await _books_are_in_order(bot)


async def _until_gone(driver: Driver, guild: Guild, member: Member, role_id: str) -> None:
    """Wait until the role is taken: the job may be in the worker's hands already."""

    def told() -> bool:
        return any(
            name == "GUILD_MEMBER_UPDATE" and role_id not in data["roles"]
            for name, data in member.connection.events
            if name == "GUILD_MEMBER_UPDATE" and data["user"]["id"] == member.id
        )

    if role_id in await _roles_of(driver, guild, member):
        await member.connection.until(told, f"the role {role_id} to be taken")
    assert role_id not in await _roles_of(driver, guild, member)


async def test_a_role_above_the_bot_is_paid_back_at_once(
    bot: Bot, driver: Driver, guild: Guild, alice: Member, ada: Member
) -> None:
    added = await ada.slash(
        "shopadmin add", kind="role", name="Boss", price="100", role=await guild.role("Admin")
    )
    assert "above my own" in added.text
    await _pay(bot, guild, alice)
    refused = await alice.slash("buy", item="Boss")
    assert "Money back" in refused.text
    assert "above my own" in refused.text
    assert await _balance(bot, guild, alice) == 1000
    assert await guild.role("Admin") not in await _roles_of(driver, guild, alice)
    shown = await alice.slash("inventory")
    assert "Boss" not in shown.text
    await _books_are_in_order(bot)


async def test_a_deleted_role_is_paid_back(
    bot: Bot, sandbox: Sandbox, driver: Driver, guild: Guild, alice: Member, ada: Member
) -> None:
    role_id = await guild.create_role("Knight")
    await _sell_role(ada, role_id, stock=3)
    await _pay(bot, guild, alice)
    world = sandbox.world
    world.delete_role(world.guilds[int(guild.id)], world.guilds[int(guild.id)].roles[int(role_id)])
    refused = await alice.slash("buy", item="Knight")
    assert "does not exist any more" in refused.text
    assert await _balance(bot, guild, alice) == 1000
    assert "3 left" in (await alice.slash("shop")).text
    del driver


async def test_a_refund_that_nobody_waits_for_is_told_directly(
    bot: Bot, guild: Guild, alice: Member, ada: Member
) -> None:
    await ada.slash(
        "shopadmin add", kind="role", name="Boss", price="100", role=await guild.role("Admin")
    )
    await _pay(bot, guild, alice)
    handler = bot.kernel.jobs
    await handler.stop()  # the delivery waits, as when Discord is slow
    on_its_way = await alice.slash("buy", item="Boss")
    assert "on its way" in on_its_way.text
    assert await _balance(bot, guild, alice) == 900
    await handler.start()
    await alice.connection.until(
        lambda: any("Money back" in message.text for message in alice.connection.messages.values()),
        "the refund to be told",
    )
    assert await _balance(bot, guild, alice) == 1000


async def test_who_left_before_the_role_came_gets_the_coins_back(
    bot: Bot, guild: Guild, alice: Member, ada: Member
) -> None:
    role_id = await guild.create_role("Knight")
    await _sell_role(ada, role_id)
    await _pay(bot, guild, alice)
    await bot.kernel.jobs.stop()
    await alice.slash("buy", item="Knight")
    await guild.kick(alice)
    await bot.kernel.jobs.run_due()
    orders = await bot.kernel.db.read(list_orders, GuildId(int(guild.id)), UserId(int(alice.id)))
    assert [(order.state, order.refusal) for order in orders] == [("refunded", "member_gone")]
    assert await _balance(bot, guild, alice) == 1000
    await _books_are_in_order(bot)


async def test_without_the_permission_to_manage_roles_everything_is_paid_back(
    bot: Bot, driver: Driver, guild: Guild, alice: Member, ada: Member
) -> None:
    await _sell_role(ada, await guild.create_role("Knight"))
    await _pay(bot, guild, alice)
    own = f"/guilds/{guild.id}/roles/{await guild.role('Seraphim')}"
    await driver.control("PATCH", own, {"permissions": str(1 << 10 | 1 << 11)})
    refused = await alice.slash("buy", item="Knight")
    assert "lack the permission to manage roles" in refused.text
    assert await _balance(bot, guild, alice) == 1000


async def test_who_may_not_give_a_role_by_hand_puts_none_on_sale(
    bot: Bot, guild: Guild, alice: Member
) -> None:
    del bot
    await guild.create_role("Steward", 1 << 5)  # Manage Server
    await guild.create_role("Marshal", 1 << 5 | 1 << 28)  # and Manage Roles
    prize = await guild.create_role("Prize")  # the newest is the lowest
    eve = await guild.create_member("eve", roles=["Steward"])
    refused = await eve.slash("shopadmin add", kind="role", name="Prize", price="1", role=prize)
    assert "Manage Roles" in refused.text
    assert "Prize" not in (await alice.slash("shop")).text
    fay = await guild.create_member("fay", roles=["Marshal"])
    await fay.slash("shopadmin add", kind="role", name="Prize", price="1", role=prize)
    assert "Prize" in (await alice.slash("shop")).text


async def test_a_temporary_role_is_taken_back_when_its_time_is_over(
    bot: Bot, driver: Driver, guild: Guild, alice: Member, ada: Member
) -> None:
    role_id = await guild.create_role("Guest")
    await _sell_role(ada, role_id, duration="1h")
    await _pay(bot, guild, alice)
    await alice.slash("buy", item="Knight")
    assert role_id in await _roles_of(driver, guild, alice)
    assert "until" in (await alice.slash("inventory")).text
    await bot.kernel.db.write(_end_now, bot, int(guild.id), int(alice.id))
    await bot.kernel.jobs.run_due()
    await _until_gone(driver, guild, alice, role_id)
    assert "Knight" not in (await alice.slash("inventory")).text
    await _books_are_in_order(bot)


def _end_now(conn: Connection, bot: Bot, guild_id: int, user_id: int) -> None:
    """Let the time of the role be over."""
    kernel = bot.kernel
    held = conn.execute(shop_roles.select()).one()
    conn.execute(shop_roles.update().values(expires_ms=kernel.clock.now_ms()))
    payload: dict[str, Any] = {"guild": guild_id, "user": user_id, "item": held.item_id}
    enqueue(conn, EXPIRE, payload, run_at_ms=0, ids=kernel.ids, clock=kernel.clock)


async def test_a_price_that_changes_while_the_menu_is_open_buys_nothing(
    bot: Bot, guild: Guild, alice: Member, ada: Member
) -> None:
    await ada.slash("shopadmin add", kind="collectible", name="Gem", price="100", emoji="💎")
    await _pay(bot, guild, alice)
    shown = await alice.slash("shop")
    card = await shown.select("Gem")
    form = await ada.slash("shopadmin edit", item="Gem")
    assert form.modal is not None
    await form.modal.submit(name="Gem", price="999", emoji="", description="", limit="")
    for late in (
        await card.click("Buy for 100 ✨"),
        await shown.select("Gem"),
        await alice.slash("buy", item="1@100"),
    ):
        assert "from 100 to 999" in late.text
        assert late.ephemeral
    assert await _balance(bot, guild, alice) == 1000


async def test_autocomplete_carries_the_price_that_is_shown(
    bot: Bot, guild: Guild, alice: Member, ada: Member
) -> None:
    del bot, guild
    await ada.slash("shopadmin add", kind="collectible", name="Gem", price="1234")
    choices = await alice.autocomplete("buy", item="ge")
    assert [(each["name"], each["value"]) for each in choices] == [("Gem — 1,234 ✨", "1@1234")]
    assert await alice.autocomplete("sell", item="") == []
    assert [each["name"] for each in await ada.autocomplete("shopadmin edit", item="G")] == ["Gem"]


async def test_only_administrators_change_the_shop(
    bot: Bot, guild: Guild, alice: Member, ada: Member
) -> None:
    del bot
    assert not alice.offers("shopadmin")
    added = await ada.slash("shopadmin add", kind="collectible", name="Gem", price="10")
    assert added.ephemeral
    shown = await added.click("Undo")
    assert "Taken back" in shown.text
    again = await added.click("Undo") if added.message.buttons else None
    assert again is None
    assert "still empty" in (await alice.slash("shop")).text
    del guild


async def test_a_trade_is_confirmed_by_both(
    bot: Bot, guild: Guild, alice: Member, bob: Member, ada: Member
) -> None:
    await ada.slash("shopadmin add", kind="collectible", name="Gem", price="100")
    await _pay(bot, guild, alice, bob)
    await alice.slash("buy", item="Gem", quantity=3)
    shown, seen = await open_trade(alice, bob)
    assert shown.message.find_button("Confirm") is not None
    await offer_thing(alice, shown.message, "Gem", "2")
    await offer_coins(bob, seen, "half")
    ready = await shown.until(lambda message: "500" in message.text and "Gem" in message.text)
    await shown.click("Confirm")
    await shown.until(lambda message: "confirmed" in message.text)
    assert await _balance(bot, guild, bob) == 1000
    await channel_of(bob, shown).click(ready, "Confirm")
    done = await shown.until(lambda message: "Done" in message.text)
    assert done.buttons == []
    assert await _balance(bot, guild, alice) == 1200
    assert await _balance(bot, guild, bob) == 500
    assert "x 2" in (await bob.slash("inventory")).text
    await _books_are_in_order(bot)


async def test_a_changed_offer_takes_the_confirmation_back(
    bot: Bot, guild: Guild, alice: Member, bob: Member
) -> None:
    await _pay(bot, guild, alice, bob)
    shown, seen = await open_trade(alice, bob)
    await offer_coins(alice, shown.message, "500")
    await shown.until(lambda message: "500" in message.text)
    await shown.click("Confirm")
    await offer_coins(alice, shown.message, "5")
    await shown.until(lambda message: "**5 " in message.text and "confirmed ✅" not in message.text)
    assert await _balance(bot, guild, alice) == 1000
    fresh = await channel_of(bob, shown).wait_for(
        lambda message: message.id == seen.id and "**5 " in message.text
    )
    await channel_of(bob, shown).click(fresh, "Confirm")
    await shown.until(lambda message: "confirmed ✅" in message.text)
    await shown.click("Confirm")
    await shown.until(lambda message: "Done" in message.text)
    assert await _balance(bot, guild, bob) == 1005


async def test_the_wrong_person_changes_nothing(
    bot: Bot, guild: Guild, alice: Member, bob: Member
) -> None:
    await _pay(bot, guild, alice)
    shown, _ = await open_trade(alice, bob)
    await offer_coins(alice, shown.message, "500")
    await shown.until(lambda message: "500" in message.text)
    dave = await guild.member("dave")
    seen = await channel_of(dave, shown).wait_for(lambda message: "500" in message.text)
    before = shown.text
    for name in ("Coins", "Things", "Clear mine", "Confirm", "Call off"):
        answer = await channel_of(dave, shown).click(seen, name)
        assert "between two others" in answer.text, name
        assert answer.ephemeral
    assert shown.text == before


async def test_a_trade_takes_two_people(bot: Bot, alice: Member) -> None:
    with_self = await alice.slash("trade", user=alice)
    assert "takes two" in with_self.text
    assert bot.wiring.client.user is not None
    with_bot = await alice.slash("trade", user=str(bot.wiring.client.user.id))
    assert "Bots own nothing" in with_bot.text


async def test_a_forgotten_trade_says_so(
    bot: Bot, guild: Guild, alice: Member, bob: Member
) -> None:
    await _pay(bot, guild, alice)
    shown, _ = await open_trade(alice, bob)
    await offer_coins(alice, shown.message, "500")
    kernel = bot.kernel

    def forget(conn: Connection) -> None:
        trade = conn.execute(shop_trades.select()).one()
        conn.execute(shop_trades.update().values(expires_ms=kernel.clock.now_ms()))
        payload: dict[str, Any] = {"guild": int(guild.id), "trade": trade.id}
        enqueue(conn, TRADE_EXPIRE, payload, run_at_ms=0, ids=kernel.ids, clock=kernel.clock)

    await kernel.db.write(forget)
    over = await shown.until(lambda message: "Time is up" in message.text)
    assert over.buttons == []


async def test_the_buttons_of_a_trade_outlive_the_bot(
    start: Start, guild: Guild, alice: Member, bob: Member
) -> None:
    async with start() as first:
        await _pay(first, guild, alice, bob)
        shown, seen = await open_trade(alice, bob)
        await offer_coins(alice, shown.message, "500")
        await shown.until(lambda message: "500" in message.text)
        await shown.click("Confirm")
        await shown.until(lambda message: "confirmed" in message.text)
    async with start() as second:
        fresh = await channel_of(bob, shown).wait_for(
            lambda message: message.id == seen.id and "confirmed" in message.text
        )
        await channel_of(bob, shown).click(fresh, "Confirm")
        await shown.until(lambda message: "Done" in message.text)
        assert await _balance(second, guild, bob) == 1500


async def test_a_role_bought_before_the_bot_dies_is_given_by_the_next_one(
    start: Start, driver: Driver, guild: Guild, alice: Member, ada: Member
) -> None:
    role_id = await guild.create_role("Knight")
    async with start() as first:
        await _sell_role(ada, role_id)
        await _pay(first, guild, alice)
        await first.kernel.jobs.stop()
        bought = await alice.slash("buy", item="Knight")
        assert "on its way" in bought.text
    assert role_id not in await _roles_of(driver, guild, alice)
    async with start() as second:
        await second.kernel.jobs.run_due()
        await _until_given(driver, guild, alice, role_id)
        assert await _balance(second, guild, alice) == 900


async def _until_given(driver: Driver, guild: Guild, member: Member, role_id: str) -> None:
    def told() -> bool:
        return any(
            name == "GUILD_MEMBER_UPDATE" and role_id in data["roles"]
            for name, data in member.connection.events
        )

    if role_id not in await _roles_of(driver, guild, member):
        await member.connection.until(told, f"the role {role_id} to be given")
