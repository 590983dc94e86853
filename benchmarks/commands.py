"""The same two commands through the sandbox, on Seraphim and on a bare discord.py bot.

Both bots run at the same time on the same sandbox; a member asks them alternately, so that each
pair of figures met the same machine. A time runs from the member's click to the answer on their
screen. ``read`` reads one uncached row of SQLite before it answers. Goal: p50 at most 1.5 times
bare discord.py.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table
from support.arena import ROOT, Arena, open_arena, run_contender

from discord_sandbox.driver import Driver, Guild, Member
from discord_sandbox.driver.replies import wait_for_answer

SUPPORT = ROOT / "benchmarks" / "support"
NAMES = ("seraphim", "bare")


@dataclass(slots=True)
class Figures:
    """Milliseconds of single commands, and how many a second when many ask at once."""

    milliseconds: list[float] = field(default_factory=list[float])
    per_second: float = 0.0

    def summary(self) -> dict[str, float]:
        """Return p50, p95, p99 in milliseconds and commands a second."""
        cuts = statistics.quantiles(self.milliseconds, n=100, method="inclusive")
        return {
            "p50_ms": round(cuts[49], 3),
            "p95_ms": round(cuts[94], 3),
            "p99_ms": round(cuts[98], 3),
            "per_second": round(self.per_second, 1),
        }


async def _ask(member: Member, command_id: str) -> float:
    """Use a command and return the milliseconds until its answer was seen."""
    since = time.perf_counter()
    channel_id = member.channel("bot-commands").id
    asked = await member.connection.ask(
        "slash", channel_id=channel_id, command_id=command_id, options=[]
    )
    await wait_for_answer(member.connection, asked["interaction_id"], "the probe")
    milliseconds = (time.perf_counter() - since) * 1000
    member.connection.events.clear()
    return milliseconds


async def _commands(member: Member, application_ids: dict[str, str]) -> dict[str, dict[str, str]]:
    """Return the command's id by bot and by kind, once both bots have registered theirs."""
    found: dict[str, dict[str, str]] = {}
    await member.connection.until(
        lambda: sum(c["name"].startswith("probe-") for c in member.connection.commands) == 4,
        "both bots to register their commands",
        30,
    )
    for name, application_id in application_ids.items():
        found[name] = {
            command["name"].removeprefix("probe-"): command["id"]
            for command in member.connection.commands
            if command["application_id"] == application_id
        }
    return found


async def _alternate(member: Member, ids: dict[str, str], rounds: int) -> dict[str, list[float]]:
    """Ask the bots in turn, the order swapped in each round; the first tenth warms up."""
    times: dict[str, list[float]] = {name: [] for name in NAMES}
    for number in range(rounds + rounds // 10):
        for name in NAMES if number % 2 else reversed(NAMES):
            milliseconds = await _ask(member, ids[name])
            if number >= rounds // 10:
                times[name].append(milliseconds)
    return times


async def _throughput(guild: Guild, command_id: str, people: int, each: int) -> float:
    """Let ``people`` ask at once, ``each`` times one after the other; commands a second."""
    members = [await guild.create_member(f"crowd{command_id[-4:]}{n}") for n in range(people)]

    async def ask_often(member: Member) -> None:
        for _ in range(each):
            await _ask(member, command_id)

    since = time.perf_counter()
    await asyncio.gather(*(ask_often(member) for member in members))
    seconds = time.perf_counter() - since
    for member in members:
        await member.close()
        await guild.kick(member)
    return people * each / seconds


async def _run(arena: Arena, rounds: int, people: int) -> dict[str, dict[str, Figures]]:
    async with Driver.connect(arena.url, timeout=30) as driver:
        guild = await driver.guild()
        bare = await driver.create_application("bare")
        await guild.add_bot(bare)
        ours = await driver.application("Seraphim")
        limits = {
            "SERAPHIM_COMMAND_RATE_LIMIT": "1000",
            "SERAPHIM_COMMAND_RATE_WINDOW_SECONDS": "0.1",
        }
        async with (
            run_contender(
                [str(SUPPORT / "seraphim_bot.py")],
                arena.environ(arena.token, **limits),
                arena.folder / "seraphim",
            ),
            run_contender(
                [str(SUPPORT / "bare_bot.py"), "bare.db"],
                arena.environ(bare["token"]),
                arena.folder / "bare",
            ),
        ):
            alice = await guild.member("alice")
            ids = await _commands(alice, {"seraphim": ours["id"], "bare": bare["id"]})
            results: dict[str, dict[str, Figures]] = {name: {} for name in NAMES}
            for kind in ("trivial", "read"):
                times = await _alternate(alice, {name: ids[name][kind] for name in NAMES}, rounds)
                for name in NAMES:
                    results[name][kind] = Figures(times[name])
            for name in NAMES:
                for kind in ("trivial", "read"):
                    rate = await _throughput(guild, ids[name][kind], people, 40)
                    results[name][kind].per_second = rate
            return results


def _show(results: dict[str, dict[str, Figures]]) -> None:
    table = Table(title="Commands through the sandbox, from click to answer")
    for column in ("command", "bot", "p50 ms", "p95 ms", "p99 ms", "a second"):
        table.add_column(column, justify="left" if column in {"command", "bot"} else "right")
    for kind in ("trivial", "read"):
        for name in NAMES:
            row = results[name][kind].summary()
            table.add_row(kind, name, *(f"{value:.2f}" for value in row.values()))
    Console().print(table)


def main() -> None:
    """Measure, print a table, and end with one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1000, help="commands of each kind a bot")
    parser.add_argument("--people", type=int, default=16, help="members who ask at once")
    options = parser.parse_args()

    async def measure() -> dict[str, dict[str, Figures]]:
        with tempfile.TemporaryDirectory() as folder:
            async with open_arena(Path(folder)) as arena:
                return await _run(arena, options.rounds, options.people)

    results = asyncio.run(measure())
    _show(results)
    p50 = {name: {k: f.summary()["p50_ms"] for k, f in results[name].items()} for name in NAMES}
    print(
        json.dumps(
            {
                "seraphim": results["seraphim"]["trivial"].summary(),
                "bare": results["bare"]["trivial"].summary(),
                "ratio_p50": round(p50["seraphim"]["trivial"] / p50["bare"]["trivial"], 3),
                "ratio_p50_read": round(p50["seraphim"]["read"] / p50["bare"]["read"], 3),
            }
        )
    )


if __name__ == "__main__":
    main()
