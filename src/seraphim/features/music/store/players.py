"""Players with their queues: loaded whole, written as the difference.

A player is guarded by its epoch: a process that has lost it changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from seraphim.features.music.rules.errors import PlayerTaken
from seraphim.features.music.rules.player import Player
from seraphim.features.music.rules.queue import MAX_HISTORY, Entry, Past, Queue
from seraphim.features.music.store.rows import (
    entry_values,
    past_values,
    player_values,
    read_channel,
    read_entry,
    read_filters,
)
from seraphim.features.music.store.tables import music_history, music_players, music_queue
from seraphim.kernel.ids import GuildId, MessageId

KEEP_HISTORY = 5_000
"""Rows of history a guild keeps, for going back and for its statistics."""
_CHUNK = 500
"""Identifiers a statement: SQLite and PostgreSQL both bound the number of parameters."""


def find_player(conn: Connection, guild_id: GuildId) -> Player | None:
    """Return a guild's player with its queue and the newest history."""
    row = (
        conn.execute(sa.select(music_players).where(music_players.c.guild_id == guild_id))
        .mappings()
        .first()
    )
    return None if row is None else _player(conn, row)


def list_present_guilds(conn: Connection) -> list[GuildId]:
    """Return the guilds whose player was in a voice channel when it was last stored."""
    rows = conn.execute(
        sa.select(music_players.c.guild_id)
        .where(music_players.c.voice_channel_id.is_not(None))
        .order_by(music_players.c.guild_id)
    )
    return [GuildId(int(row[0])) for row in rows]


def claim_player(conn: Connection, guild_id: GuildId) -> Player | None:
    """Take a stored player over: whoever held it before cannot write it any more."""
    conn.execute(
        sa.update(music_players)
        .where(music_players.c.guild_id == guild_id)
        .values(epoch=music_players.c.epoch + 1)
    )
    return find_player(conn, guild_id)


def save_player(conn: Connection, before: Player | None, after: Player, now_ms: int) -> None:
    """Store what changed between two values of a player.

    Args:
        conn: The unit of work.
        before: What is stored; None when the guild has no row yet.
        after: What should be stored.
        now_ms: When the songs that are new in the history ended.

    Raises:
        PlayerTaken: The row belongs to a later epoch.
    """
    if before is None:
        conn.execute(sa.insert(music_players).values(**player_values(after)))
    else:
        changed = conn.execute(
            sa.update(music_players)
            .where(
                music_players.c.guild_id == after.guild_id,
                music_players.c.epoch == before.epoch,
            )
            .values(**player_values(after))
        )
        if changed.rowcount == 0:
            raise PlayerTaken
    _save_queue(conn, after.guild_id, _entries(before), _entries(after))
    _save_history(conn, before, after, now_ms)


def save_positions(conn: Connection, players: Sequence[Player]) -> None:
    """Store how far many players are, in one statement run for each."""
    if not players:
        return
    c = music_players.c
    conn.execute(
        sa.update(music_players)
        .where(
            c.guild_id == sa.bindparam("at_guild"),
            c.epoch == sa.bindparam("at_epoch"),
            c.revision == sa.bindparam("at_revision"),
        )
        .values(position_ms=sa.bindparam("to_ms"), position_at_ms=sa.bindparam("at_ms")),
        [
            {
                "at_guild": player.guild_id,
                "at_epoch": player.epoch,
                "at_revision": player.revision,
                "to_ms": player.position_ms,
                "at_ms": player.position_at_ms,
            }
            for player in players
        ],
    )


