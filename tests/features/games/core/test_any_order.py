"""Whatever members do in whatever order, coins are never made or lost at a table.

Clicks by anybody on any version, repeats, the clock, restarts, seeds that are renewed, coins given
away in between. One database serves all examples of an engine; each example has a guild of its own.
"""

import asyncio
import itertools
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,  # pyright: ignore[reportUnknownVariableType] - hypothesis leaves it untyped
)
from tests.features.games.core.parlour import ANN, BEN, CID, PURSE, Parlour

from seraphim.features.economy.service.ledger_audit import quick_audit
from seraphim.features.games.rules.fair import FairStream
from seraphim.features.games.rules.game import Plain, replay
from seraphim.features.games.service.orders import View
from seraphim.features.games.store import games as store
from seraphim.features.games.store import seeds as seed_store
from seraphim.features.games.store import totals as totals_store
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database, open_database
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import GuildId, UserId

MEMBERS = (ANN, BEN, CID)
GUILDS = itertools.count(5 * 10**18)
OPENINGS: dict[str, tuple[dict[str, Plain], ...]] = {
    "coinflip": ({"side": "heads"}, {"side": "edge"}),
    "dice": ({"guess": "seven"}, {"guess": "under"}),
    "slots": ({},),
    "mysterybox": ({},),
    "highlow": ({},),
    "doubleornothing": ({},),
    "roulette": ({"space": "red"}, {"space": "17"}, {"space": "nowhere"}),
}
type Click = tuple[str, dict[str, Plain], str | None]
MOVES: dict[str, tuple[Click, ...]] = {
    "mysterybox": (("box", {"value": "0"}, None), ("box", {"value": "9"}, None)),
    "highlow": (("higher", {}, None), ("lower", {}, None), ("take", {}, None)),
    "doubleornothing": (("double", {}, None), ("take", {}, None)),
    "roulette": (
        ("bet", {"value": "black"}, "30"),
        ("bet", {"value": "0"}, "half"),
        ("spin", {}, None),
    ),
}
STRAYS: tuple[Click, ...] = (("timeout", {}, None), ("take", {}, None), ("bet", {}, "30"))
"""What no button of the game sends."""
users = st.sampled_from(MEMBERS)
back = st.integers(0, 5)


