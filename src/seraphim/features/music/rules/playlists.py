"""Playlists that members keep, and the files in which they come and go."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from seraphim.features.music.rules.errors import PlaylistFileUnclear, PlaylistNameUnclear
from seraphim.features.music.rules.text import clean
from seraphim.features.music.rules.track import Track
from seraphim.kernel.ids import UserId

MAX_TRACKS = 1000
"""Songs a playlist holds."""
MAX_PLAYLISTS = 100
"""Playlists a member keeps in a guild."""
MAX_NAME = 50
MAX_FILE_BYTES = 2_000_000
"""The longest file that is read."""
FORMAT = "seraphim-playlist"
_EXTINF = re.compile(r"#EXTINF:\s*(-?\d+)[^,]*,(.*)")


@dataclass(frozen=True, slots=True)
class Playlist:
    """A list as it is stored."""

    playlist_id: str
    owner_id: UserId
    name: str
    is_shared: bool
    count: int
    duration_ms: int
    changed_at_ms: int
    tracks: tuple[Track, ...] = ()
    """Empty where only the heading was asked for."""


class Exported(msgspec.Struct, frozen=True):
    """The content of a file written by ``/playlist export``."""

    format: str
    name: str
    tracks: tuple[Track, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file holds: tracks that are known exactly, and lines to look for."""

    name: str | None
    tracks: tuple[Track, ...] = ()
    queries: tuple[str, ...] = ()
    truncated: bool = False


def check_name(typed: str) -> str:
    """Return a playlist's name without surrounding space and control characters.

    Raises:
        PlaylistNameUnclear: Nothing is left, or it is too long.
    """
    name = clean(typed.strip(), MAX_NAME + 1)
    if not name or len(name) > MAX_NAME:
        raise PlaylistNameUnclear(limit=MAX_NAME)
    return name


def write_file(playlist: Playlist) -> bytes:
    """Return the file of a playlist: JSON with every track as it is stored."""
    exported = Exported(FORMAT, playlist.name, playlist.tracks)
    return msgspec.json.format(msgspec.json.encode(exported), indent=2)


def read_file(content: bytes) -> Imported:
    """Return what a file holds: our own JSON, M3U, or a text with one song or address a line.

    Raises:
        PlaylistFileUnclear: It is too large, no text, or holds nothing.
    """
    if len(content) > MAX_FILE_BYTES:
        raise PlaylistFileUnclear
    if content.lstrip()[:1] == b"{":
        return _read_json(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    if "\x00" in text:
        raise PlaylistFileUnclear
    queries = _read_lines(text)
    if not queries:
        raise PlaylistFileUnclear
    return Imported(None, queries=queries[:MAX_TRACKS], truncated=len(queries) > MAX_TRACKS)


def _read_json(content: bytes) -> Imported:
    try:
        exported = msgspec.json.decode(content, type=Exported)
    except msgspec.MsgspecError:
        raise PlaylistFileUnclear from None
    if exported.format != FORMAT or not exported.tracks:
        raise PlaylistFileUnclear
    tracks = tuple(_cleaned(track) for track in exported.tracks[:MAX_TRACKS])
    return Imported(clean(exported.name, MAX_NAME), tracks, (), len(exported.tracks) > MAX_TRACKS)


def _cleaned(track: Track) -> Track:
    """Return a track of a stranger's file with texts that are fit to be shown."""
    return Track(
        source=clean(track.source, 32),
        identifier=track.identifier[:2000],
        title=clean(track.title) or "?",
        artist=clean(track.artist) if track.artist else None,
        album=clean(track.album) if track.album else None,
        duration_ms=max(0, track.duration_ms) if track.duration_ms is not None else None,
        url=track.url if track.url and track.url.startswith(("http://", "https://")) else None,
        artwork_url=None,
        is_stream=track.is_stream,
    )


def _read_lines(text: str) -> tuple[str, ...]:
    found: list[str] = []
    title = ""
    for raw in text.splitlines():
        line = raw.strip()
        named = _EXTINF.match(line)
        if named is not None:
            title = named[2].strip()
        elif line and not line.startswith("#"):
            is_address = line.startswith(("http://", "https://"))
            found.append(line[:2000] if is_address or not title else title[:200])
            title = ""
    return tuple(found)


def length_of(tracks: Sequence[Track]) -> int:
    """Return the known length of all tracks together, milliseconds."""
    return sum(track.duration_ms or 0 for track in tracks)
