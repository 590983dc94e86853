"""``/search``: ten songs to choose from, several at once."""

import discord
from discord import app_commands

from seraphim.features.music.commands.added import added_embed
from seraphim.features.music.commands.caller import caller_of, guild_command
from seraphim.features.music.commands.paint import FEATURE
from seraphim.features.music.commands.play import Choice, source_choices, suggestions
from seraphim.features.music.rules.control import MAX_QUERY_CHARACTERS
from seraphim.features.music.rules.picture import clock_time, track_line
from seraphim.features.music.rules.text import clean, escape
from seraphim.features.music.service import Music
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand
from seraphim.surfaces.discord.components import Component, custom_id, selected
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.layout import option, row_view, select
from seraphim.surfaces.discord.replies import embed, reply

RESULTS = 10
_LABEL = 100
_SHOWN_QUERY = 100


def search_command(music: Music) -> AnyCommand:
    """Return the command."""

    async def suggest(interaction: discord.Interaction, current: str) -> list[Choice]:
        return await suggestions(music, interaction, current)

    async def from_there(_: discord.Interaction, current: str) -> list[Choice]:
        return source_choices(music, current)

    @guild_command("search", N_("Look for songs and choose among them."))
    @app_commands.describe(
        query=N_("A title, an artist or an album"),
        source=N_("Where to look for it; everywhere if you do not say"),
    )
    @app_commands.autocomplete(query=suggest, source=from_there)
    async def search(
        interaction: discord.Interaction,
        query: app_commands.Range[str, 1, MAX_QUERY_CHARACTERS],
        source: app_commands.Range[str, 1, 32] | None = None,
    ) -> None:
        say = translator_for(interaction, public=True)
        caller = caller_of(interaction)
        name, tracks = await music.search(caller, query, limit=RESULTS, source=source)
        title = say(N_("🔎 Found for “{query}”"), query=escape(query, _SHOWN_QUERY))
        lines = [f"`{number}` {track_line(track)}" for number, track in enumerate(tracks, start=1)]
        options = [
            option(
                clean(track.title, _LABEL),
                str(index),
                description=clean(
                    " · ".join(
                        part
                        for part in (
                            track.artist or "",
                            "" if track.duration_ms is None else clock_time(track.duration_ms),
                            track.source.replace("_", " "),
                        )
                        if part
                    ),
                    _LABEL,
                ),
            )
            for index, track in enumerate(tracks)
        ]
        menu = select(
            custom_id(FEATURE, "found", name),
            options,
            placeholder=say(N_("Choose one or several")),
            max_values=len(options),
        )
        await reply(interaction, embed=embed(title, "\n".join(lines)), view=row_view([menu]))

    return search


def search_menu(music: Music) -> Component:
    """Return what happens when somebody chooses."""

    async def handle(interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        choices = [int(value) for value in selected(interaction) if value.isdecimal()]
        added = await music.play_found(caller_of(interaction), args[0] if args else "", choices)
        await reply(interaction, embed=added_embed(added, translator_for(interaction, public=True)))

    return Component(FEATURE, "found", handle)
