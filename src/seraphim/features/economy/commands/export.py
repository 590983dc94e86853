"""``/eco export``: the ledger as a file, here and as a link."""

from collections.abc import Callable
from io import BytesIO
from typing import Literal
from urllib.parse import quote

import discord
from discord import app_commands

from seraphim.features.economy.rules.exporting import FORMATS, ExportFormat
from seraphim.features.economy.rules.supply import DAY_MS
from seraphim.features.economy.service.export import LINK_MS, LedgerExport, Span
from seraphim.kernel.audit import AuditEntry, record
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database
from seraphim.kernel.ids import Ids, UserId
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import traits
from seraphim.surfaces.discord.guards import guild_id_of, require_permissions
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.layout import link, row_view
from seraphim.surfaces.discord.replies import defer, embed, reply

_EXPORT_COST = 5.0
_TITLES: dict[ExportFormat, str] = {"csv": "CSV", "jsonl": "JSON Lines"}
_ROOM_BYTES = 64 * 1024
"""What the message around the file may take of Discord's limit."""


class ExportCommands:
    """The export of the ledger.

    Args:
        export: Writes it down and signs links.
        db: For the audit log: who took the books out.
        clock: Says until when the export goes.
        ids: For the audit log.
        link_to: Returns the address of a token's file.
    """

    def __init__(
        self,
        export: LedgerExport,
        db: Database,
        clock: Clock,
        ids: Ids,
        link_to: Callable[[str], str],
    ) -> None:
        self._export = export
        self._db = db
        self._clock = clock
        self._ids = ids
        self._link_to = link_to

    def add_to(self, group: app_commands.Group) -> None:
        """Put the command into ``/eco``."""

        @group.command(
            name="export",
            description=N_("Get the ledger as a file: every transfer with both sides."),
            extras=dict(traits(private=True, cost=_EXPORT_COST)),
        )
        @app_commands.rename(form="format")
        @app_commands.describe(
            form=N_("What kind of file"), days=N_("Only the last days; everything without")
        )
        @app_commands.choices(
            form=[app_commands.Choice(name=_TITLES[each], value=each) for each in FORMATS]
        )
        async def export(
            interaction: discord.Interaction,
            form: Literal["csv", "jsonl"] = "csv",
            days: app_commands.Range[int, 1, 3650] | None = None,
        ) -> None:
            require_permissions(interaction, administrator=True)
            await defer(interaction, ephemeral=True)
            await self._hand_out(interaction, form, days)

    async def _hand_out(
        self, interaction: discord.Interaction, form: ExportFormat, days: int | None
    ) -> None:
        guild_id, now_ms = guild_id_of(interaction), self._clock.now_ms()
        since_ms = 0 if days is None else now_ms - days * DAY_MS
        span = Span(guild_id, form, since_ms, now_ms)
        entry = AuditEntry(
            id=self._ids.new(),
            at_ms=now_ms,
            guild_id=guild_id,
            actor_id=UserId(interaction.user.id),
            action="economy.export",
            subject=form,
            before=None,
            after={"since_ms": since_ms, "until_ms": now_ms},
            source="discord",
        )
        await self._db.write(record, entry)
        translate = translator_for(interaction)
        file = await self._export.collect(span, interaction.filesize_limit - _ROOM_BYTES)
        token = await self._export.sign(span)
        lines = [
            translate(N_("The whole ledger is in the attached file."))
            if file is not None
            else translate(N_("The ledger is larger than Discord's files may be. Take the link.")),
            translate(
                N_("The link works {minutes} minutes, for everybody who has it."),
                minutes=LINK_MS // 60_000,
            ),
        ]
        files = []
        if file is not None:
            files = [discord.File(BytesIO(file), f"ledger-{guild_id}.{form}")]
        url = self._link_to(quote(token))
        await reply(
            interaction,
            embed=embed(translate(N_("Export of the ledger")), "\n".join(lines), "good"),
            view=row_view([link(translate(N_("Download")), url, emoji="⬇️")]),
            files=files,
            ephemeral=True,
        )
