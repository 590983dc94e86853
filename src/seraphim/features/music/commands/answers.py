"""What most commands of music answer: one coloured line."""

from typing import TYPE_CHECKING

import discord

from seraphim.features.music.rules.picture import track_line
from seraphim.features.music.rules.track import Track
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.layout import SentView
from seraphim.surfaces.discord.replies import Tone, embed, reply

if TYPE_CHECKING:
    from seraphim.kernel.texts import Translator

LINE = 200
"""Characters a song's line may take in an answer."""


async def say(
    interaction: discord.Interaction,
    message: str,
    *,
    tone: Tone = "good",
    view: SentView | None = None,
    ephemeral: bool = False,
    **parameters: object,
) -> None:
    """Answer with a sentence in the guild's language."""
    translate: Translator = translator_for(interaction, public=not ephemeral)
    shown = embed(None, translate(message, **parameters), tone)
    await reply(interaction, embed=shown, view=view, ephemeral=ephemeral)


async def say_song(interaction: discord.Interaction, message: str, track: Track) -> None:
    """Answer with a sentence that names a song as ``{song}``."""
    await say(interaction, message, song=track_line(track, limit=LINE))