class Room(RuleBasedStateMachine):
    """Three members at the tables of the house, and what the record says they should own."""

    run: asyncio.Runner
    db: Database
    kinds: tuple[str, ...]

    def __init__(self) -> None:
        super().__init__()
        self.clock = ManualClock()
        self.parlour = Parlour(self.db, self.clock, GuildId(next(GUILDS)))
        self.games: list[View] = []
        self.clicks: list[tuple[View, str, UserId, dict[str, Any]]] = []
        self.wait(self.parlour.set(cooldown_seconds=0))
        for user in MEMBERS:
            self.wait(self.parlour.fund(user))

    def wait[T](self, work: Coroutine[Any, Any, T]) -> T:
        return self.run.run(work)

    def attempt(self, work: Coroutine[Any, Any, View]) -> View | None:
        try:
            return self.wait(work)
        except SeraphimError:
            return None

    @rule(
        user=users,
        pick=st.integers(0, 20),
        bet=st.sampled_from(["10", "99", "half", "all", "9999", "0"]),
        data=st.data(),
    )
    def open(self, user: UserId, pick: int, bet: str, data: st.DataObject) -> None:
        kind = self.kinds[pick % len(self.kinds)]
        options = data.draw(st.sampled_from(OPENINGS[kind]))
        key = self.parlour.key()
        opened = self.attempt(self.parlour.open(kind, user, bet, options, key=key))
        if opened is not None:
            self.games.append(opened)
            again = self.wait(self.parlour.open(kind, user, bet, options, key=key))
            assert again.repeated
            assert again.game == opened.game

    @precondition(lambda self: bool(self.games))
    @rule(user=users, which=back, pick=st.integers(0, 11), late=st.sampled_from([0, 0, 0, 1]))
    def click(self, user: UserId, which: int, pick: int, late: int) -> None:
        view = self.wait(self.parlour.look(self.games[-1 - which % len(self.games)]))
        moves = MOVES.get(view.game.kind, STRAYS)
        action, options, bet = STRAYS[0] if pick == 0 else moves[pick % len(moves)]
        if pick % 2 and view.opener is not None:
            user = view.opener
        chosen: dict[str, Any] = {
            "options": options,
            "bet": bet,
            "version": view.game.version - late,
            "key": self.parlour.key(),
        }
        done = self.attempt(self.parlour.act(view, action, user, **chosen))
        if done is not None:
            assert done.game.version == view.game.version + 1
            self.clicks.append((view, action, user, chosen))

    @precondition(lambda self: bool(self.clicks))
    @rule(which=back)
    def repeat(self, which: int) -> None:
        """A click that was made arrives again."""
        view, action, user, chosen = self.clicks[-1 - which % len(self.clicks)]
        before = self.wait(self.parlour.look(view))
        again = self.wait(self.parlour.act(view, action, user, **chosen))
        assert again.repeated
        assert again.game == before.game

    @rule(seconds=st.sampled_from([1, 50, 700, 8000]))
    def pass_time(self, seconds: float) -> None:
        self.wait(self.clock.advance(seconds))

    @rule(seconds=st.sampled_from([5.0, 3600.0]))
    def set_clock_back(self, seconds: float) -> None:
        self.clock.set_back(seconds)

    @rule(twice=st.booleans())
    def run_due_timeouts(self, *, twice: bool) -> None:
        now_ms = self.clock.now_ms()
        for game, run_at_ms in self.wait(self.parlour.timeouts()):
            if run_at_ms <= now_ms:
                moved = self.wait(self.parlour.table.time_out(game))
                assert moved is not None
                if twice:
                    assert self.wait(self.parlour.table.time_out(game)) is None
                self.wait(self.db.write(_forget_job, game, run_at_ms))

    @rule()
    def restart(self) -> None:
        self.parlour.table = self.parlour.new_table()

    @rule(user=users)
    def rotate(self, user: UserId) -> None:
        try:
            self.wait(self.parlour.fairness.rotate(self.parlour.guild_id, user))
        except SeraphimError as refused:
            assert refused.code == "games.seed_in_use"  # noqa: PT017 - the only refusal there is

    @invariant()
    def everybody_owns_what_the_record_says(self) -> None:
        owned = dict.fromkeys(MEMBERS, PURSE)
        totals = {user: [0, 0, 0] for user in MEMBERS}
        waiting: dict[str, int] = {}
        for first in self.games:
            view = self.wait(self.parlour.look(first))
            stakes, payouts, is_over = self.played_again(view)
            assert stakes == view.stakes
            assert is_over == (not view.game.is_open)
            held = self.wait(self.parlour.escrow(view))
            assert held == (sum(stakes.values()) if view.game.is_open else 0)
            if view.game.deadline_ms is not None:
                waiting[view.game.id] = view.game.deadline_ms
            for seat in view.seats:
                assert seat.user_id is not None
                owned[seat.user_id] += payouts.get(seat.number, 0) - stakes[seat.number]
                if is_over:
                    assert seat.payout == payouts[seat.number]
                    sums = totals[seat.user_id]
                    sums[0] += 1
                    sums[1] += stakes[seat.number]
                    sums[2] += payouts[seat.number]
        assert {user: self.wait(self.parlour.holds(user)) for user in MEMBERS} == owned
        assert dict(self.wait(self.parlour.timeouts())) == waiting
        for user, (played, staked, paid) in totals.items():
            found = self.wait(self.db.read(totals_store.find_totals, self.parlour.guild_id, user))
            shown = (0, 0, 0) if found is None else (found.played, found.staked, found.paid)
            assert shown == (played, staked, paid)

    def played_again(self, view: View) -> tuple[dict[int, int], dict[int, int], bool]:
        """Return stakes and payouts by the rules alone, from the record and the seed."""
        game = view.game
        moves = self.wait(self.db.read(store.list_moves, game.id))
        seed = self.wait(self.db.read(seed_store.find_seed, game.seed_id))
        assert seed is not None
        stream = FairStream(seed.server_seed, game.client_seed, game.nonce)
        played = replay(self.parlour.table.rules(game.kind), game.opening, moves, stream)
        assert played.step.state == view.state
        assert stream.position == game.position
        return played.stakes, dict(played.step.payouts or {}), played.step.is_over

    def teardown(self) -> None:
        report = self.wait(quick_audit(self.db, self.parlour.bank, self.clock))
        assert report.findings == ()


def _forget_job(conn: Any, game: str, run_at_ms: int) -> None:
    """Mark a timeout as run, as the worker does."""
    conn.exec_driver_sql(
        f"DELETE FROM jobs WHERE key = 'games.timeout:{game}:{run_at_ms}'"  # ours, not a person's
    )


@pytest.mark.parametrize("kind", [*OPENINGS, "all"])
def test_no_order_of_events_makes_or_loses_coins(database_url: str, kind: str) -> None:
    with asyncio.Runner() as run:
        db = run.run(open_database(database_url))
        try:
            Room.run, Room.db = run, db
            Room.kinds = tuple(OPENINGS) if kind == "all" else (kind,)
            examples, steps = (15, 30) if kind == "all" else (4, 20)
            run_state_machine_as_test(  # pyright: ignore[reportUnknownVariableType] - as above
                Room,
                settings=settings(
                    max_examples=examples,
                    stateful_step_count=steps,
                    deadline=None,
                    derandomize=True,
                    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
                ),
            )
        finally:
            run.run(db.close())
