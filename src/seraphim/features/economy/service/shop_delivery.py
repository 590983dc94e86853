"""Bought roles: given by Discord after the payment, or paid back; taken away when their time ends.

Three kinds of jobs, each of which re-checks the fact it acts on:

- *deliver* gives the role of one order. Granted: the price leaves the escrow for the treasury.
  Refused: everything goes back, exactly once, as the order is closed in the same transaction.
- *expire* ends a temporary role whose time is over, unless it was bought again meanwhile.
- *sync* makes Discord agree with what is held: it takes a role that nobody paid for any more, and
  looks again afterwards, in case it was bought in the very moment in which it was taken.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from sqlalchemy import delete
from sqlalchemy.engine import Connection

from seraphim.features.economy.ports import Notices, Refund, RoleOutcome, Roles
from seraphim.features.economy.rules.ledger import TREASURY, escrow
from seraphim.features.economy.rules.shop import Refusal, extend
from seraphim.features.economy.service.ledger import Bank
from seraphim.features.economy.store import inventory, shop_orders
from seraphim.features.economy.store import items as store
from seraphim.features.economy.store.shop_orders import HeldRole, Order
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database
from seraphim.kernel.events import Event, Listener, publish
from seraphim.kernel.ids import GuildId, Ids, RoleId, UserId
from seraphim.kernel.jobs import JOBS, Job, JobHandler, enqueue
from seraphim.kernel.telemetry import get_logger

_log = get_logger(__name__)
DELIVER, EXPIRE, SYNC = "economy.shop.deliver", "economy.shop.expire_role", "economy.shop.sync_role"
DELIVERY_ATTEMPTS = 9
"""With pauses of 1, 2, 4 ... minutes: an outage of four hours is waited out, then it is repaid."""
SYNC_ATTEMPTS = 9
DISCORD_SECONDS = 30.0
"""How long one change of a role may take; below the job's own limit, so that we see it end."""
LOOK_AGAIN_MS = 60_000

type Finish = Callable[[Connection], None]


class OrderEnded(Event, frozen=True, tag="economy.order_ended"):
    """A bought role was given, or repaid."""

    order_id: str


class RoleNotTaken(RuntimeError):
    """Discord does not let us take a role back; the job is tried again and stays visible."""


def enqueue_delivery(conn: Connection, order: Order, *, ids: Ids, clock: Clock) -> None:
    """Promise to give the role of an order."""
    enqueue(
        conn, DELIVER, {"order": order.order_id},
        run_at_ms=clock.now_ms(), key=f"{DELIVER}:{order.order_id}", ids=ids, clock=clock,
    )  # fmt: skip


def enqueue_sync(
    conn: Connection,
    guild_id: GuildId,
    user_id: UserId,
    role_id: RoleId,
    run_at_ms: int,
    *,
    ids: Ids,
    clock: Clock,
) -> None:
    """Promise to make Discord agree with what is held of a role."""
    payload = {"guild": guild_id, "user": user_id, "role": role_id}
    enqueue(conn, SYNC, dict(payload), run_at_ms=run_at_ms, ids=ids, clock=clock)


def cancel_expiries(conn: Connection, guild_id: GuildId, user_id: UserId) -> None:
    """Take back what would end a member's temporary roles: it names them for up to a year."""
    head = f'{{"guild":{int(guild_id)},"user":{int(user_id)},'
    conn.execute(
        delete(JOBS).where(
            JOBS.c.state == "waiting", JOBS.c.kind == EXPIRE, JOBS.c.payload.startswith(head)
        )
    )


