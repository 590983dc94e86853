"""``/filters``: a panel for the sound, with presets, speed, pitch and an equalizer."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import discord
from discord import app_commands

from seraphim.features.music.commands.caller import caller_of, guild_command
from seraphim.features.music.commands.equalizer import draw_equalizer
from seraphim.features.music.commands.paint import FEATURE
from seraphim.features.music.commands.presets import PRESET_WORDS
from seraphim.features.music.rules.filters import BANDS_HZ, NO_FILTERS, PRESETS, Filters, Preset
from seraphim.features.music.rules.sound import band_name, faster, higher, read_bands
from seraphim.features.music.service import MusicParts
from seraphim.kernel.ids import GuildId
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand
from seraphim.surfaces.discord.components import Component, custom_id, modal_values, selected
from seraphim.surfaces.discord.guards import guild_id_of
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.layout import (
    Field,
    SentView,
    button,
    modal,
    option,
    row_view,
    select,
)
from seraphim.surfaces.discord.replies import embed, open_modal, reply, update
from seraphim.surfaces.pictures import Picture, paint

if TYPE_CHECKING:
    from seraphim.kernel.texts import Translator

_COARSE = 2
"""Steps a press on a button makes: 10 per cent."""
_PER_FIELD = 3
_TURNS: dict[str, Callable[[Filters], Filters]] = {
    "slower": lambda filters: faster(filters, -_COARSE),
    "faster": lambda filters: faster(filters, _COARSE),
    "lower": lambda filters: higher(filters, -_COARSE),
    "higher": lambda filters: higher(filters, _COARSE),
    "reset": lambda _: NO_FILTERS,
}


def filter_commands(parts: MusicParts) -> tuple[AnyCommand, ...]:
    """Return the command."""

    @guild_command("filters", N_("Change the sound: presets, speed, pitch, equalizer."))
    @app_commands.describe(preset=N_("Take this preset at once"))
    @app_commands.choices(
        preset=[app_commands.Choice(name=PRESET_WORDS[name][1], value=name) for name in PRESETS]
    )
    async def filters(interaction: discord.Interaction, preset: str | None = None) -> None:
        caller = caller_of(interaction)
        now = (await parts.music.look(caller.guild_id)).filters
        if preset is not None:
            now = replace(now, preset=cast("Preset", preset))
            await parts.steering.set_filters(caller, now)
        shown, view, picture = await panel(interaction, now)
        await reply(interaction, embed=shown, view=view, picture=picture)

    return (filters,)


def filter_components(parts: MusicParts) -> tuple[Component, ...]:
    """Return the panel's menu, buttons and form, and the controller's button that opens it."""

    async def change(interaction: discord.Interaction, wanted: Filters) -> None:
        await parts.steering.set_filters(caller_of(interaction), wanted)
        shown, view, picture = await panel(interaction, wanted)
        await update(interaction, embed=shown, view=view, picture=picture)

    async def now(interaction: discord.Interaction) -> Filters:
        return (await parts.music.look(GuildId(guild_id_of(interaction)))).filters

    async def open_panel(interaction: discord.Interaction, _: tuple[str, ...]) -> None:
        shown, view, picture = await panel(interaction, await now(interaction))
        await reply(interaction, embed=shown, view=view, picture=picture, ephemeral=True)

    async def choose(interaction: discord.Interaction, _: tuple[str, ...]) -> None:
        wanted = next((name for name in PRESETS if name in selected(interaction)), "flat")
        await change(interaction, replace(await now(interaction), preset=wanted))

    async def turn(interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        turned = _TURNS.get(args[0] if args else "", _TURNS["reset"])
        await change(interaction, turned(await now(interaction)))

    async def ask_bands(interaction: discord.Interaction, _: tuple[str, ...]) -> None:
        await parts.steering.check(caller_of(interaction))
        filters = await now(interaction)
        say = translator_for(interaction)
        fields = [
            Field(
                f"bands{start}",
                " · ".join(f"{band_name(hz)} Hz" for hz in BANDS_HZ[start : start + _PER_FIELD]),
                default=" ".join(
                    f"{gain:g}" for gain in filters.equalizer_db[start : start + _PER_FIELD]
                ),
                placeholder=say(N_("Three gains from -12 to 12, such as 0 2.5 -3")),
                max_length=30,
            )
            for start in range(0, len(BANDS_HZ), _PER_FIELD)
        ]
        form = modal(custom_id(FEATURE, "bands"), say(N_("Equalizer, in decibels")), *fields)
        await open_modal(interaction, form)

    async def take_bands(interaction: discord.Interaction, _: tuple[str, ...]) -> None:
        typed = modal_values(interaction)
        starts = range(0, len(BANDS_HZ), _PER_FIELD)
        gains = read_bands(tuple(typed.get(f"bands{start}", "") for start in starts))
        await change(interaction, replace(await now(interaction), equalizer_db=gains))

    return (
        Component(FEATURE, "filters", open_panel),
        Component(FEATURE, "preset", choose),
        Component(FEATURE, "tune", turn),
        Component(FEATURE, "equalizer", ask_bands),
        Component(FEATURE, "bands", take_bands),
    )


type Panel = tuple[discord.Embed, SentView, Picture | None]


async def panel(interaction: discord.Interaction, filters: Filters) -> Panel:
    """Return the panel for these filters."""
    say = translator_for(interaction)
    emoji, name, about = PRESET_WORDS[filters.preset]
    shown = embed(say(N_("Sound")), f"{emoji} **{say(name)}** · {say(about)}")
    shown.add_field(name=say(N_("Speed")), value=f"{filters.speed:.0%}")
    shown.add_field(name=say(N_("Pitch")), value=f"{filters.pitch:.0%}")
    picture = await paint("sound.png", draw_equalizer(filters.recipe().equalizer_db))
    return shown, _controls(filters, say), picture


def _controls(filters: Filters, say: "Translator") -> SentView:
    presets = [
        option(
            say(PRESET_WORDS[name][1]),
            name,
            description=say(PRESET_WORDS[name][2]),
            emoji=PRESET_WORDS[name][0],
            default=name == filters.preset,
        )
        for name in PRESETS
    ]
    menu = select(custom_id(FEATURE, "preset"), presets, placeholder=say(N_("Choose a preset")))
    turns = [
        button(say(label), custom_id(FEATURE, "tune", action), emoji=emoji)
        for action, emoji, label in (
            ("slower", "🐢", N_("Slower")),
            ("faster", "🐇", N_("Faster")),
            ("lower", "🔽", N_("Lower")),
            ("higher", "🔼", N_("Higher")),
        )
    ]
    rest = [
        button(say(N_("Equalizer")), custom_id(FEATURE, "equalizer"), emoji="🎚"),
        button(
            say(N_("As recorded")),
            custom_id(FEATURE, "tune", "reset"),
            emoji="↩️",
            disabled=filters == NO_FILTERS,
        ),
    ]
    return row_view([menu], turns, rest)
