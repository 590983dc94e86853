"""Playlists: saved from the queue, loaded into it, shared with the guild."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from seraphim.features.music.ports import Progress
from seraphim.features.music.rules.errors import (
    NothingFound,
    NothingToSave,
    NothingToUndo,
    PlaylistExists,
    PlaylistNotYours,
    PlaylistUnknown,
)
from seraphim.features.music.rules.playlists import (
    MAX_TRACKS,
    Playlist,
    check_name,
    read_file,
)
from seraphim.features.music.rules.text import escape
from seraphim.features.music.rules.track import Track
from seraphim.features.music.service.caller import Caller
from seraphim.features.music.service.desk import Desk
from seraphim.features.music.service.finder import Finder
from seraphim.features.music.service.music import Added, Music
from seraphim.features.music.store import playlists as store
from seraphim.kernel.errors import SeraphimError

MAX_SEARCHED = 100
"""Lines of an imported text that are looked for; addresses and known tracks are not bounded so."""
SEARCHED_AT_ONCE = 4
IMPORT_SECONDS = 600.0
"""What has not been found then is left out: Discord takes an answer for fifteen minutes."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did."""

    name: str
    count: int
    replaced: bool = False
    missing: tuple[str, ...] = ()
    """Lines of an imported file that no source knows."""
    not_searched: int = 0
    """Lines of it that nobody looked for: there were too many, or it took too long."""
    truncated: bool = False
    """There were more songs than a playlist may hold."""
    limit: int = MAX_TRACKS
    """How many songs it may hold."""


