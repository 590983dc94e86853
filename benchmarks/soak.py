"""Whether memory stays flat: players at work for a long time, and the slope of the resident set.

Half of the players pass Opus through, half transcode; every few seconds one of them changes its
volume or its filters, seeks, pauses, skips to the other song, or leaves and joins again, so that
everything that is opened is closed again and again. The slope is the least-squares line through
means of equal parts of the time after the warm-up, with its 95 % interval.

    make bench NAME=soak ARGS="--minutes 30"
"""

import argparse
import asyncio
import gc
import itertools
import json
import logging
import math
import random
import statistics
import sys
import time
from dataclasses import dataclass

from support.players import MP3, OPUS, Meter
from support.voice_hall import Hall, connected_client, in_parts, open_hall

from seraphim.adapters.voice_embedded import EmbeddedVoice, Tuning
from seraphim.features.music.ports import (
    NO_FILTERS,
    PRESETS,
    AudioEvent,
    Filters,
    Media,
    PlaybackEnded,
    PlaybackStarted,
)
from seraphim.kernel.ids import ChannelId, GuildId

WARM_UP_SHARE = 0.25
PARTS = 15
T_95 = 2.16
"""Student's t for 13 degrees of freedom, two-sided 95 %."""
CHANGE_SECONDS = 2.0
SAMPLE_SECONDS = 0.5


@dataclass(frozen=True)
class Slope:
    """How the resident set went, in megabytes (10^6 bytes)."""

    mb_per_hour: float
    margin_mb_per_hour: float
    """Half of the 95 % interval."""


def fit(samples: list[tuple[float, float]]) -> Slope:
    """Lay a line through (seconds, megabytes)."""
    size = max(1, len(samples) // PARTS)
    parts = [samples[i * size : (i + 1) * size] for i in range(PARTS)]
    hours = [statistics.fmean(at for at, _ in part) / 3600 for part in parts]
    megabytes = [statistics.fmean(mb for _, mb in part) for part in parts]
    line = statistics.linear_regression(hours, megabytes)
    middle = statistics.fmean(hours)
    rest = [
        mb - (line.intercept + line.slope * hour) for hour, mb in zip(hours, megabytes, strict=True)
    ]
    spread = math.sqrt(sum(it * it for it in rest) / (PARTS - 2))
    error = spread / math.sqrt(sum((hour - middle) ** 2 for hour in hours))
    return Slope(line.slope, T_95 * error)


class Crowd:
    """Players that never stop."""

    def __init__(self, voice: EmbeddedVoice, hall: Hall) -> None:
        self._voice = voice
        self._rooms = dict(hall.rooms)
        self._numbers = itertools.count()
        self._dice = random.Random(7)
        self._songs = {
            guild_id: OPUS if place % 2 == 0 else MP3 for place, guild_id in enumerate(self._rooms)
        }
        self.ended = 0
        self.changes = 0
        voice.subscribe(self._on_event)

    async def play(self, guild_id: GuildId) -> None:
        """Begin the guild's song."""
        media = Media("file", str(self._songs[guild_id]))
        await self._voice.play(guild_id, media, playback_id=f"{next(self._numbers)}")

    async def change_something(self) -> None:
        """Do to one player what a member might do."""
        guild_id = self._dice.choice(list(self._rooms))
        voice, dice = self._voice, self._dice
        self.changes += 1
        match dice.randrange(7):
            case 0:
                await voice.set_volume(guild_id, dice.choice((30, 100, 100, 160)))
            case 1:
                await voice.set_filters(guild_id, Filters(dice.choice(PRESETS)))
            case 2:
                await voice.set_filters(guild_id, NO_FILTERS)
                await voice.set_volume(guild_id, 100)
            case 3:
                await voice.seek(guild_id, dice.randrange(60_000))
            case 4:
                await voice.pause(guild_id)
                await asyncio.sleep(CHANGE_SECONDS)
                await voice.resume(guild_id)
            case 5:
                self._songs[guild_id] = OPUS if self._songs[guild_id] == MP3 else MP3
                await self.play(guild_id)
            case _:
                await voice.disconnect(guild_id)
                await voice.connect(guild_id, ChannelId(self._rooms[guild_id]))
                await self.play(guild_id)

    async def _on_event(self, event: AudioEvent) -> None:
        if isinstance(event, PlaybackEnded):
            self.ended += 1
            await self.play(event.guild_id)
        elif not isinstance(event, PlaybackStarted):
            sys.stderr.write(f"unexpected: {event}\n")


async def measure(options: argparse.Namespace) -> None:
    """Run the players and print a line a minute, and the JSON line."""
    seconds = options.minutes * 60
    async with open_hall(options.players) as hall, connected_client(hall) as client:
        voice = EmbeddedVoice(lambda: client, tuning=Tuning(connect_seconds=60))
        await in_parts(voice.connect(*room) for room in hall.rooms)
        crowd = Crowd(voice, hall)
        for guild_id, _ in hall.rooms:
            await crowd.play(guild_id)
        meter = Meter()
        samples: list[tuple[float, float]] = []
        begin = time.monotonic()
        next_change, next_line = CHANGE_SECONDS, 60.0
        while (at := time.monotonic() - begin) < seconds:
            samples.append((at, meter.resident_mb))
            if at >= next_change:
                next_change = at + CHANGE_SECONDS
                await crowd.change_something()
            if at >= next_line:
                next_line += 60
                print(f"{at / 60:6.1f} min {samples[-1][1]:8.2f} MB", flush=True)
            await asyncio.sleep(SAMPLE_SECONDS)
        figures = voice.figures()
        await voice.close()
    gc.collect()
    warm = [sample for sample in samples if sample[0] >= seconds * WARM_UP_SHARE]
    slope = fit(warm)
    first, last = warm[0][1], warm[-1][1]
    print(
        f"{options.players} players, {options.minutes:g} minutes, {crowd.changes} changes, "
        f"{crowd.ended} songs ended, {figures.underruns} underruns, p99 late "
        f"{figures.late_p99_ms:.1f} ms\nresident {first:.1f} MB after the warm-up, {last:.1f} MB "
        f"at the end: {slope.mb_per_hour:+.2f} ± {slope.margin_mb_per_hour:.2f} MB an hour (95 %)"
    )
    print(
        json.dumps(
            {
                "minutes": options.minutes,
                "players": options.players,
                "rss_mb": round(last, 1),
                "slope_mb_per_hour": round(slope.mb_per_hour, 2),
                "margin_mb_per_hour": round(slope.margin_mb_per_hour, 2),
                "underruns": figures.underruns,
            }
        )
    )


def main() -> None:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--minutes", type=float, default=2.0, help="length of the run")
    parser.add_argument("--players", type=int, default=20, help="players, half of them transcoding")
    options = parser.parse_args()
    if options.minutes < 0.5:
        parser.error("a slope needs half a minute at least")
    logging.getLogger("discord").setLevel(logging.ERROR)
    asyncio.run(measure(options))


if __name__ == "__main__":
    main()
