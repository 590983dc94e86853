"""``/queue`` and ``/nowplaying``: what plays and what comes."""

import math

import discord
from discord import app_commands

from seraphim.features.music.commands.caller import caller_of, guild_command
from seraphim.features.music.commands.paint import FEATURE, paint_buttons, paint_embed
from seraphim.features.music.commands.reasons import asked_by
from seraphim.features.music.rules.errors import NotPlaying
from seraphim.features.music.rules.picture import clock_time, line
from seraphim.features.music.service import Music
from seraphim.kernel.ids import ChannelId, MessageId
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand
from seraphim.surfaces.discord.guards import guild_id_of
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.paginator import Page, Paginator
from seraphim.surfaces.discord.replies import embed, reply

PAGE_SIZE = 10


def queue_pages(music: Music) -> Paginator:
    """Return the pages of the queue."""

    async def render(interaction: discord.Interaction, number: int, _: tuple[str, ...]) -> Page:
        say = translator_for(interaction, public=True)
        player = await music.look(guild_id_of(interaction))
        queue = player.queue
        pages = max(1, math.ceil(len(queue.upcoming) / PAGE_SIZE))
        page = min(max(1, number), pages)
        start = (page - 1) * PAGE_SIZE
        lines: list[str] = []
        if queue.current is not None:
            by = asked_by(queue.current, say)
            mark = "▶" if player.status == "playing" else "⏸"
            lines += [f"{mark} **{line(queue.current, limit=80)}**{by}", ""]
        for place, entry in enumerate(queue.upcoming[start : start + PAGE_SIZE], start + 1):
            by = asked_by(entry, say)
            lines.append(f"`{place}` {line(entry)}{by}")
        if not queue.upcoming:
            lines.append(say(N_("Nothing is waiting. Add something with /play.")))
        shown = embed(say(N_("Queue")), "\n".join(lines))
        if queue.upcoming:
            count = say.plural("{n} song", "{n} songs", len(queue.upcoming))
            total = say(N_("{time} in total"), time=clock_time(queue.duration_ms))
            shown.set_footer(text=f"{count} · {total}")
        return Page(shown, page, pages)

    return Paginator(FEATURE, "pages", render)


def looking_commands(music: Music, pages: Paginator) -> tuple[AnyCommand, ...]:
    """Return the commands."""

    @guild_command("queue", N_("What plays and what comes next."))
    @app_commands.describe(page=N_("The page, ten songs each"))
    async def queue(
        interaction: discord.Interaction, page: app_commands.Range[int, 1, 1000] = 1
    ) -> None:
        await pages.send(interaction, page=page)

    @guild_command("nowplaying", N_("The song that plays, with buttons."))
    async def nowplaying(interaction: discord.Interaction) -> None:
        caller = caller_of(interaction)
        picture = await music.picture(caller.guild_id)
        if picture.title is None:
            raise NotPlaying
        say = translator_for(interaction, public=True)
        shown, view = paint_embed(picture, say), paint_buttons(picture)
        await reply(interaction, embed=shown, view=view)
        sent = await interaction.original_response()
        await music.adopt_controller(
            caller.guild_id, ChannelId(sent.channel.id), MessageId(sent.id)
        )

    return queue, nowplaying
