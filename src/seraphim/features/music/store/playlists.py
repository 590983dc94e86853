"""Playlists: one row each, with the tracks in their order.

A deleted list keeps its row, with the time, until it is a day old: so deleting can be undone.
"""

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from seraphim.features.music.rules.errors import PlaylistExists, PlaylistsFull
from seraphim.features.music.rules.playlists import MAX_PLAYLISTS, Playlist, length_of
from seraphim.features.music.rules.text import escape
from seraphim.features.music.rules.track import Track
from seraphim.features.music.store.tables import music_playlists
from seraphim.kernel.ids import GuildId, UserId

KEEP_DELETED_MS = 86_400_000
MAX_LISTED = 500
_c = music_playlists.c
_HEADING = tuple(column for column in _c if column.name != "tracks")


def save_playlist(
    conn: Connection,
    guild_id: GuildId,
    owner_id: UserId,
    *,
    playlist_id: str,
    name: str,
    tracks: Sequence[Track],
    now_ms: int,
    replaces: bool,
) -> bool:
    """Store a list; returns whether one of that name was replaced.

    Raises:
        PlaylistExists: There is one of that name, and ``replaces`` is not set.
        PlaylistsFull: The member keeps as many as can be kept.
    """
    _forget_deleted(conn, guild_id, now_ms)
    content = {
        "tracks": msgspec.json.encode(tracks).decode(),
        "count": len(tracks),
        "duration_ms": length_of(tracks),
        "changed_at_ms": now_ms,
    }
    mine = (_c.guild_id == guild_id, _c.owner_id == owner_id, _c.deleted_at_ms == 0)
    if replaces:
        changed = conn.execute(
            sa.update(music_playlists)
            .where(*mine, _c.folded == name.casefold())
            .values(name=name, **content)
        )
        if changed.rowcount:
            return True
    elif conn.execute(sa.select(_c.playlist_id).where(*mine, _c.folded == name.casefold())).first():
        raise PlaylistExists(name=escape(name))
    count = conn.execute(sa.select(sa.func.count()).where(*mine)).scalar_one()
    if count >= MAX_PLAYLISTS:
        raise PlaylistsFull(limit=MAX_PLAYLISTS)
    conn.execute(
        sa.insert(music_playlists).values(
            playlist_id=playlist_id,
            guild_id=guild_id,
            owner_id=owner_id,
            name=name,
            folded=name.casefold(),
            is_shared=False,
            deleted_at_ms=0,
            **content,
        )
    )
    return False


def list_playlists(conn: Connection, guild_id: GuildId, user_id: UserId) -> list[Playlist]:
    """Return a member's lists and those that others share, headings only: own ones first."""
    rows = conn.execute(
        sa.select(*_HEADING)
        .where(
            _c.guild_id == guild_id,
            _c.deleted_at_ms == 0,
            sa.or_(_c.owner_id == user_id, _c.is_shared.is_(True)),
        )
        .order_by((_c.owner_id == user_id).desc(), _c.folded, _c.playlist_id)
        .limit(MAX_LISTED)
    ).mappings()
    return [_read(row) for row in rows]


def find_playlist(
    conn: Connection, guild_id: GuildId, user_id: UserId, named: str
) -> Playlist | None:
    """Return a list by its id or name: one's own before shared ones, the oldest of those."""
    row = (
        conn.execute(
            sa.select(music_playlists)
            .where(
                _c.guild_id == guild_id,
                _c.deleted_at_ms == 0,
                sa.or_(_c.playlist_id == named, _c.folded == named.casefold()),
                sa.or_(_c.owner_id == user_id, _c.is_shared.is_(True)),
            )
            .order_by((_c.owner_id == user_id).desc(), _c.playlist_id)
            .limit(1)
        )
        .mappings()
        .first()
    )
    return None if row is None else _read(row)


def change_playlist(
    conn: Connection,
    playlist: Playlist,
    guild_id: GuildId,
    *,
    name: str | None = None,
    is_shared: bool | None = None,
) -> None:
    """Rename or share a list; raises PlaylistExists."""
    changes: dict[str, object] = {}
    if name is not None:
        changes |= {"name": name, "folded": name.casefold()}
        taken = conn.execute(
            sa.select(_c.playlist_id).where(
                _c.guild_id == guild_id,
                _c.owner_id == playlist.owner_id,
                _c.folded == name.casefold(),
                _c.deleted_at_ms == 0,
                _c.playlist_id != playlist.playlist_id,
            )
        ).first()
        if taken is not None:
            raise PlaylistExists(name=escape(name))
    if is_shared is not None:
        changes["is_shared"] = is_shared
    conn.execute(
        sa.update(music_playlists).where(_c.playlist_id == playlist.playlist_id).values(**changes)
    )


def delete_playlist(conn: Connection, playlist_id: str, now_ms: int) -> None:
    """Take a list away; :func:`restore_playlist` brings it back within a day."""
    conn.execute(
        sa.update(music_playlists)
        .where(_c.playlist_id == playlist_id, _c.deleted_at_ms == 0)
        .values(deleted_at_ms=now_ms)
    )


def restore_playlist(
    conn: Connection, guild_id: GuildId, owner_id: UserId, playlist_id: str
) -> Playlist | None:
    """Bring a deleted list of this member back; None when it is back or gone for good.

    Raises:
        PlaylistExists: A new one has its name by now.
    """
    row = (
        conn.execute(
            sa.select(music_playlists).where(
                _c.playlist_id == playlist_id,
                _c.guild_id == guild_id,
                _c.owner_id == owner_id,
                _c.deleted_at_ms != 0,
            )
        )
        .mappings()
        .first()
    )
    if row is None:
        return None
    playlist = _read(row)
    change_playlist(conn, playlist, guild_id, name=playlist.name)
    conn.execute(
        sa.update(music_playlists).where(_c.playlist_id == playlist_id).values(deleted_at_ms=0)
    )
    return playlist


def export_playlists(conn: Connection, guild_id: GuildId, user_id: UserId) -> list[object]:
    """Return a member's lists with their songs, JSON-ready."""
    rows = conn.execute(
        sa.select(music_playlists)
        .where(_c.guild_id == guild_id, _c.owner_id == user_id, _c.deleted_at_ms == 0)
        .order_by(_c.folded)
    ).mappings()
    return [
        {
            "name": row["name"],
            "is_shared": bool(row["is_shared"]),
            "tracks": msgspec.json.decode(row["tracks"]),
        }
        for row in rows
    ]


def erase_playlists(conn: Connection, guild_id: GuildId, user_id: UserId) -> None:
    """Forget a member's lists, shared ones too: they are the member's own work."""
    conn.execute(sa.delete(music_playlists).where(_c.guild_id == guild_id, _c.owner_id == user_id))


def _forget_deleted(conn: Connection, guild_id: GuildId, now_ms: int) -> None:
    conn.execute(
        sa.delete(music_playlists).where(
            _c.guild_id == guild_id,
            _c.deleted_at_ms != 0,
            _c.deleted_at_ms < now_ms - KEEP_DELETED_MS,
        )
    )


def _read(row: RowMapping) -> Playlist:
    stored = row.get("tracks")
    return Playlist(
        playlist_id=row["playlist_id"],
        owner_id=UserId(int(row["owner_id"])),
        name=row["name"],
        is_shared=bool(row["is_shared"]),
        count=int(row["count"]),
        duration_ms=int(row["duration_ms"]),
        changed_at_ms=int(row["changed_at_ms"]),
        tracks=() if stored is None else msgspec.json.decode(stored, type=tuple[Track, ...]),
    )
