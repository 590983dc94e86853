"""The owners' view in one value, for the feature to wire."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from seraphim.features.economy.commands.administration import AdministrationCommands
from seraphim.features.economy.commands.export import ExportCommands
from seraphim.features.economy.commands.mint_alert import alerts_in
from seraphim.features.economy.commands.supply import SupplyCommands
from seraphim.features.economy.rules.links import LEDGER_PATH
from seraphim.features.economy.service.administration import Administration
from seraphim.features.economy.service.export import LedgerExport
from seraphim.features.economy.service.ledger import Bank
from seraphim.features.economy.service.ledger_audit import LedgerWatch
from seraphim.features.economy.service.privacy import EconomyPrivacy
from seraphim.features.economy.service.settings import EconomySettings
from seraphim.features.economy.service.supply import SupplyBook, SupplyWatch
from seraphim.kernel.feature import Privacy
from seraphim.kernel.ids import GuildId
from seraphim.kernel.jobs import JobHandler, RecurringJob
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import Registered
from seraphim.surfaces.discord.components import Component
from seraphim.surfaces.web.server import address

if TYPE_CHECKING:
    from seraphim.kernel.config import Config
    from seraphim.kernel.kernel import Kernel


@dataclass(frozen=True, slots=True)
class OwnersParts:
    """What the manifest of the economy takes from the owners' view.

    ``export`` is for the routes, which commands may not import.
    """

    commands: tuple[Registered, ...]
    components: tuple[Component, ...]
    jobs: tuple[JobHandler, ...]
    recurring: tuple[RecurringJob, ...]
    export: LedgerExport
    privacy: Privacy


def owners_parts(
    kernel: "Kernel",
    bank: Bank,
    watch: LedgerWatch,
    *,
    client: Callable[[], discord.Client],
    others: Sequence[Privacy] = (),
) -> OwnersParts:
    """Build the owners' view.

    Args:
        kernel: For the database, settings, clock, ids and texts.
        bank: Moves the coins.
        watch: Audits the books.
        client: Returns the Discord client, which is made after the features.
        others: What the other parts of the economy know of a member.
    """
    db, clock = kernel.db, kernel.clock

    async def words(guild_id: GuildId) -> EconomySettings:
        return await kernel.settings.get(guild_id, EconomySettings)

    def link_to(token: str) -> str:
        return f"{_base_url(kernel.config)}{LEDGER_PATH}?token={token}"

    export = LedgerExport(db, clock, kernel.dice)
    administration = AdministrationCommands(Administration(db, bank, clock, kernel.ids), words)
    supply = SupplyCommands(SupplyBook(db, clock), watch, words)
    group = app_commands.Group(
        name="eco",
        description=N_("The coins of this server, for its administrators."),
        default_permissions=discord.Permissions(administrator=True),
    )
    administration.add_to(group)
    supply.add_to(group)
    ExportCommands(export, db, clock, kernel.ids, link_to).add_to(group)
    watching = SupplyWatch(db, clock, words, alerts_in(client, kernel.texts, words))
    return OwnersParts(
        commands=(group,),
        components=(*administration.components(), *supply.components()),
        jobs=(watching.handler,),
        recurring=(watching.recurring,),
        export=export,
        privacy=EconomyPrivacy(db, others),
    )


def _base_url(config: "Config") -> str:
    public: str | None = getattr(config, "web_public_url", None)
    return public or address(config.web_host, config.web_port)
