"""What is kept of pauses: old ones are swept up, and a member can have theirs told or forgotten."""

from collections.abc import Mapping

from seraphim.features.economy.store.cooldowns import forget_claims, list_claims, prune_claims
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database
from seraphim.kernel.ids import GuildId, UserId
from seraphim.kernel.jobs import Job, JobHandler, RecurringJob

SWEEP_KIND = "economy.sweep_cooldowns"
KEPT_MS = 30 * 24 * 3_600_000
"""How long a pause that is over stays: longer than any streak waits."""
SWEEP_ROWS = 2_000
"""Rows that are deleted in one transaction: no command waits long for the broom."""


class CooldownUpkeep:
    """The privacy of earning, and its broom."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    @property
    def handler(self) -> JobHandler:
        """Sweeps up."""
        return JobHandler(SWEEP_KIND, run=self._sweep)

    @property
    def recurring(self) -> RecurringJob:
        """When it sweeps: once a day."""
        return RecurringJob(SWEEP_KIND, "41 4 * * *")

    async def export(self, guild_id: GuildId, user_id: UserId) -> Mapping[str, object]:
        """Return what is kept of a member's earning."""
        return {"cooldowns": await self._db.read(list_claims, guild_id, user_id)}

    async def erase(self, guild_id: GuildId, user_id: UserId) -> None:
        """Forget it; a pause that still runs stays as a bare moment until it is over."""
        await self._db.write(forget_claims, guild_id, user_id, self._clock.now_ms())

    async def _sweep(self, job: Job) -> None:
        del job
        before_ms = self._clock.now_ms() - KEPT_MS
        while await self._db.write(prune_claims, before_ms, SWEEP_ROWS) == SWEEP_ROWS:
            continue
