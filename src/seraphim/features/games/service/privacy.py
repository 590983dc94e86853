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
from seraphim.kernel.jobs import Job, JobHandler, enqueue

FORGET_JOB = "games.forget"
_AGAIN_MS = 10 * 60 * 1000
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
                await self._table.time_out(row.id, early=True)
        await self._db.write(self._erase, guild_id, user_id)

    async def _forget_later(self, job: Job) -> None:
        payload = job.payload
        await self.erase(GuildId(int(str(payload["guild"]))), UserId(int(str(payload["user"]))))

    def _erase(self, conn: Connection, guild_id: GuildId, user_id: UserId) -> None:
        s, f, t = game_seats.c, fair_seeds.c, game_totals.c
        now_ms = self._clock.now_ms()
        conn.execute(
            game_seats.update()
            .where(s.guild_id == guild_id, s.user_id == user_id, s.status != "open")
            .values(user_id=None)
        )
        conn.execute(game_totals.delete().where(t.guild_id == guild_id, t.user_id == user_id))
        active = seed_store.find_active(conn, guild_id, user_id, to_change=True)
        if active is not None and not seed_store.has_open_game(conn, active.id):
            seed_store.reveal(conn, active.id, now_ms)
        conn.execute(
            fair_seeds.update()
            .where(f.guild_id == guild_id, f.user_id == user_id, f.state == "revealed")
            .values(user_id=None)
        )
        if game_store.count_open(conn, guild_id, user_id):
            enqueue(
                conn,
                FORGET_JOB,
                {"guild": str(guild_id), "user": str(user_id)},
                run_at_ms=now_ms + _AGAIN_MS,
                ids=self._ids,
                clock=self._clock,
            )


def _export(conn: Connection, guild_id: GuildId, user_id: UserId) -> Mapping[str, object]:
    totals = totals_store.find_totals(conn, guild_id, user_id)
    seeds = conn.execute(
        sa.select(fair_seeds).where(
            fair_seeds.c.guild_id == guild_id, fair_seeds.c.user_id == user_id
        )
    ).mappings()
    played: list[dict[str, object]] = []
    while len(played) < _EXPORTED:
        page = totals_store.list_past(conn, guild_id, user_id, offset=len(played), limit=_PAGE)
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
