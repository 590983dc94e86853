"""Playlists of HTTP Live Streaming, read without trusting a line of them.

The tags are those of RFC 8216, section 4.3, that decide what is heard; ``EXT-X-GAP`` is from its
second edition (draft-pantos-hls-rfc8216bis, section 4.4.4.7). Unknown tags are ignored, as section
6.3.1 demands.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

MAX_SEGMENTS: Final = 50_000
"""Some 28 hours in pieces of two seconds."""
MAX_VARIANTS: Final = 500
MAX_TARGET_SECONDS: Final = 120.0
_ATTRIBUTE: Final = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^",\s][^,]*)')
_NUMBER: Final = re.compile(r"\d{1,18}")
_SECONDS: Final = re.compile(r"\d{1,9}(?:\.\d{1,12})?")
_RANGE: Final = re.compile(r"(\d{1,15})(?:@(\d{1,15}))?")
_IV: Final = re.compile(r"0[xX]([0-9a-fA-F]{1,32})")


class PlaylistBroken(ValueError):
    """The text is no playlist of this kind, or contradicts itself."""


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes of a resource."""

    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Key:
    """How pieces are encrypted (section 4.3.2.4)."""

    method: str
    uri: str
    iv: int | None
    """128 bits; None stands for the piece's own number."""
    form: str
    """``KEYFORMAT``: ``identity`` is a key as it is."""


