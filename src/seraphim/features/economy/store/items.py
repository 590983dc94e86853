"""The SQL of the shop's items."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from seraphim.features.economy.rules.items import MAX_ITEMS, Item, Terms
from seraphim.features.economy.store.shop_tables import shop_inventory, shop_items
from seraphim.kernel.db.upsert import insert_into
from seraphim.kernel.ids import GuildId, RoleId

_C = shop_items.c
_COLUMNS = tuple(_C)


def find_item(
    conn: Connection, guild_id: GuildId, item_id: int, *, to_change: bool = False
) -> Item | None:
    """Return an item, a removed one too; locked against other writers if ``to_change``."""
    query = sa.select(*_COLUMNS).where(_C.guild_id == guild_id, _C.id == item_id)
    row = conn.execute(query.with_for_update() if to_change else query).first()
    return None if row is None else _item(row)


def find_item_by_name(conn: Connection, guild_id: GuildId, name: str) -> Item | None:
    """Return the item on sale with this name, in any case."""
    row = conn.execute(
        sa.select(*_COLUMNS).where(
            _C.guild_id == guild_id, _C.name_key == name_key(name), _C.removed.is_(False)
        )
    ).first()
    return None if row is None else _item(row)


def list_items(conn: Connection, guild_id: GuildId) -> list[Item]:
    """Return what is on sale, cheapest first; at most MAX_ITEMS."""
    rows = conn.execute(
        sa.select(*_COLUMNS)
        .where(_C.guild_id == guild_id, _C.removed.is_(False))
        .order_by(_C.price, _C.id)
        .limit(MAX_ITEMS)
    )
    return [_item(row) for row in rows]


def items_by_id(conn: Connection, guild_id: GuildId, ids: Collection[int]) -> dict[int, Item]:
    """Return the items of these ids, removed ones too."""
    rows = conn.execute(
        sa.select(*_COLUMNS).where(_C.guild_id == guild_id, _C.id.in_(sorted(ids)[:MAX_ITEMS]))
    )
    return {row.id: _item(row) for row in rows}


def count_items(conn: Connection, guild_id: GuildId) -> int:
    """Return how many items are on sale."""
    query = sa.select(sa.func.count()).where(_C.guild_id == guild_id, _C.removed.is_(False))
    return int(conn.execute(query.select_from(shop_items)).scalar_one())


def add_item(
    conn: Connection, guild_id: GuildId, terms: Terms, stock: int | None, now_ms: int
) -> Item | None:
    """Store a new item; None when its name is taken."""
    row = conn.execute(
        insert_into(conn, shop_items)
        .values(
            guild_id=guild_id,
            stock=stock,
            sold=0,
            used=0,
            version=1,
            removed=False,
            created_ms=now_ms,
            **_values(terms),
        )
        .on_conflict_do_nothing(index_elements=[_C.guild_id, _C.name_key])
        .returning(*_COLUMNS)
    ).first()
    return None if row is None else _item(row)


def is_name_free(conn: Connection, guild_id: GuildId, name: str, item_id: int) -> bool:
    """Say whether no other item of the guild has this name."""
    found = conn.execute(
        sa.select(_C.id).where(_C.guild_id == guild_id, _C.name_key == name_key(name))
    ).scalar()
    return found in {None, item_id}


def save_terms(conn: Connection, item: Item, terms: Terms, *, removed: bool) -> Item:
    """Write an item's terms as its next version; the caller has locked it."""
    values = _values(terms)
    if removed:
        values["name_key"] = f"#{item.item_id}"  # the name is free again
    row = conn.execute(
        sa.update(shop_items)
        .where(_C.id == item.item_id)
        .values(**values, removed=removed, version=item.version + 1)
        .returning(*_COLUMNS)
    ).one()
    return _item(row)


def save_stock(conn: Connection, item: Item, stock: int | None) -> Item:
    """Write what is left to buy as the item's next version; the caller has locked it."""
    row = conn.execute(
        sa.update(shop_items)
        .where(_C.id == item.item_id)
        .values(stock=stock, version=item.version + 1)
        .returning(*_COLUMNS)
    ).one()
    return _item(row)


def take_from_stock(conn: Connection, item: Item, quantity: int) -> bool:
    """Take pieces off the shelf; False when there are too few, or not on these terms any more."""
    changed = conn.execute(
        sa.update(shop_items)
        .where(
            _C.id == item.item_id,
            _C.removed.is_(False),
            _C.price == item.terms.price,
            sa.or_(_C.stock.is_(None), _C.stock >= quantity),
        )
        .values(stock=_C.stock - quantity, sold=_C.sold + quantity)
    )
    return changed.rowcount > 0


def put_back(conn: Connection, item_id: int, quantity: int) -> None:
    """Put pieces back on the shelf; an endless stock stays endless."""
    conn.execute(
        sa.update(shop_items)
        .where(_C.id == item_id)
        .values(stock=_C.stock + quantity, sold=_C.sold - quantity)
    )


def mark_used(conn: Connection, item_id: int, quantity: int) -> None:
    """Note that pieces are used up."""
    conn.execute(sa.update(shop_items).where(_C.id == item_id).values(used=_C.used + quantity))


def list_miscounted(conn: Connection) -> tuple[list[int], int, int]:
    """Return items whose sold pieces are neither with members nor used up (at most ten).

    Also returns how many items there are and how many pieces are sold, over all guilds.
    """
    held = (
        sa.select(shop_inventory.c.item_id, sa.func.sum(shop_inventory.c.quantity).label("total"))
        .group_by(shop_inventory.c.item_id)
        .subquery()
    )
    joined = shop_items.outerjoin(held, held.c.item_id == _C.id)
    wrong = conn.execute(
        sa.select(_C.id)
        .select_from(joined)
        .where(_C.sold != _C.used + sa.func.coalesce(held.c.total, 0))
        .order_by(_C.id)
        .limit(10)
    ).scalars()
    totals = conn.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(_C.sold), 0)).select_from(
            shop_items
        )
    ).one()
    return list(wrong), int(totals[0]), int(totals[1])


def name_key(name: str) -> str:
    """Return the form in which two names are the same."""
    return " ".join(name.split()).casefold()


def _values(terms: Terms) -> dict[str, Any]:
    return {
        "name": terms.name,
        "name_key": name_key(terms.name),
        "kind": terms.kind,
        "price": terms.price,
        "emoji": terms.emoji,
        "description": terms.description,
        "member_limit": terms.member_limit,
        "role_id": terms.role_id,
        "duration_seconds": terms.duration_seconds,
        "effect": terms.effect,
        "required_role_id": terms.required_role_id,
        "required_level": terms.required_level,
    }


def _item(row: Row[Any]) -> Item:
    terms = Terms(
        name=row.name,
        kind=row.kind,
        price=row.price,
        emoji=row.emoji,
        description=row.description,
        member_limit=row.member_limit,
        role_id=None if row.role_id is None else RoleId(row.role_id),
        duration_seconds=row.duration_seconds,
        effect=row.effect,
        required_role_id=None if row.required_role_id is None else RoleId(row.required_role_id),
        required_level=row.required_level,
    )
    return Item(
        item_id=row.id,
        guild_id=GuildId(row.guild_id),
        terms=terms,
        stock=row.stock,
        sold=row.sold,
        used=row.used,
        version=row.version,
        removed=bool(row.removed),
    )
