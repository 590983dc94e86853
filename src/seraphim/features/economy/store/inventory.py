"""The SQL of what members own."""

from collections.abc import Collection
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from seraphim.features.economy.rules.shop import share_of
from seraphim.features.economy.store.shop_tables import shop_inventory, shop_uses
from seraphim.kernel.db.upsert import insert_into
from seraphim.kernel.ids import GuildId, UserId

_C = shop_inventory.c
MAX_LISTED = 500
"""Different items of one member; a guild can remove and add items, so there may be more than are
on sale."""


class Owned(NamedTuple):
    """Pieces of one item that a member has; ``paid`` coins the shop got for them."""

    item_id: int
    quantity: int
    paid: int


class Taken(NamedTuple):
    """Pieces that were taken away: how many are left, and what was once paid for the taken."""

    left: int
    paid: int


def list_owned(conn: Connection, guild_id: GuildId, user_id: UserId) -> list[Owned]:
    """Return what a member has, by item."""
    rows = conn.execute(
        sa.select(_C.item_id, _C.quantity, _C.paid)
        .where(_C.guild_id == guild_id, _C.user_id == user_id, _C.quantity > 0)
        .order_by(_C.item_id)
        .limit(MAX_LISTED)
    )
    return [Owned(row.item_id, row.quantity, row.paid) for row in rows]


def owned(conn: Connection, guild_id: GuildId, user_id: UserId, item_id: int) -> int:
    """Return how many pieces of an item a member has."""
    found = conn.execute(
        sa.select(_C.quantity).where(
            _C.guild_id == guild_id, _C.user_id == user_id, _C.item_id == item_id
        )
    ).scalar()
    return int(found or 0)


def owned_of(
    conn: Connection, guild_id: GuildId, user_id: UserId, item_ids: Collection[int]
) -> dict[int, int]:
    """Return the pieces a member has of each of these items; none is left out."""
    rows = conn.execute(
        sa.select(_C.item_id, _C.quantity).where(
            _C.guild_id == guild_id, _C.user_id == user_id, _C.item_id.in_(sorted(item_ids))
        )
    )
    return dict.fromkeys(item_ids, 0) | {row.item_id: row.quantity for row in rows}


def give(
    conn: Connection,
    guild_id: GuildId,
    user_id: UserId,
    item_id: int,
    quantity: int,
    limit: int | None,
    *,
    paid: int,
) -> int | None:
    """Add pieces that cost ``paid`` coins in all.

    Returns how many there are now, None when that would be above ``limit``.
    """
    if limit is not None and quantity > limit:
        return None
    statement = insert_into(conn, shop_inventory).values(
        guild_id=guild_id, user_id=user_id, item_id=item_id, quantity=quantity, paid=paid
    )
    after = _C.quantity + quantity
    return conn.execute(
        statement.on_conflict_do_update(
            index_elements=[_C.guild_id, _C.user_id, _C.item_id],
            set_={"quantity": after, "paid": _C.paid + paid},
            where=sa.true() if limit is None else after <= limit,
        ).returning(_C.quantity)
    ).scalar_one_or_none()


def take(
    conn: Connection, guild_id: GuildId, user_id: UserId, item_id: int, quantity: int
) -> Taken | None:
    """Take pieces away, with their part of what was paid; None when there are too few.

    See :func:`~seraphim.features.economy.rules.shop.share_of` for that part.
    """
    mine = sa.and_(_C.guild_id == guild_id, _C.user_id == user_id, _C.item_id == item_id)
    row = conn.execute(sa.select(_C.quantity, _C.paid).where(mine).with_for_update()).first()
    if row is None or row.quantity < quantity:
        return None
    left = row.quantity - quantity
    paid = share_of(row.paid, row.quantity, quantity)
    conn.execute(sa.update(shop_inventory).where(mine).values(quantity=left, paid=row.paid - paid))
    return Taken(left, paid)


def find_use(conn: Connection, guild_id: GuildId, key: str) -> str | None:
    """Return what the use with this key did, if it happened."""
    c = shop_uses.c
    return conn.execute(
        sa.select(c.outcome).where(c.guild_id == guild_id, c.key == key)
    ).scalar_one_or_none()


def note_use(
    conn: Connection,
    guild_id: GuildId,
    key: str,
    user_id: UserId,
    item_id: int,
    outcome: str,
    now_ms: int,
) -> bool:
    """Note what a use does; False when it has happened already."""
    added = conn.execute(
        insert_into(conn, shop_uses)
        .values(
            guild_id=guild_id,
            key=key,
            user_id=user_id,
            item_id=item_id,
            outcome=outcome,
            at_ms=now_ms,
        )
        .on_conflict_do_nothing(index_elements=[shop_uses.c.guild_id, shop_uses.c.key])
        .returning(shop_uses.c.at_ms)
    ).scalar_one_or_none()
    return added is not None
