"""How long a member waits for music: from sending ``/play`` to the first packet of the song.

The bot runs in a process of its own and sits silently in the voice channel of a member, who asks
for one local file after the other. Beside each ``/play`` stands a command that only answers
(``/ping``), asked in turns in the same run: it shows how much of the wait is Discord's round trip.
The packet's time is its arrival at the voice server, stamped by the kernel. Goal: 50 ms.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from support.arena import open_arena, run_contender

from discord_sandbox.demo_tracks import FOLDER
from discord_sandbox.driver import Driver

type Waits = dict[str, list[float]]


async def _measure(songs: int) -> Waits:
    """Return the waits in milliseconds, by what was waited for."""
    waits: Waits = {"sound": [], "answer": [], "ping": []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with open_arena(folder) as arena:
            environ = arena.environ(
                arena.token,
                SERAPHIM_LIBRARY=str(FOLDER),
                SERAPHIM_YTDLP="off",
                SERAPHIM_COMMAND_RATE_LIMIT="1000",
            )
            async with (
                run_contender(["-m", "seraphim", "run"], environ, folder / "bot"),
                Driver.connect(arena.url) as driver,
            ):
                await _listen(driver, songs, waits)
    return waits


async def _listen(driver: Driver, songs: int, waits: Waits) -> None:
    guild = await driver.guild()
    member = await guild.member("alice")
    member.use("music")
    voice = await member.join("Music")
    await member.slash("join")
    files = [choice["value"] for choice in await member.autocomplete("play", query="")]
    for number in range(songs):
        since = time.perf_counter()
        await member.slash("ping")
        waits["ping"].append((time.perf_counter() - since) * 1e3)
        voice.forget()
        asked_ns = time.monotonic_ns()
        playing = asyncio.create_task(member.slash("play", query=files[number % len(files)]))
        first = await voice.until_speaking()
        waits["sound"].append((first.received_ns - asked_ns) / 1e6)
        await playing
        waits["answer"].append((time.monotonic_ns() - asked_ns) / 1e6)
        await member.slash("skip")
        await voice.until_silence(0.2)


def main() -> None:
    """Measure, print a table, and end with one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--songs", type=int, default=100)
    waits = asyncio.run(_measure(parser.parse_args().songs))
    table = Table(title="What a member waits for, ms")
    for column in ("", "p50", "p95", "most"):
        table.add_column(column, justify="right" if column else "left")
    for key, label in (
        ("sound", "/play: the first packet"),
        ("answer", "/play: its answer"),
        ("ping", "/ping: its answer"),
    ):
        p50, p95 = np.percentile(waits[key], [50, 95])
        table.add_row(label, f"{p50:.1f}", f"{p95:.1f}", f"{max(waits[key]):.1f}")
    Console().print(table)
    p95 = float(np.percentile(waits["sound"], 95))
    print(
        json.dumps(
            {
                "first_sound_ms": round(statistics.median(waits["sound"]), 1),
                "first_sound_p95_ms": round(p95, 1),
                "ping_ms": round(statistics.median(waits["ping"]), 1),
            }
        )
    )


if __name__ == "__main__":
    main()
