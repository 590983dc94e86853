"""Keeps messages true (what Discord shows of a game follows what is stored), and tidies up.

A step is answered after its commit, so a crash in between leaves a message behind. The row knows
which version was shown last: marks are gathered and written once a second, and what stays behind
is shown again at the start, every minute, or at the next click, whichever comes first.
"""

import asyncio
from collections.abc import Awaitable, Callable

from seraphim.features.games.rules.errors import GameNotFound
from seraphim.features.games.service.orders import View
from seraphim.features.games.service.steps import TIMEOUT_JOB
from seraphim.features.games.service.table import Table
from seraphim.features.games.store import games as store
from seraphim.features.games.store.rounds import delete_ended, list_overdue
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database, DatabaseError
from seraphim.kernel.ids import GuildId, MessageId
from seraphim.kernel.jobs import Job, JobHandler, RecurringJob
from seraphim.kernel.telemetry import get_logger

REPAIR_JOB = "games.repair"
PRUNE_JOB = "games.prune"
FLUSH_SECONDS = 1.0
STOP_SECONDS = 2.0
"""How long the stop waits for Discord to take what is on its way."""
BEHIND_MS = 15_000
"""A message that is behind for so long has lost its answer."""
WORTH_SHOWING_MS = 3_600_000
"""Games that moved longer ago are not brought up again."""
OVERDUE_MS = 5 * 60_000
"""A deadline that passed so long ago has lost its job."""
KEPT_MS = 365 * 86_400_000
"""How long a finished game and its proof are kept; what it adds up to stays, and its coins."""
PRUNED_AT_A_TIME = 500
_log = get_logger(__name__)


class NotShown(Exception):
    """Discord could not be reached; the message is tried again later."""


type Show = Callable[[View], Awaitable[MessageId | None]]
"""Edits or sends a game's message outside of an interaction; returns its id, or None when the
place no longer exists. Raises NotShown."""


type BeforeTimeout = Callable[[str], Awaitable[None]]
"""Awaited with a game's id before the clock moves it; a round that is driven live waits there."""


