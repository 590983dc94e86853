"""The SQL of bought roles: orders on their way, and roles that are held."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from seraphim.features.economy.rules.shop import OrderState, Refusal
from seraphim.features.economy.store.shop_tables import shop_orders, shop_roles
from seraphim.kernel.ids import ChannelId, GuildId, RoleId, UserId

_O, _R = shop_orders.c, shop_roles.c
MAX_LISTED = 200


@dataclass(frozen=True, slots=True)
class Order:
    """The purchase of a role."""

    order_id: str
    guild_id: GuildId
    user_id: UserId
    channel_id: ChannelId
    item_id: int
    role_id: RoleId
    duration_seconds: int | None
    paid: int
    state: OrderState
    refusal: Refusal | None
    created_ms: int

    @property
    def escrow(self) -> str:
        """Return the account in which the price waits for the delivery."""
        return f"shop:{self.order_id}"


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role a member has because they bought it."""

    guild_id: GuildId
    user_id: UserId
    item_id: int
    role_id: RoleId
    units: int
    """Pieces that were paid for it; used up when its time is over."""
    expires_ms: int | None


def add_order(conn: Connection, order: Order) -> None:
    """Store a new order."""
    conn.execute(
        sa.insert(shop_orders).values(
            id=order.order_id,
            guild_id=order.guild_id,
            user_id=order.user_id,
            channel_id=order.channel_id,
            item_id=order.item_id,
            role_id=order.role_id,
            duration_seconds=order.duration_seconds,
            paid=order.paid,
            state=order.state,
            created_ms=order.created_ms,
        )
    )


def find_order(conn: Connection, order_id: str) -> Order | None:
    """Return an order."""
    row = conn.execute(sa.select(shop_orders).where(_O.id == order_id)).first()
    return None if row is None else _order(row)


def close_order(
    conn: Connection, order_id: str, state: OrderState, refusal: Refusal | None
) -> bool:
    """End an order that is on its way; False when it has ended already."""
    changed = conn.execute(
        sa.update(shop_orders)
        .where(_O.id == order_id, _O.state == "granting")
        .values(state=state, refusal=refusal)
    )
    return changed.rowcount > 0


def is_granting(conn: Connection, guild_id: GuildId, user_id: UserId, role_id: RoleId) -> bool:
    """Say whether a role is on its way to a member."""
    found = conn.execute(
        sa.select(_O.id)
        .where(
            _O.guild_id == guild_id,
            _O.user_id == user_id,
            _O.role_id == role_id,
            _O.state == "granting",
        )
        .limit(1)
    ).first()
    return found is not None


def has_order_on_its_way(conn: Connection, guild_id: GuildId, user_id: UserId) -> bool:
    """Say whether any role is on its way to a member."""
    found = conn.execute(
        sa.select(_O.id)
        .where(_O.guild_id == guild_id, _O.user_id == user_id, _O.state == "granting")
        .limit(1)
    ).first()
    return found is not None


def list_orders(conn: Connection, guild_id: GuildId, user_id: UserId) -> list[Order]:
    """Return a member's newest orders first."""
    rows = conn.execute(
        sa.select(shop_orders)
        .where(_O.guild_id == guild_id, _O.user_id == user_id)
        .order_by(_O.created_ms.desc(), _O.id.desc())
        .limit(MAX_LISTED)
    )
    return [_order(row) for row in rows]


def find_held(
    conn: Connection, guild_id: GuildId, user_id: UserId, item_id: int, *, to_change: bool = False
) -> HeldRole | None:
    """Return the role a member holds by an item."""
    query = sa.select(shop_roles).where(
        _R.guild_id == guild_id, _R.user_id == user_id, _R.item_id == item_id
    )
    row = conn.execute(query.with_for_update() if to_change else query).first()
    return None if row is None else _held(row)


def list_held(conn: Connection, guild_id: GuildId, user_id: UserId) -> list[HeldRole]:
    """Return the roles a member holds because they bought them."""
    rows = conn.execute(
        sa.select(shop_roles)
        .where(_R.guild_id == guild_id, _R.user_id == user_id)
        .order_by(_R.item_id)
        .limit(MAX_LISTED)
    )
    return [_held(row) for row in rows]


def is_held(conn: Connection, guild_id: GuildId, user_id: UserId, role_id: RoleId) -> bool:
    """Say whether a member holds a role by any item."""
    found = conn.execute(
        sa.select(_R.item_id)
        .where(_R.guild_id == guild_id, _R.user_id == user_id, _R.role_id == role_id)
        .limit(1)
    ).first()
    return found is not None


def add_held(conn: Connection, held: HeldRole) -> None:
    """Store a role that a member holds from now on."""
    conn.execute(
        sa.insert(shop_roles).values(
            guild_id=held.guild_id,
            user_id=held.user_id,
            item_id=held.item_id,
            role_id=held.role_id,
            units=held.units,
            expires_ms=held.expires_ms,
        )
    )


def prolong_held(conn: Connection, held: HeldRole, expires_ms: int | None) -> None:
    """Let a held role last until then, for one piece more."""
    conn.execute(
        sa.update(shop_roles)
        .where(_R.guild_id == held.guild_id, _R.user_id == held.user_id, _R.item_id == held.item_id)
        .values(units=_R.units + 1, expires_ms=expires_ms, role_id=held.role_id)
    )


def remove_held(conn: Connection, held: HeldRole) -> None:
    """Forget a held role."""
    conn.execute(
        sa.delete(shop_roles).where(
            _R.guild_id == held.guild_id, _R.user_id == held.user_id, _R.item_id == held.item_id
        )
    )


def _order(row: Row[Any]) -> Order:
    return Order(
        order_id=row.id,
        guild_id=GuildId(row.guild_id),
        user_id=UserId(row.user_id),
        channel_id=ChannelId(row.channel_id),
        item_id=row.item_id,
        role_id=RoleId(row.role_id),
        duration_seconds=row.duration_seconds,
        paid=row.paid,
        state=row.state,
        refusal=row.refusal,
        created_ms=row.created_ms,
    )


def _held(row: Row[Any]) -> HeldRole:
    return HeldRole(
        guild_id=GuildId(row.guild_id),
        user_id=UserId(row.user_id),
        item_id=row.item_id,
        role_id=RoleId(row.role_id),
        units=row.units,
        expires_ms=row.expires_ms,
    )
