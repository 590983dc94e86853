"""What a member reads after asking for songs."""

from typing import TYPE_CHECKING

import discord

from seraphim.features.music.rules.picture import clock_time, line
from seraphim.features.music.rules.text import escape
from seraphim.features.music.service import Added
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.replies import embed

if TYPE_CHECKING:
    from seraphim.kernel.texts import Translator

_LISTED = 5


def added_embed(added: Added, say: "Translator") -> discord.Embed:
    """Return the answer to a request: what plays or waits, where, and what was left out."""
    first = added.entries[0]
    if len(added.entries) > 1 or added.playlist_title is not None:
        return _list_embed(added, say)
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


def _list_embed(added: Added, say: "Translator") -> discord.Embed:
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
        longer = N_("The list is longer than a list may be here; I took its first {count}.")
        lines.append(say(longer, count=count))
    if added.left_out:
        left = N_("{count} were left out: too long, or in the queue already.")
        lines.append(say(left, count=added.left_out))
    return embed(title, "\n".join(lines), "warn" if added.refused else "good")
