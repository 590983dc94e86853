"""A table with members and coins, on a real database and a clock that tests move."""

import itertools
from collections.abc import Mapping

import sqlalchemy as sa

from seraphim.features.economy.public import MINT, Bank, person
from seraphim.features.games.rules.game import Plain
from seraphim.features.games.service.fair import Fairness
from seraphim.features.games.service.orders import ActOrder, OpenOrder, View
from seraphim.features.games.service.payment import ESCROW_PREFIX, escrow_is_open
from seraphim.features.games.service.settings import GamesSettings
from seraphim.features.games.service.steps import TIMEOUT_JOB
from seraphim.features.games.service.table import Table
from seraphim.features.games.store.tables import games
from seraphim.kernel.bus import InProcessBus
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database
from seraphim.kernel.dice import SeededDice
from seraphim.kernel.ids import ChannelId, GuildId, UserId
from seraphim.kernel.jobs import JOBS
from seraphim.kernel.settings import GuildSettings
from seraphim.kernel.system_ids import SystemIds

ANN, BEN, CID = UserId(101), UserId(102), UserId(103)
HALL = ChannelId(7)
PURSE = 10_000
GUILD = GuildId(11)


class Parlour:
    """Everything a game needs; several on one database are several processes."""

    def __init__(
        self, db: Database, clock: ManualClock, guild_id: GuildId = GUILD, *, seed: int = 1
    ) -> None:
        self.db = db
        self.clock = clock
        self.guild_id = guild_id
        self.ids = SystemIds()
        self.dice = SeededDice(seed)
        self.bank = Bank(clock)
        self.bank.explain_escrows(ESCROW_PREFIX, escrow_is_open)
        self.settings = GuildSettings(db, InProcessBus(), clock, self.ids)
        self.keys = itertools.count(1)
        self.table = self.new_table()
        self.fairness = Fairness(db, self.table, clock, self.ids, self.dice)

    def new_table(self) -> Table:
        """Return a table without any memory, as after a restart."""
        return Table(
            self.db, self.bank, self.settings, clock=self.clock, ids=self.ids, dice=self.dice
        )

    def key(self) -> str:
        """Return the id of a new interaction."""
        return f"{self.ids.new()}"

    async def fund(self, user_id: UserId, coins: int = PURSE) -> None:
        """Mint coins for a member."""
        await self.db.write(
            self.bank.transfer, self.guild_id, MINT, person(user_id), coins,
            key=f"fund:{self.key()}", kind="test",
        )  # fmt: skip

    async def set(self, **changes: object) -> None:
        """Change the guild's terms."""
        await self.settings.change(
            self.guild_id, GamesSettings, changes, actor_id=UserId(1), source="test"
        )

    async def holds(self, user_id: UserId) -> int:
        """Return what a member has."""
        return await self.db.read(self.bank.balance, self.guild_id, user_id)

    async def escrow(self, view: View) -> int:
        """Return what lies on a table."""
        name = f"{ESCROW_PREFIX}:{view.game.id}"
        return await self.db.read(self.bank.escrow_balance, self.guild_id, name)

    async def open(
        self,
        kind: str,
        user_id: UserId = ANN,
        bet: str | None = "100",
        options: Mapping[str, Plain] | None = None,
        *,
        key: str | None = None,
        channel: ChannelId = HALL,
        invited: tuple[UserId, ...] = (),
    ) -> View:
        """Open a game."""
        return await self.table.open(
            OpenOrder(
                key=key or self.key(),
                guild_id=self.guild_id,
                channel_id=channel,
                user_id=user_id,
                kind=kind,
                at_ms=self.clock.now_ms(),
                bet=bet,
                options=options or {},
                invited=invited,
            )
        )

    async def act(
        self,
        view: View,
        action: str,
        user_id: UserId = ANN,
        *,
        version: int | None = None,
        options: Mapping[str, Plain] | None = None,
        bet: str | None = None,
        key: str | None = None,
    ) -> View:
        """Make a move, by default on the version of the view."""
        return await self.table.act(
            ActOrder(
                key=key or self.key(),
                guild_id=self.guild_id,
                channel_id=HALL,
                user_id=user_id,
                game_id=view.game.id,
                action=action,
                at_ms=self.clock.now_ms(),
                version=view.game.version if version is None else version,
                bet=bet,
                options=options or {},
            )
        )

    async def look(self, view: View) -> View:
        """Return the game as it is now."""
        return await self.table.look(self.guild_id, view.game.id)

    async def timeouts(self) -> list[tuple[str, int]]:
        """Return the promised timeouts of this guild's games: game and moment."""
        return await self.db.read(_timeouts, self.guild_id)


def _timeouts(conn: sa.Connection, guild_id: GuildId) -> list[tuple[str, int]]:
    mine = set(conn.execute(sa.select(games.c.id).where(games.c.guild_id == guild_id)).scalars())
    rows = conn.execute(
        sa.select(JOBS.c.payload, JOBS.c.run_at_ms).where(
            JOBS.c.kind == TIMEOUT_JOB, JOBS.c.state == "waiting"
        )
    )
    found = [(payload.split('"')[3], int(run_at)) for payload, run_at in rows]
    return [(game, run_at) for game, run_at in found if game in mine]
