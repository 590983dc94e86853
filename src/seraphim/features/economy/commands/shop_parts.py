"""The shop in one value, for the feature to wire."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from seraphim.features.economy.commands.shop import ShopCommands
from seraphim.features.economy.commands.shop_roles import DiscordNotices, DiscordRoles
from seraphim.features.economy.ports import Level, no_levels
from seraphim.features.economy.service.ledger import Bank
from seraphim.features.economy.service.shop import RulesOf, Shop
from seraphim.features.economy.service.shop_delivery import Delivery
from seraphim.kernel.events import Listener
from seraphim.kernel.jobs import JobHandler
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
    listeners: tuple[Listener, ...]


def shop_parts(
    kernel: "Kernel",
    bank: Bank,
    *,
    client: Callable[[], discord.Client],
    rules: RulesOf,
    level: Level = no_levels,
) -> ShopParts:
    """Build the shop.

    Args:
        kernel: For the database, clock, ids and texts.
        bank: Moves the coins.
        client: Returns the Discord client, which is made after the features.
        rules: Returns what a guild has set of the shop.
        level: Returns a member's level.
    """
    db, clock, ids = kernel.db, kernel.clock, kernel.ids
    shop = Shop(db, bank, clock, ids, rules, level=level)
    delivery = Delivery(
        db, bank, clock, ids, DiscordRoles(client), DiscordNotices(client, kernel.texts)
    )
    selling = ShopCommands(shop, delivery)
    return ShopParts(
        commands=selling.commands(),
        components=selling.components(),
        jobs=delivery.jobs(),
        listeners=delivery.listeners(),
    )
