"""Once a night, escrows that were paid out long ago are folded together."""

from seraphim.features.economy.store.folding import fold_closed
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database
from seraphim.kernel.jobs import Job, JobHandler, RecurringJob

KIND = "economy.fold_escrows"
KEEP_MS = 30 * 86_400_000
"""As long as a done job is remembered: nothing asks for an escrow by its name any more."""


class EscrowFolding:
    """The broom of the ledger. No coin moves, and no posting's amount changes."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self.handler = JobHandler(KIND, run=self._run)
        self.recurring = RecurringJob(KIND, "50 4 * * *")

    async def fold(self) -> int:
        """Fold what is old enough, a short transaction at a time; returns how many escrows."""
        before_ms = self._clock.now_ms() - KEEP_MS
        folded = 0
        after: int | None = 0
        while after is not None:
            some, after = await self._db.write(fold_closed, after, before_ms)
            folded += some
        return folded

    async def _run(self, job: Job) -> None:
        del job
        await self.fold()
