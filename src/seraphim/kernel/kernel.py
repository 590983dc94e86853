"""The kernel in one value, opened in the right order and closed in reverse."""

import os
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from seraphim.kernel.bus import Bus, InProcessBus
from seraphim.kernel.clock import Clock, SystemClock
from seraphim.kernel.config import Config
from seraphim.kernel.db import Database, open_database
from seraphim.kernel.dice import Dice, SystemDice
from seraphim.kernel.ids import Ids
from seraphim.kernel.instance import InstanceGuard
from seraphim.kernel.job_worker import JobWorker
from seraphim.kernel.leases import Leases
from seraphim.kernel.migrate import migrate_database
from seraphim.kernel.outbox import Outbox
from seraphim.kernel.settings import GuildSettings
from seraphim.kernel.system_ids import SystemIds
from seraphim.kernel.telemetry import Metrics, configure_exporters, get_logger
from seraphim.kernel.texts import Texts

log = get_logger(__name__)


@dataclass(frozen=True)
class Kernel:
    """What every feature may build on. ``holder`` names this process in leases and claims."""

    config: Config
    db: Database
    clock: Clock
    dice: Dice
    ids: Ids
    outbox: Outbox
    jobs: JobWorker
    leases: Leases
    settings: GuildSettings
    bus: Bus
    texts: Texts
    metrics: Metrics
    holder: str
    _closers: list[Callable[[], Awaitable[None]]] = field(default_factory=list, repr=False)  # pyright: ignore[reportUnknownVariableType] - the annotation says it

    async def start(self) -> None:
        """Begin to deliver events and to run jobs; call it once the features are subscribed."""
        await self.outbox.start()
        await self.jobs.start()

    async def close(self) -> None:
        """Stop jobs, then events, then the bus, then the database; each even if one fails."""
        while self._closers:
            closer = self._closers.pop()
            try:
                await closer()
            except Exception:
                log.exception("part of the kernel did not close cleanly")


async def open_kernel(
    config: Config,
    *,
    clock: Clock | None = None,
    dice: Dice | None = None,
    ids: Ids | None = None,
) -> Kernel:
    """Open everything the settings name and bring the database up to date; start nothing.

    With SQLite the data folder is held for this process alone. Raises SecondInstance, a
    DatabaseError, DatabaseFromTheFuture, or Unavailable for Redis; what was opened before the
    failure is closed again.
    """
    clock, dice, ids = clock or SystemClock(), dice or SystemDice(), ids or SystemIds()
    closers: list[Callable[[], Awaitable[None]]] = []
    embedded = config.database_url.startswith("sqlite")
    try:
        if embedded:
            guard = InstanceGuard(config.data_dir)
            guard.acquire()
            closers.append(_released(guard))
        closers.append(_called(configure_exporters(config)))
        db = await open_database(config.database_url)
        closers.append(db.close)
        await migrate_database(db)
        bus = await _open_bus(config)
        closers.append(bus.close)
        metrics = Metrics()
        holder = f"{socket.gethostname()}:{os.getpid()}:{dice.token(6)}"
        leases = Leases(db, clock, holder)
        outbox = Outbox(db, clock, metrics, None if embedded else leases)
        jobs = JobWorker(db, clock, ids, metrics, holder, alone=embedded)
        settings = GuildSettings(db, bus, clock, ids)
        await settings.start()
        closers += [outbox.stop, jobs.stop]
    except BaseException:
        while closers:
            await closers.pop()()
        raise
    return Kernel(
        config, db, clock, dice, ids, outbox, jobs, leases, settings, bus, Texts(), metrics, holder,
        closers,
    )  # fmt: skip


async def _open_bus(config: Config) -> Bus:
    if config.redis_url is None:
        return InProcessBus()
    from seraphim.kernel.redis_bus import RedisBus  # noqa: PLC0415 - only when it is used

    return await RedisBus.connect(config.redis_url)


def _called(function: Callable[[], None]) -> Callable[[], Awaitable[None]]:
    async def call() -> None:
        function()

    return call


def _released(guard: InstanceGuard) -> Callable[[], Awaitable[None]]:
    return _called(guard.release)
