"""History of members and what it adds up to."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from seraphim.features.games.store.rows import Status
from seraphim.features.games.store.tables import PLAYS, game_seats, game_totals
from seraphim.kernel.db import insert_into
from seraphim.kernel.ids import GuildId, UserId

MAX_LISTED = 100


@dataclass(frozen=True, slots=True)
class Past:
    """One game in a member's history."""

    game_id: str
    kind: str
    status: Status
    stake: int
    payout: int
    seated_ms: int


@dataclass(frozen=True, slots=True)
class Totals:
    """What a member's finished games add up to; coins. ``net`` is ``paid - staked``."""

    user_id: UserId
    played: int
    won: int
    staked: int
    paid: int
    best: int
    net: int


def add_results(
    conn: Connection, guild_id: GuildId, results: Mapping[UserId, tuple[int, int]]
) -> None:
    """Add one finished game: ``results`` maps each member to stake and payout."""
    for user_id in sorted(results):  # one order for all transactions, so that none wait in a circle
        stake, payout = results[user_id]
        gain = payout - stake
        t = game_totals.c
        conn.execute(
            insert_into(conn, game_totals)
            .values(
                guild_id=guild_id,
                user_id=user_id,
                played=1,
                won=int(gain > 0),
                staked=stake,
                paid=payout,
                best=max(0, gain),
                net=gain,
            )
            .on_conflict_do_update(
                index_elements=[t.guild_id, t.user_id],
                set_={
                    "played": t.played + 1,
                    "won": t.won + int(gain > 0),
                    "staked": t.staked + stake,
                    "paid": t.paid + payout,
                    "best": sa.case((t.best < gain, gain), else_=t.best),
                    "net": t.net + gain,
                },
            )
        )


def find_totals(conn: Connection, guild_id: GuildId, user_id: UserId) -> Totals | None:
    """Return what a member's games add up to."""
    row = conn.execute(
        sa.select(game_totals).where(
            game_totals.c.guild_id == guild_id, game_totals.c.user_id == user_id
        )
    ).first()
    return None if row is None else _totals(row)


def list_totals(conn: Connection, guild_id: GuildId, *, offset: int, limit: int) -> list[Totals]:
    """Return the guild's members by games won, the most first; at most MAX_LISTED."""
    rows = conn.execute(
        sa.select(game_totals)
        .where(game_totals.c.guild_id == guild_id)
        .order_by(game_totals.c.won.desc(), game_totals.c.user_id.desc())
        .offset(offset)
        .limit(min(limit, MAX_LISTED))
    )
    return [_totals(row) for row in rows]


def count_totals(conn: Connection, guild_id: GuildId, *, at_most: int) -> int:
    """Return how many members of a guild have finished a game, counting no further."""
    found = (
        sa.select(game_totals.c.user_id)
        .where(game_totals.c.guild_id == guild_id)
        .limit(at_most)
        .subquery()
    )
    return int(conn.execute(sa.select(sa.func.count()).select_from(found)).scalar_one())


def rank_of(conn: Connection, guild_id: GuildId, mine: Totals) -> int:
    """Return a member's place by games won, from 1."""
    t = game_totals.c
    query = sa.select(sa.func.count()).where(
        t.guild_id == guild_id,
        sa.or_(t.won > mine.won, sa.and_(t.won == mine.won, t.user_id > mine.user_id)),
    )
    return int(conn.execute(query).scalar_one()) + 1


def list_past(
    conn: Connection,
    guild_id: GuildId,
    user_id: UserId,
    *,
    offset: int,
    limit: int,
    invitations: bool = False,
) -> list[Past]:
    """Return a member's games, the newest first; at most MAX_LISTED.

    With ``invitations`` those too to which others have only invited them.
    """
    s = game_seats.c
    rows = conn.execute(
        sa.select(s.game_id, s.kind, s.status, s.stake, s.payout, s.seated_ms)
        .where(s.guild_id == guild_id, s.user_id == user_id, sa.true() if invitations else PLAYS)
        .order_by(s.seated_ms.desc(), s.game_id.desc())
        .offset(offset)
        .limit(min(limit, MAX_LISTED))
    )
    return [Past(*row) for row in rows]


def count_past(conn: Connection, guild_id: GuildId, user_id: UserId, *, at_most: int) -> int:
    """Return how many games a member has in their history, counting no further."""
    found = (
        sa.select(game_seats.c.game_id)
        .where(game_seats.c.guild_id == guild_id, game_seats.c.user_id == user_id, PLAYS)
        .limit(at_most)
        .subquery()
    )
    return int(conn.execute(sa.select(sa.func.count()).select_from(found)).scalar_one())


def _totals(row: sa.Row[tuple[int, ...]]) -> Totals:
    return Totals(UserId(row.user_id), row.played, row.won, row.staked, row.paid, row.best, row.net)
