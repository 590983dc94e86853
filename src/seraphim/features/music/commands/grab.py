"""``/grab``: the song that plays, into one's own direct messages."""

import discord

from seraphim.features.music.commands.answers import say
from seraphim.features.music.commands.caller import caller_of, guild_command
from seraphim.features.music.rules.errors import DirectMessagesClosed, NotPlaying
from seraphim.features.music.rules.picture import clock_time
from seraphim.features.music.rules.text import escape
from seraphim.features.music.service import Music
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.layout import link, row_view
from seraphim.surfaces.discord.replies import embed, post

_MAX_URL = 512
"""Characters of a link button (Discord, "Component Reference")."""
_CANNOT_SEND = 50007
"""Discord, "JSON Error Codes": the user takes no direct messages from the bot."""


def grab_command(music: Music) -> AnyCommand:
    """Return the command."""

    @guild_command("grab", N_("Send me the song that plays as a direct message."), private=True)
    async def grab(interaction: discord.Interaction) -> None:
        caller = caller_of(interaction)
        player = await music.look(caller.guild_id)
        current = player.queue.current
        if current is None:
            raise NotPlaying
        track = current.track
        translate = translator_for(interaction)
        shown = embed(escape(track.title))
        has_page = track.url is not None and track.url.startswith(("http://", "https://"))
        for name, value in (
            (N_("Artist"), escape(track.artist) if track.artist else None),
            (N_("Album"), escape(track.album) if track.album else None),
            (N_("Length"), None if track.duration_ms is None else clock_time(track.duration_ms)),
            (N_("Heard at"), None if track.is_stream else clock_time(player.position_ms)),
        ):
            if value:
                shown.add_field(name=translate(name), value=value)
        if track.artwork_url:
            shown.set_thumbnail(url=track.artwork_url)
        guild = interaction.guild
        if guild is not None:
            shown.set_footer(text=translate(N_("Played on {server}"), server=guild.name))
        buttons = []
        if has_page and track.url is not None and len(track.url) <= _MAX_URL:
            buttons = [link(translate(N_("Open the song")), track.url)]
            shown.url = track.url
        try:
            await post(interaction.user, embed=shown, view=row_view(buttons) if buttons else None)
        except discord.Forbidden as error:
            if error.code != _CANNOT_SEND:
                raise
            raise DirectMessagesClosed from error
        await say(
            interaction, N_("📬 The song is in your direct messages."), tone="good", ephemeral=True
        )

    return grab
