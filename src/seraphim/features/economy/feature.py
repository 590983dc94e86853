"""The manifest of the economy, put together from earning, the shop and the owners' view."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import discord

from seraphim.features.economy.commands.earning import earning_commands
from seraphim.features.economy.commands.leaderboard import LeaderboardCommands
from seraphim.features.economy.commands.money import money_commands
from seraphim.features.economy.commands.owners_parts import owners_parts
from seraphim.features.economy.commands.shop_parts import shop_parts
from seraphim.features.economy.commands.transactions import TransactionCommands
from seraphim.features.economy.ports import NullScores, Scores
from seraphim.features.economy.routes import routes
from seraphim.features.economy.service.accounts import Accounts
from seraphim.features.economy.service.earning import Earning
from seraphim.features.economy.service.folding import EscrowFolding
from seraphim.features.economy.service.leaderboard import Leaderboard
from seraphim.features.economy.service.ledger import Bank
from seraphim.features.economy.service.ledger_audit import LedgerWatch
from seraphim.features.economy.service.robbing import Robbing
from seraphim.features.economy.service.settings import EconomySettings
from seraphim.features.economy.service.statement import Statements
from seraphim.features.economy.service.upkeep import CooldownUpkeep
from seraphim.kernel.feature import Feature, HealthCheck
from seraphim.kernel.ids import GuildId
from seraphim.kernel.texts import N_

if TYPE_CHECKING:
    from seraphim.kernel.kernel import Kernel

N_("Economy")  # help shows the feature's name as a title


def build(
    kernel: "Kernel",
    *,
    bank: Bank,
    client: Callable[[], discord.Client],
    scores: Scores | None = None,
) -> Feature:
    """Return the feature.

    Args:
        kernel: For the database, settings, texts, clock, ids and dice.
        bank: Moves the coins; the features that play for coins get the same one.
        client: Returns the Discord client, which is made after the features.
        scores: Who has won the most games; without it there is no such leaderboard.
    """
    db, clock, dice = kernel.db, kernel.clock, kernel.dice
    words = _words(kernel)
    watch, upkeep = LedgerWatch(db, bank, clock), CooldownUpkeep(db, clock)
    folding = EscrowFolding(db, clock)
    earning = Earning(db, kernel.settings, clock, dice, bank)
    robbing = Robbing(db, kernel.settings, clock, dice, bank)
    boards = ("coins",) if scores is None else ("coins", "games")
    leaderboard = LeaderboardCommands(Leaderboard(db, scores or NullScores()), words, boards)
    transactions = TransactionCommands(Statements(db), words)
    shop = shop_parts(kernel, bank, client=client)
    owners = owners_parts(kernel, bank, watch, client=client, others=(upkeep, shop.privacy))
    return Feature(
        name="economy",
        summary=N_("Coins: earn them, give them, spend them."),
        commands=(
            *money_commands(Accounts(db, bank), earning, robbing, words),
            *earning_commands(earning, words),
            leaderboard.command(),
            transactions.command(),
            *shop.commands,
            *owners.commands,
        ),
        components=(
            *leaderboard.components(),
            *transactions.components(),
            *shop.components,
            *owners.components,
        ),
        routes=routes(owners.export),
        listeners=shop.listeners,
        jobs=(watch.handler, upkeep.handler, folding.handler, *shop.jobs, *owners.jobs),
        recurring=(
            watch.recurring,
            upkeep.recurring,
            folding.recurring,
            *shop.recurring,
            *owners.recurring,
        ),
        settings=EconomySettings,
        health=(HealthCheck("ledger", watch.check), *shop.health),
        privacy=owners.privacy,
    )


def _words(kernel: "Kernel") -> Callable[[GuildId], Awaitable[EconomySettings]]:
    """Return what a guild calls its coins, and all else it has set."""

    async def read(guild_id: GuildId) -> EconomySettings:
        return await kernel.settings.get(guild_id, EconomySettings)

    return read
