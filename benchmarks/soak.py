"""Whether memory stays flat: players at work for a long time, and the slope of the resident set.

Half of the players pass Opus through, half transcode; every two seconds one of them changes its
volume or its filters, seeks, pauses, skips to the other song, or leaves and joins again, so that
everything that is opened is closed again and again.

What a player needs depends on its song and filters, and that goes up and down by chance. So once a
minute (oftener in a short run) all of them return to how they began, free memory is given back, and
only these moments are compared: the slope is the least-squares line through them, with its 95 %
interval. A run of one minute shows that it works; its interval is too wide to show more.

    make bench NAME=soak ARGS="--minutes 30"
"""

import argparse
import asyncio
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
from seraphim.adapters.voice_embedded.tidying import give_back
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

WARM_UP_ROUNDS = 2
LEAST_ROUNDS = 4
ROUND_SECONDS = 60.0
CHANGE_SECONDS = 2.0
SETTLE_SECONDS = 4.0
SAMPLES = 10
SAMPLE_SECONDS = 0.2
REST_SECONDS = SETTLE_SECONDS + SAMPLES * SAMPLE_SECONDS
STUDENT = {2: 4.303, 3: 3.182}
"""Student's t, two-sided 95 %, where the expansion below is more than 2 % off."""


@dataclass(frozen=True)
class Slope:
    """How the resident set went, in megabytes (10^6 bytes)."""

    mb_per_hour: float
    margin_mb_per_hour: float
    """Half of the 95 % interval."""


def fit(samples: list[tuple[float, float]]) -> Slope:
    """Lay a line through (seconds, megabytes)."""
    hours = [at / 3600 for at, _ in samples]
    megabytes = [mb for _, mb in samples]
    line = statistics.linear_regression(hours, megabytes)
    middle = statistics.fmean(hours)
    rest = [
        mb - (line.intercept + line.slope * hour) for hour, mb in zip(hours, megabytes, strict=True)
    ]
    freedom = len(samples) - 2
    spread = math.sqrt(sum(it * it for it in rest) / freedom)
    error = spread / math.sqrt(sum((hour - middle) ** 2 for hour in hours))
    student = STUDENT.get(freedom, 1.96 + 2.37 / freedom + 2.82 / freedom**2)
    return Slope(line.slope, student * error)


class Crowd:
    """Players that never stop."""

    def __init__(self, voice: EmbeddedVoice, hall: Hall) -> None:
        self._voice = voice
        self._rooms = dict(hall.rooms)
        self._numbers = itertools.count()
        self._dice = random.Random(7)
        self._first_songs = {
            guild_id: OPUS if place % 2 == 0 else MP3 for place, guild_id in enumerate(self._rooms)
        }
        self._songs = dict(self._first_songs)
        self.ended = 0
        self.changes = 0
        voice.subscribe(self._on_event)

    async def play(self, guild_id: GuildId) -> None:
        """Begin the guild's song."""
        media = Media("file", str(self._songs[guild_id]))
        await self._voice.play(guild_id, media, playback_id=f"{next(self._numbers)}")

    async def begin(self) -> None:
        """Have everybody play as at the start: the first song from its beginning, untouched."""
        self._songs = dict(self._first_songs)
        for guild_id in self._rooms:
            await self.play(guild_id)

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
    """Run the players and print a line for each round, and the JSON line."""
    async with open_hall(options.players) as hall, connected_client(hall) as client:
        voice = EmbeddedVoice(lambda: client, tuning=Tuning(connect_seconds=60))
        await in_parts(voice.connect(*room) for room in hall.rooms)
        crowd = Crowd(voice, hall)
        await crowd.begin()
        meter = Meter()
        rounds: list[tuple[float, float]] = []
        highest = latest = 0.0
        count = max(WARM_UP_ROUNDS + LEAST_ROUNDS, round(options.minutes * 60 / ROUND_SECONDS))
        begin = time.monotonic()
        for number in range(1, count + 1):
            end = begin + options.minutes * 60 * number / count
            while time.monotonic() < end - REST_SECONDS:
                await asyncio.sleep(CHANGE_SECONDS)
                await crowd.change_something()
                highest = max(highest, meter.resident_mb)
            rounds.append((time.monotonic() - begin, await _at_rest(crowd, meter)))
            late = voice.figures().late_p99_ms
            voice.reset_lateness()
            latest = max(latest, late)
            at, megabytes = rounds[-1]
            print(f"{at / 60:6.1f} min {megabytes:8.2f} MB, p99 late {late:.1f} ms", flush=True)
        figures = voice.figures()
        await voice.close()
    warm = rounds[WARM_UP_ROUNDS:]
    slope = fit(warm)
    first, last = warm[0][1], warm[-1][1]
    print(
        f"{options.players} players, {options.minutes:g} minutes, {crowd.changes} changes, "
        f"{crowd.ended} songs ended, {figures.underruns} underruns, p99 late "
        f"{latest:.1f} ms in the worst round\nresident {first:.1f} MB after the warm-up, "
        f"{last:.1f} MB at the end, {highest:.1f} MB at most: {slope.mb_per_hour:+.2f} ± "
        f"{slope.margin_mb_per_hour:.2f} MB an hour (95 %)"
    )
    print(
        json.dumps(
            {
                "minutes": options.minutes,
                "players": options.players,
                "rss_mb": round(last, 1),
                "highest_mb": round(highest, 1),
                "slope_mb_per_hour": round(slope.mb_per_hour, 2),
                "margin_mb_per_hour": round(slope.margin_mb_per_hour, 2),
                "late_p99_ms": round(latest, 2),
                "underruns": figures.underruns,
            }
        )
    )


async def _at_rest(crowd: Crowd, meter: Meter) -> float:
    """Return the resident memory in megabytes with everybody as at the start."""
    await crowd.begin()
    await asyncio.sleep(SETTLE_SECONDS)
    await asyncio.to_thread(give_back)
    samples: list[float] = []
    for _ in range(SAMPLES):
        samples.append(meter.resident_mb)
        await asyncio.sleep(SAMPLE_SECONDS)
    return statistics.fmean(samples)


def main() -> None:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--minutes", type=float, default=10.0, help="length of the run")
    parser.add_argument("--players", type=int, default=20, help="players, half of them transcoding")
    options = parser.parse_args()
    if options.minutes < 1:
        parser.error("a slope needs a minute at least")
    logging.getLogger("discord").setLevel(logging.ERROR)
    asyncio.run(measure(options))


if __name__ == "__main__":
    main()
