"""The controller's buttons. They carry no state, so they work after every restart."""

from collections.abc import Awaitable, Callable

import discord

from seraphim.features.music.commands.caller import caller_of
from seraphim.features.music.commands.paint import (
    FEATURE,
    VOLUME_STEP,
    paint_buttons,
    paint_embed,
)
from seraphim.features.music.service import Caller, Music, MusicParts
from seraphim.kernel.ids import MessageId
from seraphim.surfaces.discord.components import Component
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.paginator import Paginator
from seraphim.surfaces.discord.replies import update

type Verb = Callable[[Caller], Awaitable[object]]


def buttons(parts: MusicParts, pages: Paginator) -> tuple[Component, ...]:
    """Return a component for each button, and the pages of the queue."""
    music, steering = parts.music, parts.steering

    async def toggle(caller: Caller) -> None:
        player = await music.look(caller.guild_id)
        if player.status == "playing":
            await steering.pause(caller)
        else:
            await steering.resume(caller)

    async def quieter(caller: Caller) -> None:
        await steering.change_volume(caller, -VOLUME_STEP)

    async def louder(caller: Caller) -> None:
        await steering.change_volume(caller, VOLUME_STEP)

    async def show_queue(interaction: discord.Interaction, _: tuple[str, ...]) -> None:
        await pages.send(interaction, ephemeral=True)

    verbs: dict[str, Verb] = {
        "toggle": toggle,
        "skip": steering.skip,
        "back": steering.back,
        "stop": steering.stop,
        "quieter": quieter,
        "louder": louder,
    }
    pressed = (Component(FEATURE, name, _press(music, verb)) for name, verb in verbs.items())
    return (*pressed, Component(FEATURE, "queue", show_queue), pages.component)


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
        await update(interaction, embed=paint_embed(picture, say), view=paint_buttons(picture, say))
        music.click_shown(caller.guild_id, message_id, picture)

    return handle