class Delivery:
    """Keeps the promises about roles."""

    def __init__(
        self, db: Database, bank: Bank, clock: Clock, ids: Ids, roles: Roles, notices: Notices
    ) -> None:
        self._db = db
        self._bank = bank
        self._clock = clock
        self._ids = ids
        self._roles = roles
        self._notices = notices
        self._waiting: dict[str, asyncio.Event] = {}
        bank.explain_escrows("shop", _is_on_its_way)

    def jobs(self) -> tuple[JobHandler, ...]:
        """Return the handlers of the three kinds."""
        return (
            JobHandler(DELIVER, run=self._deliver, max_attempts=DELIVERY_ATTEMPTS),
            JobHandler(EXPIRE, handle=self._expire),
            JobHandler(SYNC, run=self._sync, max_attempts=SYNC_ATTEMPTS),
        )

    def listeners(self) -> tuple[Listener, ...]:
        """Return who hears of ended orders."""
        return (Listener(OrderEnded, self._ended, "economy.shop.order_ended"),)

    async def wait(self, order_id: str, seconds: float) -> Order | None:
        """Wait a little for an order to end; returns it as it is then.

        While somebody waits here, a refund is theirs to tell.
        """
        ended = self._waiting.setdefault(order_id, asyncio.Event())
        try:
            order = await self._db.read(shop_orders.find_order, order_id)
            if order is not None and order.state == "granting":
                with suppress(TimeoutError):
                    async with asyncio.timeout(seconds):
                        await ended.wait()
                order = await self._db.read(shop_orders.find_order, order_id)
            return order
        finally:
            self._waiting.pop(order_id, None)

    def is_awaited(self, order_id: str) -> bool:
        """Say whether a command waits for this order at this moment."""
        return order_id in self._waiting

    async def _ended(self, event: OrderEnded) -> None:
        if self.is_awaited(event.order_id):
            self._waiting[event.order_id].set()
            return
        order = await self._db.read(shop_orders.find_order, event.order_id)
        if order is None or order.refusal is None:
            return
        item = await self._db.read(store.find_item, order.guild_id, order.item_id)
        name = "" if item is None else item.terms.name
        await self._notices.role_refunded(
            Refund(order.guild_id, order.user_id, order.channel_id, name, order.paid, order.refusal)
        )

    async def _deliver(self, job: Job) -> Finish | None:
        order = await self._db.read(shop_orders.find_order, str(job.payload["order"]))
        if order is None or order.state != "granting":
            return None
        refusal: Refusal | None
        try:
            async with asyncio.timeout(DISCORD_SECONDS):
                outcome = await self._roles.grant(order.guild_id, order.user_id, order.role_id)
            refusal = outcome.refusal
        except Exception as error:
            if job.attempt < DELIVERY_ATTEMPTS:
                raise
            _log.warning("role not given, repaid", order_id=order.order_id, reason=str(error))
            refusal = "given_up"
        if refusal is None:
            return partial(self._keep, order=order)
        # An earlier attempt may have given the role all the same, and its answer was lost.
        return partial(self._repay, order=order, refusal=refusal, is_unsure=job.attempt > 1)

    def _keep(self, conn: Connection, *, order: Order) -> None:
        store.find_item(conn, order.guild_id, order.item_id, to_change=True)
        if not shop_orders.close_order(conn, order.order_id, "delivered", None):
            return
        self._bank.transfer(
            conn, order.guild_id, escrow(order.escrow), TREASURY, order.paid,
            key=f"{order.escrow}:paid", kind="shop_income", details={"item": order.item_id},
        )  # fmt: skip
        self._prolong(conn, order)
        publish(conn, OrderEnded(order.order_id), self._clock)

    def _prolong(self, conn: Connection, order: Order) -> None:
        guild_id, user_id, item_id = order.guild_id, order.user_id, order.item_id
        now_ms = self._clock.now_ms()
        held = shop_orders.find_held(conn, guild_id, user_id, item_id, to_change=True)
        until_ms: int | None = None
        if order.duration_seconds is not None:
            older_ms = None if held is None else held.expires_ms
            until_ms = extend(older_ms, order.duration_seconds, now_ms)
            self._enqueue_expiry(conn, guild_id, user_id, item_id, until_ms)
        if held is None:
            shop_orders.add_held(
                conn, HeldRole(guild_id, user_id, item_id, order.role_id, 1, until_ms)
            )
        else:
            shop_orders.prolong_held(conn, held, until_ms)

    def _repay(self, conn: Connection, *, order: Order, refusal: Refusal, is_unsure: bool) -> None:
        store.find_item(conn, order.guild_id, order.item_id, to_change=True)
        if not shop_orders.close_order(conn, order.order_id, "refunded", refusal):
            return
        if inventory.take(conn, order.guild_id, order.user_id, order.item_id, 1) is None:
            raise RuntimeError(f"the piece of order {order.order_id} is gone")
        store.put_back(conn, order.item_id, 1)
        self._bank.release(
            conn, order.guild_id, order.escrow, key=f"{order.escrow}:refund", kind="shop_refund",
            details={"item": order.item_id},
        )  # fmt: skip
        if is_unsure:
            enqueue_sync(
                conn, order.guild_id, order.user_id, order.role_id, self._clock.now_ms(),
                ids=self._ids, clock=self._clock,
            )  # fmt: skip
        publish(conn, OrderEnded(order.order_id), self._clock)

    def _enqueue_expiry(
        self, conn: Connection, guild_id: GuildId, user_id: UserId, item_id: int, at_ms: int
    ) -> None:
        payload = {"guild": guild_id, "user": user_id, "item": item_id}
        enqueue(conn, EXPIRE, dict(payload), run_at_ms=at_ms, ids=self._ids, clock=self._clock)

    def _expire(self, conn: Connection, job: Job) -> None:
        guild_id, user_id, item_id = _owner_of(job)
        store.find_item(conn, guild_id, item_id, to_change=True)
        held = shop_orders.find_held(conn, guild_id, user_id, item_id, to_change=True)
        if held is None or held.expires_ms is None:
            return
        if held.expires_ms > self._clock.now_ms():
            if held.expires_ms <= job.run_at_ms:  # the clock was set back: ask again in time
                self._enqueue_expiry(conn, guild_id, user_id, item_id, held.expires_ms)
            return
        if inventory.take(conn, guild_id, user_id, item_id, held.units) is None:
            raise RuntimeError(f"the pieces of the role {held.role_id} are gone")
        store.mark_used(conn, item_id, held.units)
        shop_orders.remove_held(conn, held)
        enqueue_sync(
            conn, guild_id, user_id, held.role_id, self._clock.now_ms(),
            ids=self._ids, clock=self._clock,
        )  # fmt: skip

    async def _sync(self, job: Job) -> Finish | None:
        guild_id, user_id, role = _role_of(job)
        held = await self._db.read(shop_orders.is_held, guild_id, user_id, role)
        if not held and await self._db.read(shop_orders.is_granting, guild_id, user_id, role):
            return partial(self._look_again, guild_id=guild_id, user_id=user_id, role_id=role)
        async with asyncio.timeout(DISCORD_SECONDS):
            if held:
                outcome = await self._roles.grant(guild_id, user_id, role)
            else:
                outcome = await self._roles.revoke(guild_id, user_id, role)
        _check_sync(outcome, taken=not held)
        return partial(
            self._compare, guild_id=guild_id, user_id=user_id, role_id=role, had_been=held
        )

    def _compare(
        self,
        conn: Connection,
        *,
        guild_id: GuildId,
        user_id: UserId,
        role_id: RoleId,
        had_been: bool,
    ) -> None:
        """Look again after Discord was told: what was told may have become wrong meanwhile."""
        held = shop_orders.is_held(conn, guild_id, user_id, role_id)
        if held != had_been or shop_orders.is_granting(conn, guild_id, user_id, role_id):
            self._look_again(conn, guild_id=guild_id, user_id=user_id, role_id=role_id)

    def _look_again(
        self, conn: Connection, *, guild_id: GuildId, user_id: UserId, role_id: RoleId
    ) -> None:
        held = shop_orders.is_held(conn, guild_id, user_id, role_id)
        at_ms = self._clock.now_ms() + (0 if held else LOOK_AGAIN_MS)
        enqueue_sync(conn, guild_id, user_id, role_id, at_ms, ids=self._ids, clock=self._clock)


def _is_on_its_way(conn: Connection, guild_id: GuildId, name: str) -> bool:
    """Say whether coins in an escrow of ours rightly wait there."""
    order = shop_orders.find_order(conn, name.removeprefix("shop:"))
    return order is not None and order.guild_id == guild_id and order.state == "granting"


def _check_sync(outcome: RoleOutcome, *, taken: bool) -> None:
    if outcome.refusal in {"no_permission", "role_too_high"} and taken:
        raise RoleNotTaken(f"Discord refused: {outcome.refusal}")


def _owner_of(job: Job) -> tuple[GuildId, UserId, int]:
    payload = job.payload
    return (
        GuildId(_whole(payload["guild"])),
        UserId(_whole(payload["user"])),
        _whole(payload["item"]),
    )


def _role_of(job: Job) -> tuple[GuildId, UserId, RoleId]:
    payload = job.payload
    guild_id, user_id = GuildId(_whole(payload["guild"])), UserId(_whole(payload["user"]))
    return guild_id, user_id, RoleId(_whole(payload["role"]))


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"a job's payload holds {value!r} instead of an id")
    return value
