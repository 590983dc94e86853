"""Songs put aside for a while: those removed, until the undo; those found, until the choice."""

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from seraphim.features.music.rules.queue import Entry
from seraphim.features.music.store.tables import music_shelf
from seraphim.kernel.ids import GuildId

KEEP_MS = 3_600_000
"""How long they are kept."""


def put_aside(
    conn: Connection, guild_id: GuildId, name: str, entries: Sequence[Entry], now_ms: int
) -> None:
    """Keep entries under a name; the guild's that are older than an hour are forgotten."""
    c = music_shelf.c
    conn.execute(sa.delete(music_shelf).where(c.guild_id == guild_id, c.at_ms < now_ms - KEEP_MS))
    body = msgspec.json.encode(entries).decode()
    values = {"name": name, "guild_id": guild_id, "entries": body, "at_ms": now_ms}
    conn.execute(sa.insert(music_shelf).values(**values))


def look_aside(conn: Connection, guild_id: GuildId, name: str) -> tuple[Entry, ...]:
    """Return the entries of a name; empty when they are forgotten."""
    c = music_shelf.c
    found = conn.execute(
        sa.select(c.entries).where(c.guild_id == guild_id, c.name == name)
    ).scalar()
    return () if found is None else msgspec.json.decode(found, type=tuple[Entry, ...])


def take_back(conn: Connection, guild_id: GuildId, name: str) -> tuple[Entry, ...]:
    """Return the entries of a name and forget them: the second of two callers gets none."""
    c = music_shelf.c
    taken = conn.execute(
        sa.delete(music_shelf).where(c.guild_id == guild_id, c.name == name).returning(c.entries)
    ).scalar()
    return () if taken is None else msgspec.json.decode(taken, type=tuple[Entry, ...])
