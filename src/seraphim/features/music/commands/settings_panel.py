"""``/music-settings``: how music works on this server, on one panel."""

from typing import TYPE_CHECKING, Any, get_args

import discord
from discord import ui

from seraphim.features.music.commands.caller import guild_command
from seraphim.features.music.commands.paint import FEATURE
from seraphim.features.music.commands.reasons import CATEGORY_WORDS
from seraphim.features.music.rules.text import escape
from seraphim.features.music.service import Music, MusicSettings
from seraphim.features.music.service.settings import Announce
from seraphim.kernel.errors import InvalidInput
from seraphim.kernel.ids import UserId
from seraphim.kernel.settings import GuildSettings
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand
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

if TYPE_CHECKING:
    from seraphim.kernel.texts import Translator

_ACTION = "settings"
_SOUND = ("default_volume", "max_volume")
_LIMITS = ("max_queue", "max_track_minutes", "max_playlist")
_MANNERS = ("vote_percent", "idle_minutes")
_FORMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "numbers": (N_("Volume and manners"), (*_SOUND, *_MANNERS)),
    "limits": (N_("Limits of the music"), (*_LIMITS, "allowed_sources")),
}
_ANNOUNCE: tuple[Announce, ...] = get_args(Announce.__value__)
_ANNOUNCE_WORDS: dict[Announce, str] = {
    "off": N_("off"),
    "silent": N_("without a sound"),
    "loud": N_("with a sound"),
}


