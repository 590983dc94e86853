"""What a guild's history says about which song could follow."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from seraphim.features.music.rules.choosing import NEVER_AGAIN_WITHIN, Candidate
from seraphim.features.music.rules.track import Track
from seraphim.features.music.store.rows import read_track
from seraphim.features.music.store.statistics import list_top_songs
from seraphim.features.music.store.tables import music_history
from seraphim.kernel.ids import GuildId

NEIGHBOURHOOD = 3
"""Songs at most so many apart were played together."""
LIMIT = 30
"""Songs of each kind."""
_past = music_history.c


def list_last_played(conn: Connection, guild_id: GuildId) -> list[Track]:
    """Return the songs that ended last, newest first, however they ended."""
    rows = conn.execute(
        sa.select(music_history)
        .where(_past.guild_id == guild_id)
        .order_by(_past.sequence.desc())
        .limit(NEVER_AGAIN_WITHIN)
    ).mappings()
    return [read_track(row) for row in rows]


def list_candidates(
    conn: Connection, guild_id: GuildId, seed: Track, *, since_ms: int
) -> list[Candidate]:
    """Return songs of the guild's history that could follow ``seed``, with how often skipped."""
    found = [
        *_together(conn, guild_id, seed),
        *_same_artist(conn, guild_id, seed),
        *(
            Candidate(song.track, "liked", times=song.times)
            for song in list_top_songs(conn, guild_id, since_ms=since_ms, limit=LIMIT)
        ),
    ]
    skips = _skips(conn, guild_id, [each.track for each in found])
    return [
        Candidate(
            each.track,
            each.why,
            each.detail,
            each.times,
            skips.get((each.track.source, each.track.identifier), 0),
        )
        for each in found
    ]


def _together(conn: Connection, guild_id: GuildId, seed: Track) -> list[Candidate]:
    """Return what members asked for and heard to the end close to the seed."""
    near = music_history.alias("near")
    times = sa.func.count().label("times")
    newest = sa.func.max(near.c.sequence).label("newest")
    best = (
        sa.select(times, newest)
        .select_from(
            music_history.join(
                near,
                sa.and_(
                    near.c.guild_id == _past.guild_id,
                    near.c.sequence.between(
                        _past.sequence - NEIGHBOURHOOD, _past.sequence + NEIGHBOURHOOD
                    ),
                ),
            )
        )
        .where(
            _past.guild_id == guild_id,
            _past.source == seed.source,
            _past.identifier == seed.identifier,
            near.c.outcome == "played",
            near.c.reason.is_(None),
            sa.or_(near.c.source != seed.source, near.c.identifier != seed.identifier),
        )
        .group_by(near.c.source, near.c.identifier)
        .order_by(times.desc(), newest.desc())
        .limit(LIMIT)
        .subquery()
    )
    rows = conn.execute(
        sa.select(music_history, best.c.times).join(
            best, sa.and_(_past.guild_id == guild_id, _past.sequence == best.c.newest)
        )
    ).mappings()
    return [Candidate(read_track(row), "together", seed.title, int(row["times"])) for row in rows]


def _same_artist(conn: Connection, guild_id: GuildId, seed: Track) -> list[Candidate]:
    if not seed.artist:
        return []
    times = sa.func.count().label("times")
    newest = sa.func.max(_past.sequence).label("newest")
    best = (
        sa.select(times, newest)
        .where(
            _past.guild_id == guild_id,
            _past.outcome == "played",
            sa.func.lower(_past.artist) == seed.artist.lower(),
        )
        .group_by(_past.source, _past.identifier)
        .order_by(times.desc(), newest.desc())
        .limit(LIMIT)
        .subquery()
    )
    rows = conn.execute(
        sa.select(music_history, best.c.times).join(
            best, sa.and_(_past.guild_id == guild_id, _past.sequence == best.c.newest)
        )
    ).mappings()
    return [Candidate(read_track(row), "artist", seed.artist, int(row["times"])) for row in rows]


def _skips(
    conn: Connection, guild_id: GuildId, tracks: Sequence[Track]
) -> dict[tuple[str, str], int]:
    names = sorted({track.identifier for track in tracks})
    if not names:
        return {}
    rows = conn.execute(
        sa.select(_past.source, _past.identifier, sa.func.count())
        .where(
            _past.guild_id == guild_id,
            _past.outcome == "skipped",
            _past.taken_back.is_(False),
            _past.identifier.in_(names),
        )
        .group_by(_past.source, _past.identifier)
    )
    return {(source, identifier): int(count) for source, identifier, count in rows}
