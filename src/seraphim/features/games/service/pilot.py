"""The crash pilot: shows rockets in flight, and ends those whose bot was killed under them.

The round itself needs no pilot: where it bursts and who is paid follows from the stored start, the
seed and the clicks. The pilot edits the message while the rocket climbs, under a lease that says
that somebody watches. The lease is kept apart from the edits: Discord may hold an edit up for as
long as it likes, and the flight is watched all the same. A flight whose watcher is gone is ended by
the house's own move, which pays what was reached and gives back the other bets
(:mod:`~seraphim.features.games.rules.crash`).
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import msgspec
from sqlalchemy import select
from sqlalchemy.engine import Connection

from seraphim.features.games.rules.crash import INTERRUPTED, Crash, CrashGame
from seraphim.features.games.service.orders import View
from seraphim.features.games.service.steps import TIMEOUT_JOB
from seraphim.features.games.service.table import Table
from seraphim.features.games.service.upkeep import NotShown, Show
from seraphim.features.games.store import games as store
from seraphim.features.games.store.rounds import list_open
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import GuildId
from seraphim.kernel.jobs import Finish, Job, JobHandler
from seraphim.kernel.leases import LEASES, Lease, Leases
from seraphim.kernel.telemetry import get_logger

EDIT_SECONDS = 1.2
"""At most one edit in so long: Discord takes about five edits in five seconds in a channel."""
LEASE_SECONDS = 4.0
KEEP_SECONDS = 1.0
"""The lease is prolonged so often."""
_ALIVE_SECONDS = 2.0
"""A lease with more left than this was prolonged a moment ago."""
_KIND = CrashGame.kind
_log = get_logger(__name__)

type Refresh = Callable[[View], Awaitable[None]]
"""Shows a game's stored state on its message, and remembers that it did."""