class MusicPanel:
    """The panel. Every change is validated, versioned and audited by the settings.

    Args:
        settings: The guilds' settings.
        music: Knows the sources.
    """

    def __init__(self, settings: GuildSettings, music: Music) -> None:
        self._settings = settings
        self._music = music

    def components(self) -> tuple[Component, ...]:
        """Return what the panel's menus, buttons and forms need."""
        return (Component(FEATURE, _ACTION, self._changed),)

    def command(self) -> AnyCommand:
        """Return the command."""

        @guild_command(
            "music-settings", N_("How music works on this server, on one panel."), private=True
        )
        @discord.app_commands.default_permissions(manage_guild=True)
        async def music_settings(interaction: discord.Interaction) -> None:
            require_permissions(interaction, manage_guild=True)
            shown, view = await self._paint(interaction)
            await reply(interaction, embed=shown, view=view, ephemeral=True)

        return music_settings

    async def _changed(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        require_permissions(interaction, manage_guild=True)
        match args:
            case (form, _) if (
                form in _FORMS and interaction.type is discord.InteractionType.component
            ):
                await self._ask(interaction, form)
                return
            case (what, version) if version.isdecimal():
                await self._settings.change(
                    guild_id_of(interaction),
                    MusicSettings,
                    await self._changes(interaction, what),
                    actor_id=UserId(interaction.user.id),
                    source="discord",
                    expected_version=int(version),
                )
            case _:
                raise UnknownComponent
        shown, view = await self._paint(interaction)
        await update(interaction, embed=shown, view=view)

    async def _changes(self, interaction: discord.Interaction, what: str) -> dict[str, Any]:
        settings = await self._settings.get(guild_id_of(interaction), MusicSettings)
        chosen = selected(interaction)
        match what:
            case "dj_role" | "text_channel":
                return {what: int(chosen[0]) if chosen else None}
            case "skipped_parts":
                return {what: list(chosen)}
            case "dj_only" | "duplicates":
                return {what: not getattr(settings, what)}
            case "announce":
                at = _ANNOUNCE.index(settings.announce)
                return {what: _ANNOUNCE[(at + 1) % len(_ANNOUNCE)]}
            case form if form in _FORMS:
                return self._read_form(modal_values(interaction), _FORMS[form][1])
            case _:
                raise UnknownComponent

    def _read_form(self, typed: dict[str, str], names: tuple[str, ...]) -> dict[str, Any]:
        changes: dict[str, Any] = {}
        for name in names:
            text = typed.get(name, "").strip()
            if name == "allowed_sources":
                changes[name] = self._read_sources(text)
            elif text.isascii() and text.isdecimal():
                changes[name] = int(text)
            else:
                raise InvalidInput(reason=N_("Each of these is a whole number, 0 or more."))
        return changes

    def _read_sources(self, text: str) -> list[str]:
        wanted = [name.casefold() for name in text.replace(",", " ").split()]
        known = self._music.source_names()
        if any(name not in known for name in wanted):
            raise InvalidInput(
                reason=N_("There is no source of that name. Leave it empty to allow them all.")
            )
        return list(dict.fromkeys(wanted))

    async def _ask(self, interaction: discord.Interaction, form: str) -> None:
        version, settings = await self._settings.get_versioned(
            guild_id_of(interaction), MusicSettings
        )
        say = translator_for(interaction)
        title, names = _FORMS[form]
        fields = [self._field(name, settings, say) for name in names]
        target = custom_id(FEATURE, _ACTION, form, version)
        await open_modal(interaction, modal(target, say(title), *fields))

    def _field(self, name: str, settings: MusicSettings, say: "Translator") -> Field:
        label = say(str(MusicSettings.model_fields[name].title))
        if name == "allowed_sources":
            return Field(
                name,
                label,
                placeholder=", ".join(self._music.source_names()),
                default=", ".join(settings.allowed_sources) or None,
                required=False,
                max_length=400,
            )
        description = say(str(MusicSettings.model_fields[name].description))
        default = str(getattr(settings, name))
        return Field(name, label, placeholder=description, default=default, max_length=5)

    async def _paint(self, interaction: discord.Interaction) -> tuple[discord.Embed, SentView]:
        version, settings = await self._settings.get_versioned(
            guild_id_of(interaction), MusicSettings
        )
        say = translator_for(interaction)
        shown = embed(f"🎵 {say(N_('Music on this server'))}")
        for title, lines in _summary(settings, say).items():
            shown.add_field(name=title, value="\n".join(lines), inline=False)
        return shown, _controls(version, settings, say)


def _summary(settings: MusicSettings, say: "Translator") -> dict[str, list[str]]:
    """Return what holds now, by heading."""
    on, off = say(N_("on")), say(N_("off"))
    role = f"<@&{settings.dj_role}>" if settings.dj_role else say(N_("every listener"))
    channel = f"<#{settings.text_channel}>" if settings.text_channel else say(N_("everywhere"))
    longest = settings.max_track_minutes
    sources = ", ".join(escape(name) for name in settings.allowed_sources) or say(N_("all"))
    parts = [say(CATEGORY_WORDS[part][1]) for part in settings.skipped_parts]
    return {
        say(N_("Who steers")): [
            say(N_("Steers while others listen: **{who}**"), who=role),
            say(N_("Only DJs may ask for songs: **{state}**"),
                state=on if settings.dj_only else off),
            say(N_("Votes to skip: **{percent} %** of the listeners"),
                percent=settings.vote_percent),
        ],
        say(N_("Where and how loud")): [
            say(N_("Commands are taken: **{where}**"), where=channel),
            say(N_("New songs are announced: **{how}**"),
                how=say(_ANNOUNCE_WORDS[settings.announce])),
            say(N_("Volume: **{volume} %** at first, at most **{limit} %**"),
                volume=settings.default_volume, limit=settings.max_volume),
            say(N_("I leave when idle for **{minutes} min**"), minutes=settings.idle_minutes),
        ],
        say(N_("What is played")): [
            say(N_("Queue up to **{queue}** songs, lists up to **{playlist}**"),
                queue=settings.max_queue, playlist=settings.max_playlist),
            say(N_("Longest song: **{minutes} min**"), minutes=longest)
            if longest else say(N_("Longest song: **no limit**")),
            say(N_("The same song twice in the queue: **{state}**"),
                state=on if settings.duplicates else off),
            say(N_("Sources: **{sources}**"), sources=sources),
            say(N_("Skipped in videos: **{parts}**"),
                parts=", ".join(parts) or say(N_("nothing"))),
        ],
    }  # fmt: skip


def _controls(version: int, settings: MusicSettings, say: "Translator") -> SentView:
    def target(what: str) -> str:
        return custom_id(FEATURE, _ACTION, what, version)

    roles: ui.RoleSelect[SentView] = ui.RoleSelect(
        custom_id=target("dj_role"),
        placeholder=say(N_("DJ role; none: every listener steers")),
        min_values=0,
        default_values=_chosen(settings.dj_role, discord.SelectDefaultValueType.role),
    )
    channels: ui.ChannelSelect[SentView] = ui.ChannelSelect(
        custom_id=target("text_channel"),
        channel_types=[discord.ChannelType.text, discord.ChannelType.voice],
        placeholder=say(N_("Channel for commands; none: everywhere")),
        min_values=0,
        default_values=_chosen(settings.text_channel, discord.SelectDefaultValueType.channel),
    )
    parts = select(
        target("skipped_parts"),
        [
            option(say(label), name, emoji=emoji, default=name in settings.skipped_parts)
            for name, (emoji, label) in CATEGORY_WORDS.items()
        ],
        placeholder=say(N_("Parts of videos that are skipped")),
        min_values=0,
        max_values=len(CATEGORY_WORDS),
    )
    switches: list[RowItem] = [
        button(say(N_("DJs only")), target("dj_only"), style=_style(on=settings.dj_only)),
        button(say(N_("Duplicates")), target("duplicates"), style=_style(on=settings.duplicates)),
        button(
            say(N_("Announce")), target("announce"), style=_style(on=settings.announce != "off")
        ),
    ]
    forms: list[RowItem] = [
        button(say(N_("Volume and manners")), target("numbers"), emoji="✏️"),
        button(say(N_("Limits")), target("limits"), emoji="✏️"),
    ]
    return row_view([roles], [channels], [parts], switches, forms)


def _chosen(
    value: int | None, kind: discord.SelectDefaultValueType
) -> list[discord.SelectDefaultValue]:
    return [] if value is None else [discord.SelectDefaultValue(id=value, type=kind)]


def _style(*, on: bool) -> discord.ButtonStyle:
    return discord.ButtonStyle.success if on else discord.ButtonStyle.secondary
