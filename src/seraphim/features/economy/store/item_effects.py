"""The SQL of effects in force: a shield that waits for a robber, a booster for the next work.

These functions run inside the caller's transaction, so that an effect is spent exactly when what it
does happens.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from seraphim.features.economy.rules.items import EFFECTS, EffectKind
from seraphim.features.economy.store.shop_tables import shop_effects
from seraphim.kernel.db.upsert import insert_into
from seraphim.kernel.ids import GuildId, UserId

_C = shop_effects.c
SHIELD = "shield"
NO_BOOST = 100


@dataclass(frozen=True, slots=True)
class ActiveEffect:
    """An effect that waits for its moment."""

    kind: EffectKind
    uses: int
    expires_ms: int


def find_effect(
    conn: Connection, guild_id: GuildId, user_id: UserId, effect: str, now_ms: int
) -> ActiveEffect | None:
    """Return a member's effect in force, if there is one."""
    row = conn.execute(
        sa.select(_C.uses, _C.expires_ms).where(
            _C.guild_id == guild_id,
            _C.user_id == user_id,
            _C.effect == effect,
            _C.uses > 0,
            _C.expires_ms > now_ms,
        )
    ).first()
    return None if row is None else ActiveEffect(EFFECTS[effect], row.uses, row.expires_ms)


def list_effects(
    conn: Connection, guild_id: GuildId, user_id: UserId, now_ms: int
) -> list[ActiveEffect]:
    """Return a member's effects in force."""
    rows = conn.execute(
        sa.select(_C.effect, _C.uses, _C.expires_ms)
        .where(_C.guild_id == guild_id, _C.user_id == user_id, _C.uses > 0, _C.expires_ms > now_ms)
        .order_by(_C.effect)
    )
    return [
        ActiveEffect(EFFECTS[row.effect], row.uses, row.expires_ms)
        for row in rows
        if row.effect in EFFECTS
    ]


def add_effect(
    conn: Connection,
    guild_id: GuildId,
    user_id: UserId,
    kind: EffectKind,
    pieces: int,
    until_ms: int,
    now_ms: int,
) -> ActiveEffect:
    """Put an effect in force; what is left of the same one is added to it."""
    uses = kind.uses * pieces
    statement = insert_into(conn, shop_effects).values(
        guild_id=guild_id, user_id=user_id, effect=kind.name, uses=uses, expires_ms=until_ms
    )
    left = sa.case((_C.expires_ms > now_ms, _C.uses), else_=0)
    latest = sa.case((_C.expires_ms > until_ms, _C.expires_ms), else_=until_ms)
    row = conn.execute(
        statement.on_conflict_do_update(
            index_elements=[_C.guild_id, _C.user_id, _C.effect],
            set_={"uses": left + uses, "expires_ms": latest},
        ).returning(_C.uses, _C.expires_ms)
    ).one()
    return ActiveEffect(kind, row.uses, row.expires_ms)


def consume_effect(
    conn: Connection, guild_id: GuildId, user_id: UserId, effect: str, now_ms: int
) -> int:
    """Spend one use of a booster; returns the percentage to pay, 100 when there is none."""
    return EFFECTS[effect].percent if _spend(conn, guild_id, user_id, effect, now_ms) else NO_BOOST


def has_shield(conn: Connection, guild_id: GuildId, user_id: UserId, now_ms: int) -> bool:
    """Say whether a member is protected from the next robbery."""
    return find_effect(conn, guild_id, user_id, SHIELD, now_ms) is not None


def consume_shield(conn: Connection, guild_id: GuildId, user_id: UserId, now_ms: int) -> bool:
    """Spend one use of a member's shield; True: the robbery is stopped."""
    return _spend(conn, guild_id, user_id, SHIELD, now_ms)


def _spend(conn: Connection, guild_id: GuildId, user_id: UserId, effect: str, now_ms: int) -> bool:
    changed = conn.execute(
        sa.update(shop_effects)
        .where(
            _C.guild_id == guild_id,
            _C.user_id == user_id,
            _C.effect == effect,
            _C.uses > 0,
            _C.expires_ms > now_ms,
        )
        .values(uses=_C.uses - 1)
    )
    return changed.rowcount > 0
