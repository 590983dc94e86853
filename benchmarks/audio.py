"""How many players one process paces, and how punctually: through real voice connections.

A local Discord in a process of its own holds one guild per player. Seraphim's embedded voice
joins them all (TLS voice gateway, UDP, AES-GCM), plays Opus untouched, then MP3 transcoded; after
that a bare discord.py bot does the same with its own AudioPlayer, for the ratio. Lateness is that
of a packet behind its moment on the 20 ms grid, measured where it is handed to the network.

    make bench NAME=audio ARGS="--players 100"
    make bench NAME=audio ARGS="--search 1000"      the most players of each kind within 5 ms
"""

import argparse
import asyncio
import json
import logging

from support.players import MP3, OPUS, Meter, Result, Seraphim, run_bare
from support.voice_hall import connected_client, open_hall

LATE_MS = 5.0
SEARCH_SECONDS = 4.0
SEARCH_STEPS = 6


async def measure(options: argparse.Namespace) -> None:
    """Run everything and print the table and the JSON line."""
    rows: list[tuple[str, Result]] = []
    async with open_hall(options.players) as hall:
        async with connected_client(hall) as client:
            ours = Seraphim(client, hall)
            base_mb = Meter().resident_mb
            await ours.join()
            first_packet_ms = await ours.first_packet_ms(OPUS)
            first_transcoded_ms = await ours.first_packet_ms(MP3)
            passthrough = await ours.run(OPUS, options.players, options.seconds, base_mb)
            rows.append(("Seraphim, Opus untouched", passthrough))
            count = min(options.players, options.transcode_players)
            transcode = await ours.run(MP3, count, options.seconds, base_mb)
            rows.append(("Seraphim, MP3 transcoded", transcode))
            await ours.voice.close()
        if not options.no_peer:
            # A client of its own: the first one's connections must not weigh on it.
            async with connected_client(hall) as client:
                base_mb = Meter().resident_mb
                bare = await run_bare(client, hall, options.players, options.seconds, base_mb)
            rows.append(("discord.py alone, Opus", bare))
    _print_table(rows)
    print(
        f"\nFrom play() to the first packet at the other end (median): {first_packet_ms:.1f} ms "
        f"for Opus, {first_transcoded_ms:.1f} ms for MP3"
    )
    report: dict[str, object] = {
        "passthrough": passthrough.summary(),
        "transcode": transcode.summary(),
        "first_packet_ms": round(first_packet_ms, 1),
    }
    if len(rows) > 2:
        report["bare"] = rows[2][1].summary()
    print(json.dumps(report))


async def search(options: argparse.Namespace) -> None:
    """Find the most players of each kind whose packets leave in time."""
    rows: list[tuple[str, Result]] = []
    most: dict[str, int] = {}
    async with open_hall(options.search) as hall, connected_client(hall) as client:
        ours = Seraphim(client, hall)
        base_mb = Meter().resident_mb
        await ours.join()
        for name, song, high in (
            ("passthrough", OPUS, options.search),
            ("transcode", MP3, min(options.search, options.transcode_players * 3)),
        ):
            good, bad = 0, high + 1
            count = high
            for _ in range(SEARCH_STEPS):
                result = await ours.run(song, count, SEARCH_SECONDS, base_mb)
                rows.append((name, result))
                if result.late_p99_ms < LATE_MS and result.underruns == 0:
                    good = count
                else:
                    bad = count
                if bad - good <= max(1, high // 50):
                    break
                count = (good + bad) // 2
            most[name] = good
        await ours.voice.close()
    _print_table(rows)
    print(json.dumps({"players_max_within_5ms": most}))


def _print_table(rows: list[tuple[str, Result]]) -> None:
    heads = ("", "players", "late p50", "late p99", "underruns", "core", "MB/player", "threads")
    print(f"{heads[0]:26}" + "".join(f"{head:>11}" for head in heads[1:]))
    for name, it in rows:
        print(
            f"{name:26}{it.players:11d}{it.late_p50_ms:8.2f} ms{it.late_p99_ms:8.2f} ms"
            f"{it.underruns:11d}{it.core_percent:9.1f} %{it.per_player_mb:11.2f}{it.threads:11d}"
        )
    for name, it in rows:
        busiest = sorted(it.share.items(), key=lambda part: -part[1])[:5]
        if busiest:
            parts = ", ".join(f"{kind} {percent:.1f} %" for kind, percent in busiest)
            print(f"  {name}, {it.players}: {parts}")


def main() -> None:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--players", type=int, default=100, help="players that pass Opus through")
    parser.add_argument("--transcode-players", type=int, default=50, help="players that transcode")
    parser.add_argument("--seconds", type=float, default=8.0, help="length of each measurement")
    parser.add_argument("--no-peer", action="store_true", help="leave discord.py alone out")
    parser.add_argument("--search", type=int, help="find the most players, up to so many")
    options = parser.parse_args()
    logging.getLogger("discord").setLevel(logging.ERROR)
    asyncio.run(measure(options) if options.search is None else search(options))


if __name__ == "__main__":
    main()
