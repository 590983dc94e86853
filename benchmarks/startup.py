"""How long until the bot is ready, and how much memory it takes while nothing happens.

Paired with a bare discord.py bot in the same run, on the same sandbox. Seconds run from the start
of the process to the moment it says ``READY=1``; memory is the resident set of the process after
the guilds have arrived. Goals: ready under 3 s, idle under 200 MB.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table
from support.arena import ROOT, Arena, open_arena, run_contender

SETTLE_SECONDS = 2.0
BARE = [str(ROOT / "benchmarks" / "support" / "bare_bot.py"), "bare.db"]
SERAPHIM = ["-m", "seraphim", "run"]


async def _measure(arena: Arena, arguments: list[str], name: str, runs: int) -> tuple[float, float]:
    """Return the median seconds to ready and the resident megabytes of the last run."""
    seconds: list[float] = []
    megabytes = 0.0
    for _ in range(runs):
        environ = arena.environ(arena.token)
        async with run_contender(arguments, environ, arena.folder / name) as contender:
            await asyncio.sleep(SETTLE_SECONDS)
            seconds.append(contender.ready_seconds)
            megabytes = contender.resident_mb()
    return statistics.median(seconds), megabytes


async def _run(guilds: int, runs: int) -> dict[str, dict[str, float]]:
    with tempfile.TemporaryDirectory() as folder:
        async with open_arena(Path(folder)) as arena:
            few = {
                "seraphim": await _measure(arena, SERAPHIM, "seraphim", runs),
                "bare": await _measure(arena, BARE, "bare", runs),
            }
            applications = await arena.control("GET", "/applications")
            body = {
                "name": "Guild",
                "count": guilds - 1,
                "application_id": applications[0]["id"],
                "channels": [{"name": name, "type": 0} for name in ("general", "music", "games")]
                + [{"name": "Voice", "type": 2}],
            }
            await arena.control("POST", "/guilds", body)
            many = {
                "seraphim": await _measure(arena, SERAPHIM, "seraphim", 1),
                "bare": await _measure(arena, BARE, "bare", 1),
            }
    return {
        name: {
            "ready_seconds": few[name][0],
            "idle_mb_1_guild": few[name][1],
            "ready_seconds_1000_guilds": many[name][0],
            "idle_mb_1000_guilds": many[name][1],
        }
        for name in few
    }


def main() -> None:
    """Measure, print a table, and end with one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--guilds", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3, help="starts per bot with one guild")
    options = parser.parse_args()
    results = asyncio.run(_run(options.guilds, options.runs))
    table = Table(title="Start and idle memory")
    table.add_column("")
    for name in ("Seraphim", "bare discord.py", "ratio"):
        table.add_column(name, justify="right")
    ours, bare = results["seraphim"], results["bare"]
    for key, label in (
        ("ready_seconds", "seconds to ready, 1 guild"),
        ("idle_mb_1_guild", "idle MB, 1 guild"),
        ("ready_seconds_1000_guilds", f"seconds to ready, {options.guilds} guilds"),
        ("idle_mb_1000_guilds", f"idle MB, {options.guilds} guilds"),
    ):
        table.add_row(label, f"{ours[key]:.2f}", f"{bare[key]:.2f}", f"{ours[key] / bare[key]:.2f}")
    Console().print(table)
    print(
        json.dumps(
            {
                "ready_seconds": round(ours["ready_seconds"], 3),
                "idle_mb_1_guild": round(ours["idle_mb_1_guild"], 1),
                "idle_mb_1000_guilds": round(ours["idle_mb_1000_guilds"], 1),
            }
        )
    )


if __name__ == "__main__":
    main()
