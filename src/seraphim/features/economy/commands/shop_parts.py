"""The shop in one value, for the feature to wire."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from seraphim.features.economy.commands.inventory import InventoryCommands
from seraphim.features.economy.commands.shop import ShopCommands
from seraphim.features.economy.commands.shop_admin import ShopAdminCommands
from seraphim.features.economy.commands.shop_roles import DiscordNotices, DiscordRoles
from seraphim.features.economy.commands.trade import TradeCommands
from seraphim.features.economy.ports import Level, no_levels
from seraphim.features.economy.service.inventory import Inventories
from seraphim.features.economy.service.ledger import Bank
from seraphim.features.economy.service.settings import EconomySettings
from seraphim.features.economy.service.shop import Shop, ShopRules
from seraphim.features.economy.service.shop_delivery import Delivery
from seraphim.features.economy.service.shop_editing import ShopEditing
from seraphim.features.economy.service.shop_health import shop_check
from seraphim.features.economy.service.shop_privacy import ShopPrivacy
from seraphim.features.economy.service.shop_upkeep import ShopUpkeep
from seraphim.features.economy.service.trade import Trades
from seraphim.kernel.events import Listener
from seraphim.kernel.feature import HealthCheck, Privacy
from seraphim.kernel.ids import GuildId
from seraphim.kernel.jobs import JobHandler, RecurringJob
from seraphim.surfaces.discord.commands import Registered
from seraphim.surfaces.discord.components import Component

if TYPE_CHECKING:
    from seraphim.kernel.kernel import Kernel


@dataclass(frozen=True, slots=True)
class ShopParts:
    """What the manifest of the economy takes from the shop."""

    commands: tuple[Registered, ...]
    components: tuple[Component, ...]
    jobs: tuple[JobHandler, ...]
    recurring: tuple[RecurringJob, ...]
    listeners: tuple[Listener, ...]
    health: tuple[HealthCheck, ...]
    privacy: Privacy


def shop_parts(
    kernel: "Kernel",
    bank: Bank,
    *,
    client: Callable[[], discord.Client],
    level: Level = no_levels,
) -> ShopParts:
    """Build the shop.

    Args:
        kernel: For the database, settings, clock, ids and texts.
        bank: Moves the coins.
        client: Returns the Discord client, which is made after the features.
        level: Returns a member's level.
    """
    db, clock, ids = kernel.db, kernel.clock, kernel.ids

    async def rules(guild_id: GuildId) -> ShopRules:
        settings = await kernel.settings.get(guild_id, EconomySettings)
        return ShopRules(
            sell_back_percent=settings.sell_back_percent,
            trade_minutes=settings.trade_minutes,
            currency_symbol=settings.currency_symbol,
            currency_name=settings.currency_name,
        )

    roles = DiscordRoles(client)
    shop = Shop(db, bank, clock, ids, rules, level=level)
    delivery = Delivery(db, bank, clock, ids, roles, DiscordNotices(client, kernel.texts))
    trades = Trades(db, bank, clock, ids, rules)
    selling = ShopCommands(shop, delivery)
    owning = InventoryCommands(Inventories(db, clock), shop)
    trading = TradeCommands(trades, rules, client, kernel.texts)
    editing = ShopAdminCommands(shop, ShopEditing(db, clock, ids), roles)
    upkeep = ShopUpkeep(clock)
    return ShopParts(
        commands=(
            *selling.commands(),
            *owning.commands(),
            *trading.commands(),
            editing.group(),
        ),
        components=(
            *selling.components(),
            *owning.components(),
            *trading.components(),
            *editing.components(),
        ),
        jobs=(*delivery.jobs(), *trades.jobs(), upkeep.handler),
        recurring=(upkeep.recurring,),
        listeners=(*delivery.listeners(), *trading.listeners()),
        health=(shop_check(db),),
        privacy=ShopPrivacy(db, clock, ids),
    )
