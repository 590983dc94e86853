"""The commands that arrange the queue."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from seraphim.features.music.commands.answers import LINE, say
from seraphim.features.music.commands.caller import caller_of, guild_command
from seraphim.features.music.commands.paint import FEATURE
from seraphim.features.music.rules.picture import line
from seraphim.features.music.rules.queue import Entry
from seraphim.features.music.rules.text import clean
from seraphim.features.music.service import Arranging, Caller, Music, MusicParts
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import GuildId, UserId
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand
from seraphim.surfaces.discord.components import Component, custom_id
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.layout import button, row_view
from seraphim.surfaces.discord.replies import embed, reply, update

if TYPE_CHECKING:
    from seraphim.kernel.texts import Translator

type Number = app_commands.Choice[int]
type Word = app_commands.Choice[str]

DUPLICATES, ABSENT = "duplicates", "absent"
_FIXED = {
    DUPLICATES: (N_("duplicates"), N_("Everything that waits twice")),
    ABSENT: (N_("absent"), N_("Songs of members who left the channel")),
}
"""What can be typed, or chosen, instead of numbers."""
_CHOICES = 23
_LISTED = 5
_CHOICE_CHARACTERS = 100


class NothingNamed(SeraphimError):
    """Neither songs nor a member were given."""

    code = "music.nothing_named"
    http_status = 422
    message = N_("Say what to remove: numbers, duplicates, absent, or a member.")


def arranging_commands(parts: MusicParts) -> tuple[AnyCommand, ...]:
    """Return shuffle, move, remove and clear."""
    return (
        _shuffle(parts.arranging),
        _move(parts.music, parts.arranging),
        _remove(parts.music, parts.arranging),
        _clear(parts.arranging),
    )


def undo_button(arranging: Arranging) -> Component:
    """Return the button that brings removed songs back."""

    async def handle(interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        count = await arranging.undo(caller_of(interaction), args[0] if args else "")
        translate = translator_for(interaction, public=True)
        text = translate.plural("↩ {n} song waits again.", "↩ {n} songs wait again.", count)
        await update(interaction, embed=embed(None, text, "good"))

    return Component(FEATURE, "unremove", handle)


def _shuffle(arranging: Arranging) -> AnyCommand:
    @guild_command("shuffle", N_("Put the queue into random order."))
    async def shuffle(interaction: discord.Interaction) -> None:
        count = await arranging.shuffle(caller_of(interaction))
        await say(interaction, N_("🔀 Shuffled {count} songs."), count=count)

    return shuffle


def _move(music: Music, arranging: Arranging) -> AnyCommand:
    async def suggest(interaction: discord.Interaction, current: str) -> list[Number]:
        return await _numbered(music, interaction, current)

    @guild_command("move", N_("Give a song another place in the queue."))
    @app_commands.describe(
        song=N_("Its number in the queue"), to=N_("Its new number; 1 plays next")
    )
    @app_commands.autocomplete(song=suggest)
    async def move(
        interaction: discord.Interaction,
        song: app_commands.Range[int, 1, 2000],
        to: app_commands.Range[int, 1, 2000] = 1,
    ) -> None:
        entry = await arranging.move(caller_of(interaction), song, to)
        moved = line(entry, limit=LINE)
        await say(interaction, N_("↕ {song} is number {place} now."), song=moved, place=to)

    return move


def _remove(music: Music, arranging: Arranging) -> AnyCommand:
    async def suggest(interaction: discord.Interaction, current: str) -> list[Word]:
        translate = translator_for(interaction)
        fixed = [
            app_commands.Choice(name=translate(name), value=value)
            for value, (_, name) in _FIXED.items()
        ]
        numbers = await _numbered(music, interaction, current)
        songs = [app_commands.Choice(name=each.name, value=str(each.value)) for each in numbers]
        return [*songs, *fixed] if current.strip() else [*fixed, *songs]

    @guild_command("remove", N_("Take songs out of the queue."))
    @app_commands.describe(
        songs=N_("Numbers such as 3, 2-5 or 1, 4, 7-9"),
        member=N_("Take out everything this member asked for"),
    )
    @app_commands.autocomplete(songs=suggest)
    async def remove(
        interaction: discord.Interaction,
        songs: app_commands.Range[str, 1, 200] | None = None,
        member: discord.User | None = None,
    ) -> None:
        caller = caller_of(interaction)
        wanted = read_fixed((songs or "").strip().casefold(), translator_for(interaction))
        if member is not None and not wanted:
            gone = await arranging.remove_by(caller, UserId(member.id))
        elif not wanted:
            raise NothingNamed
        elif wanted == DUPLICATES:
            gone = await arranging.remove_duplicates(caller)
        elif wanted == ABSENT:
            gone = await arranging.remove_absent(caller)
        else:
            gone = await arranging.remove(caller, wanted)
        await _say_gone(interaction, arranging, caller, gone)

    return remove


def read_fixed(typed: str, translate: "Translator") -> str:
    """Return the fixed word that is meant, in whichever language it was typed; or what was typed.

    Args:
        typed: In lower case.
        translate: Into the member's language.
    """
    for value, words in _FIXED.items():
        if typed == value or typed in {translate(word).casefold() for word in words}:
            return value
    return typed


def _clear(arranging: Arranging) -> AnyCommand:
    @guild_command("clear", N_("Empty the queue; the song that plays goes on."))
    async def clear(interaction: discord.Interaction) -> None:
        caller = caller_of(interaction)
        await _say_gone(interaction, arranging, caller, await arranging.clear(caller))

    return clear


async def _numbered(music: Music, interaction: discord.Interaction, current: str) -> list[Number]:
    """Return songs of the queue whose number begins with, or whose title holds, what is typed."""
    if interaction.guild_id is None:
        return []
    player = await music.look(GuildId(interaction.guild_id))
    typed = current.strip().casefold()
    found: list[Number] = []
    for number, entry in enumerate(player.queue.upcoming, start=1):
        title = clean(entry.track.title, _CHOICE_CHARACTERS - 8)
        if not typed or str(number).startswith(typed) or typed in title.casefold():
            found.append(app_commands.Choice(name=f"{number} · {title}", value=number))
        if len(found) == _CHOICES:
            break
    return found


async def _say_gone(
    interaction: discord.Interaction, arranging: Arranging, caller: Caller, gone: Sequence[Entry]
) -> None:
    removal_id = await arranging.remember(caller, gone)
    translate = translator_for(interaction, public=True)
    title = translate.plural("🗑 {n} song removed", "🗑 {n} songs removed", len(gone))
    lines = [line(entry) for entry in gone[:_LISTED]]
    if len(gone) > _LISTED:
        lines.append(translate(N_("… and {count} more"), count=len(gone) - _LISTED))
    undo = button(translate(N_("Undo")), custom_id(FEATURE, "unremove", removal_id), emoji="↩️")
    await reply(interaction, embed=embed(title, "\n".join(lines), "good"), view=row_view([undo]))
