"""The manifest of the economy."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import discord

from seraphim.features.economy.commands.earning import earning_commands
from seraphim.features.economy.commands.money import money_commands
from seraphim.features.economy.service.accounts import Accounts
from seraphim.features.economy.service.earning import Earning
from seraphim.features.economy.service.ledger import Bank
from seraphim.features.economy.service.ledger_audit import LedgerWatch
from seraphim.features.economy.service.settings import EconomySettings
from seraphim.kernel.feature import Feature, HealthCheck
from seraphim.kernel.ids import GuildId
from seraphim.kernel.texts import N_

if TYPE_CHECKING:
    from seraphim.kernel.kernel import Kernel

N_("Economy")  # help shows the feature's name as a title


def build(kernel: "Kernel", *, bank: Bank, client: Callable[[], discord.Client]) -> Feature:
    """Return the feature.

    Args:
        kernel: For the database, settings, clock and dice.
        bank: Moves the coins; other features get the same one.
        client: Returns the Discord client, which is made after the features.
    """
    del client
    settings = _settings_of(kernel)
    earning = Earning(kernel.db, kernel.settings, kernel.clock, kernel.dice, bank)
    accounts = Accounts(kernel.db, bank)
    watch = LedgerWatch(kernel.db, bank, kernel.clock)
    return Feature(
        name="economy",
        summary=N_("Coins: earn them, give them, spend them."),
        commands=(*money_commands(accounts, settings), *earning_commands(earning, settings)),
        jobs=(watch.handler,),
        recurring=(watch.recurring,),
        settings=EconomySettings,
        health=(HealthCheck("ledger", watch.check),),
    )


def _settings_of(kernel: "Kernel") -> Callable[[GuildId], Awaitable[EconomySettings]]:
    async def read(guild_id: GuildId) -> EconomySettings:
        return await kernel.settings.get(guild_id, EconomySettings)

    return read
