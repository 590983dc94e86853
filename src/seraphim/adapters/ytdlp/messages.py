"""What the bot and a yt-dlp process say to each other: frames of JSON, their length in front."""

from collections.abc import Callable
from typing import Final, Literal

import msgspec

from seraphim.features.music.ports import FailureClass

HEAD_BYTES: Final = 4
"""A frame's length, big-endian, before its JSON."""
MAX_FRAME_BYTES: Final = 16 * 1024 * 1024
"""A thousand tracks take about a megabyte; what is larger is an error."""


class Ask(msgspec.Struct, frozen=True):
    """One thing to do; the answer is any number of :class:`Step` and one :class:`Answer`."""

    verb: Literal["find", "open", "list"]
    """``find``: what an address or a search is; ``open``: also where its sound lies; ``list``: the
    list that an address names, even where it names a song in it."""
    query: str
    """An http(s) address, or yt-dlp's form of a search such as ``ytsearch5:words``."""
    limit: int = 1


class Stream(msgspec.Struct, frozen=True):
    """Where the sound of a track lies, for a while."""

    url: str
    headers: dict[str, str]
    is_live: bool = False
    piece_bytes: int = 0
    """How much its server sends at a time to those who name the range; 0 for all of it."""


class Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """A track as yt-dlp describes it, in its own words."""

    url: str
    title: str
    artist: str | None = None
    album: str | None = None
    duration_ms: int | None = None
    artwork_url: str | None = None
    is_live: bool = False
    isrc: str | None = None
    stream: Stream | None = None


class Step(msgspec.Struct, frozen=True, tag="step"):
    """So many tracks of a list have been read."""

    done: int
    total: int | None = None


class Answer(msgspec.Struct, frozen=True, tag="answer"):
    """What came of it."""

    items: list[Item] = []
    title: str | None = None
    """Of the list; None when it was no list."""
    truncated: bool = False
    failure: FailureClass | None = None
    detail: str = ""
    """yt-dlp's own words about a failure, for the log."""


type Said = Step | Answer

_encoder = msgspec.json.Encoder()
_read_ask = msgspec.json.Decoder(Ask)
_read_said = msgspec.json.Decoder(Step | Answer)


def pack(message: Ask | Step | Answer) -> bytes:
    """Return a message as a frame."""
    body = _encoder.encode(message)
    return len(body).to_bytes(HEAD_BYTES, "big") + body


def read_ask(read_exactly: Callable[[int], bytes]) -> Ask:
    """Read one request; ``read_exactly`` raises EOFError at the end."""
    return _read_ask.decode(read_exactly(frame_length(read_exactly(HEAD_BYTES))))


def read_said(body: bytes) -> Said:
    """Read what a process said; raises msgspec.MsgspecError when it is none of both."""
    return _read_said.decode(body)


def frame_length(head: bytes) -> int:
    """Return how long the frame is; raises ValueError when it is too long to be one."""
    length = int.from_bytes(head, "big")
    if length > MAX_FRAME_BYTES:
        raise ValueError(f"a frame of {length} bytes")
    return length
