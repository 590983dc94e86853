"""The controller's buttons. They carry no state, so they work after every restart."""

from collections.abc import Awaitable, Callable

import discord

from seraphim.features.music.commands.caller import caller_of
from seraphim.features.music.commands.modes import LOOPS
from seraphim.features.music.commands.paint import (
    FEATURE,
    VOLUME_STEP,
    paint_buttons,
    paint_embed,
)
from seraphim.features.music.commands.seeking import STEP_SECONDS
from seraphim.features.music.commands.voting import answer_to
from seraphim.features.music.service import Caller, Music, MusicParts
from seraphim.kernel.ids import MessageId
from seraphim.surfaces.discord.components import Component
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.paginator import Paginator
from seraphim.surfaces.discord.replies import reply, update

type Verb = Callable[[Caller], Awaitable[object]]


def buttons(parts: MusicParts, pages: Paginator) -> tuple[Component, ...]:
    """Return a component for each button, and the pages of the queue."""
    pressed_skip = _press(parts.music, parts.voting.skip_or_vote)

    async def skip(interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        caller = caller_of(interaction)
        if await parts.voting.may_skip(caller):
            await pressed_skip(interaction, args)
            return
        shown, view = answer_to(interaction, await parts.voting.vote(caller))
        await reply(interaction, embed=shown, view=view)

    async def show_queue(interaction: discord.Interaction, _: tuple[str, ...]) -> None:
        await pages.send(interaction, ephemeral=True)

    pressed = (
        Component(FEATURE, name, _press(parts.music, verb)) for name, verb in _verbs(parts).items()
    )
    return (
        *pressed,
        Component(FEATURE, "skip", skip),
        Component(FEATURE, "queue", show_queue),
        pages.component,
    )


def _verbs(parts: MusicParts) -> dict[str, Verb]:
    """Return what each button of the controller does."""
    music, steering = parts.music, parts.steering

    async def toggle(caller: Caller) -> None:
        player = await music.look(caller.guild_id)
        await (steering.pause(caller) if player.status == "playing" else steering.resume(caller))

    async def loop(caller: Caller) -> None:
        player = await music.look(caller.guild_id)
        await steering.set_loop(caller, LOOPS[(LOOPS.index(player.loop) + 1) % len(LOOPS)])

    async def autoplay(caller: Caller) -> None:
        player = await music.look(caller.guild_id)
        await steering.set_autoplay(caller, "mixed" if player.autoplay == "off" else "off")

    return {
        "toggle": toggle,
        "back": steering.back,
        "rewind": lambda caller: steering.seek(caller, f"-{STEP_SECONDS}"),
        "forward": lambda caller: steering.seek(caller, f"+{STEP_SECONDS}"),
        "stop": steering.stop,
        "mute": steering.toggle_mute,
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
