"""The owners' view of all coins: what there is, where it came from and where it went."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.engine import Connection

from seraphim.features.economy.rules.supply import SupplyView, day_of, supply_view
from seraphim.features.economy.store import ledger_reading as reading
from seraphim.features.economy.store import supply as store
from seraphim.features.economy.store.ledger_reading import Supply
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database
from seraphim.kernel.ids import ChannelId, GuildId
from seraphim.kernel.jobs import Job, JobHandler, RecurringJob
from seraphim.kernel.telemetry import get_logger

_log = get_logger(__name__)

WATCH_KIND = "economy.supply"
HOUR_MS = 3_600_000
_MAX_SLICES = 200
_GUILDS_A_PAGE = 500


class AlertSettings(Protocol):
    """What a guild has decided about alerts; a part of the economy's settings."""

    @property
    def mint_alert_coins(self) -> int:
        """Most new coins in the window; 0 asks for no alert."""
        ...

    @property
    def mint_alert_hours(self) -> int:
        """Length of the window."""
        ...

    @property
    def mint_alert_channel(self) -> ChannelId | None:
        """Where it is said."""
        ...


@dataclass(frozen=True, slots=True)
class MintAlert:
    """More coins came into being than a guild wants."""

    guild_id: GuildId
    channel_id: ChannelId
    created: int
    bound: int
    hours: int


type Tell = Callable[[MintAlert], Awaitable[None]]
"""Says an alert in its channel; raises when it could not."""


class SupplyBook:
    """Reads the supply of guilds, from the totals of each day and what came since."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def look(self, guild_id: GuildId, span_days: int) -> SupplyView:
        """Return the last days of a guild's coins, today included."""
        today = day_of(self._clock.now_ms())
        rows = await self._db.read(store.read_span, guild_id, today - span_days + 1)
        return supply_view(rows.flows, rows.before, today, span_days)

    async def compare(self, guild_id: GuildId) -> tuple[Supply, int]:
        """Return the supply added up from every account, and from the totals of each day.

        Both are of one moment, so they differ only if the books are wrong.
        """
        return await self._db.read(_compare, guild_id)


class SupplyWatch:
    """The job that adds up days and tells guilds of too many new coins."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        settings: Callable[[GuildId], Awaitable[AlertSettings]],
        tell: Tell,
    ) -> None:
        self._db = db
        self._clock = clock
        self._settings = settings
        self._tell = tell

    @property
    def handler(self) -> JobHandler:
        """Keeps the promise of :attr:`recurring`."""
        return JobHandler(WATCH_KIND, run=self._run)

    @property
    def recurring(self) -> RecurringJob:
        """Every five minutes."""
        return RecurringJob(WATCH_KIND, "*/5 * * * *")

    async def _run(self, job: Job) -> None:
        del job
        await self.look()

    async def look(self) -> int:
        """Tell the guilds whose bound is exceeded, then add up; returns how many were told."""
        after = await self._db.read(store.last_rolled_up)
        told = 0
        last: GuildId | None = None
        while guilds := await self._db.read(store.list_active_guilds, after, last, _GUILDS_A_PAGE):
            for guild_id in guilds:
                told += await self._check(guild_id)
            last = guilds[-1]
        await self.roll_up()
        return told

    async def roll_up(self) -> int:
        """Add settled transfers to the totals, slice by slice; returns how many."""
        added = 0
        for _ in range(_MAX_SLICES):
            taken = await self._db.write(store.roll_up, self._clock.now_ms())
            added += taken
            if not taken:
                break
        return added

    async def _check(self, guild_id: GuildId) -> bool:
        settings = await self._settings(guild_id)
        bound, channel_id = settings.mint_alert_coins, settings.mint_alert_channel
        if bound <= 0 or channel_id is None:
            return False
        now_ms = self._clock.now_ms()
        window_ms = settings.mint_alert_hours * HOUR_MS
        told_ms = await self._db.read(store.find_told_ms, guild_id)
        # A mark from the future is of a clock that was put back: it counts as old.
        if told_ms is not None and 0 <= now_ms - told_ms < window_ms:
            return False
        created = await self._db.read(store.created_since, guild_id, now_ms - window_ms)
        if created <= bound:
            return False
        alert = MintAlert(guild_id, channel_id, created, bound, settings.mint_alert_hours)
        try:
            await self._tell(alert)
        except Exception:  # noqa: BLE001 - whatever Discord says
            # One guild's deleted channel must not keep the others from being told.
            _log.warning("mint alert not told", guild_id=guild_id, exc_info=True)
            return False
        await self._db.write(store.save_told, guild_id, now_ms)
        return True


def _compare(conn: Connection, guild_id: GuildId) -> tuple[Supply, int]:
    rows = store.read_span(conn, guild_id, 0)
    from_days = rows.before + sum(flow.minted - flow.burned for flow in rows.flows)
    return reading.supply(conn, guild_id), from_days
