"""``/data export`` and ``/data erase``."""

from io import BytesIO

import discord
from discord import app_commands

from seraphim.features.privacy.service import MemberData
from seraphim.kernel.ids import UserId
from seraphim.kernel.texts import N_, Translator
from seraphim.surfaces.discord.commands import title_of, traits
from seraphim.surfaces.discord.components import Component, custom_id
from seraphim.surfaces.discord.guards import guild_id_of
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.layout import button, row_view
from seraphim.surfaces.discord.replies import defer, embed, reply, update

_COST = 5.0


class DataCommands:
    """The commands and the buttons of the question."""

    def __init__(self, data: MemberData) -> None:
        self._data = data

    def components(self) -> tuple[Component, ...]:
        """Return what the two buttons need."""
        return (
            Component("privacy", "erase", self._erase),
            Component("privacy", "keep", self._keep),
        )

    def group(self) -> app_commands.Group:
        """Return the commands."""
        group = app_commands.Group(
            name="data", description=N_("What the bot knows of you on this server.")
        )

        @group.command(
            name="export",
            description=N_("Get everything the bot knows of you on this server."),
            extras=dict(traits(private=True, cost=_COST)),
        )
        async def export(interaction: discord.Interaction) -> None:
            await defer(interaction, ephemeral=True)
            await self._export(interaction)

        @group.command(
            name="erase",
            description=N_("Make the bot forget you on this server."),
            extras=dict(traits(private=True)),
        )
        async def erase(interaction: discord.Interaction) -> None:
            await self._ask(interaction)

        return group

    async def _export(self, interaction: discord.Interaction) -> None:
        translate = translator_for(interaction)
        file = await self._data.export(guild_id_of(interaction), UserId(interaction.user.id))
        names = ", ".join(title_of(part.feature, translate) for part in self._data.parts())
        text = translate(N_("The file has what these know of you: {features}."), features=names)
        await reply(
            interaction,
            embed=embed(translate(N_("Your data")), text, "good"),
            files=[discord.File(BytesIO(file), f"data-{interaction.user.id}.json")],
            ephemeral=True,
        )

    async def _ask(self, interaction: discord.Interaction) -> None:
        guild_id_of(interaction)
        translate = translator_for(interaction)
        buttons = [
            button(
                translate(N_("Forget me")),
                custom_id("privacy", "erase"),
                style=discord.ButtonStyle.danger,
            ),
            button(translate(N_("Keep everything")), custom_id("privacy", "keep")),
        ]
        lines = [
            translate(N_("The bot forgets what it knows of you on this server, for good.")),
            translate(N_("There is no way back. `/data export` gives you a copy before.")),
        ]
        shown = embed(translate(N_("Forget everything?")), "\n".join(lines), "warn")
        stays = self._stays(translate)
        if stays:
            shown.add_field(name=translate(N_("What stays")), value=stays, inline=False)
        await reply(interaction, embed=shown, view=row_view(buttons), ephemeral=True)

    def _stays(self, translate: Translator) -> str:
        lines = [
            f"**{title_of(part.feature, translate)}:** {translate(part.stays)}"
            for part in self._data.parts()
            if part.stays
        ]
        lines.append(translate(N_("The audit log keeps what administrators did, and to whom.")))
        return "\n".join(lines)[:1024]

    async def _erase(self, interaction: discord.Interaction, _args: tuple[str, ...]) -> None:
        # The question is ephemeral: nobody but the member who asked can press its buttons.
        await self._data.erase(guild_id_of(interaction), UserId(interaction.user.id))
        translate = translator_for(interaction)
        text = translate(N_("The bot has forgotten you on this server."))
        await update(interaction, embed=embed(None, text, "good"))

    async def _keep(self, interaction: discord.Interaction, _args: tuple[str, ...]) -> None:
        text = translator_for(interaction)(N_("Nothing was changed."))
        await update(interaction, embed=embed(None, text))
