"""Once a night, the shop forgets what nobody can ask about any more."""

from sqlalchemy.engine import Connection

from seraphim.features.economy.store.shop_members import tidy
from seraphim.kernel.clock import Clock
from seraphim.kernel.jobs import Job, JobHandler, RecurringJob

KIND = "economy.shop.tidy"
DAY_MS = 86_400_000
KEEP_USES_MS = 2 * DAY_MS
"""A command that Discord delivers twice comes within minutes; two days are plenty."""
KEEP_ENDED_MS = 90 * DAY_MS
"""Ended orders and trades; what moved stays in the ledger for good."""


class ShopUpkeep:
    """Deletes old uses, ended orders and ended trades."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.handler = JobHandler(KIND, handle=self._tidy)
        self.recurring = RecurringJob(KIND, "20 4 * * *")

    def _tidy(self, conn: Connection, job: Job) -> None:
        del job
        now_ms = self._clock.now_ms()
        tidy(conn, uses_before_ms=now_ms - KEEP_USES_MS, ended_before_ms=now_ms - KEEP_ENDED_MS)
