"""Turns what a member typed into tracks, asking the sources in order."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from seraphim.features.music import store
from seraphim.features.music.ports import NotSound, Progress, Resolution, SourceFailed, TrackSource
from seraphim.features.music.rules.control import check_query
from seraphim.features.music.rules.errors import NothingFound
from seraphim.features.music.rules.text import clean, escape
from seraphim.features.music.rules.track import Track
from seraphim.kernel.db import Database
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import GuildId

MAX_SUGGESTIONS = 20
MAX_CHOICE_CHARACTERS = 100
"""Discord's limit for the name and the value of a choice."""
SUGGEST_SECONDS = 1.0
"""Discord drops suggestions after three; better few in time than many too late."""
_HISTORY_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line of autocomplete: what is shown, and what is typed when it is chosen."""

    name: str
    value: str


class Finder:
    """Searches sources and the guild's history.

    Args:
        sources: In the order in which they are asked.
        db: For the history.
    """

    def __init__(self, sources: Sequence[TrackSource], db: Database) -> None:
        self._sources = tuple(sources)
        self._db = db

    async def resolve(
        self,
        query: str,
        *,
        limit: int,
        source: str | None = None,
        progress: Progress | None = None,
    ) -> Resolution:
        """Return the tracks a query means.

        Args:
            query: What the member typed.
            limit: At most so many tracks.
            source: Ask only the source of this name.
            progress: Told how far a long list is.

        Raises:
            QueryEmpty, QueryTooLong: It cannot be a query.
            SourceFailed: The source whose form it has cannot open it.
            NothingFound: No source knows it.
        """
        text = check_query(query)
        asked = self._asked(source)
        claimed = [one for one in asked if one.claims(text)]
        if claimed:
            found = await _first_to_know(claimed, text, limit, progress)
        else:
            words = [one for one in asked if source is not None or one.reach != "links"]
            found = await _first_to_find(words, text, limit)
        if found is not None:
            return found
        raise NothingFound(query=escape(text, MAX_CHOICE_CHARACTERS))

    async def search(self, text: str, *, limit: int, source: str | None = None) -> list[Track]:
        """Return the best matches of every source, the sources taking turns; never one twice.

        Raises:
            QueryEmpty, QueryTooLong: It cannot be a query.
            NothingFound: No source knows it.
        """
        wanted = check_query(text)
        asked = [one for one in self._asked(source) if source is not None or one.reach != "links"]
        lists = await asyncio.gather(*(self._search(one, wanted) for one in asked))
        found: dict[tuple[str, str], Track] = {}
        for turn in zip_longest(*lists):
            for track in turn:
                if track is not None:
                    found.setdefault((track.source, track.identifier), track)
        if not found:
            raise NothingFound(query=escape(wanted, MAX_CHOICE_CHARACTERS))
        return list(found.values())[:limit]

    @property
    def names(self) -> tuple[str, ...]:
        """The sources' names, in their order."""
        return tuple(source.name for source in self._sources)

    def _asked(self, name: str | None) -> tuple[TrackSource, ...]:
        return tuple(one for one in self._sources if name in {None, one.name})

    async def suggest(self, guild_id: GuildId, text: str) -> list[Suggestion]:
        """Return what the member may mean, best first; never raises, it is only a help."""
        wanted = text.strip()[:200]
        if any(source.claims(wanted) for source in self._sources) and "://" in wanted:
            return []
        history = asyncio.create_task(self._recent(guild_id, wanted))
        quick = [source for source in self._sources if source.reach == "typing"]
        searches = [asyncio.create_task(self._search(source, wanted)) for source in quick]
        await asyncio.wait([history, *searches], timeout=SUGGEST_SECONDS)
        tracks: list[Track] = []
        for task in [history, *searches]:
            if task.done() and not task.cancelled():
                tracks.extend(task.result())
            else:
                task.cancel()
        found: dict[str, Suggestion] = {}
        for track in tracks:
            suggestion = suggestion_of(track)
            found.setdefault(suggestion.value, suggestion)
        return list(found.values())[:MAX_SUGGESTIONS]

    async def _recent(self, guild_id: GuildId, text: str) -> list[Track]:
        try:
            tracks = await self._db.read(store.list_recent_tracks, guild_id, 50)
        except SeraphimError:
            return []
        words = text.casefold().split()
        matching = [track for track in tracks if _has_words(track, words)]
        return matching[:_HISTORY_SHOWN]

    @staticmethod
    async def _search(source: TrackSource, text: str) -> Sequence[Track]:
        try:
            return await source.search(text, limit=MAX_SUGGESTIONS)
        except SourceFailed:
            return ()


async def _first_to_know(
    sources: Sequence[TrackSource], text: str, limit: int, progress: Progress | None
) -> Resolution | None:
    """Ask the sources whose form a query has; one that finds no sound there leaves it to others."""
    failed: SourceFailed | None = None
    for source in sources:
        try:
            found = await source.resolve(text, limit=limit, progress=progress)
        except NotSound as error:
            failed = failed or error
        except SourceFailed as error:
            if failed is None or error.failure != "unsupported":
                raise
        else:
            if found.tracks:
                return found
    if failed is not None:
        raise failed
    return None


async def _first_to_find(
    sources: Sequence[TrackSource], text: str, limit: int
) -> Resolution | None:
    """Ask for words; a source that fails is passed over, unless none of the others finds them."""
    failed: SourceFailed | None = None
    for source in sources:
        try:
            found = await source.resolve(text, limit=limit)
        except SourceFailed as error:
            failed = failed or error
        else:
            if found.tracks:
                return found
    if failed is not None:
        raise failed
    return None


def suggestion_of(track: Track) -> Suggestion:
    """Return a track as a choice whose value finds exactly this track again, if it fits."""
    name = track.title if track.artist is None else f"{track.title} · {track.artist}"
    exact = track.identifier if "://" in track.identifier else f"{track.source}:{track.identifier}"
    value = exact if len(exact) <= MAX_CHOICE_CHARACTERS else clean(name, MAX_CHOICE_CHARACTERS)
    return Suggestion(clean(name, MAX_CHOICE_CHARACTERS), value)


def _has_words(track: Track, words: Sequence[str]) -> bool:
    file_name = track.identifier.rstrip("/").rsplit("/", 1)[-1]
    text = f"{track.title} {track.artist or ''} {track.album or ''} {file_name}".casefold()
    return all(word in text for word in words)
