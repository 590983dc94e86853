"""The SQL of trades."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from seraphim.features.economy.rules.trade import Offer, Trade, TradeStatus
from seraphim.features.economy.store.shop_tables import shop_trade_items, shop_trades
from seraphim.kernel.db.upsert import insert_into
from seraphim.kernel.ids import ChannelId, GuildId, MessageId, UserId

_T, _I = shop_trades.c, shop_trade_items.c
MAX_LISTED = 100


def add_trade(
    conn: Connection,
    guild_id: GuildId,
    channel_id: ChannelId,
    first_id: UserId,
    second_id: UserId,
    *,
    key: str,
    expires_ms: int,
    now_ms: int,
) -> int | None:
    """Store a new trade; returns its id, None when this key has opened one already."""
    return conn.execute(
        insert_into(conn, shop_trades)
        .values(
            guild_id=guild_id,
            channel_id=channel_id,
            opening_key=key,
            first_id=first_id,
            second_id=second_id,
            first_coins=0,
            second_coins=0,
            first_confirmed=False,
            second_confirmed=False,
            status="open",
            version=1,
            expires_ms=expires_ms,
            last_key=key,
            created_ms=now_ms,
        )
        .on_conflict_do_nothing(index_elements=[_T.guild_id, _T.opening_key])
        .returning(_T.id)
    ).scalar_one_or_none()


def find_trade(
    conn: Connection, guild_id: GuildId, trade_id: int, *, to_change: bool = False
) -> Trade | None:
    """Return a trade with both offers; locked against other writers if ``to_change``."""
    query = sa.select(shop_trades).where(_T.guild_id == guild_id, _T.id == trade_id)
    row = conn.execute(query.with_for_update() if to_change else query).first()
    return None if row is None else _trade(conn, row)


def find_trade_by_key(conn: Connection, guild_id: GuildId, key: str) -> Trade | None:
    """Return the trade that a command opened."""
    row = conn.execute(
        sa.select(shop_trades).where(_T.guild_id == guild_id, _T.opening_key == key)
    ).first()
    return None if row is None else _trade(conn, row)


def count_open(conn: Connection, guild_id: GuildId, user_id: UserId, now_ms: int) -> int:
    """Return how many trades of a member are open, on either side."""
    total = 0
    for side in (_T.first_id, _T.second_id):
        query = sa.select(sa.func.count()).select_from(shop_trades)
        total += conn.execute(
            query.where(
                _T.guild_id == guild_id,
                side == user_id,
                _T.status == "open",
                _T.expires_ms > now_ms,
            )
        ).scalar_one()
    return total


def save_trade(conn: Connection, trade: Trade) -> None:
    """Write a trade; the caller has locked it."""
    conn.execute(
        sa.update(shop_trades)
        .where(_T.id == trade.trade_id)
        .values(
            first_coins=trade.first.coins,
            second_coins=trade.second.coins,
            first_confirmed=trade.first.confirmed,
            second_confirmed=trade.second.confirmed,
            status=trade.status,
            version=trade.version,
            expires_ms=trade.expires_ms,
            last_key=trade.last_key,
        )
    )
    conn.execute(sa.delete(shop_trade_items).where(_I.trade_id == trade.trade_id))
    rows = [
        {"trade_id": trade.trade_id, "user_id": user, "item_id": item_id, "quantity": quantity}
        for user, offer in ((trade.first_id, trade.first), (trade.second_id, trade.second))
        for item_id, quantity in offer.items.items()
    ]
    if rows:
        conn.execute(sa.insert(shop_trade_items), rows)


def set_message(conn: Connection, trade_id: int, message_id: MessageId) -> None:
    """Note which message shows the trade."""
    conn.execute(sa.update(shop_trades).where(_T.id == trade_id).values(message_id=message_id))


def list_trades(conn: Connection, guild_id: GuildId, user_id: UserId) -> list[Trade]:
    """Return a member's newest trades first."""
    rows = conn.execute(
        sa.select(shop_trades)
        .where(_T.guild_id == guild_id, sa.or_(_T.first_id == user_id, _T.second_id == user_id))
        .order_by(_T.id.desc())
        .limit(MAX_LISTED)
    ).all()
    return [_trade(conn, row) for row in rows]


def _trade(conn: Connection, row: Row[Any]) -> Trade:
    items: dict[int, dict[int, int]] = {row.first_id: {}, row.second_id: {}}
    for found in conn.execute(
        sa.select(_I.user_id, _I.item_id, _I.quantity)
        .where(_I.trade_id == row.id)
        .order_by(_I.item_id)
    ):
        items.setdefault(found.user_id, {})[found.item_id] = found.quantity
    status: TradeStatus = row.status
    return Trade(
        trade_id=row.id,
        guild_id=GuildId(row.guild_id),
        channel_id=ChannelId(row.channel_id),
        message_id=None if row.message_id is None else MessageId(row.message_id),
        first_id=UserId(row.first_id),
        second_id=UserId(row.second_id),
        first=Offer(row.first_coins, items[row.first_id], bool(row.first_confirmed)),
        second=Offer(row.second_coins, items[row.second_id], bool(row.second_confirmed)),
        status=status,
        version=row.version,
        expires_ms=row.expires_ms,
        last_key=row.last_key,
    )
