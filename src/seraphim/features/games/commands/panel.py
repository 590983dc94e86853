"""``/games-settings``: the guild's terms on one panel."""

from typing import Any

import discord
from discord import ui

from seraphim.features.games.commands.face import FEATURE, Say
from seraphim.features.games.commands.screen import Screen
from seraphim.features.games.service.settings import GamesSettings
from seraphim.kernel.errors import InvalidInput
from seraphim.kernel.ids import UserId
from seraphim.kernel.settings import GuildSettings
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand, slash
from seraphim.surfaces.discord.components import (
    Component,
    UnknownComponent,
    custom_id,
    modal_values,
    selected,
)
from seraphim.surfaces.discord.guards import guild_id_of, require_permissions
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.layout import (
    Field,
    RowItem,
    SentView,
    button,
    modal,
    option,
    row_view,
    select,
)
from seraphim.surfaces.discord.replies import embed, open_modal, reply, update

_ACTION = "panel"
_LIMITS = ("min_bet", "max_bet", "daily_loss_limit", "cooldown_seconds")
_MAX_CHANNELS = 25


class PanelCommands:
    """The panel: which games, where, how much. Every change is audited by the settings."""

    def __init__(self, settings: GuildSettings, screen: Screen) -> None:
        self._settings = settings
        self._screen = screen

    def components(self) -> tuple[Component, ...]:
        """Return what the panel's menus, button and form need."""
        return (Component(FEATURE, _ACTION, self._changed),)

    def command(self) -> AnyCommand:
        """Return the command."""

        @slash("games-settings", N_("Which games are played here, where and how high."),
               private=True)  # fmt: skip
        @discord.app_commands.default_permissions(manage_guild=True)
        async def games_settings(interaction: discord.Interaction) -> None:
            require_permissions(interaction, manage_guild=True)
            shown, view = await self._paint(interaction)
            await reply(interaction, embed=shown, view=view, ephemeral=True)

        return games_settings

    async def _changed(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        require_permissions(interaction, manage_guild=True)
        match args:
            case ("games", version) if version.isdecimal():
                chosen = set(selected(interaction))
                off = [kind for kind in self._screen.kinds() if kind not in chosen]
                await self._change(interaction, int(version), {"disabled_games": off})
            case ("channels", version) if version.isdecimal():
                channels = [int(channel) for channel in selected(interaction)]
                await self._change(interaction, int(version), {"channels": channels})
            case ("limits", _) if interaction.type is discord.InteractionType.component:
                await self._ask(interaction)
                return
            case ("limits", version) if version.isdecimal():
                typed = modal_values(interaction)
                changes = {name: _number(typed.get(name, "")) for name in _LIMITS}
                if changes["min_bet"] > changes["max_bet"]:
                    raise InvalidInput(reason=N_("The smallest bet is above the highest."))
                await self._change(interaction, int(version), changes)
            case _:
                raise UnknownComponent
        shown, view = await self._paint(interaction)
        await update(interaction, embed=shown, view=view)

    async def _change(
        self, interaction: discord.Interaction, version: int, changes: dict[str, Any]
    ) -> None:
        await self._settings.change(
            guild_id_of(interaction),
            GamesSettings,
            changes,
            actor_id=UserId(interaction.user.id),
            source="discord",
            expected_version=version,
        )

    async def _ask(self, interaction: discord.Interaction) -> None:
        version, settings = await self._settings.get_versioned(
            guild_id_of(interaction), GamesSettings
        )
        say = translator_for(interaction)
        fields = [
            Field(
                name,
                say(str(GamesSettings.model_fields[name].title)),
                default=str(getattr(settings, name)),
                max_length=16,
            )
            for name in _LIMITS
        ]
        target = custom_id(FEATURE, _ACTION, "limits", version)
        await open_modal(interaction, modal(target, say(N_("Limits of the games")), *fields))

    async def _paint(self, interaction: discord.Interaction) -> tuple[discord.Embed, SentView]:
        guild_id = guild_id_of(interaction)
        version, settings = await self._settings.get_versioned(guild_id, GamesSettings)
        say = await self._screen.say(guild_id, translator_for(interaction))
        shown = embed(f"🎲 {say(N_('Games on this server'))}", _limits_text(settings, say))
        shown.add_field(
            name=say(N_("What 100 coins become on average")),
            value="\n".join(self._game_lines(settings, say)),
            inline=False,
        )
        shown.set_footer(text=say(N_("Payouts and times: /settings change games")))
        limits = custom_id(FEATURE, _ACTION, "limits", version)
        rows: list[list[RowItem]] = [
            [self._games_menu(version, settings, say)],
            [_channel_menu(version, settings, say)],
            [button(say(N_("Limits")), limits, emoji="✏️")],
        ]
        return shown, row_view(*rows)

    def _game_lines(self, settings: GamesSettings, say: Say) -> list[str]:
        lines: list[str] = []
        for kind in self._screen.kinds():
            face = self._screen.face(kind)
            mark = "❌" if kind in settings.disabled_games else "✅"
            value = face.value(settings)
            worth = "" if value is None else f" · {100 + float(value) * 100:.2f}"
            lines.append(f"{mark} {face.emoji} {say(face.title)}{worth}")
        return lines

    def _games_menu(self, version: int, settings: GamesSettings, say: Say) -> "ui.Select[SentView]":
        kinds = self._screen.kinds()
        options = [
            option(
                say(self._screen.face(kind).title),
                kind,
                emoji=self._screen.face(kind).emoji,
                default=kind not in settings.disabled_games,
            )
            for kind in kinds
        ]
        return select(
            custom_id(FEATURE, _ACTION, "games", version),
            options,
            placeholder=say(N_("Games that are played here")),
            min_values=0,
            max_values=len(kinds),
        )


def _limits_text(settings: GamesSettings, say: Say) -> str:
    loss = say.coins(settings.daily_loss_limit) if settings.daily_loss_limit else say(N_("none"))
    where = " ".join(f"<#{channel}>" for channel in settings.channels) or say(N_("everywhere"))
    lines = (
        say(N_("Bets: **{low}** to **{high}**"), low=say.coins(settings.min_bet),
            high=say.coins(settings.max_bet)),
        say(N_("Daily loss limit: **{limit}**"), limit=loss),
        say(N_("Pause between games: **{seconds} s**"), seconds=settings.cooldown_seconds),
        say(N_("Where: {channels}"), channels=where),
    )  # fmt: skip
    return "\n".join(lines)


def _channel_menu(version: int, settings: GamesSettings, say: Say) -> "ui.ChannelSelect[SentView]":
    kept = settings.channels[:_MAX_CHANNELS]
    chosen = [
        discord.SelectDefaultValue(id=channel, type=discord.SelectDefaultValueType.channel)
        for channel in kept
    ]
    return ui.ChannelSelect(
        custom_id=custom_id(FEATURE, _ACTION, "channels", version),
        channel_types=[discord.ChannelType.text, discord.ChannelType.public_thread],
        placeholder=say(N_("Channels for games; none: everywhere")),
        min_values=0,
        max_values=_MAX_CHANNELS,
        default_values=chosen,
    )


def _number(typed: str) -> int:
    plain = typed.strip().replace(",", "").replace("_", "")
    if not (plain.isascii() and plain.isdecimal()):
        raise InvalidInput(reason=N_("Each limit is a whole number, 0 or more."))
    return int(plain)
