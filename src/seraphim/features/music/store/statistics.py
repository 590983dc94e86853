"""History as people read it, and who listened how long."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from seraphim.features.music.rules.statistics import (
    Day,
    MemberShares,
    Played,
    Shares,
    TopListener,
    TopSong,
)
from seraphim.features.music.rules.track import Track
from seraphim.features.music.store.rows import read_entry, read_track
from seraphim.features.music.store.tables import music_history
from seraphim.kernel.db import metadata
from seraphim.kernel.db.upsert import insert_into
from seraphim.kernel.ids import GuildId, UserId

MAX_EXPORT = 10_000

music_days = sa.Table(
    "music_days",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("sounded_ms", sa.BigInteger, nullable=False),
    sa.CheckConstraint("sounded_ms >= 0", name="sounded"),
)
"""How long music was heard, by day (UTC, since 1970)."""

music_listening = sa.Table(
    "music_listening",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("listened_ms", sa.BigInteger, nullable=False),
    sa.CheckConstraint("listened_ms >= 0", name="listened"),
)
_past = music_history.c
_heard = music_listening.c


def add_listening(
    conn: Connection, days: Shares, members: MemberShares, *, oldest_day: int
) -> None:
    """Add what was listened to since the last time; days before ``oldest_day`` are forgotten."""
    if days:
        row = insert_into(conn, music_days)
        conn.execute(
            row.on_conflict_do_update(
                index_elements=["guild_id", "day"],
                set_={"sounded_ms": music_days.c.sounded_ms + row.excluded.sounded_ms},
            ),
            [{"guild_id": g, "day": day, "sounded_ms": ms} for (g, day), ms in days.items()],
        )
    if members:
        row = insert_into(conn, music_listening)
        conn.execute(
            row.on_conflict_do_update(
                index_elements=["guild_id", "day", "user_id"],
                set_={"listened_ms": _heard.listened_ms + row.excluded.listened_ms},
            ),
            [
                {"guild_id": g, "day": day, "user_id": user_id, "listened_ms": ms}
                for (g, day, user_id), ms in members.items()
            ],
        )
    guilds = sorted({guild_id for guild_id, _ in days})
    for table in (music_days, music_listening) if guilds else ():
        conn.execute(
            sa.delete(table).where(
                table.c.guild_id == sa.bindparam("of_guild"), table.c.day < oldest_day
            ),
            [{"of_guild": guild_id} for guild_id in guilds],
        )


def count_played(conn: Connection, guild_id: GuildId) -> int:
    """Return how many lines a guild's history has."""
    query = sa.select(sa.func.count()).where(_past.guild_id == guild_id)
    return int(conn.scalar(query) or 0)


def list_played(conn: Connection, guild_id: GuildId, *, start: int, limit: int) -> list[Played]:
    """Return a part of the history, newest first."""
    rows = conn.execute(
        sa.select(music_history)
        .where(_past.guild_id == guild_id)
        .order_by(_past.sequence.desc())
        .offset(start)
        .limit(limit)
    ).mappings()
    return [
        Played(int(row["sequence"]), read_entry(row), row["outcome"], int(row["ended_at_ms"]))
        for row in rows
    ]


def find_played(conn: Connection, guild_id: GuildId, sequences: Sequence[int]) -> list[Track]:
    """Return the tracks of some lines of the history, in the order asked for."""
    rows = conn.execute(
        sa.select(music_history).where(
            _past.guild_id == guild_id, _past.sequence.in_(list(sequences))
        )
    ).mappings()
    found = {int(row["sequence"]): read_track(row) for row in rows}
    return [found[number] for number in sequences if number in found]


def list_top_songs(
    conn: Connection, guild_id: GuildId, *, since_ms: int, limit: int
) -> list[TopSong]:
    """Return the songs that were played to their end most often, the newer first among equals."""
    times = sa.func.count().label("times")
    newest = sa.func.max(_past.sequence).label("newest")
    best = (
        sa.select(times, newest)
        .where(
            _past.guild_id == guild_id,
            _past.outcome == "played",
            _past.ended_at_ms >= since_ms,
        )
        .group_by(_past.source, _past.identifier)
        .order_by(times.desc(), newest.desc())
        .limit(limit)
        .subquery()
    )
    rows = conn.execute(
        sa.select(music_history, best.c.times)
        .join(best, sa.and_(_past.guild_id == guild_id, _past.sequence == best.c.newest))
        .order_by(best.c.times.desc(), best.c.newest.desc())
    ).mappings()
    return [TopSong(read_track(row), int(row["times"]), int(row["sequence"])) for row in rows]


def list_top_listeners(
    conn: Connection, guild_id: GuildId, *, first_day: int, limit: int
) -> list[TopListener]:
    """Return who listened longest since a day."""
    total = sa.func.sum(_heard.listened_ms).label("total")
    rows = conn.execute(
        sa.select(_heard.user_id, total)
        .where(_heard.guild_id == guild_id, _heard.day >= first_day)
        .group_by(_heard.user_id)
        .order_by(total.desc(), _heard.user_id)
        .limit(limit)
    )
    return [TopListener(UserId(int(user_id)), int(ms)) for user_id, ms in rows]


def list_days(conn: Connection, guild_id: GuildId, *, first_day: int) -> list[Day]:
    """Return the days with music since a day, in their order."""
    listened = (
        sa.select(_heard.day, sa.func.sum(_heard.listened_ms).label("listened_ms"))
        .where(_heard.guild_id == guild_id, _heard.day >= first_day)
        .group_by(_heard.day)
        .subquery()
    )
    c = music_days.c
    rows = conn.execute(
        sa.select(c.day, c.sounded_ms, sa.func.coalesce(listened.c.listened_ms, 0))
        .join_from(music_days, listened, c.day == listened.c.day, isouter=True)
        .where(c.guild_id == guild_id, c.day >= first_day)
        .order_by(c.day)
    )
    return [Day(int(day), int(sounded), int(heard)) for day, sounded, heard in rows]


def export_listening(conn: Connection, guild_id: GuildId, user_id: UserId) -> list[dict[str, int]]:
    """Return how long a member listened, by day."""
    rows = conn.execute(
        sa.select(_heard.day, _heard.listened_ms)
        .where(_heard.guild_id == guild_id, _heard.user_id == user_id)
        .order_by(_heard.day)
        .limit(MAX_EXPORT)
    )
    return [{"day": int(day), "listened_ms": int(ms)} for day, ms in rows]


def erase_listening(conn: Connection, guild_id: GuildId, user_id: UserId) -> None:
    """Forget how long a member listened; the guild's own hours stay."""
    conn.execute(
        sa.delete(music_listening).where(_heard.guild_id == guild_id, _heard.user_id == user_id)
    )
