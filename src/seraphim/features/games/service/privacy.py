"""What the games know of a member, and how they forget."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from seraphim.features.games.service.table import Table
from seraphim.features.games.store import games as game_store
from seraphim.features.games.store import seeds as seed_store
from seraphim.features.games.store import totals as totals_store
from seraphim.features.games.store.tables import fair_seeds, game_seats, game_totals
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database
from seraphim.kernel.ids import GuildId, Ids, UserId
from seraphim.kernel.jobs import Finish, Job, JobHandler, enqueue

FORGET_JOB = "games.forget"
_AGAIN_MS = 10 * 60 * 1000
_CLOCK_MOVES = 10
"""More than any game takes from its opening to its end; a race takes five."""
_EXPORTED = 100_000
_PAGE = 100


class GamesPrivacy:
    """Hands out and forgets a member's games; the games themselves stay provable."""

    def __init__(self, db: Database, table: Table, clock: Clock, ids: Ids) -> None:
        self._db = db
        self._table = table
        self._clock = clock
        self._ids = ids

    def jobs(self) -> tuple[JobHandler, ...]:
        """Return who forgets what could not be forgotten at once."""
        return (JobHandler(FORGET_JOB, run=self._forget_later),)

    async def export(self, guild_id: GuildId, user_id: UserId) -> Mapping[str, object]:
        """Return everything stored of the member, JSON-ready; secrets that are in use excepted."""
        return await self._db.read(_export, guild_id, user_id)

    async def erase(self, guild_id: GuildId, user_id: UserId) -> None:
        """Forget the member.

        Their own open games are ended by the rule for members who do not come back. Rounds with
        others go on; what they know of the member is forgotten once they are over.
        """
        for row in await self._db.read(game_store.list_open_of, guild_id, user_id):
            view = await self._table.look(guild_id, row.id)
            if len(view.seats) == 1:
                await self._end(row.id)
        await self._db.write(self._erase, guild_id, user_id, self._clock.now_ms())

    async def _end(self, game_id: str) -> None:
        """Let the clock move a game to its end at once.

        Some games take several moves of the clock. None may be left in between: a rocket that
        somebody's wish had sent up would be watched by nobody, and so give lost bets back.
        """
        for _ in range(_CLOCK_MOVES):
            view = await self._table.time_out(game_id, early=True)
            if view is None or not view.game.is_open:
                return

    async def _forget_later(self, job: Job) -> Finish:
        payload = job.payload
        guild_id, user_id = GuildId(int(str(payload["guild"]))), UserId(int(str(payload["user"])))
        asked_ms = int(str(payload["asked_ms"]))
        return lambda conn: self._erase(conn, guild_id, user_id, asked_ms)

    def _erase(self, conn: Connection, guild_id: GuildId, user_id: UserId, asked_ms: int) -> None:
        """Forget what was there at ``asked_ms``; who has come back since keeps what is new."""
        s, f, t = game_seats.c, fair_seeds.c, game_totals.c
        now_ms = self._clock.now_ms()
        mine = sa.and_(s.guild_id == guild_id, s.user_id == user_id)
        old = sa.and_(mine, s.seated_ms <= asked_ms)
        conn.execute(game_seats.update().where(old, s.status != "open").values(user_id=None))
        if not _any(conn, mine, s.seated_ms > asked_ms):
            conn.execute(game_totals.delete().where(t.guild_id == guild_id, t.user_id == user_id))
        active = seed_store.find_active(conn, guild_id, user_id, to_change=True)
        if active is not None and not seed_store.has_open_game(conn, active.id):
            seed_store.reveal(conn, active.id, now_ms, made_until_ms=asked_ms)
        conn.execute(
            fair_seeds.update()
            .where(
                f.guild_id == guild_id,
                f.user_id == user_id,
                f.state == "revealed",
                f.created_ms <= asked_ms,
            )
            .values(user_id=None)
        )
        if _any(conn, old):
            enqueue(
                conn,
                FORGET_JOB,
                {"guild": str(guild_id), "user": str(user_id), "asked_ms": asked_ms},
                run_at_ms=now_ms + _AGAIN_MS,
                ids=self._ids,
                clock=self._clock,
            )


def _any(conn: Connection, *which: sa.ColumnElement[bool]) -> bool:
    """Whether there is such a seat."""
    return conn.execute(sa.select(game_seats.c.seat).where(*which).limit(1)).first() is not None


def _export(conn: Connection, guild_id: GuildId, user_id: UserId) -> Mapping[str, object]:
    totals = totals_store.find_totals(conn, guild_id, user_id)
    seeds = conn.execute(
        sa.select(fair_seeds).where(
            fair_seeds.c.guild_id == guild_id, fair_seeds.c.user_id == user_id
        )
    ).mappings()
    played: list[dict[str, object]] = []
    while len(played) < _EXPORTED:
        page = totals_store.list_past(
            conn, guild_id, user_id, offset=len(played), limit=_PAGE, invitations=True
        )
        played.extend(
            {
                "game": past.game_id,
                "kind": past.kind,
                "status": past.status,
                "stake": past.stake,
                "payout": past.payout,
                "at_ms": past.seated_ms,
            }
            for past in page
        )
        if len(page) < _PAGE:
            break
    return {
        "totals": None
        if totals is None
        else {"played": totals.played, "won": totals.won, "net": totals.net, "best": totals.best},
        "seeds": [
            {
                "hash": row["server_seed_hash"],
                "server_seed": row["server_seed"] if row["state"] == "revealed" else None,
                "client_seed": row["client_seed"],
                "games": row["next_nonce"],
            }
            for row in seeds
        ],
        "games": played,
    }
