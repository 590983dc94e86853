"""``/play``: find, queue, start."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from seraphim.features.music.commands.caller import caller_of, guild_command
from seraphim.features.music.rules.control import MAX_QUERY_CHARACTERS
from seraphim.features.music.rules.picture import clock_time, line
from seraphim.features.music.rules.queue import Place
from seraphim.features.music.rules.text import escape
from seraphim.features.music.service import Added, Music
from seraphim.kernel.ids import GuildId
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.replies import embed, reply

if TYPE_CHECKING:
    from seraphim.kernel.texts import Translator

_PLACES: dict[str, Place] = {"last": "last", "next": "next", "now": "now"}
_LISTED = 5


def play_command(music: Music) -> AnyCommand:
    """Return the command."""

    async def suggest(
        interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        if interaction.guild_id is None:
            return []
        found = await music.suggest(GuildId(interaction.guild_id), current)
        return [app_commands.Choice(name=item.name, value=item.value) for item in found]

    @guild_command("play", N_("Play a song, or put it into the queue."))
    @app_commands.describe(
        query=N_("A title, a file name or a web address"),
        position=N_("Where in the queue; last if you do not say"),
    )
    @app_commands.choices(
        position=[
            app_commands.Choice(name=N_("last"), value="last"),
            app_commands.Choice(name=N_("next"), value="next"),
            app_commands.Choice(name=N_("now"), value="now"),
        ]
    )
    @app_commands.autocomplete(query=suggest)
    async def play(
        interaction: discord.Interaction,
        query: app_commands.Range[str, 1, MAX_QUERY_CHARACTERS],
        position: str = "last",
    ) -> None:
        place = _PLACES.get(position, "last")
        added = await music.play(caller_of(interaction), query, place=place)
        await reply(interaction, embed=_added(added, translator_for(interaction, public=True)))

    return play


def _added(added: Added, say: "Translator") -> discord.Embed:
    first = added.entries[0]
    if len(added.entries) > 1 or added.playlist_title is not None:
        return _added_list(added, say)
    title = say(N_("Playing now")) if added.is_playing else say(N_("Added to the queue"))
    shown = embed(title, line(first, limit=200), "good")
    if not added.is_playing:
        shown.set_footer(
            text=say(
                N_("Number {place} in the queue · plays in about {wait}"),
                place=added.place_in_queue,
                wait=clock_time(added.wait_ms),
            )
        )
    return shown


def _added_list(added: Added, say: "Translator") -> discord.Embed:
    count = len(added.entries)
    title = say.plural("{n} song added", "{n} songs added", count)
    lines = [f"**{escape(added.playlist_title)}**"] if added.playlist_title else []
    lines += [f"`{number}` {line(e)}" for number, e in enumerate(added.entries[:_LISTED], 1)]
    if count > _LISTED:
        lines.append(say(N_("… and {count} more"), count=count - _LISTED))
    if added.refused:
        full = N_("The queue is full now: {count} did not fit.")
        lines.append(say(full, count=added.refused))
    elif added.truncated:
        lines.append(say(N_("The list is longer; I took its beginning.")))
    return embed(title, "\n".join(lines), "warn" if added.refused else "good")
