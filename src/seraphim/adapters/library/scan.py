"""Reads a folder of songs: tags and lengths by PyAV, nothing read twice that has not changed."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import av
import av.container
import av.error

from seraphim.adapters.library.art import has_art
from seraphim.features.music.rules.text import MAX_NAME, clean, read_tags
from seraphim.features.music.rules.track import Track

SUFFIXES = frozenset({".opus", ".ogg", ".oga", ".mp3", ".flac", ".wav", ".m4a", ".webm", ".aac"})
FORMATS = "ogg,mp3,flac,wav,aac,matroska,webm,mov,mp4,m4a"
"""The demuxers that may open a file: a playlist named ``song.mp3`` must not lead elsewhere."""
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
"""ISO 3901: country, registrant, year and number."""
MAX_FILES = 200_000
MAX_DEPTH = 16


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells that a file is still the one that was read."""

    mtime_ns: int
    size: int


@dataclass(frozen=True, slots=True)
class Song:
    """One readable file."""

    stamp: Stamp
    track: Track
    genre: str = ""
    """As the file says, cleaned; empty when it says nothing."""
    has_art: bool = False
    """A picture is inside."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything a scan found; identifiers are paths relative to the root, with slashes."""

    songs: Mapping[str, Song] = field(default_factory=dict[str, Song])
    unreadable: Mapping[str, tuple[Stamp, str]] = field(
        default_factory=dict[str, tuple[Stamp, str]]
    )
    """Files that look like songs and are not, each with the reason."""
    folders: Mapping[str, int] = field(default_factory=dict[str, int])
    """Modification time (ns) of each folder: a folder changes when files come and go."""
    truncated: bool = False


def scan(root: Path, known: Catalogue, *, source: str) -> Catalogue:
    """Walk ``root`` and return its songs. Blocking: call it in a worker thread.

    Symbolic links are not followed, so nothing outside the folder can be offered.

    Args:
        root: The library's folder.
        known: The last scan's result; files with the same path, time and size are taken over.
        source: The name that tracks carry as their source.

    Raises:
        OSError: The folder itself cannot be read.
    """
    songs: dict[str, Song] = {}
    unreadable: dict[str, tuple[Stamp, str]] = {}
    folders: dict[str, int] = {}
    for name, path, stamp in _files(root, folders):
        if len(songs) + len(unreadable) >= MAX_FILES:
            return Catalogue(songs, unreadable, folders, truncated=True)
        before = known.songs.get(name)
        failed = known.unreadable.get(name)
        if before is not None and before.stamp == stamp:
            songs[name] = before
        elif failed is not None and failed[0] == stamp:
            unreadable[name] = failed
        else:
            try:
                songs[name] = read_song(path, name, stamp, source=source)
            except (av.error.FFmpegError, ValueError, OSError, UnicodeError) as error:
                unreadable[name] = (stamp, str(error)[:200])
    return Catalogue(songs, unreadable, folders)


def folders_changed(root: Path, known: Catalogue) -> bool:
    """Say whether a folder has changed since the scan, by one ``stat`` a folder. Blocking."""
    if not known.folders:
        return True
    for name, mtime_ns in known.folders.items():
        try:
            if (root / name).stat().st_mtime_ns != mtime_ns:
                return True
        except OSError:
            return True
    return False


def read_song(path: Path, name: str, stamp: Stamp, *, source: str) -> Song:
    """Read one file's tags and length. Blocking.

    Raises:
        ValueError: There is no audio in it.
        av.error.FFmpegError: It is not what its name says, or is broken.
    """
    with av.open(str(path), mode="r", options={"format_whitelist": FORMATS}) as container:
        if not container.streams.audio:
            raise ValueError("There is no audio in it.")
        stream = container.streams.audio[0]
        everything = {**stream.metadata, **container.metadata}
        tags = read_tags(everything, PurePosixPath(name).stem)
        track = Track(
            source=source,
            identifier=name,
            title=tags.title,
            artist=tags.artist,
            album=tags.album,
            duration_ms=_duration_ms(container),
            isrc=_isrc(_tag(everything, "isrc", "tsrc")),
        )
        genre = clean(_tag(everything, "genre"), MAX_NAME)
        return Song(stamp, track, genre, has_art(container))


def _tag(tags: Mapping[str, str], *names: str) -> str:
    """Return the first of some tags, whose names vary in case."""
    return next((value for key, value in tags.items() if key.lower() in names), "")


def _isrc(said: str) -> str | None:
    number = said[:40].replace("-", "").replace(" ", "").upper()
    return number if _ISRC.fullmatch(number) else None


def _duration_ms(container: av.container.InputContainer) -> int | None:
    stream = container.streams.audio[0]
    if stream.duration is not None and stream.duration > 0:
        return round(stream.duration * stream.time_base * 1000)
    if container.duration is not None and container.duration > 0:
        return container.duration // 1000  # AV_TIME_BASE: microseconds
    return None


def _files(root: Path, folders: dict[str, int]) -> Iterator[tuple[str, Path, Stamp]]:
    """Yield the songs below ``root`` in the order of their names, noting each folder's time."""
    waiting: list[tuple[str, int]] = [("", 0)]
    while waiting:
        name, depth = waiting.pop()
        folder = root / name
        try:
            folders[name] = folder.stat().st_mtime_ns
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError:
            if not name:
                raise
            continue  # a folder that vanished, or that may not be read
        for entry in entries:
            inside = f"{name}/{entry.name}" if name else entry.name
            try:
                if entry.is_dir(follow_symlinks=False):
                    if depth < MAX_DEPTH and not entry.name.startswith("."):
                        waiting.append((inside, depth + 1))
                elif (
                    entry.is_file(follow_symlinks=False)
                    and not entry.name.startswith(".")
                    and PurePosixPath(entry.name).suffix.lower() in SUFFIXES
                ):
                    facts = entry.stat(follow_symlinks=False)
                    yield inside, Path(entry.path), Stamp(facts.st_mtime_ns, facts.st_size)
            except OSError:
                continue  # it went away between listing and looking
