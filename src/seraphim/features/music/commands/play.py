"""Asking for songs: ``/play`` and its short forms, and "Play this" on a message."""

import re
from typing import Any

import discord
from discord import app_commands

from seraphim.features.music.commands.added import added_embed
from seraphim.features.music.commands.caller import caller_of, guild_command
from seraphim.features.music.commands.loading import Loading
from seraphim.features.music.rules.control import MAX_QUERY_CHARACTERS
from seraphim.features.music.rules.errors import NoSongInMessage
from seraphim.features.music.rules.queue import Place
from seraphim.features.music.service import Music
from seraphim.kernel.ids import GuildId
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand
from seraphim.surfaces.discord.handling import translator_for

type Query = app_commands.Range[str, 1, MAX_QUERY_CHARACTERS]
type Choice = app_commands.Choice[str]

PLAY_THIS = N_("Play this")
_PLACES: dict[str, Place] = {"last": "last", "next": "next", "now": "now"}
_ADDRESS = re.compile(r"https?://[^\s<>|]+")
_LONGEST_TITLE = 200


def play_commands(music: Music) -> tuple[AnyCommand, ...]:
    """Return play, playnext and playnow."""

    async def suggest(interaction: discord.Interaction, current: str) -> list[Choice]:
        return await suggestions(music, interaction, current)

    async def from_there(_: discord.Interaction, current: str) -> list[Choice]:
        return source_choices(music, current)

    @guild_command("play", N_("Play a song, or put it into the queue."))
    @app_commands.describe(
        query=N_("A title, a file name or a web address"),
        source=N_("Where to look for it; everywhere if you do not say"),
        position=N_("Where in the queue; last if you do not say"),
    )
    @app_commands.choices(
        position=[
            app_commands.Choice(name=N_("last"), value="last"),
            app_commands.Choice(name=N_("next"), value="next"),
            app_commands.Choice(name=N_("now"), value="now"),
        ]
    )
    @app_commands.autocomplete(query=suggest, source=from_there)
    async def play(
        interaction: discord.Interaction,
        query: app_commands.Range[str, 1, MAX_QUERY_CHARACTERS],
        source: app_commands.Range[str, 1, 32] | None = None,
        position: str = "last",
    ) -> None:
        place = _PLACES.get(position, "last")
        await _play(music, interaction, query, place=place, source=source)

    @guild_command("playnext", N_("Put a song in front of all that wait."))
    @app_commands.describe(query=N_("A title, a file name or a web address"))
    @app_commands.autocomplete(query=suggest)
    async def playnext(
        interaction: discord.Interaction, query: app_commands.Range[str, 1, MAX_QUERY_CHARACTERS]
    ) -> None:
        await _play(music, interaction, query, place="next")

    @guild_command("playnow", N_("Play a song at once; the others wait their turn."))
    @app_commands.describe(query=N_("A title, a file name or a web address"))
    @app_commands.autocomplete(query=suggest)
    async def playnow(
        interaction: discord.Interaction, query: app_commands.Range[str, 1, MAX_QUERY_CHARACTERS]
    ) -> None:
        await _play(music, interaction, query, place="now")

    return play, playnext, playnow


def play_this(music: Music) -> app_commands.ContextMenu:
    """Return the entry in a message's menu."""

    async def play_message(interaction: discord.Interaction, message: discord.Message) -> None:
        await _play(music, interaction, query_of(message), place="last")

    made: Any = app_commands.ContextMenu(name=PLAY_THIS, callback=play_message)
    made.allowed_contexts = app_commands.AppCommandContext(
        guild=True, dm_channel=False, private_channel=False
    )
    return made


def query_of(message: discord.Message) -> str:
    """Return what a message asks for: an address in it, its sound file, or its words.

    Raises:
        NoSongInMessage: It holds none of them.
    """
    address = _ADDRESS.search(message.content)
    if address is not None:
        return address[0].rstrip(".,;:!?)")
    for attachment in message.attachments:
        if (attachment.content_type or "").startswith(("audio/", "video/")):
            return attachment.url
    for shown in message.embeds:
        if shown.url is not None:
            return shown.url
    words = " ".join(message.content.split())[:_LONGEST_TITLE]
    if not words:
        raise NoSongInMessage
    return words


async def suggestions(music: Music, interaction: discord.Interaction, current: str) -> list[Choice]:
    """Return what the member may mean by what is typed so far."""
    if interaction.guild_id is None:
        return []
    found = await music.suggest(GuildId(interaction.guild_id), current)
    return [app_commands.Choice(name=item.name, value=item.value) for item in found]


def source_choices(music: Music, current: str) -> list[Choice]:
    """Return the sources whose name holds what is typed."""
    names = [name for name in music.source_names() if current.casefold() in name.casefold()]
    return [app_commands.Choice(name=name.replace("_", " "), value=name) for name in names[:25]]


async def _play(
    music: Music,
    interaction: discord.Interaction,
    query: str,
    *,
    place: Place,
    source: str | None = None,
) -> None:
    loading = Loading(interaction)
    try:
        added = await music.play(
            caller_of(interaction), query, place=place, source=source, progress=loading
        )
    except BaseException:
        await loading.settle()
        raise
    await loading.finish(added_embed(added, translator_for(interaction, public=True)))