@dataclass(frozen=True, slots=True)
class Map:
    """What a container of fragments begins with (section 4.3.2.5)."""

    uri: str
    span: Span | None
    key: Key | None


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece."""

    number: int
    """Its media sequence number."""
    uri: str
    seconds: float
    span: Span | None = None
    key: Key | None = None
    map: Map | None = None
    is_break: bool = False
    """Nothing is as in the piece before: neither container, nor encoding, nor time."""
    is_gap: bool = False
    """There is nothing behind its address."""


@dataclass(frozen=True, slots=True)
class MediaPlaylist:
    """Pieces in their order."""

    segments: tuple[Segment, ...]
    target_seconds: float
    is_ended: bool
    """Whether no pieces will be added."""

    @property
    def seconds(self) -> float:
        """How long all the pieces are."""
        return sum(segment.seconds for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Variant:
    """One of several forms of the same thing (section 4.3.4.2)."""

    uri: str
    bandwidth: int
    codecs: tuple[str, ...]
    group: str | None
    """The renditions that belong to it."""
    has_picture: bool


@dataclass(frozen=True, slots=True)
class Rendition:
    """A sound of its own beside the pictures (section 4.3.4.1)."""

    group: str
    uri: str
    is_default: bool
    is_chosen: bool
    """``AUTOSELECT``."""


@dataclass(frozen=True, slots=True)
class MasterPlaylist:
    """What there is to choose from."""

    variants: tuple[Variant, ...]
    renditions: tuple[Rendition, ...]


def read_playlist(text: str) -> MasterPlaylist | MediaPlaylist:
    """Read a playlist; addresses in it may be relative and have not been judged.

    Raises:
        PlaylistBroken: It is none, or it has more in it than anybody needs.
    """
    lines = [line.strip() for line in text.removeprefix("\ufeff").splitlines()]
    if not lines or not lines[0].startswith("#EXTM3U"):
        raise PlaylistBroken("no playlist")
    if any(line.startswith("#EXT-X-STREAM-INF:") for line in lines):
        return _read_master(lines)
    return _Reader().read(lines)


def _read_master(lines: list[str]) -> MasterPlaylist:
    variants: list[Variant] = []
    renditions: list[Rendition] = []
    said: Mapping[str, str] | None = None
    for line in lines:
        tag, _, value = line.partition(":")
        if tag == "#EXT-X-STREAM-INF":
            said = _attributes(value)
        elif tag == "#EXT-X-MEDIA":
            one = _attributes(value)
            if one.get("TYPE") == "AUDIO" and one.get("URI"):
                is_default = one.get("DEFAULT") == "YES"
                is_chosen = one.get("AUTOSELECT") == "YES"
                group = one.get("GROUP-ID", "")
                renditions.append(Rendition(group, one["URI"], is_default, is_chosen))
        elif line and not line.startswith("#") and said is not None:
            variants.append(_variant(line, said))
            said = None
        if len(variants) + len(renditions) > MAX_VARIANTS:
            raise PlaylistBroken("too many variants")
    if not variants:
        raise PlaylistBroken("no variants")
    return MasterPlaylist(tuple(variants), tuple(renditions))


def _variant(uri: str, said: Mapping[str, str]) -> Variant:
    codecs = tuple(one.strip().lower() for one in said.get("CODECS", "").split(",") if one.strip())
    has_picture = "RESOLUTION" in said or "VIDEO" in said
    return Variant(uri, _count(said.get("BANDWIDTH", "")), codecs, said.get("AUDIO"), has_picture)


class _Reader:
    """Reads a media playlist line by line."""

    def __init__(self) -> None:
        self._segments: list[Segment] = []
        self._target: float | None = None
        self._first = 0
        self._is_break = False
        self._is_ended = False
        self._key: Key | None = None
        self._map: Map | None = None
        self._seconds: float | None = None
        self._span: tuple[int, int | None] | None = None
        self._is_gap = False
        self._reached: tuple[str, int] = ("", 0)
        """The last resource of which a part was named, and where that part ended."""

    def read(self, lines: list[str]) -> MediaPlaylist:
        for line in lines:
            if line.startswith("#"):
                tag, _, value = line.partition(":")
                self._take_tag(tag, value)
            elif line:
                self._take_uri(line)
        if self._target is None:
            raise PlaylistBroken("no target duration")
        return MediaPlaylist(tuple(self._segments), self._target, self._is_ended)

    def _take_tag(self, tag: str, value: str) -> None:
        match tag:
            case "#EXTINF":
                self._seconds = _seconds(value.partition(",")[0])
            case "#EXT-X-TARGETDURATION":
                self._target = min(MAX_TARGET_SECONDS, max(1.0, _seconds(value)))
            case "#EXT-X-MEDIA-SEQUENCE":
                self._first = _count(value)
            case "#EXT-X-DISCONTINUITY":
                self._is_break = True
            case "#EXT-X-BYTERANGE":
                self._span = _span(value)
            case "#EXT-X-KEY":
                self._key = _key(_attributes(value))
            case "#EXT-X-MAP":
                self._map = self._read_map(_attributes(value))
            case "#EXT-X-GAP":
                self._is_gap = True
            case "#EXT-X-ENDLIST":
                self._is_ended = True
            case _:
                pass

    def _read_map(self, said: Mapping[str, str]) -> Map:
        if not said.get("URI"):
            raise PlaylistBroken("a map without an address")
        span = None
        if "BYTERANGE" in said:
            length, start = _span(said["BYTERANGE"])
            span = Span(start or 0, length)
        key = self._key
        if key is not None and key.iv is None:
            # Section 4.3.2.5 demands an IV; without one, the number of the piece that follows.
            key = replace(key, iv=self._first + len(self._segments))
        return Map(said["URI"], span, key)

    def _take_uri(self, uri: str) -> None:
        if self._seconds is None:
            raise PlaylistBroken("a piece without a length")
        if len(self._segments) >= MAX_SEGMENTS:
            raise PlaylistBroken("too many pieces")
        span = None
        if self._span is not None:
            length, start = self._span
            resource, end = self._reached
            if start is None and resource != uri:
                raise PlaylistBroken("a part whose beginning is not said")
            span = Span(end if start is None else start, length)
            self._reached = (uri, span.start + length)
        number = self._first + len(self._segments)
        self._segments.append(
            Segment(
                *(number, uri, self._seconds, span, self._key, self._map),
                is_break=self._is_break,
                is_gap=self._is_gap,
            )
        )
        self._seconds = self._span = None
        self._is_gap = self._is_break = False


def _key(said: Mapping[str, str]) -> Key | None:
    method = said.get("METHOD", "")
    if method == "NONE":
        return None
    iv = None
    if "IV" in said:
        match = _IV.fullmatch(said["IV"])
        if match is None:
            raise PlaylistBroken("an IV that is no number")
        iv = int(match[1], 16)
    return Key(method, said.get("URI", ""), iv, said.get("KEYFORMAT", "identity"))


def _attributes(text: str) -> Mapping[str, str]:
    """Return the attributes of a tag (section 4.2), quotes taken off."""
    return {name: value.strip().strip('"') for name, value in _ATTRIBUTE.findall(text)}


def _span(text: str) -> tuple[int, int | None]:
    match = _RANGE.fullmatch(text.strip())
    if match is None or int(match[1]) == 0:
        raise PlaylistBroken("a range that is none")
    return int(match[1]), int(match[2]) if match[2] else None


def _count(text: str) -> int:
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        raise PlaylistBroken("no number where there must be one")
    return int(match[0])


def _seconds(text: str) -> float:
    match = _SECONDS.fullmatch(text.strip())
    if match is None:
        raise PlaylistBroken("no length where there must be one")
    return float(match[0])
