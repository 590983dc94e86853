"""The manifest of games."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import discord

from seraphim.features.economy.public import Bank, EconomySettings
from seraphim.features.games.commands.catalogue import BY_KIND, FACES, game_commands
from seraphim.features.games.commands.desk import Desk
from seraphim.features.games.commands.fair import FairCommands
from seraphim.features.games.commands.history import HistoryCommands
from seraphim.features.games.commands.panel import PanelCommands
from seraphim.features.games.commands.screen import Screen
from seraphim.features.games.routes import PAGE_PATH, routes
from seraphim.features.games.service.fair import Fairness
from seraphim.features.games.service.history import History
from seraphim.features.games.service.payment import ESCROW_PREFIX, escrow_is_open
from seraphim.features.games.service.pilot import CrashPilot
from seraphim.features.games.service.privacy import GamesPrivacy
from seraphim.features.games.service.settings import GamesSettings
from seraphim.features.games.service.table import Table
from seraphim.features.games.service.upkeep import Upkeep
from seraphim.kernel.feature import Feature
from seraphim.kernel.ids import GuildId
from seraphim.kernel.texts import N_

if TYPE_CHECKING:
    from seraphim.kernel.kernel import Kernel

N_("Games")  # help shows the feature's name as a title


def build(kernel: "Kernel", *, bank: Bank, client: Callable[[], discord.Client]) -> Feature:
    """Return the feature.

    Args:
        kernel: For the database, settings, texts, clock, dice and ids.
        bank: Holds the stakes and pays.
        client: Returns the Discord client, which is made after the features.
    """

    async def symbol(guild_id: GuildId) -> str:
        return (await kernel.settings.get(guild_id, EconomySettings)).currency_symbol

    table = Table(
        kernel.db, bank, kernel.settings, clock=kernel.clock, ids=kernel.ids, dice=kernel.dice
    )
    screen = Screen(client, kernel.texts, BY_KIND, symbol)
    upkeep = Upkeep(kernel.db, table, kernel.clock, screen.show)
    pilot = CrashPilot(
        kernel.db, table, kernel.leases, kernel.clock, show=screen.show, refresh=upkeep.refresh
    )

    async def start() -> None:
        await upkeep.start()
        await pilot.start()

    async def stop() -> None:
        await pilot.stop()
        await upkeep.stop()

    desk = Desk(table, screen, upkeep, kernel.settings, kernel.clock)
    public_url = kernel.config.web_public_url
    page_url = None if public_url is None else f"{public_url.rstrip('/')}{PAGE_PATH}"
    fair = FairCommands(Fairness(kernel.db, table, kernel.clock, kernel.ids, kernel.dice), page_url)
    history = HistoryCommands(History(kernel.db), screen)
    panel = PanelCommands(kernel.settings, screen)
    privacy = GamesPrivacy(kernel.db, table, kernel.clock, kernel.ids)
    bank.explain_escrows(ESCROW_PREFIX, escrow_is_open)
    return Feature(
        name="games",
        summary=N_("Games for coins, each provably fair."),
        needs=("economy",),
        commands=(*game_commands(desk), fair.group(), history.command(), panel.command()),
        components=(
            *desk.components(FACES),
            *fair.components(),
            *history.components(),
            *panel.components(),
        ),
        routes=routes(),
        jobs=(*pilot.jobs(upkeep.jobs()), *privacy.jobs()),
        recurring=upkeep.recurring(),
        settings=GamesSettings,
        privacy=privacy,
        start=start,
        stop=stop,
    )
