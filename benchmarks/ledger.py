"""Transfers a second through the bank, beside the bare database doing the same statements.

In one run, in turns, several rounds, medians: first Seraphim (``await db.write(bank.transfer)``
from 1, 32 and 256 callers at once, each waiting for its answer), then the bare engine.

* SQLite: one loop around the driver with the same statements without savepoints, the same number
  of transfers in one COMMIT, ``synchronous=FULL`` like ours.
* PostgreSQL: ``pgbench -M prepared`` calling the same function, as many clients, fsync on.

``hot`` means that every transfer touches one account. Then the balance read and the leaderboard's
page with 10^3, 10^5 and 10^6 accounts. Goals: half of the bare engine at 32 callers, reads under
0.5 ms at any size. The last line is JSON.
"""

import argparse
import asyncio
import itertools
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import uvloop
from rich.console import Console
from rich.table import Table
from support.ledger_engines import GUILD, PERSONS, BareEngine, PostgresEngine, SqliteEngine, user

from seraphim.features.economy.public import Bank, person
from seraphim.features.economy.store.ledger_reading import page_of_leaderboard, rank_of
from seraphim.kernel.clock import SystemClock
from seraphim.kernel.db import Database, open_database
from seraphim.kernel.ids import GuildId, UserId

SIZES = {"1e3": 1_000, "1e5": 100_000, "1e6": 1_000_000}
CASES = ((1, False), (32, False), (32, True), (256, False))
_run = itertools.count()


class Read(Protocol):
    """One read of the ledger, for a person."""

    async def __call__(self, user_id: UserId) -> object:
        """Return what was read."""
        ...


@dataclass
class Figures:
    """What was measured; lists have a value a round."""

    ours: dict[tuple[int, bool], list[float]] = field(
        default_factory=dict[tuple[int, bool], list[float]]
    )
    bare: dict[tuple[int, bool], list[float]] = field(
        default_factory=dict[tuple[int, bool], list[float]]
    )
    reads: dict[str, dict[str, float]] = field(default_factory=dict[str, dict[str, float]])

    def ratio(self, case: tuple[int, bool]) -> float:
        """Return the median of the rounds' ratios: ours and bare of one round are neighbours."""
        pairs = zip(self.ours[case], self.bare[case], strict=True)
        return statistics.median(ours / bare for ours, bare in pairs)


async def _transfers(db: Database, callers: int, seconds: float, *, hot: bool) -> float:
    """Return the transfers a second of callers that each wait for their answer."""
    bank = Bank(SystemClock())
    prefix = f"run{next(_run)}"
    stop = time.perf_counter() + seconds
    done = 0

    async def caller(number: int) -> None:
        nonlocal done
        chance = random.Random(number)
        for turn in itertools.count():
            if time.perf_counter() >= stop:
                return
            source, target = chance.sample(range(1, PERSONS), 2)
            await db.write(
                bank.transfer,
                GUILD,
                person(user(source)),
                person(user(0 if hot else target)),
                1,
                key=f"{prefix}:{number}:{turn}",
                kind="give",
            )
            done += 1

    begun = time.perf_counter()
    await asyncio.gather(*(caller(number) for number in range(callers)))
    return done / (time.perf_counter() - begun)


async def _p50_ms(read: Read, accounts: int, samples: int) -> float:
    chance = random.Random(1)
    took: list[float] = []
    for _ in range(samples):
        user_id = user(chance.randrange(accounts))
        begun = time.perf_counter()
        await read(user_id)
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took)


async def _reads(url: str, guild_id: GuildId, accounts: int) -> dict[str, float]:
    db = await open_database(url)
    bank = Bank(SystemClock())

    async def balance(user_id: UserId) -> object:
        return await db.read(bank.balance, guild_id, user_id)

    async def page(user_id: UserId) -> object:
        return await db.read(page_of_leaderboard, guild_id, start=user_id % 50 * 10)

    async def rank(user_id: UserId) -> object:
        return await db.read(rank_of, guild_id, user_id)

    try:
        for read in (balance, page):
            await _p50_ms(read, accounts, 50)  # the first ones prepare statements
        return {
            "balance": await _p50_ms(balance, accounts, 1000),
            "leaderboard": await _p50_ms(page, accounts, 1000),
            "rank": await _p50_ms(rank, accounts, 25),
        }
    finally:
        await db.close()


def _on_the_bots_loop[T](work: Coroutine[Any, Any, T]) -> T:
    """Run on uvloop, as ``seraphim run`` does."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def _measure(engine: BareEngine, rounds: int, seconds: float) -> Figures:
    figures = Figures()

    async def ours(callers: int, *, hot: bool) -> float:
        db = await open_database(engine.url)
        try:
            await _transfers(db, callers, 0.2, hot=hot)
            return await _transfers(db, callers, seconds, hot=hot)
        finally:
            await db.close()

    for _ in range(rounds):
        for case in CASES:
            callers, hot = case
            figures.ours.setdefault(case, []).append(_on_the_bots_loop(ours(callers, hot=hot)))
            if callers <= engine.most_callers:
                bare = engine.transfers(callers, seconds, hot=hot)
                figures.bare.setdefault(case, []).append(bare)
    for name, accounts in SIZES.items():
        guild_id = engine.fill(accounts)
        figures.reads[name] = _on_the_bots_loop(_reads(engine.url, guild_id, accounts))
    return figures


def _show(engine: str, figures: Figures) -> None:
    table = Table(title=f"Ledger on {engine}", title_justify="left")
    for column in ("callers", "accounts", "transfers/s", "bare engine/s", "ratio"):
        table.add_column(column, justify="right")
    for case, ours in figures.ours.items():
        bare = figures.bare.get(case)
        table.add_row(
            str(case[0]),
            "one hot" if case[1] else "spread",
            f"{statistics.median(ours):,.0f}",
            "-" if bare is None else f"{statistics.median(bare):,.0f}",
            "-" if bare is None else f"{figures.ratio(case):.2f}",
        )
    reads = Table(title="Reads, p50 in ms", title_justify="left")
    for column in ("accounts", "balance", "leaderboard page", "own rank"):
        reads.add_column(column, justify="right")
    for name, found in figures.reads.items():
        reads.add_row(name, *(f"{found[key]:.3f}" for key in ("balance", "leaderboard", "rank")))
    console = Console()
    console.print(table)
    console.print(reads)


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.5, help="of each measurement")
    arguments = parser.parse_args()
    make: dict[str, Callable[[Path], BareEngine]] = {
        "sqlite": SqliteEngine,
        "postgres": PostgresEngine,
    }
    with tempfile.TemporaryDirectory(prefix="seraphim-bench-") as folder:
        engine = make[arguments.engine](Path(folder))
        try:
            figures = _measure(engine, arguments.rounds, arguments.seconds)
        finally:
            engine.close()
    _show(arguments.engine, figures)
    per_second = {
        str(callers): round(statistics.median(figures.ours[callers, False]))
        for callers in (1, 32, 256)
    }
    result = {
        "engine": arguments.engine,
        "per_second": per_second,
        "ratio_32": round(figures.ratio((32, False)), 3),
        "ratio_hot_32": round(figures.ratio((32, True)), 3),
        "ratio_1": round(figures.ratio((1, False)), 3),
        "hot_per_second_32": round(statistics.median(figures.ours[32, True])),
        "bare_per_second_32": round(statistics.median(figures.bare[32, False])),
    }
    for name in ("balance", "leaderboard", "rank"):
        result[f"{name}_p50_ms"] = {
            size: round(found[name], 3) for size, found in figures.reads.items()
        }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
