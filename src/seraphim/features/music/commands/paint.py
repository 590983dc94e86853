"""The controller as Discord shows it: an embed and two rows of buttons."""

from typing import TYPE_CHECKING

import discord

from seraphim.features.music.commands.presets import PRESET_WORDS
from seraphim.features.music.commands.reasons import CATEGORY_WORDS, reason_words
from seraphim.features.music.rules.picture import Picture
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.components import custom_id
from seraphim.surfaces.discord.layout import RowItem, SentView, button, row_view
from seraphim.surfaces.discord.replies import Tone, embed

if TYPE_CHECKING:
    from seraphim.kernel.texts import Translator

FEATURE = "music"
PAUSE = "⏸️"
VOLUME_STEP = 10
_SHUFFLES = 2
"""Fewer songs than that have no order."""
_MAX_URL = 2048


def paint_embed(picture: Picture, say: "Translator") -> discord.Embed:
    """Return the controller's embed."""
    state, tone = _state(picture, say)
    if picture.title is None:
        shown = embed(None, _idle_text(picture, say), tone)
        shown.set_author(name=state)
        return shown
    shown = embed(picture.title, _progress(picture, say), tone)
    shown.set_author(name=state)
    if picture.url and picture.url.startswith(("http://", "https://")):
        shown.url = picture.url[:_MAX_URL]
    if picture.artwork_url:
        shown.set_thumbnail(url=picture.artwork_url)
    if chosen := reason_words(picture.reason, say):
        shown.add_field(name=say(N_("Chosen by autoplay")), value=f"♾ {chosen}")
    if picture.requested_by is not None:
        shown.add_field(name=say(N_("Requested by")), value=f"<@{picture.requested_by}>")
    loudness = "🔇" if picture.is_muted else f"{picture.volume_percent} %"
    shown.add_field(name=say(N_("Volume")), value=loudness)
    if sound := _sound(picture, say):
        shown.add_field(name=say(N_("Sound")), value=sound)
    if picture.waiting:
        waiting = say.plural("{n} song", "{n} songs", picture.waiting)
        shown.add_field(name=say(N_("In the queue")), value=f"{waiting} · {picture.waiting_time}")
        lines = [f"`{number}` {line}" for number, line in enumerate(picture.next_up, start=1)]
        shown.add_field(name=say(N_("Next up")), value="\n".join(lines), inline=False)
    elif picture.follows:
        why = reason_words(picture.follows_reason, say)
        following = f"♾ {picture.follows}" + (f"\n-# {why}" if why else "")
        shown.add_field(name=say(N_("Next up")), value=following, inline=False)
    return shown


def _sound(picture: Picture, say: "Translator") -> str:
    preset = "" if picture.preset == "flat" else say(PRESET_WORDS[picture.preset][1])
    return " · ".join(part for part in (preset, picture.sound) if part)


def _is_changed(picture: Picture) -> bool:
    return picture.preset != "flat" or bool(picture.sound)


def paint_buttons(picture: Picture) -> SentView:
    """Return the controller's buttons; what cannot be done now is greyed out."""
    has_song = picture.title is not None
    is_playing = picture.status == "playing"
    can_go_on = has_song or picture.waiting > 0
    in_song = has_song and picture.is_here
    first: list[RowItem] = [
        _button("back", "⏮️", off=not (picture.has_history and picture.is_here)),
        _button("rewind", "⏪", off=not in_song or picture.is_stream),
        button(
            None,
            custom_id(FEATURE, "toggle"),
            emoji=PAUSE if is_playing else "▶️",
            style=discord.ButtonStyle.primary,
            disabled=not can_go_on,
        ),
        _button("forward", "⏩", off=not in_song or picture.is_stream),
        _button("skip", "⏭️", off=not in_song),
    ]
    second: list[RowItem] = [
        _button("mute", "🔇", off=not picture.is_here, on=picture.is_muted),
        _button("quieter", "🔉", off=not picture.is_here),
        _button("louder", "🔊", off=not picture.is_here),
        _button(
            "filters",
            "🎛",
            off=not picture.is_here,
            on=_is_changed(picture),
        ),
        button(
            None,
            custom_id(FEATURE, "stop"),
            emoji="⏹️",
            style=discord.ButtonStyle.danger,
            disabled=not (can_go_on or picture.is_here),
        ),
    ]
    third: list[RowItem] = [
        _button("shuffle", "🔀", off=picture.waiting < _SHUFFLES),
        _button("loop", "🔂" if picture.loop == "track" else "🔁", on=picture.loop != "off"),
        _button("queue", "📜"),
        _button("autoplay", "♾️", on=picture.autoplay != "off"),
        _button("lyrics", "🎤", off=not in_song or picture.is_stream),
    ]
    return row_view(first, second, third)


def _button(action: str, emoji: str, *, off: bool = False, on: bool = False) -> RowItem:
    """Return a button that is its emoji; green while what it switches is on."""
    style = discord.ButtonStyle.success if on else discord.ButtonStyle.secondary
    return button(None, custom_id(FEATURE, action), emoji=emoji, style=style, disabled=off)


def _state(picture: Picture, say: "Translator") -> tuple[str, Tone]:
    if picture.is_opening:
        return say(N_("Opening the song …")), "info"
    if picture.status == "playing":
        return say(N_("Now playing")), "info"
    if picture.status == "idle":
        return say(N_("Nothing is playing")), "info"
    if picture.pause_reason == "alone":
        return say(N_("Paused until somebody is listening")), "warn"
    if picture.pause_reason == "away":
        return say(N_("Paused: I am not in the voice channel")), "warn"
    return say(N_("Paused")), "warn"


def _idle_text(picture: Picture, say: "Translator") -> str:
    if picture.waiting:
        return say.plural(
            "{n} song is waiting. Press Play to go on.",
            "{n} songs are waiting. Press Play to go on.",
            picture.waiting,
        )
    return say(N_("Type /play and a title, a file name or a web address."))


def _progress(picture: Picture, say: "Translator") -> str:
    lines = [picture.artist] if picture.artist else []
    if picture.is_stream:
        lines.append(f"🔴 {say(N_('Live'))} · `{picture.elapsed}`")
    elif picture.bar:
        lines.append(f"`{picture.elapsed}` {picture.bar} `{picture.total}`")
    else:
        lines.append(f"`{picture.elapsed}`")
    if picture.skipped is not None:
        what = say(CATEGORY_WORDS[picture.skipped][1])
        skipped = say(N_("skipped {length}: {what}"), length=picture.skipped_length, what=what)
        lines.append(f"-# ⏩ {skipped}")
    return "\n\n".join(lines)
