"""Whatever members do in whatever order, with repeats and a clock that jumps: the pauses hold.

One database serves all examples of an engine; each example has a guild of its own.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,  # pyright: ignore[reportUnknownVariableType] - hypothesis leaves it untyped
)
from tests.features.economy.earning.till import ANN, BEN, CID, HOUR, MINUTE, Till

from seraphim.features.economy.rules.earning import StillWaiting
from seraphim.features.economy.service.accounts import Gift
from seraphim.features.economy.service.earning import ACTIONS, Earned
from seraphim.features.economy.service.robbing import Robbed
from seraphim.features.economy.service.settings import EconomySettings
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database, open_database
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import GuildId, UserId

PERSONS = (ANN, BEN, CID)
GUILDS = itertools.count(4 * 10**18)
DEFAULTS = EconomySettings()
type Answer = Earned | Robbed | Gift

users = st.sampled_from(PERSONS)
typed = st.sampled_from(["1", "50", "half", "all", "1k", "0"])


class Village(RuleBasedStateMachine):
    """Three members, and a model that knows only what they were told."""

    run: asyncio.Runner
    db: Database

    def __init__(self) -> None:
        super().__init__()
        self.clock = ManualClock()
        self.till = Till(self.db, self.clock, GuildId(next(GUILDS)))
        self.held = dict.fromkeys(PERSONS, 500)
        self.ready: dict[tuple[UserId, str], int] = {}
        self.latest: dict[tuple[UserId, str], int] = {}
        self.done: list[tuple[Callable[[], Awaitable[Answer]], Answer]] = []
        for user in PERSONS:
            self.run.run(self.till.fund(user, 500))

    def attempt(self, work: Callable[[], Awaitable[Answer]]) -> Answer | SeraphimError:
        try:
            answer = self.run.run(_awaited(work))
        except SeraphimError as refused:
            return refused
        assert not answer.repeated
        self.done.append((work, answer))
        return answer

    def waits(self, user: UserId, action: str) -> bool:
        key = (user, action)
        moment = max(self.clock.now_ms(), self.latest.get(key, 0))
        return moment < self.ready.get(key, 0)

    def note(self, user: UserId, action: str, again_ms: int) -> None:
        key = (user, action)
        moment = max(self.clock.now_ms(), self.latest.get(key, 0))
        assert again_ms == moment + DEFAULTS.pause_ms(action)
        self.latest[key], self.ready[key] = moment, again_ms

    @rule(user=users, action=st.sampled_from(ACTIONS))
    def earn(self, user: UserId, action: str) -> None:
        key = self.till.key()
        waits = self.waits(user, action)
        answer = self.attempt(lambda: self.till.earn(action, user, key))
        assert isinstance(answer, StillWaiting) == waits
        if isinstance(answer, Earned):
            self.note(user, action, answer.again_ms)
            self.held[user] += answer.coins
            assert answer.balance == self.held[user]

    @rule(robber=users, victim=users)
    def rob(self, robber: UserId, victim: UserId) -> None:
        key = self.till.key()
        waits = self.waits(robber, "rob")
        answer = self.attempt(lambda: self.till.rob(robber, victim, key))
        if isinstance(answer, Robbed):
            assert not waits
            self.note(robber, "rob", answer.again_ms)
            self.held[robber] += answer.coins
            if answer.coins > 0:
                self.held[victim] -= answer.coins
            assert answer.balance == self.held[robber]

    @rule(giver=users, receiver=users, amount=typed)
    def give(self, giver: UserId, receiver: UserId, amount: str) -> None:
        key = self.till.key()
        answer = self.attempt(lambda: self.till.give(giver, receiver, amount, key))
        if isinstance(answer, Gift):
            self.held[giver] -= answer.amount
            self.held[receiver] += answer.amount
            assert answer.balance == self.held[giver]

    @rule(back=st.integers(1, 3))
    def repeat(self, back: int) -> None:
        """One of the last commands arrives a second time, as it was."""
        if len(self.done) >= back:
            work, answer = self.done[-back]
            if not _answered_by_ledger(answer) and back > 1:
                return  # what moved no coins is known until the same is done again
            again = self.run.run(_awaited(work))
            assert again == replace(answer, repeated=True)

    @rule(seconds=st.sampled_from([1.0, 29 * MINUTE, HOUR, 25 * HOUR, 50 * HOUR]))
    def pass_time(self, seconds: float) -> None:
        self.run.run(self.clock.advance(seconds))

    @rule(seconds=st.sampled_from([5.0, 3 * HOUR, 100 * HOUR]))
    def clock_jumps_back(self, seconds: float) -> None:
        self.clock.set_back(seconds)

    @invariant()
    def balances_are_what_was_told(self) -> None:
        for user in PERSONS:
            assert self.run.run(self.till.balance(user)) == self.held[user] >= 0

    def teardown(self) -> None:
        self.run.run(self.till.assert_sound())


async def _awaited(work: Callable[[], Awaitable[Answer]]) -> Answer:
    return await work()


def _answered_by_ledger(answer: Answer) -> bool:
    return isinstance(answer, Gift) or answer.coins != 0


def test_the_pauses_hold_in_any_order(database_url: str) -> None:
    with asyncio.Runner() as run:
        db = run.run(open_database(database_url))
        try:
            machine = type("Village", (Village,), {"run": run, "db": db})
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=30,
                    stateful_step_count=25,
                    deadline=None,
                    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
                ),
            )
        finally:
            run.run(db.close())
