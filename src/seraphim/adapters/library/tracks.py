"""The library folder as a source of tracks."""

import asyncio
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import ClassVar

from rapidfuzz import fuzz, process, utils

from seraphim.adapters.library.art import PATH, Art, art_key, read_art
from seraphim.adapters.library.recommending import recommend
from seraphim.adapters.library.scan import FORMATS, SUFFIXES, Catalogue, folders_changed, scan
from seraphim.features.music.ports import (
    Media,
    Progress,
    Reach,
    Recommendation,
    Resolution,
    SourceFailed,
)
from seraphim.features.music.rules.text import clean
from seraphim.features.music.rules.track import Track
from seraphim.kernel.clock import Clock
from seraphim.kernel.marks import N_

SCORE_CUTOFF = 70.0
"""Of 100 (rapidfuzz WRatio): below it a match is more surprising than useful."""
POLL_SECONDS = 15.0
_POLLS_A_SCAN = 20


@dataclass(frozen=True, slots=True)
class _Index:
    """The catalogue, arranged for searching; replaced as a whole after each scan."""

    catalogue: Catalogue
    texts: dict[str, str]
    by_name: dict[str, list[str]]
    by_isrc: dict[str, str]
    art: dict[str, str]
    """Songs by the key of their picture."""


class LibraryTracks:
    """Plays the songs of one folder; follows its changes.

    Args:
        root: The folder. It need not exist yet; until it does, the health page says so.
        clock: Paces the look for changes.
        public_url: Where people reach the bot's web server, which serves the pictures inside
            songs; without it they are not shown.
    """

    name: ClassVar[str] = "library"
    reach: ClassVar[Reach] = "typing"

    def __init__(self, root: Path, clock: Clock, *, public_url: str | None = None) -> None:
        self._root = root
        self._clock = clock
        self._art_url = None if public_url is None else f"{public_url.rstrip('/')}{PATH}"
        self._index = _arrange(Catalogue(), None)
        self._scanning = asyncio.Lock()
        self._watcher: asyncio.Task[None] | None = None
        self._first_scan: asyncio.Task[None] | None = None
        self._trouble: str | None = None

    @property
    def catalogue(self) -> Catalogue:
        """What the last scan found."""
        return self._index.catalogue

    async def rescan(self) -> None:
        """Read the folder again; only new and changed files are opened."""
        async with self._scanning:
            try:
                found = await asyncio.to_thread(
                    scan, self._root, self._index.catalogue, source=self.name
                )
            except OSError as error:
                self._trouble = error.strerror or str(error)
                found = Catalogue()
            else:
                self._trouble = None
            self._index = await asyncio.to_thread(_arrange, found, self._art_url)

    def claims(self, query: str) -> bool:
        """Claim the short form that autocomplete sends, and names of audio files."""
        text = query.strip()
        return text.startswith(f"{self.name}:") or text in self._index.catalogue.songs

    async def resolve(
        self, query: str, *, limit: int, progress: Progress | None = None
    ) -> Resolution:
        """Find a path, a file name, a folder, or the best match by title, artist and album."""
        _ = progress  # the whole library is in memory
        await self._ready()
        index = self._index
        text = query.strip()
        if text.startswith(f"{self.name}:"):
            text = text.removeprefix(f"{self.name}:")
        if song := index.catalogue.songs.get(text):
            return Resolution((song.track,))
        if names := index.by_name.get(PurePosixPath(text).name.casefold()):
            return Resolution((index.catalogue.songs[names[0]].track,))
        if reason := _unreadable(index, text):
            raise reason
        if folder := _folder(index, text):
            tracks = [index.catalogue.songs[name].track for name in folder[:limit]]
            return Resolution(tuple(tracks), text.strip("/"), len(folder) > limit)
        return Resolution(tuple(await self.search(text, limit=1)))

    async def search(self, text: str, *, limit: int) -> Sequence[Track]:
        """Return the best matches, best first; an empty text lists the first songs."""
        await self._ready()
        index = self._index
        if not text.strip():
            return [song.track for song in list(index.catalogue.songs.values())[:limit]]
        if numbered := index.by_isrc.get(text.strip().upper()):
            return [index.catalogue.songs[numbered].track]
        return await asyncio.to_thread(_search, index, text, limit)

    async def recommend(self, track: Track, *, limit: int, order: int) -> Sequence[Recommendation]:
        """Return songs of the same artist, album and genre, by their tags.

        A song of another source is looked up by its artist.
        """
        await self._ready()
        catalogue = self._index.catalogue
        return await asyncio.to_thread(recommend, catalogue, track, limit=limit, order=order)

    async def open(self, track: Track) -> Media:
        """Return the file's path; raises SourceFailed when it is not in the library (any more)."""
        await self._ready()
        path = await asyncio.to_thread(self._path_of, track.identifier)
        if path is None:
            reason = N_("That song is no longer in the library.")
            raise SourceFailed(reason, failure="removed")
        return Media(kind="file", location=str(path))

    async def find_art(self, key: str) -> Art | None:
        """Return a song's picture by its key; None when the library has none of that name."""
        await self._ready()
        name = self._index.art.get(key)
        path = None if name is None else await asyncio.to_thread(self._path_of, name)
        return None if path is None else await asyncio.to_thread(read_art, path, FORMATS)

    async def ping(self) -> None:
        """Raise when the folder cannot be read or holds files that cannot."""
        await self._ready()
        if self._trouble is not None:
            reason = N_("The library folder cannot be read: {problem}")
            raise SourceFailed(reason, failure="network", problem=self._trouble)
        if count := len(self._index.catalogue.unreadable):
            first = next(iter(self._index.catalogue.unreadable))
            reason = N_("{count} files of the library cannot be read, {file} for one.")
            raise SourceFailed(reason, failure="unsupported", count=count, file=clean(first))

    async def close(self) -> None:
        """Stop following changes."""
        tasks = [task for task in (self._first_scan, self._watcher) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._first_scan = self._watcher = None

    async def _ready(self) -> None:
        """Wait for the first scan, which the first caller begins; then changes are followed.

        A caller that gives up does not stop the scan: the next one finds it further on.
        """
        if self._first_scan is None:
            self._first_scan = asyncio.create_task(self.rescan(), name="library-scan")
            self._watcher = asyncio.create_task(self._watch(), name="library-watch")
        if not self._first_scan.done():
            await asyncio.shield(self._first_scan)

    async def _watch(self) -> None:
        for poll in itertools.count(1):
            await self._clock.sleep(POLL_SECONDS)
            # New tags in an old file leave its folder as it is: now and then all files are seen.
            if poll % _POLLS_A_SCAN == 0 or await asyncio.to_thread(
                folders_changed, self._root, self._index.catalogue
            ):
                await self.rescan()

    def _path_of(self, identifier: str) -> Path | None:
        """Return the file of an identifier, if it is a song inside the folder. Blocking."""
        relative = PurePosixPath(identifier)
        if relative.is_absolute() or ".." in relative.parts or "\0" in identifier:
            return None
        if relative.suffix.lower() not in SUFFIXES:
            return None
        root = self._root.resolve()
        path = (root / relative).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None


def _arrange(scanned: Catalogue, art_url: str | None) -> _Index:
    art = {art_key(n, s.stamp.mtime_ns): n for n, s in scanned.songs.items() if s.has_art}
    catalogue = scanned if art_url is None else _with_art(scanned, art, art_url)
    texts: dict[str, str] = {}
    by_name: dict[str, list[str]] = {}
    by_isrc = {song.track.isrc: name for name, song in catalogue.songs.items() if song.track.isrc}
    for name, song in catalogue.songs.items():
        track = song.track
        stem = PurePosixPath(name).stem
        words = (track.title, track.artist, track.album, stem if stem != track.title else None)
        texts[name] = utils.default_process(" ".join(word for word in words if word))
        by_name.setdefault(PurePosixPath(name).name.casefold(), []).append(name)
    return _Index(catalogue, texts, by_name, by_isrc, art)


def _with_art(scanned: Catalogue, art: Mapping[str, str], art_url: str) -> Catalogue:
    """Return the catalogue with the addresses of its pictures."""
    songs = dict(scanned.songs)
    for key, name in art.items():
        track = replace(songs[name].track, artwork_url=f"{art_url}/{key}")
        songs[name] = replace(songs[name], track=track)
    return replace(scanned, songs=songs)


def _unreadable(index: _Index, text: str) -> SourceFailed | None:
    """Say what is wrong with a file that was named exactly and cannot be played."""
    wanted = PurePosixPath(text).name.casefold()
    for name in index.catalogue.unreadable:
        if PurePosixPath(name).name.casefold() == wanted:
            sentence = N_(
                "{file} is in the library, but it is not audio that I can play, or is damaged."
            )
            shown = clean(PurePosixPath(name).name)
            return SourceFailed(sentence, failure="unsupported", file=shown)
    return None


def _folder(index: _Index, text: str) -> list[str]:
    prefix = text.strip("/").casefold() + "/"
    if prefix == "/":
        return []
    return [name for name in index.catalogue.songs if name.casefold().startswith(prefix)]


def _search(index: _Index, text: str, limit: int) -> list[Track]:
    """Rank by likeness; what begins with or contains the typed words comes first."""
    stem = PurePosixPath(text[:200])
    wanted = utils.default_process(str(stem.with_suffix("")) if stem.suffix in SUFFIXES else text)
    if not wanted:
        return []
    matches = process.extract(
        wanted, index.texts, scorer=fuzz.WRatio, limit=limit * 4, score_cutoff=SCORE_CUTOFF
    )
    scores = {name: score for _, score, name in matches}
    for name, words in index.texts.items():
        if wanted in words:
            scores[name] = max(scores.get(name, 0.0), 90.0) + (
                20 if words.startswith(wanted) else 10
            )
    ranked = sorted(scores, key=lambda name: (-scores[name], name))
    return [index.catalogue.songs[name].track for name in ranked[:limit]]
