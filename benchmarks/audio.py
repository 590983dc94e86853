"""How many players one process paces, and how punctually: through real voice connections.

A local Discord in a process of its own holds one guild per player. Seraphim's embedded voice
joins them all (TLS voice gateway, UDP, AES-GCM), plays Opus untouched, then MP3 transcoded; after
that a bare discord.py bot in another process does the same with its own AudioPlayer, for the ratio;
it gets fewer players, and only so much time. Lateness is that of a packet behind its moment on the
20 ms grid, measured where it is handed to the network. Each row is printed when it is measured.

    make bench NAME=audio ARGS="--players 100"
    make bench NAME=audio ARGS="--search 1000"      the most players of each kind within 5 ms
"""

import argparse
import asyncio
import json
import logging
import time
from pathlib import Path

from support.peer import measure_peer
from support.players import MP3, OPUS, Result, Seraphim
from support.voice_hall import Hall, connected_client, open_hall

from seraphim.adapters.voice_embedded import Tuning

LATE_MS = 5.0
SEARCH_SECONDS = 4.0
SEARCH_STEPS = 9
COULD_NOT = "could not"


async def measure(options: argparse.Namespace) -> None:
    """Run everything, print each row of the table at once, and the JSON line at the end."""
    async with open_hall(options.players) as hall:
        report = await _measure_ours(hall, options)
        if not options.no_peer:
            report["bare"] = await _measure_peer(hall, options)
    print(json.dumps(report))


async def _measure_ours(hall: Hall, options: argparse.Namespace) -> dict[str, object]:
    async with connected_client(hall) as client:
        ours = Seraphim(client, hall, slots=options.slots)
        await ours.join()
        first_packet_ms = await ours.first_packet_ms(OPUS)
        first_transcoded_ms = await ours.first_packet_ms(MP3)
        print(
            f"From play() to the first packet at the other end (median): {first_packet_ms:.1f} ms "
            f"for Opus, {first_transcoded_ms:.1f} ms for MP3\n",
            flush=True,
        )
        _print_head()
        passthrough = await ours.run(OPUS, options.players, options.seconds)
        _print_row("Seraphim, Opus untouched", passthrough)
        count = min(options.players, options.transcode_players)
        transcode = await ours.run(MP3, count, options.seconds)
        _print_row("Seraphim, MP3 transcoded", transcode)
        await ours.voice.close()
    return {
        "passthrough": passthrough.summary(),
        "transcode": transcode.summary(),
        "first_packet_ms": round(first_packet_ms, 1),
    }


async def _measure_peer(hall: Hall, options: argparse.Namespace) -> dict[str, float] | str:
    """Measure discord.py alone; what it could not do within its time is said instead."""
    players = min(options.players, options.peer_players)
    name = "discord.py alone, Opus"
    result = await measure_peer(hall, players, options.seconds, options.peer_limit)
    if result is None:
        print(f"{name:26}{players:11d}  {COULD_NOT} within {options.peer_limit:g} s", flush=True)
        return COULD_NOT
    _print_row(name, result)
    return result.summary()


async def search(options: argparse.Namespace) -> None:
    """Find the most players of each kind whose packets leave in time."""
    begin = time.monotonic()
    most: dict[str, int] = {}
    async with open_hall(options.search) as hall, connected_client(hall) as client:
        ours = Seraphim(client, hall, slots=options.slots)
        await ours.join()
        print(f"{options.search} joined within {time.monotonic() - begin:.0f} s", flush=True)
        _print_head()
        kinds = (
            ("passthrough", OPUS, options.search),
            ("transcode", MP3, min(options.search, options.transcode_players * 3)),
        )
        for number, (name, song, high) in enumerate(kinds, 1):
            share = begin + options.search_limit * number / len(kinds)
            most[name] = await _most(ours, name, song, high, until=share)
        await ours.voice.close()
    print(json.dumps({"players_max_within_5ms": most}))


async def _most(ours: Seraphim, name: str, song: Path, high: int, *, until: float) -> int:
    """Double the players until they are late, then halve the rest; stop at ``until``.

    From below, because a process that has just been overloaded is late with fewer players, too.
    """
    good, bad = 0, high + 1
    count = max(1, high // 8)
    for _ in range(SEARCH_STEPS):
        if await _in_time(ours, name, song, count):
            good = count
        else:
            bad = count
        if bad - good <= max(1, high // 50):
            return good
        count = min(good * 2, high) if bad > high else (good + bad) // 2
        if time.monotonic() >= until:
            print(f"  {name}: the time is up between {good} and {bad}", flush=True)
            return good
    return good


async def _in_time(ours: Seraphim, name: str, song: Path, count: int) -> bool:
    """Say whether so many are served in time; a machine's hiccup is no limit, so it asks twice."""
    for _ in range(2):
        try:
            result = await ours.run(song, count, SEARCH_SECONDS)
        except TimeoutError:
            print(f"{name:26}{count:11d}  {COULD_NOT}: not all of them began", flush=True)
            return False
        _print_row(name, result)
        if result.late_p99_ms < LATE_MS and result.underruns == 0:
            return True
    return False


def _print_head() -> None:
    heads = ("", "players", "late p50", "late p99", "underruns", "core", "MB/player", "threads")
    print(f"{heads[0]:26}" + "".join(f"{head:>11}" for head in heads[1:]), flush=True)


def _print_row(name: str, it: Result) -> None:
    print(
        f"{name:26}{it.players:11d}{it.late_p50_ms:8.2f} ms{it.late_p99_ms:8.2f} ms"
        f"{it.underruns:11d}{it.core_percent:9.1f} %{it.per_player_mb:11.2f}{it.threads:11d}"
    )
    busiest = sorted(it.share.items(), key=lambda part: -part[1])[:5]
    if busiest:
        parts = ", ".join(f"{kind} {percent:.1f} %" for kind, percent in busiest)
        print(f"    of a core: {parts}", flush=True)


def main() -> None:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--players", type=int, default=100, help="players that pass Opus through")
    parser.add_argument("--transcode-players", type=int, default=50, help="players that transcode")
    parser.add_argument("--seconds", type=float, default=8.0, help="length of each measurement")
    parser.add_argument("--no-peer", action="store_true", help="leave discord.py alone out")
    parser.add_argument("--peer-players", type=int, default=100, help="players for discord.py")
    parser.add_argument("--peer-limit", type=float, default=90.0, help="seconds for discord.py")
    parser.add_argument("--search", type=int, help="find the most players, up to so many")
    parser.add_argument("--search-limit", type=float, default=200.0, help="seconds for the search")
    parser.add_argument("--slots", type=int, default=Tuning().slots, help="parts of the beat")
    options = parser.parse_args()
    logging.getLogger("discord").setLevel(logging.ERROR)
    asyncio.run(measure(options) if options.search is None else search(options))


if __name__ == "__main__":
    main()
