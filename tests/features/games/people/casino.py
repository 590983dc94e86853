"""A table with members who have coins, on a database and a clock of the test's own."""

import itertools

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from seraphim.features.economy.public import MINT, Bank, person
from seraphim.features.games.rules.fair import FairStream
from seraphim.features.games.rules.game import Plain, replay
from seraphim.features.games.service.orders import ActOrder, OpenOrder, View
from seraphim.features.games.service.settings import GamesSettings
from seraphim.features.games.service.table import Table
from seraphim.features.games.store import games as store
from seraphim.features.games.store import seeds
from seraphim.features.games.store.tables import games
from seraphim.kernel.bus import InProcessBus
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database
from seraphim.kernel.dice import SeededDice
from seraphim.kernel.ids import ChannelId, GuildId, UserId
from seraphim.kernel.settings import GuildSettings
from seraphim.kernel.system_ids import SystemIds

PURSE = 10_000
CHANNEL = ChannelId(5)
GUILDS = itertools.count(7 * 10**18)
KEYS = itertools.count(1)


class Casino:
    """One guild's tables."""

    def __init__(self, db: Database, clock: ManualClock, members: tuple[UserId, ...]) -> None:
        self.db = db
        self.clock = clock
        self.bank = Bank(clock)
        self.ids = SystemIds()
        self.guild_id = GuildId(next(GUILDS))
        self.members = members
        self.settings = GuildSettings(db, InProcessBus(), clock, self.ids)
        self.restart()

    def restart(self) -> None:
        """Forget everything that is not stored."""
        self.table = Table(
            self.db,
            self.bank,
            self.settings,
            clock=self.clock,
            ids=self.ids,
            dice=SeededDice(next(KEYS)),
        )

    async def fund(self) -> None:
        """Give everybody coins, and let nobody wait."""
        for member in self.members:
            await self.db.write(
                self.bank.transfer, self.guild_id, MINT, person(member), PURSE,
                key=f"fund:{member}", kind="test",
            )  # fmt: skip
        await self.settings.change(
            self.guild_id, GamesSettings,
            {"cooldown_seconds": 0, "min_bet": 1, "trivia_daily_rounds": 1000},
            actor_id=UserId(1), source="test",
        )  # fmt: skip

    def opening(
        self,
        kind: str,
        user: UserId,
        bet: str,
        options: dict[str, Plain] | None = None,
        invited: tuple[UserId, ...] = (),
    ) -> OpenOrder:
        """A command of a member, now."""
        return OpenOrder(
            key=f"open{next(KEYS)}",
            guild_id=self.guild_id,
            channel_id=CHANNEL,
            user_id=user,
            kind=kind,
            at_ms=self.clock.now_ms(),
            bet=bet,
            options=options or {},
            invited=invited,
        )

    def acting(
        self,
        view: View,
        user: UserId,
        action: str,
        options: dict[str, Plain] | None = None,
        bet: str | None = None,
    ) -> ActOrder:
        """A click of a member, now, on the message as ``view`` shows it."""
        return ActOrder(
            key=f"act{next(KEYS)}",
            guild_id=self.guild_id,
            channel_id=CHANNEL,
            user_id=user,
            game_id=view.game.id,
            action=action,
            at_ms=self.clock.now_ms(),
            version=view.game.version,
            bet=bet,
            options=options or {},
        )

    async def due(self) -> list[str]:
        """Return the open games whose deadline has passed."""
        return await self.db.read(_due, self.guild_id, self.clock.now_ms())

    async def balance(self, member: UserId) -> int:
        """Return what a member holds."""
        return await self.db.read(self.bank.balance, self.guild_id, member)

    async def check(self) -> None:
        """Compare coins, escrows and outcomes with the stored games.

        Raises AssertionError when a coin is lost or made up, an escrow holds anything but the
        stakes of its open game, or a finished game paid something else than its record says when
        it is played again.
        """
        held = sum([await self.balance(member) for member in self.members])
        expected = PURSE * len(self.members)
        for game_id in await self.db.read(_all, self.guild_id):
            in_escrow = await self.db.read(
                self.bank.escrow_balance, self.guild_id, f"game:{game_id}"
            )
            view = await self.table.look(self.guild_id, game_id)
            stakes, payouts = sum(view.stakes.values()), sum(view.payouts.values())
            if view.game.is_open:
                assert in_escrow == stakes
                expected -= stakes
                continue
            assert in_escrow == 0
            if view.game.status == "settled":
                expected += payouts - stakes
            await self._replay(view)
        assert held == expected

    async def _replay(self, view: View) -> None:
        row = view.game
        moves = await self.db.read(store.list_moves, row.id)
        seed = await self.db.read(seeds.find_seed, row.seed_id)
        assert seed is not None
        stream = FairStream(seed.server_seed, row.client_seed, row.nonce)
        again = replay(self.table.rules(row.kind), row.opening, moves, stream)
        assert msgspec.json.encode(again.step.state).decode() == row.state
        assert again.step.released == (row.status == "released")
        assert {seat: coins for seat, coins in again.stakes.items() if coins} == {
            seat: coins for seat, coins in view.stakes.items() if coins
        }
        if again.step.payouts is not None:
            assert {seat: view.payouts[seat] for seat in again.step.payouts} == again.step.payouts


def _due(conn: Connection, guild_id: GuildId, now_ms: int) -> list[str]:
    mine = sa.and_(games.c.guild_id == guild_id, games.c.status == "open")
    query = sa.select(games.c.id).where(mine, games.c.deadline_ms <= now_ms)
    return list(conn.execute(query.order_by(games.c.deadline_ms)).scalars())


def _all(conn: Connection, guild_id: GuildId) -> list[str]:
    return list(conn.execute(sa.select(games.c.id).where(games.c.guild_id == guild_id)).scalars())