class Playlists:
    """What members do with playlists.

    Args:
        desk: What all verbs share.
        music: Queues the songs of a list.
        finder: Looks for the songs of an imported text.
    """

    def __init__(self, desk: Desk, music: Music, finder: Finder) -> None:
        self._desk = desk
        self._music = music
        self._finder = finder

    async def save(self, caller: Caller, name: str) -> Saved:
        """Keep what plays and waits under a name; one's own list of that name is replaced.

        Raises:
            NothingToSave, PlaylistNameUnclear, PlaylistsFull: Why it cannot be kept.
        """
        player = await self._music.look(caller.guild_id)
        entries = player.queue.upcoming
        if player.queue.current is not None:
            entries = (player.queue.current, *entries)
        tracks = [entry.track for entry in entries]
        if not tracks:
            raise NothingToSave
        return await self._save(caller, name, tracks, replaces=True)

    async def import_file(
        self, caller: Caller, content: bytes, name: str | None, progress: Progress | None = None
    ) -> Saved:
        """Keep the songs of a file; texts are looked for, line by line.

        Args:
            caller: Whose list it will be.
            content: The file.
            name: The list's name; None takes the file's own.
            progress: Told how many lines have been looked for.

        Raises:
            PlaylistFileUnclear, PlaylistExists, NothingFound: Why nothing was kept.
        """
        read = read_file(content)
        wanted = check_name(name or read.name or "import")
        await self._check_free(caller, wanted)
        limit = await self._limit(caller)
        queries = read.queries[:limit]
        found = await self._find(queries, progress)
        tracks = [*read.tracks, *(one for one in found.values() if one is not None)]
        if not tracks:
            raise NothingFound(query=escape(queries[0] if queries else wanted, 100))
        saved = await self._save(caller, wanted, tracks, replaces=False)
        return replace(
            saved,
            missing=tuple(queries[index] for index, one in found.items() if one is None),
            not_searched=len(queries) - len(found),
            truncated=saved.truncated or read.truncated or len(queries) < len(read.queries),
        )

    async def load(self, caller: Caller, named: str) -> tuple[Playlist, Added]:
        """Queue a list's songs, in order, behind the others."""
        playlist = await self.show(caller, named)
        return playlist, await self._music.play_tracks(caller, playlist.tracks, title=playlist.name)

    async def list_all(self, caller: Caller) -> Sequence[Playlist]:
        """Return the member's lists and the shared ones, headings only."""
        return await self._desk.db.read(store.list_playlists, caller.guild_id, caller.user_id)

    async def show(self, caller: Caller, named: str) -> Playlist:
        """Return a list with its songs; raises PlaylistUnknown."""
        found = await self._desk.db.read(
            store.find_playlist, caller.guild_id, caller.user_id, named.strip()
        )
        if found is None:
            raise PlaylistUnknown(name=escape(named, 50))
        return found

    async def rename(self, caller: Caller, named: str, name: str) -> str:
        """Give one's list another name; returns it."""
        wanted = check_name(name)
        playlist = await self._own(caller, named)
        await self._desk.db.write(store.change_playlist, playlist, caller.guild_id, name=wanted)
        return wanted

    async def toggle_shared(self, caller: Caller, named: str) -> Playlist:
        """Let everybody here load one's list, or nobody else; returns it as it was before."""
        playlist = await self._own(caller, named)
        await self._desk.db.write(
            store.change_playlist, playlist, caller.guild_id, is_shared=not playlist.is_shared
        )
        return playlist

    async def delete(self, caller: Caller, named: str) -> Playlist:
        """Take one's list away; managers may take away shared ones of others."""
        playlist = await self.show(caller, named)
        if playlist.owner_id != caller.user_id and not caller.is_manager:
            raise PlaylistNotYours(owner_id=int(playlist.owner_id))
        now_ms = self._desk.clock.now_ms()
        await self._desk.db.write(store.delete_playlist, playlist.playlist_id, now_ms)
        return playlist

    async def restore(self, caller: Caller, playlist_id: str) -> Playlist:
        """Undo a deletion within a day; the owner's list comes back as it was.

        Raises:
            NothingToUndo, PlaylistExists: It is back already, or its name is taken.
        """
        restored = await self._desk.db.write(
            store.restore_playlist, caller.guild_id, caller.user_id, playlist_id
        )
        if restored is None:
            raise NothingToUndo
        return restored

    async def _own(self, caller: Caller, named: str) -> Playlist:
        playlist = await self.show(caller, named)
        if playlist.owner_id != caller.user_id:
            raise PlaylistNotYours(owner_id=int(playlist.owner_id))
        return playlist

    async def _check_free(self, caller: Caller, name: str) -> None:
        """Refuse a name that is taken before minutes are spent on looking for songs."""
        for one in await self.list_all(caller):
            if one.owner_id == caller.user_id and one.name.casefold() == name.casefold():
                raise PlaylistExists(name=escape(name))

    async def _find(
        self, queries: Sequence[str], progress: Progress | None
    ) -> dict[int, Track | None]:
        """Look for lines, several at once; returns them by number, in order, None if unknown."""
        wanted = list[int]()
        titles = 0
        for index, query in enumerate(queries):
            titles += not _is_address(query)
            if _is_address(query) or titles <= MAX_SEARCHED:
                wanted.append(index)
        found = dict[int, Track | None]()
        waiting = iter(wanted)
        until = self._desk.clock.monotonic() + IMPORT_SECONDS

        async def look() -> None:
            for index in waiting:
                if self._desk.clock.monotonic() >= until:
                    return
                found[index] = await self._first(queries[index])
                if progress is not None:
                    progress(len(found), len(wanted))

        async with asyncio.TaskGroup() as group:
            for _ in range(min(SEARCHED_AT_ONCE, len(wanted))):
                group.create_task(look())
        return dict(sorted(found.items()))

    async def _first(self, query: str) -> Track | None:
        try:
            found = await self._finder.resolve(query, limit=1)
        except SeraphimError:
            return None
        return found.tracks[0] if found.tracks else None

    async def _limit(self, caller: Caller) -> int:
        limits = await self._desk.limits(caller.guild_id)
        return min(MAX_TRACKS, limits.playlist)

    async def _save(
        self, caller: Caller, name: str, tracks: Sequence[Track], *, replaces: bool
    ) -> Saved:
        desk = self._desk
        wanted = check_name(name)
        limit = await self._limit(caller)
        kept = list(tracks)[:limit]
        replaced = await desk.db.write(
            store.save_playlist,
            caller.guild_id,
            caller.user_id,
            playlist_id=desk.ids.new(),
            name=wanted,
            tracks=kept,
            now_ms=desk.clock.now_ms(),
            replaces=replaces,
        )
        return Saved(wanted, len(kept), replaced, truncated=len(kept) < len(tracks), limit=limit)


def _is_address(query: str) -> bool:
    return query.startswith(("http://", "https://"))
