"""Rows to values and back."""

from typing import cast

import msgspec
from sqlalchemy.engine import RowMapping

from seraphim.features.music.rules.filters import NO_FILTERS, Filters, FiltersInvalid
from seraphim.features.music.rules.player import Player
from seraphim.features.music.rules.queue import Entry, Past
from seraphim.features.music.rules.track import Track
from seraphim.kernel.ids import ChannelId, GuildId, UserId


def player_values(player: Player) -> dict[str, object]:
    """Return a player's own row."""
    current = player.queue.current
    return {
        "guild_id": player.guild_id,
        "epoch": player.epoch,
        "revision": player.revision,
        "status": player.status,
        "pause_reason": player.pause_reason,
        "voice_channel_id": player.voice_channel_id,
        "text_channel_id": player.text_channel_id,
        "controller_channel_id": player.controller_channel_id,
        "controller_message_id": player.controller_message_id,
        "current_entry_id": None if current is None else current.entry_id,
        "position_ms": max(0, player.position_ms),
        "position_at_ms": player.position_at_ms,
        "volume_percent": player.volume_percent,
        "failures": player.failures,
        "unmuted_percent": player.unmuted_percent,
        "loop": player.loop,
        "autoplay": player.autoplay,
        "filters": msgspec.json.encode(player.filters).decode(),
        "stay": player.stay,
    }


def entry_values(guild_id: GuildId, entry: Entry) -> dict[str, object]:
    """Return the row of a queue's entry."""
    track = entry.track
    return {
        "guild_id": guild_id,
        "position": entry.position,
        "entry_id": entry.entry_id,
        "source": track.source,
        "identifier": track.identifier,
        "title": track.title,
        "artist": track.artist,
        "album": track.album,
        "duration_ms": track.duration_ms,
        "url": track.url,
        "artwork_url": track.artwork_url,
        "is_stream": track.is_stream,
        "isrc": track.isrc,
        "requested_by": entry.requested_by,
        "reason": entry.reason,
    }


def past_values(guild_id: GuildId, past: Past, now_ms: int) -> dict[str, object]:
    """Return the row of a song that is over."""
    values = entry_values(guild_id, past.entry)
    del values["position"]
    return {
        **values,
        "sequence": past.sequence,
        "outcome": past.outcome,
        "ended_at_ms": now_ms,
        "taken_back": False,
    }


def read_entry(row: RowMapping) -> Entry:
    """Return the entry of a row of the queue or the history."""
    requested_by = cast("int | None", row["requested_by"])
    return Entry(
        entry_id=row["entry_id"],
        track=read_track(row),
        requested_by=None if requested_by is None else UserId(requested_by),
        position=int(row.get("position", 0)),
        reason=row["reason"],
    )


def read_track(row: RowMapping) -> Track:
    """Return the track of a row."""
    return Track(
        source=row["source"],
        identifier=row["identifier"],
        title=row["title"],
        artist=row["artist"],
        album=row["album"],
        duration_ms=row["duration_ms"],
        url=row["url"],
        artwork_url=row["artwork_url"],
        is_stream=bool(row["is_stream"]),
        isrc=row["isrc"],
    )


def read_channel(value: int | None) -> ChannelId | None:
    """Return a stored channel id, or None."""
    return None if value is None else ChannelId(value)


def read_filters(stored: str) -> Filters:
    """Return stored filters; what this version cannot make plays without any."""
    try:
        return msgspec.json.decode(stored, type=Filters)
    except (msgspec.MsgspecError, FiltersInvalid):
        return NO_FILTERS