class Upkeep:
    """Shows what no click shows: the clock's moves and what a crash left behind."""

    def __init__(
        self,
        db: Database,
        table: Table,
        clock: Clock,
        show: Show,
        before_timeout: BeforeTimeout | None = None,
    ) -> None:
        self._db = db
        self._table = table
        self._clock = clock
        self._show = show
        self.before_timeout = before_timeout
        self._shown: dict[str, int] = {}
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._to_show: dict[str, View] = {}
        self._showing: dict[str, asyncio.Task[None]] = {}

    def jobs(self) -> tuple[JobHandler, ...]:
        """Return who keeps the promises of this feature."""
        return (
            JobHandler(TIMEOUT_JOB, run=self._time_out),
            JobHandler(REPAIR_JOB, run=self._repair),
            JobHandler(PRUNE_JOB, run=self._prune),
        )

    def recurring(self) -> tuple[RecurringJob, ...]:
        """Return what comes back."""
        return (RecurringJob(REPAIR_JOB, "* * * * *"), RecurringJob(PRUNE_JOB, "50 4 * * *"))

    def mark(self, game_id: str, version: int) -> None:
        """Note that Discord shows this version now; written within a second."""
        self._shown[game_id] = max(version, self._shown.get(game_id, 0))
        self._wake.set()

    async def refresh(self, view: View) -> None:
        """Show a game outside of an interaction; what fails is tried again by the repair."""
        try:
            message_id = await self._show(view)
        except NotShown as error:
            _log.info("games.not_shown", game=view.game.id, reason=str(error))
            return
        if message_id is not None and message_id != view.game.message_id:
            await self._table.set_message(view.game.id, message_id)
        self.mark(view.game.id, view.game.version)

    def show_soon(self, view: View) -> None:
        """Show a game without waiting for Discord; of several versions the newest is shown.

        The clock's jobs must not stand in line for Discord: a rocket whose end comes late counts
        as interrupted, and crowding a channel with other games would be a way to a bet's return.
        """
        game_id = view.game.id
        self._to_show[game_id] = view
        if game_id not in self._showing:
            task = asyncio.create_task(self._show_newest(game_id), name="games show")
            self._showing[game_id] = task

    async def _show_newest(self, game_id: str) -> None:
        try:
            while (view := self._to_show.pop(game_id, None)) is not None:
                await self.refresh(view)
        except Exception:  # noqa: BLE001 - nobody waits for it; the repair tries again
            _log.exception("games.not_shown", game=game_id)
        finally:
            self._showing.pop(game_id, None)

    async def shown(self) -> None:
        """Wait until everything is shown that was to be shown soon."""
        await asyncio.gather(*self._showing.values())

    async def repair(self, *, slack_ms: int = BEHIND_MS) -> int:
        """Show again what is behind for longer than ``slack_ms``; returns how many."""
        await self.flush()
        now_ms = self._clock.now_ms()
        behind = await self._db.read(
            store.list_unshown,
            moved_from_ms=now_ms - WORTH_SHOWING_MS,
            moved_to_ms=now_ms - slack_ms,
        )
        for row in behind:
            try:
                view = await self._table.look(GuildId(row.guild_id), row.id)
            except GameNotFound:
                continue
            await self.refresh(view)
        await self.flush()
        return len(behind)

    async def end_overdue(self) -> int:
        """Let the clock move the games that it has missed; returns how many moved.

        Their jobs have given up, after hours of failures, or came too early by a clock that was
        set back: no stake may lie on a table for ever.
        """
        moved = 0
        before_ms = self._clock.now_ms() - OVERDUE_MS
        for game_id in await self._db.read(list_overdue, before_ms):
            try:
                view = await self._table.time_out(game_id)
            except Exception:  # noqa: BLE001 - whatever its rules raise, it is logged
                # One game that cannot be moved must not keep the others from it.
                _log.exception("games.overdue_not_ended", game=game_id)
                continue
            if view is not None:
                moved += 1
                await self.refresh(view)
        return moved

    async def prune(self) -> int:
        """Delete the games that ended longer ago than they are kept; returns how many."""
        before_ms = self._clock.now_ms() - KEPT_MS
        total = 0
        while gone := await self._db.write(delete_ended, before_ms, PRUNED_AT_A_TIME):
            total += gone
        return total

    async def flush(self) -> None:
        """Write the marks that were gathered."""
        shown, self._shown = self._shown, {}
        if not shown:
            return
        try:
            # In one order everywhere, so that two processes never wait for each other in a circle.
            await self._db.write(store.set_shown, sorted(shown.items()))
        except DatabaseError as error:
            _log.warning("games.marks_not_stored", games=len(shown), code=error.code)

    async def start(self) -> None:
        """Begin to write marks, and show what the last run left behind."""
        self._tasks = [
            asyncio.create_task(self._write_marks(), name="games marks"),
            asyncio.create_task(self._repair_once(), name="games repair"),
        ]

    async def stop(self) -> None:
        """Write the last marks; what Discord has not taken by now is shown after the start."""
        if self._showing:
            await asyncio.wait(self._showing.values(), timeout=STOP_SECONDS)
        tasks = [*self._tasks, *self._showing.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks = []
        await self.flush()

    async def _write_marks(self) -> None:
        while True:
            await self._wake.wait()
            await self._clock.sleep(FLUSH_SECONDS)
            self._wake.clear()
            await self.flush()

    async def _repair_once(self) -> None:
        # Two processes may do this at once: showing the same version twice harms nobody.
        try:
            await self.repair(slack_ms=0)
        except DatabaseError as error:
            _log.warning("games.repair_failed", code=error.code)

    async def _repair(self, _job: Job) -> None:
        await self.end_overdue()
        await self.repair()

    async def _prune(self, _job: Job) -> None:
        await self.prune()

    async def _time_out(self, job: Job) -> None:
        game_id = str(job.payload["game"])
        if self.before_timeout is not None:
            await self.before_timeout(game_id)
        view = await self._table.time_out(game_id)
        if view is not None:
            self.show_soon(view)
