"""What members own, and using it."""

from dataclasses import dataclass

import msgspec
from sqlalchemy.engine import Connection

from seraphim.features.economy.rules.items import EFFECTS, Item
from seraphim.features.economy.rules.shop import ItemUnknown, NotEnoughItems, NotUsable, read_choice
from seraphim.features.economy.service.shop import check_quantity
from seraphim.features.economy.store import inventory, item_effects, shop_orders
from seraphim.features.economy.store import items as store
from seraphim.features.economy.store.item_effects import ActiveEffect
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database, write_keyed
from seraphim.kernel.ids import GuildId, UserId


@dataclass(frozen=True, slots=True)
class Possession:
    """Pieces of one item a member has."""

    item: Item
    quantity: int
    expires_ms: int | None
    """Of a temporary role: when it is taken back."""
    paid: int = 0
    """Coins the shop got for these pieces."""


@dataclass(frozen=True, slots=True)
class Belongings:
    """Everything a member owns."""

    possessions: tuple[Possession, ...]
    effects: tuple[ActiveEffect, ...]


class Used(msgspec.Struct, frozen=True):
    """What a use did; a repeated command gets the same again."""

    name: str
    picture: str
    effect: str
    quantity: int
    left: int
    uses: int
    until_ms: int


class Inventories:
    """Shows and uses what members own."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def look(self, guild_id: GuildId, user_id: UserId) -> Belongings:
        """Return what a member owns, and the effects in force."""
        return await self._db.read(_look, guild_id, user_id, self._clock.now_ms())

    async def use(
        self, guild_id: GuildId, user_id: UserId, named: str, quantity: int, *, key: str
    ) -> Used:
        """Use pieces of an item up and put its effect in force.

        Raises:
            ItemUnknown: The member has no such item.
            NotUsable: The item does nothing.
            NotEnoughItems: The member has fewer pieces.
        """
        check_quantity(quantity)
        now_ms = self._clock.now_ms()
        return await write_keyed(self._db, _use, guild_id, user_id, named, quantity, key, now_ms)


def find_possession(conn: Connection, guild_id: GuildId, user_id: UserId, named: str) -> Item:
    """Return the item a member means of those they have, removed from the shop or not.

    Raises:
        ItemUnknown: They have none of this name.
    """
    chosen = read_choice(named)
    if chosen is not None:
        item = store.find_item(conn, guild_id, chosen[0])
        if item is not None:
            return item
    rows = inventory.list_owned(conn, guild_id, user_id)
    found = store.items_by_id(conn, guild_id, [row.item_id for row in rows])
    wanted = store.name_key(named)
    for item in found.values():
        if store.name_key(item.terms.name) == wanted:
            return item
    named_in_shop = store.find_item_by_name(conn, guild_id, named[:200])
    if named_in_shop is not None:
        return named_in_shop
    raise ItemUnknown(name=named[:60])


def _look(conn: Connection, guild_id: GuildId, user_id: UserId, now_ms: int) -> Belongings:
    rows = inventory.list_owned(conn, guild_id, user_id)
    found = store.items_by_id(conn, guild_id, [row.item_id for row in rows])
    held = {
        role.item_id: role.expires_ms for role in shop_orders.list_held(conn, guild_id, user_id)
    }
    possessions = tuple(
        Possession(found[row.item_id], row.quantity, held.get(row.item_id), row.paid)
        for row in rows
        if row.item_id in found
    )
    effects = item_effects.list_effects(conn, guild_id, user_id, now_ms)
    return Belongings(possessions, tuple(effects))


def _use(
    conn: Connection,
    guild_id: GuildId,
    user_id: UserId,
    named: str,
    quantity: int,
    key: str,
    now_ms: int,
) -> Used:
    known = inventory.find_use(conn, guild_id, key)
    if known is not None:
        return msgspec.json.decode(known, type=Used)
    item = find_possession(conn, guild_id, user_id, named)
    store.find_item(conn, guild_id, item.item_id, to_change=True)
    known = inventory.find_use(conn, guild_id, key)  # again, now that uses come one by one
    if known is not None:
        return msgspec.json.decode(known, type=Used)
    if item.terms.effect is None:
        raise NotUsable(item=item.terms.name)
    kind = EFFECTS[item.terms.effect]
    taken = inventory.take(conn, guild_id, user_id, item.item_id, quantity)
    if taken is None:
        have = inventory.owned(conn, guild_id, user_id, item.item_id)
        raise NotEnoughItems(item=item.terms.name, owned=have, wanted=quantity)
    store.mark_used(conn, item.item_id, quantity)
    until_ms = now_ms + (item.terms.duration_seconds or kind.seconds) * 1000
    active = item_effects.add_effect(conn, guild_id, user_id, kind, quantity, until_ms, now_ms)
    done = Used(
        name=item.terms.name,
        picture=item.terms.picture,
        effect=kind.name,
        quantity=quantity,
        left=taken.left,
        uses=active.uses,
        until_ms=active.expires_ms,
    )
    outcome = msgspec.json.encode(done).decode()
    if not inventory.note_use(conn, guild_id, key, user_id, item.item_id, outcome, now_ms):
        raise RuntimeError(f"the use {key} happened twice at once")
    return done