def _player(conn: Connection, row: RowMapping) -> Player:
    guild_id = GuildId(int(row["guild_id"]))
    entries = [
        read_entry(found)
        for found in conn.execute(
            sa.select(music_queue)
            .where(music_queue.c.guild_id == guild_id)
            .order_by(music_queue.c.position)
        ).mappings()
    ]
    current_id = row["current_entry_id"]
    message_id = row["controller_message_id"]
    queue = Queue(
        current=next((entry for entry in entries if entry.entry_id == current_id), None),
        upcoming=tuple(entry for entry in entries if entry.entry_id != current_id),
        history=_history(conn, guild_id),
        next_sequence=_last_sequence(conn, guild_id) + 1,
    )
    return Player(
        guild_id=guild_id,
        epoch=int(row["epoch"]),
        revision=int(row["revision"]),
        status=row["status"],
        pause_reason=row["pause_reason"],
        voice_channel_id=read_channel(row["voice_channel_id"]),
        text_channel_id=read_channel(row["text_channel_id"]),
        controller_channel_id=read_channel(row["controller_channel_id"]),
        controller_message_id=None if message_id is None else MessageId(int(message_id)),
        position_ms=int(row["position_ms"]),
        position_at_ms=int(row["position_at_ms"]),
        volume_percent=int(row["volume_percent"]),
        failures=int(row["failures"]),
        unmuted_percent=row["unmuted_percent"],
        loop=row["loop"],
        autoplay=row["autoplay"],
        filters=read_filters(row["filters"]),
        stay=bool(row["stay"]),
        queue=queue,
    )


def _history(conn: Connection, guild_id: GuildId) -> tuple[Past, ...]:
    rows = conn.execute(
        sa.select(music_history)
        .where(music_history.c.guild_id == guild_id, music_history.c.taken_back.is_(False))
        .order_by(music_history.c.sequence.desc())
        .limit(MAX_HISTORY)
    ).mappings()
    newest_first = [Past(int(row["sequence"]), read_entry(row), row["outcome"]) for row in rows]
    return tuple(reversed(newest_first))


def _last_sequence(conn: Connection, guild_id: GuildId) -> int:
    found = conn.execute(
        sa.select(sa.func.max(music_history.c.sequence)).where(music_history.c.guild_id == guild_id)
    ).scalar()
    return int(found or 0)


def _save_queue(
    conn: Connection, guild_id: GuildId, before: Mapping[str, Entry], after: Mapping[str, Entry]
) -> None:
    """Delete, move and insert, in this order, so that no two rows ever share a position."""
    gone = [name for name in before if name not in after]
    for names in _chunks(gone):
        conn.execute(
            sa.delete(music_queue).where(
                music_queue.c.guild_id == guild_id, music_queue.c.entry_id.in_(names)
            )
        )
    changed = [
        {f"to_{column}": value for column, value in entry_values(guild_id, entry).items()}
        for name, entry in after.items()
        if name in before and before[name] != entry
    ]
    if changed:
        moved = [column.name for column in music_queue.c if not column.primary_key]
        conn.execute(
            sa.update(music_queue)
            .where(
                music_queue.c.guild_id == sa.bindparam("to_guild_id"),
                music_queue.c.entry_id == sa.bindparam("to_entry_id"),
            )
            .values({name: sa.bindparam(f"to_{name}") for name in ("position", *moved)}),
            changed,
        )
    new = [entry_values(guild_id, entry) for name, entry in after.items() if name not in before]
    if new:
        conn.execute(sa.insert(music_queue), new)


def _save_history(conn: Connection, before: Player | None, after: Player, now_ms: int) -> None:
    old = {} if before is None else {past.sequence: past for past in before.queue.history}
    first_new = 1 if before is None else before.queue.next_sequence
    new = [past for past in after.queue.history if past.sequence >= first_new]
    newest_kept = max((past.sequence for past in after.queue.history), default=0)
    taken_back = [number for number in old if number > newest_kept]
    c = music_history.c
    if taken_back:
        conn.execute(
            sa.update(music_history)
            .where(c.guild_id == after.guild_id, c.sequence.in_(taken_back))
            .values(taken_back=True)
        )
    if new:
        conn.execute(
            sa.insert(music_history), [past_values(after.guild_id, past, now_ms) for past in new]
        )
        conn.execute(
            sa.delete(music_history).where(
                c.guild_id == after.guild_id, c.sequence <= new[-1].sequence - KEEP_HISTORY
            )
        )


def _entries(player: Player | None) -> dict[str, Entry]:
    if player is None:
        return {}
    queue = player.queue
    listed = queue.upcoming if queue.current is None else (queue.current, *queue.upcoming)
    return {entry.entry_id: entry for entry in listed}


def _chunks(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), _CHUNK):
        yield names[start : start + _CHUNK]
