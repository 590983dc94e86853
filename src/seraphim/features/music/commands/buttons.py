"""The controller's buttons. They carry no state, so they work after every restart.

What a button that switches something does is told by how the message showed it to who pressed it:
so two people who press at the same moment do it once, and do not undo each other's wish.
"""

from collections.abc import Awaitable, Callable
from functools import partial

import discord

from seraphim.features.music.commands.caller import caller_of
from seraphim.features.music.commands.modes import LOOPS
from seraphim.features.music.commands.paint import (
    FEATURE,
    PAUSE,
    VOLUME_STEP,
    paint_buttons,
    paint_embed,
)
from seraphim.features.music.commands.seeking import STEP_SECONDS
from seraphim.features.music.commands.voting import answer_to
from seraphim.features.music.rules.errors import SongChanged
from seraphim.features.music.service import Caller, Music, MusicParts
from seraphim.kernel.ids import MessageId
from seraphim.surfaces.discord.components import Component, custom_id
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.paginator import Paginator
from seraphim.surfaces.discord.replies import reply, update

type Verb = Callable[[Caller], Awaitable[object]]

_SELECTOR = "\ufe0f"
JUST_BEGUN_MS = 2_000
"""Whoever skips so soon what the message does not show yet has meant the song before it."""


def buttons(parts: MusicParts, pages: Paginator) -> tuple[Component, ...]:
    """Return a component for each button, and the pages of the queue."""
    pressed_skip = _press(parts.music, parts.voting.skip_or_vote)

    async def skip(interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        caller = caller_of(interaction)
        await _check_song(parts.music, caller, interaction.message)
        if await parts.voting.may_skip(caller):
            await pressed_skip(interaction, args)
            return
        shown, view = answer_to(interaction, await parts.voting.vote(caller))
        await reply(interaction, embed=shown, view=view)

    async def show_queue(interaction: discord.Interaction, _: tuple[str, ...]) -> None:
        await pages.send(interaction, ephemeral=True)

    async def toggle(interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        wants_pause = _looks_playing(interaction.message)
        verb = parts.steering.pause if wants_pause else parts.steering.resume
        await _press(parts.music, verb)(interaction, args)

    async def mute(interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        muted = not _looks_switched_on(interaction.message, "mute")
        verb = partial(parts.steering.set_muted, muted=muted)
        await _press(parts.music, verb)(interaction, args)

    pressed = (
        Component(FEATURE, name, _press(parts.music, verb)) for name, verb in _verbs(parts).items()
    )
    return (
        *pressed,
        Component(FEATURE, "toggle", toggle),
        Component(FEATURE, "mute", mute),
        Component(FEATURE, "skip", skip),
        Component(FEATURE, "queue", show_queue),
        pages.component,
    )


def _verbs(parts: MusicParts) -> dict[str, Verb]:
    """Return what each button of the controller does."""
    music, steering = parts.music, parts.steering

    async def loop(caller: Caller) -> None:
        player = await music.look(caller.guild_id)
        await steering.set_loop(caller, LOOPS[(LOOPS.index(player.loop) + 1) % len(LOOPS)])

    async def autoplay(caller: Caller) -> None:
        player = await music.look(caller.guild_id)
        await steering.set_autoplay(caller, "mixed" if player.autoplay == "off" else "off")

    return {
        "back": steering.back,
        "rewind": lambda caller: steering.seek(caller, f"-{STEP_SECONDS}"),
        "forward": lambda caller: steering.seek(caller, f"+{STEP_SECONDS}"),
        "stop": steering.stop,
        "quieter": lambda caller: steering.change_volume(caller, -VOLUME_STEP),
        "louder": lambda caller: steering.change_volume(caller, VOLUME_STEP),
        "shuffle": parts.arranging.shuffle,
        "loop": loop,
        "autoplay": autoplay,
    }


def _press(
    music: Music, verb: Verb
) -> Callable[[discord.Interaction, tuple[str, ...]], Awaitable[None]]:
    """Return a handler that does ``verb`` and shows the result on the message at once."""

    async def handle(interaction: discord.Interaction, _: tuple[str, ...]) -> None:
        caller = caller_of(interaction)
        message = interaction.message
        message_id = MessageId(0 if message is None else message.id)
        music.click_begins(caller.guild_id, message_id)
        await verb(caller)
        picture = await music.picture(caller.guild_id)
        say = translator_for(interaction, public=True)
        await update(interaction, embed=paint_embed(picture, say), view=paint_buttons(picture))
        music.click_shown(caller.guild_id, message_id, picture)

    return handle


async def _check_song(music: Music, caller: Caller, message: discord.Message | None) -> None:
    """Refuse to skip a song that has just begun in place of the one that was to be skipped.

    Raises:
        SongChanged: Somebody else was faster, or the song ended by itself.
    """
    picture, player = await music.picture(caller.guild_id), await music.look(caller.guild_id)
    shown = message.embeds[0].title if message is not None and message.embeds else None
    is_new = picture.title is not None and player.position_ms < JUST_BEGUN_MS
    if is_new and shown is not None and shown != picture.title:
        raise SongChanged


def _button_of(message: discord.Message | None, action: str) -> discord.Button | None:
    """Return a button of the message as it was when it was pressed."""
    for row in [] if message is None else message.components:
        for part in row.children if isinstance(row, discord.ActionRow) else ():
            if isinstance(part, discord.Button) and part.custom_id == custom_id(FEATURE, action):
                return part
    return None


def _looks_playing(message: discord.Message | None) -> bool:
    shown = _button_of(message, "toggle")
    if shown is None or shown.emoji is None:
        return False
    # Messages of older versions lack the selector that makes it an emoji.
    return shown.emoji.name.rstrip(_SELECTOR) == PAUSE.rstrip(_SELECTOR)


def _looks_switched_on(message: discord.Message | None, action: str) -> bool:
    shown = _button_of(message, action)
    return shown is not None and shown.style is discord.ButtonStyle.success
