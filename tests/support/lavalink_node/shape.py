"""What Lavalink accepts as bodies: kotlinx.serialization's rules for its data classes.

Unknown fields are ignored there (``ignoreUnknownKeys``); here they are written down, because a
client that sends them means something that will not happen.
"""

from typing import Annotated, Any, cast

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

type Json = dict[str, Any]
INTEGER = Annotated[int, Meta(ge=-2147483648, le=2147483647)]
LONG = int


class Malformed(Exception):
    """Spring answers 400 to such a body."""


class _Part(Struct, rename="camel"):
    pass


class Band(_Part):
    band: INTEGER
    gain: float = 1.0


class Karaoke(_Part):
    level: float = 1.0
    mono_level: float = 1.0
    filter_band: float = 220.0
    filter_width: float = 100.0


class Timescale(_Part):
    speed: float = 1.0
    pitch: float = 1.0
    rate: float = 1.0


class Swing(_Part):
    frequency: float = 2.0
    depth: float = 0.5


class Rotation(_Part):
    rotation_hz: float = 0.0


class LowPass(_Part):
    smoothing: float = 20.0


class Filters(_Part):
    volume: float | UnsetType = UNSET
    equalizer: list[Band] | UnsetType = UNSET
    karaoke: Karaoke | UnsetType | None = UNSET
    timescale: Timescale | UnsetType | None = UNSET
    tremolo: Swing | UnsetType | None = UNSET
    vibrato: Swing | UnsetType | None = UNSET
    distortion: dict[str, float] | UnsetType | None = UNSET
    rotation: Rotation | UnsetType | None = UNSET
    channel_mix: dict[str, float] | UnsetType | None = UNSET
    low_pass: LowPass | UnsetType | None = UNSET
    plugin_filters: Json | UnsetType = UNSET


class Voice(_Part):
    token: str
    endpoint: str
    session_id: str
    channel_id: str | None
    """Without a default in Lavalink's class: it may be null there, but not missing."""


class TrackUpdate(_Part):
    encoded: str | UnsetType | None = UNSET
    identifier: str | UnsetType = UNSET
    user_data: Json | UnsetType = UNSET


class PlayerUpdate(_Part):
    encoded_track: str | UnsetType | None = UNSET
    identifier: str | UnsetType = UNSET
    track: TrackUpdate | UnsetType = UNSET
    position: LONG | UnsetType = UNSET
    end_time: LONG | UnsetType | None = UNSET
    volume: INTEGER | UnsetType = UNSET
    paused: bool | UnsetType = UNSET
    filters: Filters | UnsetType = UNSET
    voice: Voice | UnsetType = UNSET


class SessionUpdate(_Part):
    resuming: bool | UnsetType = UNSET
    timeout: LONG | UnsetType = UNSET


def read[T](body: bytes, kind: type[T]) -> T:
    """Read a body; raises Malformed."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Malformed(str(error)) from error


def unknown_fields(body: bytes, value: Any, path: str = "") -> list[str]:
    """Fields of a body that Lavalink would ignore."""
    return _unknown(msgspec.json.decode(body), value, path)


def _unknown(raw: Any, value: Any, path: str) -> list[str]:
    found: list[str] = []
    if isinstance(value, Struct) and isinstance(raw, dict):
        names = dict(zip(value.__struct_encode_fields__, value.__struct_fields__, strict=True))
        for key, item in cast("Json", raw).items():
            if key in names:
                found += _unknown(item, getattr(value, names[key]), f"{path}/{key}")
            else:
                found.append(f"{path}/{key}")
    elif isinstance(value, list) and isinstance(raw, list):
        for item, part in zip(cast("list[Any]", raw), cast("list[Any]", value), strict=False):
            found += _unknown(item, part, f"{path}[]")
    return found
