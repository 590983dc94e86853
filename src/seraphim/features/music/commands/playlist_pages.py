"""Playlists as pages: which there are, and what is in one."""

import math

import discord

from seraphim.features.music.commands.caller import caller_of
from seraphim.features.music.commands.paint import FEATURE
from seraphim.features.music.rules.picture import clock_time, track_line
from seraphim.features.music.rules.text import escape
from seraphim.features.music.service.playlists import Playlists
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.paginator import Page, Paginator
from seraphim.surfaces.discord.replies import embed

PAGE_SIZE = 10


def list_pages(playlists: Playlists) -> Paginator:
    """Return the pages of ``/playlist list``."""

    async def render(interaction: discord.Interaction, number: int, _: tuple[str, ...]) -> Page:
        say = translator_for(interaction)
        caller = caller_of(interaction)
        found = await playlists.list_all(caller)
        pages = max(1, math.ceil(len(found) / PAGE_SIZE))
        page = min(max(1, number), pages)
        lines: list[str] = []
        for one in found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]:
            songs = say.plural("{n} song", "{n} songs", one.count)
            mark = " · 👥" if one.is_shared else ""
            by = "" if one.owner_id == caller.user_id else f" · <@{one.owner_id}>"
            length = clock_time(one.duration_ms)
            lines.append(f"**{escape(one.name)}** · {songs} · `{length}`{mark}{by}")
        if not lines:
            lines.append(say(N_("There is none yet. /playlist save keeps what is in the queue.")))
        return Page(embed(say(N_("Playlists")), "\n".join(lines)), page, pages)

    return Paginator(FEATURE, "playlists", render)


def contents_pages(playlists: Playlists) -> Paginator:
    """Return the pages of ``/playlist show``."""

    async def render(interaction: discord.Interaction, number: int, args: tuple[str, ...]) -> Page:
        say = translator_for(interaction)
        playlist = await playlists.show(caller_of(interaction), args[0] if args else "")
        pages = max(1, math.ceil(playlist.count / PAGE_SIZE))
        page = min(max(1, number), pages)
        start = (page - 1) * PAGE_SIZE
        shown_tracks = playlist.tracks[start : start + PAGE_SIZE]
        lines = [
            f"`{place}` {track_line(track)}"
            for place, track in enumerate(shown_tracks, start=start + 1)
        ]
        shown = embed(escape(playlist.name), "\n".join(lines))
        songs = say.plural("{n} song", "{n} songs", playlist.count)
        total = say(N_("{time} in total"), time=clock_time(playlist.duration_ms))
        shown.set_footer(text=f"{songs} · {total}")
        return Page(shown, page, pages)

    return Paginator(FEATURE, "songs", render)
