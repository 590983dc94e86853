"""Seeds of members and of shared rounds."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from seraphim.features.games.store.rows import Seed, read_seed
from seraphim.features.games.store.tables import fair_seeds, games
from seraphim.kernel.db import insert_into
from seraphim.kernel.ids import GuildId, UserId


def find_active(
    conn: Connection, guild_id: GuildId, user_id: UserId, *, to_change: bool = False
) -> Seed | None:
    """Return a member's seed that is in use; locked if ``to_change``."""
    query = sa.select(fair_seeds).where(
        fair_seeds.c.guild_id == guild_id,
        fair_seeds.c.user_id == user_id,
        fair_seeds.c.state == "active",
    )
    row = conn.execute(query.with_for_update() if to_change else query).mappings().first()
    return None if row is None else read_seed(row)


def find_seed(conn: Connection, seed_id: str) -> Seed | None:
    """Return a seed."""
    row = conn.execute(sa.select(fair_seeds).where(fair_seeds.c.id == seed_id)).mappings().first()
    return None if row is None else read_seed(row)


def insert_seed(conn: Connection, seed: Seed, now_ms: int) -> None:
    """Store a seed; when the member has an active one already, nothing is stored."""
    conn.execute(
        insert_into(conn, fair_seeds)
        .values(
            id=seed.id,
            guild_id=seed.guild_id,
            user_id=seed.user_id,
            server_seed=seed.server_seed,
            server_seed_hash=seed.server_seed_hash,
            client_seed=seed.client_seed,
            next_nonce=seed.next_nonce,
            state=seed.state,
            created_ms=now_ms,
        )
        .on_conflict_do_nothing()
    )


def take_nonce(conn: Connection, seed_id: str) -> None:
    """Count one more game under a seed."""
    conn.execute(
        fair_seeds.update()
        .where(fair_seeds.c.id == seed_id)
        .values(next_nonce=fair_seeds.c.next_nonce + 1)
    )


def set_client_seed(conn: Connection, seed_id: str, client_seed: str) -> None:
    """Change the member's part; the games that were opened keep theirs."""
    conn.execute(
        fair_seeds.update().where(fair_seeds.c.id == seed_id).values(client_seed=client_seed)
    )


def reveal(
    conn: Connection, seed_id: str, now_ms: int, *, made_until_ms: int | None = None
) -> None:
    """Mark a seed as public (one made after ``made_until_ms`` stays); no game uses it from now on.

    The caller has made sure that no open game draws from it.
    """
    old = sa.true() if made_until_ms is None else fair_seeds.c.created_ms <= made_until_ms
    conn.execute(
        fair_seeds.update()
        .where(fair_seeds.c.id == seed_id, fair_seeds.c.state == "active", old)
        .values(state="revealed", revealed_ms=now_ms)
    )


def has_open_game(conn: Connection, seed_id: str) -> bool:
    """Whether an open game still draws from a seed."""
    query = sa.select(games.c.id).where(games.c.seed_id == seed_id, games.c.status == "open")
    return conn.execute(query.limit(1)).first() is not None
