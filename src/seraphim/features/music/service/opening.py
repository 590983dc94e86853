"""Opens songs: by their own source, and where that fails by another one that has the same song.

What has failed once is not tried again for the same entry, so that this ends. A source that only
describes songs (``OnlyDescribed``) is no failure: its songs are always played by another one.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from seraphim.features.music.ports import (
    FailureClass,
    Media,
    OnlyDescribed,
    SourceFailed,
    TrackSource,
)
from seraphim.features.music.rules.matching import Key, best, words_for
from seraphim.features.music.rules.queue import Entry
from seraphim.features.music.rules.track import Track
from seraphim.features.music.service.figures import MusicFigures
from seraphim.kernel.ids import GuildId
from seraphim.kernel.marks import N_

MAX_ELSEWHERE = 2
"""So many other tracks are tried after the one that was asked for has failed."""
OPEN_SECONDS = 45.0
"""All attempts together; the player waits meanwhile."""
_LOOKED_AT = 10
_MAX_MATCHES = 1024
_FINAL: frozenset[FailureClass] = frozenset({"refused", "too_long"})
"""What must not be got round by playing the song from elsewhere."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What will be played for an entry."""

    track: Track
    """The entry's own, or the same song of another source."""
    media: Media
    instead_of: SourceFailed | None = None
    """Why the entry's own track is not played, the first time that the listeners can be told."""


@dataclass(slots=True)
class _Attempt:
    """How far the search for a playable track of one entry has come."""

    entry_id: str
    refused: set[Key] = field(default_factory=set[Key])
    elsewhere: int = 0
    first: SourceFailed | None = None
    playing: Track | None = None
    is_told: bool = False
    is_over: bool = False


class Openings:
    """Opens entries, and remembers for each guild what has failed for the present one.

    Args:
        sources: By name, in the order in which they are asked.
        figures: Counts what failed and was saved.
    """

    def __init__(self, sources: Mapping[str, TrackSource], figures: MusicFigures) -> None:
        self._sources = sources
        self._figures = figures
        self._attempts: dict[GuildId, _Attempt] = {}
        self._matches: OrderedDict[Key, Track] = OrderedDict()

    async def open(
        self, guild_id: GuildId, entry: Entry, *, allowed: Collection[str] = ()
    ) -> Opened:
        """Return what to play for an entry.

        Args:
            guild_id: Whose entry it is.
            entry: The current one.
            allowed: Names of the sources the guild wants; empty allows all.

        Raises:
            SourceFailed: Nothing can be played for it: why its own track cannot.
        """
        attempt = self._attempts.get(guild_id)
        if attempt is None or attempt.entry_id != entry.entry_id:
            attempt = self._attempts[guild_id] = _Attempt(entry.entry_id)
        try:
            async with asyncio.timeout(OPEN_SECONDS):
                track, media = await self._open(entry.track, attempt, allowed)
        except TimeoutError:
            attempt.is_over = True
            reason = N_("Its source did not answer in time.")
            raise attempt.first or SourceFailed(reason, failure="network") from None
        except SourceFailed:
            attempt.is_over = True
            raise
        attempt.playing = track
        reason = attempt.first
        if track == entry.track or attempt.is_told or isinstance(reason, OnlyDescribed):
            return Opened(track, media)
        attempt.is_told = True
        if reason is not None:
            self._figures.saved(reason.failure)
        return Opened(track, media, reason)

    def broke(self, guild_id: GuildId, entry: Entry, error: SourceFailed) -> bool:
        """Note that what plays for an entry has failed; say whether to open it once more."""
        attempt = self._attempts.get(guild_id)
        if attempt is None or attempt.entry_id != entry.entry_id or attempt.playing is None:
            return False
        failed = attempt.playing
        attempt.refused.add((failed.source, failed.identifier))
        self._matches.pop((entry.track.source, entry.track.identifier), None)
        attempt.first = attempt.first or error
        return not (attempt.is_over or error.failure in _FINAL or entry.track.is_stream)

    def forget(self, guild_id: GuildId) -> None:
        """Begin anew with the next :meth:`open`: what has failed may work again."""
        self._attempts.pop(guild_id, None)

    async def prepare(self, entry: Entry, *, allowed: Collection[str] = ()) -> None:
        """Open an entry whose turn comes next, so that its sources have the answer at hand."""
        own = self._sources.get(entry.track.source)
        if own is not None and own.reach == "typing":
            return  # what is quick enough for typing needs no preparing
        with suppress(SourceFailed, TimeoutError):
            async with asyncio.timeout(OPEN_SECONDS):
                await self._open(entry.track, _Attempt(entry.entry_id), allowed)

    async def _open(
        self, track: Track, attempt: _Attempt, allowed: Collection[str]
    ) -> tuple[Track, Media]:
        if _key(track) not in attempt.refused:
            try:
                return track, await self._source_of(track).open(track)
            except SourceFailed as error:
                attempt.refused.add(_key(track))
                attempt.first = attempt.first or error
                if error.failure in _FINAL:
                    raise
        if not track.is_stream:
            async for candidate in self._elsewhere(track, attempt, allowed):
                try:
                    media = await self._source_of(candidate).open(candidate)
                except SourceFailed:
                    attempt.refused.add(_key(candidate))
                    continue
                self._remember(track, candidate)
                return candidate, media
        if attempt.first is None:
            raise SourceFailed(N_("No source can play it."), failure="unknown")
        raise attempt.first

    async def _elsewhere(
        self, track: Track, attempt: _Attempt, allowed: Collection[str]
    ) -> AsyncIterator[Track]:
        """Yield the same song of other sources, one a source, surest first within each."""
        known = self._matches.get(_key(track))
        if known is not None and _key(known) not in attempt.refused:
            attempt.elsewhere += 1
            yield known
        for source in self._sources.values():
            if source.reach == "links" or (allowed and source.name not in allowed):
                continue
            if attempt.elsewhere >= MAX_ELSEWHERE:
                return
            found = await _find(source, track, attempt.refused)
            if found is not None:
                attempt.elsewhere += 1
                yield found

    def _source_of(self, track: Track) -> TrackSource:
        source = self._sources.get(track.source)
        if source is None:
            reason = N_("Its source is not set up any more.")
            raise SourceFailed(reason, failure="unsupported")
        return source

    def _remember(self, track: Track, match: Track) -> None:
        self._matches[_key(track)] = match
        self._matches.move_to_end(_key(track))
        while len(self._matches) > _MAX_MATCHES:
            self._matches.popitem(last=False)


async def _find(source: TrackSource, track: Track, refused: Collection[Key]) -> Track | None:
    """Look for a song in one source: by the recording's number, then by its names."""
    queries = [track.isrc] if track.isrc else []
    queries.append(words_for(track))
    if source.reach == "typing":  # many songs of a folder say nothing of their artist
        queries.append(words_for(replace(track, artist=None)))
    for query in queries:
        try:
            found = await source.search(query, limit=_LOOKED_AT)
        except SourceFailed:
            return None
        chosen = best(track, found, refused=refused)
        if chosen is not None:
            return chosen
    return None


def _key(track: Track) -> Key:
    return track.source, track.identifier
