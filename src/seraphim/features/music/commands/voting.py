"""Skipping: at once for those who may, together for all others."""

import discord
from discord import app_commands

from seraphim.features.music.commands.answers import LINE
from seraphim.features.music.commands.caller import caller_of, guild_command
from seraphim.features.music.commands.paint import FEATURE
from seraphim.features.music.rules.picture import track_line
from seraphim.features.music.service import Ballot, Voting
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand
from seraphim.surfaces.discord.components import Component, custom_id
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.layout import SentView, button, row_view
from seraphim.surfaces.discord.replies import embed, reply, update

type Answer = tuple[discord.Embed, SentView | None]


def skip_commands(voting: Voting) -> tuple[AnyCommand, ...]:
    """Return skip and voteskip."""

    @guild_command("skip", N_("Go to the next song; among others, by a vote."))
    @app_commands.describe(to=N_("The number in the queue to jump to; 1 is the next song"))
    async def skip(
        interaction: discord.Interaction, to: app_commands.Range[int, 1, 2000] = 1
    ) -> None:
        ballot = await voting.skip_or_vote(caller_of(interaction), steps=to)
        shown, view = answer_to(interaction, ballot)
        await reply(interaction, embed=shown, view=view)

    @guild_command("voteskip", N_("Vote for skipping the song."))
    async def voteskip(interaction: discord.Interaction) -> None:
        ballot = await voting.vote(caller_of(interaction))
        shown, view = answer_to(interaction, ballot)
        await reply(interaction, embed=shown, view=view)

    return skip, voteskip


def vote_button(voting: Voting) -> Component:
    """Return the button that joins a vote; it names the song, so an old one skips no other."""

    async def handle(interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        entry_id = args[0] if args else ""
        ballot = await voting.vote(caller_of(interaction), entry_id)
        shown, view = answer_to(interaction, ballot)
        await update(interaction, embed=shown, view=view)

    return Component(FEATURE, "vote", handle)


def answer_to(interaction: discord.Interaction, ballot: Ballot) -> Answer:
    """Return what shows how a vote stands."""
    say = translator_for(interaction, public=True)
    song = track_line(ballot.track, limit=LINE)
    if not ballot.skipped:
        text = say(
            N_("🗳 **{votes} of {needed}** votes for skipping {song}"),
            votes=ballot.votes,
            needed=ballot.needed,
            song=song,
        )
        shown = embed(None, text, "info")
        shown.set_footer(text=say(N_("A vote counts for a minute. Only listeners can vote.")))
        vote = button(say(N_("Skip it")), custom_id(FEATURE, "vote", ballot.entry_id), emoji="🗳")
        return shown, row_view([vote])
    if ballot.now is None:
        text = say(N_("⏭ Skipped {song}. The queue is empty now."), song=song)
    else:
        text = say(N_("⏭ Skipped. Now playing {song}"), song=track_line(ballot.now, limit=LINE))
    return embed(None, text, "good"), None