class CrashPilot:
    """Watches the rockets of this process.

    Args:
        db: To find open rounds, and who watches them.
        table: Makes the house's moves.
        leases: This process's leases.
        clock: For the height, and to wait between edits.
        show: Edits a message with a passing picture.
        refresh: Edits a message with what is stored.
    """

    def __init__(
        self,
        db: Database,
        table: Table,
        leases: Leases,
        clock: Clock,
        *,
        show: Show,
        refresh: Refresh,
    ) -> None:
        self._db = db
        self._table = table
        self._leases = leases
        self._clock = clock
        self._show = show
        self._refresh = refresh
        self._flights: dict[str, asyncio.Task[None]] = {}
        self._inheriting: set[asyncio.Task[None]] = set()

    def jobs(self, handlers: tuple[JobHandler, ...]) -> tuple[JobHandler, ...]:
        """Return the games' job handlers, with the pilot around the clock's moves."""
        return tuple(
            replace(handler, run=self._around(handler.run))
            if handler.kind == TIMEOUT_JOB and handler.run is not None
            else handler
            for handler in handlers
        )

    async def start(self) -> None:
        """Look after the flights that another run of the program has left."""
        for game_id in await self._db.read(list_open, _KIND):
            task = asyncio.create_task(self._inherit(game_id), name="games crash inherit")
            self._inheriting.add(task)
            task.add_done_callback(self._inheriting.discard)

    async def stop(self) -> None:
        """End the flights of this process: nobody could get off while it is away."""
        flights, self._flights = self._flights, {}
        tasks = [*flights.values(), *self._inheriting]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for game_id in flights:
            try:
                await self._interrupt(game_id)
            except SeraphimError as error:
                _log.warning("games.flight_not_ended", game=game_id, code=error.code)

    def watches(self, game_id: str) -> bool:
        """Whether this process shows the flight."""
        return game_id in self._flights

    def _around(
        self, run: Callable[[Job], Awaitable[Finish | None]]
    ) -> Callable[[Job], Awaitable[Finish | None]]:
        async def clock_moves(job: Job) -> Finish | None:
            game_id = str(job.payload["game"])
            flying = await self._flight(game_id)
            if flying is not None and not self.watches(game_id):
                await self._end_if_unwatched(game_id)
            finish = await run(job)
            after = await self._flight(game_id)
            if flying is None and after is not None:
                self._watch(game_id, after)
            return finish

        return clock_moves

    async def _flight(self, game_id: str) -> GuildId | None:
        """Return the guild of a rocket that is in the air; None for everything else."""
        row = await self._db.read(store.find_game, game_id)
        if row is None or row.kind != _KIND or not row.is_open:
            return None
        state = msgspec.json.decode(row.state, type=Crash)
        return GuildId(row.guild_id) if state.is_flying else None

    def _watch(self, game_id: str, guild_id: GuildId) -> None:
        task = asyncio.create_task(self._fly(game_id, guild_id), name="games crash flight")
        self._flights[game_id] = task
        task.add_done_callback(lambda _: self._flights.pop(game_id, None))

    async def _fly(self, game_id: str, guild_id: GuildId) -> None:
        """Watch the flight until it is over: one task keeps the lease, this one edits."""
        keeper = asyncio.create_task(self._keep(game_id), name="games crash lease")
        try:
            await self._show_flight(game_id, guild_id, keeper)
        except SeraphimError as error:
            _log.warning("games.flight_not_shown", game=game_id, code=error.code)
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)

    async def _keep(self, game_id: str) -> None:
        """Prolong the lease until the round is over, or another process has taken it."""
        while True:
            try:
                lease = await self._leases.acquire(_lease_name(game_id), LEASE_SECONDS)
                if lease is None or await self._flight(game_id) is None:
                    return
            except SeraphimError as error:  # the database may be back before the lease has run out
                _log.warning("games.lease_not_kept", game=game_id, code=error.code)
            await self._clock.sleep(KEEP_SECONDS)

    async def _show_flight(
        self, game_id: str, guild_id: GuildId, keeper: "asyncio.Task[None]"
    ) -> None:
        """Edit the message until the round is over or the lease is lost."""
        shown_ms = 0
        view = await self._table.look(guild_id, game_id)
        while view.game.is_open and not keeper.done():
            shown_ms = await self._edit(view) or shown_ms
            await self._clock.sleep(EDIT_SECONDS)
            view = await self._table.look(guild_id, game_id)
        # An edit that was on its way when the round ended may have covered its end.
        if not view.game.is_open and view.game.moved_ms <= shown_ms:
            await self._refresh(view)

    async def _edit(self, view: View) -> int | None:
        """Show the height of this moment; returns when Discord had it."""
        game = view.game
        if game.message_id is None:
            return None  # the opener's answer is still on its way
        now = replace(view, game=replace(game, moved_ms=self._clock.now_ms()))
        try:
            message_id = await self._show(now)
        except NotShown as error:
            _log.info("games.flight_not_shown", game=game.id, reason=str(error))
        else:
            if message_id is not None and message_id != game.message_id:
                # The message was deleted under the rocket: there is a new one, and only one.
                await self._table.set_message(game.id, message_id)
        return self._clock.now_ms()

    async def _inherit(self, game_id: str) -> None:
        """Look after a flight of another run until it is over: it may still be watched, or die."""
        try:
            while await self._flight(game_id) is not None:
                if await self._end_if_unwatched(game_id):
                    return
                await self._clock.sleep(_ALIVE_SECONDS)
        except SeraphimError as error:
            _log.warning("games.flight_not_ended", game=game_id, code=error.code)

    async def _end_if_unwatched(self, game_id: str) -> bool:
        """Interrupt a flight unless another process shows it; returns whether it is over now.

        With SQLite there is no other process, so whoever watched it is gone.
        """
        if self._db.dialect != "sqlite":
            left = await self._seconds_left(game_id)
            if left > _ALIVE_SECONDS:
                return False
            await self._clock.sleep(left)
            if await self._leases.acquire(_lease_name(game_id), LEASE_SECONDS) is None:
                return False
        await self._interrupt(game_id)
        return True

    async def _interrupt(self, game_id: str) -> None:
        view = await self._table.house_move(game_id, INTERRUPTED, self._clock.now_ms())
        if view is not None:
            await self._refresh(view)

    async def _seconds_left(self, game_id: str) -> float:
        lease = await self._db.read(_find_lease, _lease_name(game_id))
        if lease is None or lease.holder == self._leases.holder:
            return 0.0
        return max(0, lease.expires_ms - self._clock.now_ms()) / 1000


def _lease_name(game_id: str) -> str:
    return f"games.crash:{game_id}"


def _find_lease(conn: Connection, name: str) -> Lease | None:
    row = conn.execute(select(LEASES).where(LEASES.c.name == name)).first()
    return None if row is None else Lease(row.name, row.holder, row.epoch, row.expires_ms)
