"""Fenced leases: one owner at a time, and a late former owner cannot do harm.

A lease is a row (name, holder, epoch, expires). Whoever takes it over gets a higher epoch; work
done under a lease calls :func:`check_lease` inside its own transaction, so that a holder who slept
through the end of its lease is refused at the very moment it writes.
"""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Table, Text, or_, select
from sqlalchemy.engine import Connection

from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database, metadata
from seraphim.kernel.db.upsert import insert_into
from seraphim.kernel.errors import SeraphimError

LEASES = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
)


class LeaseLost(SeraphimError):
    """Somebody else holds the lease now; stop the work that was done under it."""

    code = "lease_lost"
    http_status = 409
    message = "Another process has taken over {name}."


@dataclass(frozen=True, slots=True)
class Lease:
    """A right to be the only one, until ``expires_ms`` (Unix milliseconds)."""

    name: str
    holder: str
    epoch: int
    expires_ms: int


class Leases:
    """Takes, prolongs and gives back leases for one process (``holder``)."""

    def __init__(self, db: Database, clock: Clock, holder: str) -> None:
        self._db = db
        self._clock = clock
        self.holder = holder

    async def acquire(self, name: str, ttl_seconds: float) -> Lease | None:
        """Take the lease, or prolong one's own; None while another holder's has not run out."""
        now_ms = self._clock.now_ms()
        return await self._db.write(
            acquire_lease, name, self.holder, now_ms, now_ms + round(ttl_seconds * 1000)
        )

    async def renew(self, lease: Lease, ttl_seconds: float) -> Lease:
        """Prolong ``lease``; raises LeaseLost when somebody has taken it over."""
        expires_ms = self._clock.now_ms() + round(ttl_seconds * 1000)
        return await self._db.write(renew_lease, lease, expires_ms)

    async def release(self, lease: Lease) -> None:
        """Give the lease back at once; does nothing when it is no longer ours."""
        await self._db.write(release_lease, lease)


def acquire_lease(
    conn: Connection, name: str, holder: str, now_ms: int, expires_ms: int
) -> Lease | None:
    """Take lease ``name`` in one statement; the epoch grows unless ``holder`` held it anyway."""
    statement = insert_into(conn, LEASES).values(
        name=name, holder=holder, epoch=1, expires_ms=expires_ms
    )
    taken = statement.on_conflict_do_update(
        index_elements=[LEASES.c.name],
        set_={
            "holder": holder,
            # A lease that had run out may have been believed lost: its old work stays fenced off.
            "epoch": LEASES.c.epoch + 1,
            "expires_ms": expires_ms,
        },
        where=or_(LEASES.c.holder == holder, LEASES.c.expires_ms <= now_ms),
    ).returning(LEASES.c.epoch)
    renewed = conn.execute(
        LEASES.update()
        .where(LEASES.c.name == name, LEASES.c.holder == holder, LEASES.c.expires_ms > now_ms)
        .values(expires_ms=expires_ms)
        .returning(LEASES.c.epoch)
    ).scalar_one_or_none()
    epoch = renewed or conn.execute(taken).scalar_one_or_none()
    return None if epoch is None else Lease(name, holder, epoch, expires_ms)


def renew_lease(conn: Connection, lease: Lease, expires_ms: int) -> Lease:
    """Prolong ``lease`` if its epoch is still the newest; raises LeaseLost."""
    changed = conn.execute(
        LEASES.update()
        .where(LEASES.c.name == lease.name, LEASES.c.epoch == lease.epoch)
        .values(expires_ms=expires_ms)
    ).rowcount
    if not changed:
        raise LeaseLost(name=lease.name)
    return Lease(lease.name, lease.holder, lease.epoch, expires_ms)


def release_lease(conn: Connection, lease: Lease) -> None:
    """Let the lease run out now. The row stays, so that the epoch goes on growing."""
    conn.execute(
        LEASES.update()
        .where(LEASES.c.name == lease.name, LEASES.c.epoch == lease.epoch)
        .values(expires_ms=0)
    )


def check_lease(conn: Connection, lease: Lease) -> None:
    """Raise LeaseLost unless ``lease`` is the newest; holds the row until the transaction ends."""
    epoch = conn.execute(
        select(LEASES.c.epoch).where(LEASES.c.name == lease.name).with_for_update(read=True)
    ).scalar_one_or_none()
    if epoch != lease.epoch:
        raise LeaseLost(name=lease.name)
