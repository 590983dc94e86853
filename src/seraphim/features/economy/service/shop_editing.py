"""Administrators' work on the shop: add, edit, remove, restock, and taking it back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, cast

import msgspec
from sqlalchemy import select
from sqlalchemy.engine import Connection

from seraphim.features.economy.rules.items import (
    MAX_ITEMS,
    MAX_STOCK,
    Item,
    Terms,
    check_terms,
)
from seraphim.features.economy.rules.shop import (
    ItemChanged,
    ItemUnknown,
    NameTaken,
    OutOfStock,
    ShopFull,
)
from seraphim.features.economy.service.shop import find_named
from seraphim.features.economy.store import items as store
from seraphim.kernel.audit import AUDIT_LOG, AuditEntry, record
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database
from seraphim.kernel.errors import InvalidInput
from seraphim.kernel.ids import GuildId, Ids, UserId
from seraphim.kernel.marks import N_

ADD, EDIT, REMOVE, RESTOCK = "shop.add", "shop.edit", "shop.remove", "shop.restock"
TAKE_BACK = "shop.take_back"

type Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Edited:
    """What a change of the shop did."""

    item: Item
    before: Values
    """The fields that changed, with what they held; empty for a new item."""
    after: Values


class ShopEditing:
    """Changes what is on sale; every change is audited and can be taken back."""

    def __init__(self, db: Database, clock: Clock, ids: Ids) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids

    async def add(
        self, guild_id: GuildId, terms: Terms, stock: int | None, actor_id: UserId
    ) -> Edited:
        """Put a new item on sale; ``stock`` None never runs out.

        Raises:
            InvalidInput: The terms do not fit; says what would.
            NameTaken: Another item has the name.
            ShopFull: There are as many items as there may be.
        """
        checked = check_terms(terms)
        _check_stock(stock)
        return await self._db.write(self._add, guild_id, checked, stock, actor_id)

    async def edit(
        self,
        guild_id: GuildId,
        named: str,
        changes: Mapping[str, object],
        actor_id: UserId,
    ) -> Edited:
        """Change some terms of an item; its kind, role and effect stay.

        Args:
            guild_id: Whose shop.
            named: A choice or a typed name.
            changes: New values by field of :class:`Terms`.
            actor_id: Who changes it.

        Raises:
            ItemUnknown: It is not on sale.
            InvalidInput: The new terms do not fit.
            NameTaken: Another item has the new name.
        """
        return await self._db.write(self._edit, guild_id, named, changes, actor_id)

    async def edit_seen(
        self,
        guild_id: GuildId,
        item_id: int,
        version: int,
        changes: Mapping[str, object],
        actor_id: UserId,
    ) -> Edited:
        """Change the very version of an item that a form was opened with, as :meth:`edit` does.

        Raises:
            ItemChanged: It is another by now, or off sale.
        """
        return await self._db.write(self._edit_seen, guild_id, item_id, version, changes, actor_id)

    async def remove(self, guild_id: GuildId, named: str, actor_id: UserId) -> Edited:
        """Take an item off sale; members keep what they have."""
        return await self._db.write(self._remove, guild_id, named, actor_id)

    async def restock(
        self, guild_id: GuildId, named: str, pieces: int | None, actor_id: UserId
    ) -> Edited:
        """Add pieces to the stock (negative: take some away); None makes it endless.

        An endless stock becomes one of so many pieces.

        Raises:
            OutOfStock: Fewer are left than should be taken away.
        """
        return await self._db.write(self._restock, guild_id, named, pieces, actor_id)

    async def take_back(
        self, guild_id: GuildId, item_id: int, version: int, actor_id: UserId
    ) -> Edited:
        """Undo the change that made this version of an item.

        Raises:
            ItemChanged: It has been changed since.
            OutOfStock: What was restocked is sold already.
        """
        return await self._db.write(self._take_back, guild_id, item_id, version, actor_id)

    def _add(
        self, conn: Connection, guild_id: GuildId, terms: Terms, stock: int | None, actor_id: UserId
    ) -> Edited:
        if store.count_items(conn, guild_id) >= MAX_ITEMS:
            raise ShopFull(limit=MAX_ITEMS)
        item = store.add_item(conn, guild_id, terms, stock, self._clock.now_ms())
        if item is None:
            raise NameTaken(name=terms.name)
        return self._audit(conn, ADD, item, {}, {**asdict(terms), "stock": stock}, actor_id)

    def _edit(
        self,
        conn: Connection,
        guild_id: GuildId,
        named: str,
        changes: Mapping[str, object],
        actor_id: UserId,
    ) -> Edited:
        item = _locked(conn, guild_id, named)
        return self._save(conn, EDIT, item, changes, actor_id)

    def _edit_seen(
        self,
        conn: Connection,
        guild_id: GuildId,
        item_id: int,
        version: int,
        changes: Mapping[str, object],
        actor_id: UserId,
    ) -> Edited:
        item = store.find_item(conn, guild_id, item_id, to_change=True)
        if item is None or item.removed or item.version != version:
            raise ItemChanged
        return self._save(conn, EDIT, item, changes, actor_id)

    def _save(
        self, conn: Connection, action: str, item: Item, changes: Values, actor_id: UserId
    ) -> Edited:
        terms = check_terms(replace(item.terms, **cast("dict[str, Any]", dict(changes))))
        if not store.is_name_free(conn, item.guild_id, terms.name, item.item_id):
            raise NameTaken(name=terms.name)
        old, new = asdict(item.terms), asdict(terms)
        differing = [name for name in new if new[name] != old[name]]
        saved = store.save_terms(conn, item, terms, removed=False)
        before = {name: old[name] for name in differing}
        after = {name: new[name] for name in differing}
        return self._audit(conn, action, saved, before, after, actor_id)

    def _remove(self, conn: Connection, guild_id: GuildId, named: str, actor_id: UserId) -> Edited:
        item = _locked(conn, guild_id, named)
        return self._set_removed(conn, REMOVE, item, actor_id, removed=True)

    def _set_removed(
        self, conn: Connection, action: str, item: Item, actor_id: UserId, *, removed: bool
    ) -> Edited:
        if not removed:
            if store.count_items(conn, item.guild_id) >= MAX_ITEMS:
                raise ShopFull(limit=MAX_ITEMS)
            if not store.is_name_free(conn, item.guild_id, item.terms.name, item.item_id):
                raise NameTaken(name=item.terms.name)
        saved = store.save_terms(conn, item, item.terms, removed=removed)
        before, after = {"removed": item.removed}, {"removed": removed}
        return self._audit(conn, action, saved, before, after, actor_id)

    def _restock(
        self, conn: Connection, guild_id: GuildId, named: str, pieces: int | None, actor_id: UserId
    ) -> Edited:
        item = _locked(conn, guild_id, named)
        stock = None if pieces is None else (item.stock or 0) + pieces
        return self._set_stock(conn, RESTOCK, item, stock, actor_id)

    def _set_stock(
        self, conn: Connection, action: str, item: Item, stock: int | None, actor_id: UserId
    ) -> Edited:
        if stock is not None and stock < 0:
            raise OutOfStock(item=item.terms.name, left=item.stock or 0)
        _check_stock(stock)
        saved = store.save_stock(conn, item, stock)
        before, after = {"stock": item.stock}, {"stock": stock}
        return self._audit(conn, action, saved, before, after, actor_id)

    def _take_back(
        self, conn: Connection, guild_id: GuildId, item_id: int, version: int, actor_id: UserId
    ) -> Edited:
        item = store.find_item(conn, guild_id, item_id, to_change=True)
        if item is None or item.version != version:
            raise ItemChanged
        action, before, after = _last_change(conn, item)
        match action:
            case "shop.add":
                return self._set_removed(conn, TAKE_BACK, item, actor_id, removed=True)
            case "shop.remove":
                return self._set_removed(conn, TAKE_BACK, item, actor_id, removed=False)
            case "shop.edit":
                return self._save(conn, TAKE_BACK, item, before, actor_id)
            case "shop.restock":
                was, became = (
                    cast("int | None", before["stock"]),
                    cast("int | None", after["stock"]),
                )
                # What was sold in between stays sold: the difference is taken back, not the number.
                if was is not None and became is not None and item.stock is not None:
                    was = item.stock - (became - was)
                return self._set_stock(conn, TAKE_BACK, item, was, actor_id)
            case _:
                raise ItemChanged

    def _audit(
        self,
        conn: Connection,
        action: str,
        item: Item,
        before: Values,
        after: Values,
        actor_id: UserId,
    ) -> Edited:
        entry = AuditEntry(
            id=self._ids.new(),
            at_ms=self._clock.now_ms(),
            guild_id=item.guild_id,
            actor_id=actor_id,
            action=action,
            subject=_subject(item),
            before=dict(before),
            after={**after, "version": item.version},
            source="discord",
        )
        record(conn, entry)
        return Edited(item, before, after)


def _subject(item: Item) -> str:
    return f"shop item {item.item_id}"


def _check_stock(stock: int | None) -> None:
    if stock is not None and not 0 <= stock <= MAX_STOCK:
        raise InvalidInput(reason=N_("A stock lies between 0 and 1,000,000,000 pieces."))


def _locked(conn: Connection, guild_id: GuildId, named: str) -> Item:
    found = find_named(conn, guild_id, named)
    item = store.find_item(conn, guild_id, found.item_id, to_change=True)
    if item is None or item.removed:
        raise ItemUnknown(name=found.terms.name)
    return item


def _last_change(conn: Connection, item: Item) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Return action, before and after of the change that made the item's present version."""
    rows = conn.execute(
        select(AUDIT_LOG.c.action, AUDIT_LOG.c.before, AUDIT_LOG.c.after)
        .where(AUDIT_LOG.c.guild_id == item.guild_id, AUDIT_LOG.c.subject == _subject(item))
        .order_by(AUDIT_LOG.c.at_ms.desc(), AUDIT_LOG.c.id.desc())
        .limit(_LOOKED_AT)
    )
    for row in rows:
        after = msgspec.json.decode(row.after)
        if after.pop("version", None) == item.version:
            return row.action, msgspec.json.decode(row.before), after
    raise ItemChanged


_LOOKED_AT = 20
"""Entries of one item that are looked through; more than one only when the clock was set back."""
