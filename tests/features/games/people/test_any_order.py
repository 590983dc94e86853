"""Whatever members click in whatever order, twice, late or across restarts: no coin goes astray.

Every game is played at one table by four members at once. After each step the escrows hold exactly
the stakes of the open games, and a finished game paid what its record says when it is played again.
One database serves all examples of an engine; each example has a guild of its own.
"""

import asyncio
from collections.abc import Awaitable, Callable

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,  # pyright: ignore[reportUnknownVariableType] - hypothesis leaves it untyped
)
from tests.features.games.people.casino import Casino

from seraphim.features.economy.service.ledger_audit import audit
from seraphim.features.games.rules.game import Plain
from seraphim.features.games.service.orders import View
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database, open_database
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import UserId

ANN, BEN, CID, DEA = (UserId(number) for number in (101, 102, 103, 104))
MEMBERS = (ANN, BEN, CID, DEA)

people = st.sampled_from(MEMBERS)
bets = st.sampled_from(["1", "7", "100", "250", "half", "all"])
OPENINGS: dict[str, list[dict[str, Plain]]] = {
    "blackjack": [{}],
    "crash": [{}, {"auto": "1.5"}, {"auto": "40"}, {"auto": "x"}],
    "duel": [{}],
    "heist": [{}],
    "race": [{"value": "comet"}, {"value": "snail"}, {"value": "?"}],
    "rps": [{}],
    "triviabet": [{}, {"category": "food", "difficulty": "hard"}],
}
CLICKS: dict[str, list[tuple[str, dict[str, Plain]]]] = {
    "blackjack": [("hit", {}), ("stand", {}), ("double", {}), ("split", {})],
    "crash": [("join", {}), ("join", {"auto": "1.2"}), ("leave", {}), ("leave", {})],
    "duel": [("accept", {}), ("accept", {}), ("decline", {})],
    "heist": [("join", {})],
    "race": [("join", {"value": "comet"}), ("join", {"value": "hare"})],
    "rps": [*[("throw", {"value": one}) for one in ("rock", "paper", "lizard")], ("decline", {})],
    "triviabet": [("answer", {"value": "0"}), ("answer", {"value": "3"}), ("timeout", {})],
}
"""What can be pressed; much of it is not allowed at the moment it is pressed."""


class Evening(RuleBasedStateMachine):
    """Four members and one table."""

    run: asyncio.Runner
    db: Database

    def __init__(self) -> None:
        super().__init__()
        self.clock = ManualClock()
        self.casino = Casino(self.db, self.clock, MEMBERS)
        self.run.run(self.casino.fund())
        self.seen: list[View] = []
        self.done: list[Callable[[], Awaitable[View]]] = []

    def attempt(self, work: Callable[[], Awaitable[View]]) -> None:
        try:
            view = self.run.run(_awaited(work))
        except SeraphimError:
            return
        self.seen.append(view)
        self.done.append(work)

    @rule(user=people, other=people, kind=st.sampled_from(list(OPENINGS)), bet=bets, pick=st.data())
    def open(self, user: UserId, other: UserId, kind: str, bet: str, pick: st.DataObject) -> None:
        options = pick.draw(st.sampled_from(OPENINGS[kind]))
        is_invited = kind == "duel" or (kind == "rps" and pick.draw(st.booleans()))
        if is_invited and other == user:
            return  # the command refuses it before the table is asked
        order = self.casino.opening(kind, user, bet, options, (other,) if is_invited else ())
        self.attempt(lambda: self.casino.table.open(order))

    @rule(user=people, bet=bets, pick=st.data())
    def click(self, user: UserId, bet: str, pick: st.DataObject) -> None:
        if not self.seen:
            return
        view = pick.draw(st.sampled_from(self.seen[-6:]))
        action, options = pick.draw(st.sampled_from(CLICKS[view.game.kind]))
        order = self.casino.acting(view, user, action, options, bet if action == "join" else None)
        self.attempt(lambda: self.casino.table.act(order))

    @rule(user=people, pick=st.data())
    def click_on_the_newest(self, user: UserId, pick: st.DataObject) -> None:
        if self.seen:
            view = self.run.run(self.casino.table.look(self.casino.guild_id, self.seen[-1].game.id))
            action, options = pick.draw(st.sampled_from(CLICKS[view.game.kind]))
            order = self.casino.acting(
                view, user, action, options, "5" if action == "join" else None
            )
            self.attempt(lambda: self.casino.table.act(order))

    @rule(back=st.integers(1, 4))
    def repeat(self, back: int) -> None:
        """A command or a click arrives a second time; nothing moves."""
        if len(self.done) < back:
            return
        before = [self.run.run(self.casino.balance(member)) for member in MEMBERS]
        view = self.run.run(_awaited(self.done[-back]))
        assert view.repeated
        assert [self.run.run(self.casino.balance(member)) for member in MEMBERS] == before

    @rule(seconds=st.sampled_from([0.5, 2.0, 10.0, 16.0, 31.0, 61.0, 7300.0]))
    def pass_time(self, seconds: float) -> None:
        self.run.run(self.clock.advance(seconds))
        self.let_the_clock_move()

    @rule(seconds=st.sampled_from([1.0, 20.0, 7300.0]))
    def be_away(self, seconds: float) -> None:
        """Time passes without the bot; afterwards it takes up what is stored."""
        self.run.run(self.clock.advance(seconds))
        self.casino.restart()

    @rule()
    def let_the_clock_move(self) -> None:
        for game_id in self.run.run(self.casino.due()):
            self.run.run(self.casino.table.time_out(game_id))
            self.run.run(self.casino.table.time_out(game_id))  # the job is delivered twice

    @rule()
    def interrupt_a_flight(self) -> None:
        for view in self.seen[-3:]:
            if view.game.kind == "crash":
                self.run.run(
                    self.casino.table.house_move(view.game.id, "interrupted", self.clock.now_ms())
                )

    @invariant()
    def no_coin_is_astray(self) -> None:
        self.run.run(self.casino.check())

    def teardown(self) -> None:
        """At the end of the evening every game is over, and the books are in order."""
        for _ in range(10):
            self.run.run(self.clock.advance(7300))
            self.let_the_clock_move()
        assert self.run.run(self.casino.due()) == []
        self.run.run(self.casino.check())
        assert self.run.run(audit(self.db, self.casino.bank, self.clock)).findings == ()


async def _awaited(work: Callable[[], Awaitable[View]]) -> View:
    return await work()


def test_no_coin_goes_astray_in_any_order(database_url: str) -> None:
    with asyncio.Runner() as run:
        db = run.run(open_database(database_url))
        try:
            machine = type("Evening", (Evening,), {"run": run, "db": db})
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=15,
                    stateful_step_count=30,
                    deadline=None,
                    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
                ),
            )
        finally:
            run.run(db.close())
