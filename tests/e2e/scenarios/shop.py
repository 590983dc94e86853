"""The shop, inventories and trades: each command with its menus, buttons and forms."""

from functools import partial

from tests.e2e.scenarios.stage import Scenario, Stage

from discord_sandbox.driver import Channel, Member, MessageView
from discord_sandbox.driver.replies import Reply
from seraphim.features.economy.public import MINT, Bank, person
from seraphim.kernel.ids import GuildId, UserId
from seraphim.kernel.kernel import Kernel


async def pay(kernel: Kernel, guild_id: int, member: Member, coins: int) -> None:
    """Give a member coins out of nothing."""
    await kernel.db.write(
        partial(Bank(kernel.clock).transfer, key=kernel.ids.new(), kind="mint"),
        GuildId(guild_id),
        MINT,
        person(UserId(int(member.id))),
        coins,
    )


async def open_trade(first: Member, second: Member) -> tuple[Reply, MessageView]:
    """Start a trade; return it as the first one sees it and as the second one does."""
    shown = await first.slash("trade", user=second)
    message_id = shown.message.id
    seen = await channel_of(second, shown).wait_for(lambda message: message.id == message_id)
    return shown, seen


def channel_of(member: Member, shown: Reply) -> Channel:
    """Return the channel of an answer as another person sees it."""
    return member.channel(shown.message.channel_id)


async def offer_coins(member: Member, message: MessageView, coins: str) -> Reply:
    """Offer coins on a trade's message."""
    asked = await member.channel(message.channel_id).click(message, "Coins")
    assert asked.modal is not None
    return await asked.modal.submit(coins=coins)


async def offer_thing(member: Member, message: MessageView, name: str, pieces: str = "1") -> Reply:
    """Offer a thing on a trade's message, through the private menu."""
    menu = await member.channel(message.channel_id).click(message, "Things")
    asked = await menu.select(name)
    assert asked.modal is not None
    return await asked.modal.submit(pieces=pieces)


async def _money(stage: Stage) -> None:
    guild = stage.bot.wiring.client.guilds[0]
    for member in (stage.alice, stage.bob):
        await pay(stage.bot.kernel, guild.id, member, 10_000)


async def _add(stage: Stage) -> None:
    await _money(stage)
    await stage.ada.slash("shopadmin add", kind="effect", name="Aegis", price="50", effect="shield")
    for number in range(7):  # enough for a second page
        name = f"Gem {number}"
        await stage.ada.slash("shopadmin add", kind="collectible", name=name, price="10", stock=9)
    done = await stage.ada.slash("shopadmin add", kind="collectible", name="Slip", price="1k")
    await done.click("Undo")


async def _edit(stage: Stage) -> None:
    form = await stage.ada.slash("shopadmin edit", item="Gem 0")
    assert form.modal is not None
    await form.modal.submit(name="Gem 0", price="11", emoji="💎", description="Blue.", limit="")


async def _require(stage: Stage) -> None:
    await stage.ada.slash("shopadmin require", item="Gem 6", level=3)


async def _restock(stage: Stage) -> None:
    await stage.ada.slash("shopadmin restock", item="Gem 1", pieces=5)


async def _remove(stage: Stage) -> None:
    await stage.ada.slash("shopadmin remove", item="Gem 5")


async def _shop(stage: Stage) -> None:
    shown = await stage.alice.slash("shop")
    await shown.click("▶")
    await shown.until(lambda message: "2 / 2" in message.text)
    await shown.click("◀")
    await shown.until(lambda message: "1 / 2" in message.text)
    card = await shown.select("Gem 1")
    await card.click("Buy for 10 ✨")
    card = await shown.select("Gem 2")
    asked = await card.click("Several …")
    assert asked.modal is not None
    await asked.modal.submit(quantity="3")


async def _buy(stage: Stage) -> None:
    for number in range(5):
        await stage.alice.slash("buy", item=f"Gem {number}", quantity=2)
    await stage.alice.slash("buy", item="Aegis")


async def _inventory(stage: Stage) -> None:
    for number in range(8):  # enough kinds for a second page
        name = f"Pebble {number}"
        await stage.ada.slash("shopadmin add", kind="collectible", name=name, price="1")
        await stage.alice.slash("buy", item=name)
    shown = await stage.bob.slash("inventory", user=stage.alice)
    await shown.click("▶")


async def _use(stage: Stage) -> None:
    await stage.alice.slash("use", item="Aegis")


async def _sell(stage: Stage) -> None:
    await stage.alice.slash("sell", item="Gem 1")


async def _trade(stage: Stage) -> None:
    called_off, _ = await open_trade(stage.alice, stage.bob)
    await called_off.click("Call off")
    shown, seen = await open_trade(stage.alice, stage.bob)
    await offer_coins(stage.bob, seen, "1k")
    await channel_of(stage.bob, shown).click(seen, "Clear mine")
    await offer_coins(stage.bob, seen, "25")
    await offer_thing(stage.alice, shown.message, "Gem 2", "2")
    ready = await shown.until(lambda message: "Gem 2" in message.text and "25" in message.text)
    await channel_of(stage.bob, shown).click(ready, "Confirm")
    await shown.until(lambda message: "confirmed" in message.text)
    await shown.click("Confirm")
    await shown.until(lambda message: "Done" in message.text)


COMMANDS: dict[str, Scenario] = {
    "shopadmin add": _add,
    "shopadmin edit": _edit,
    "shopadmin require": _require,
    "shopadmin restock": _restock,
    "shopadmin remove": _remove,
    "shop": _shop,
    "buy": _buy,
    "inventory": _inventory,
    "use": _use,
    "sell": _sell,
    "trade": _trade,
}
