"""Several people at once, slow songs, failures: whatever the order, nothing is lost or doubled."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any, override

import pytest
from tests.features.music.conftest import ALICE, BOB, GUILD, Stage, caller, song
from tests.features.music.fakes import FakeAudioBackend, settle
from tests.features.music.slow import SlowSource, begun, quiet

from seraphim.features.music.ports import Filters, Media, VoiceClosed
from seraphim.features.music.rules.filters import NO_FILTERS
from seraphim.features.music.rules.player import Player
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.dice import SeededDice
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import GuildId

STEPS = 40
NAMES = [f"s{number:02}" for number in range(30)]
type Act = Callable[[], Coroutine[Any, Any, object]]


class Watched(FakeAudioBackend):
    """Notes which song was the current one whenever one was started."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock)
        self.stage: Stage | None = None
        self.wrong: list[tuple[str, str | None]] = []

    @override
    async def play(
        self,
        guild_id: GuildId,
        media: Media,
        *,
        playback_id: str,
        position_ms: int = 0,
        volume_percent: int = 100,
        filters: Filters = NO_FILTERS,
        paused: bool = False,
    ) -> None:
        assert self.stage is not None
        current = (await self.stage.music.look(GUILD)).queue.current
        wanted = None if current is None else f"/library/{current.track.identifier}"
        if media.location != wanted:
            self.wrong.append((media.location, wanted))
        await super().play(
            guild_id,
            media,
            playback_id=playback_id,
            position_ms=position_ms,
            volume_percent=volume_percent,
            filters=filters,
            paused=paused,
        )


class Crowd:
    """People who do things at the same time, none waiting for the others."""

    def __init__(self, stage: Stage, source: SlowSource, audio: Watched, seed: int) -> None:
        self.stage, self.source, self.audio = stage, source, audio
        self.dice = SeededDice(seed)
        self.names = list(NAMES)
        self.asked: list[str] = []
        """The songs whose request was answered without a refusal."""
        self.starts_again = 0
        """How often a song may have been started once more: it was held and taken up again."""
        self.dropped = False
        """Whether anybody has thrown songs away that waited."""
        self.running: set[asyncio.Task[None]] = set()

    def act(self) -> None:
        """Begin one thing, chosen by the dice."""
        steering, music = self.stage.steering, self.stage.music
        who = caller(self.dice.choice((ALICE, BOB)))
        acts: list[Act] = [
            self._play,
            self._play,
            self._play_now,
            lambda: steering.skip(who),
            lambda: steering.skip(who),
            lambda: steering.pause(who),
            lambda: steering.resume(who),
            lambda: steering.set_volume(who, self.dice.integer(0, 100)),
            self._finish,
            self._finish,
            self._let_go,
            self._let_go,
            self._leave,
            lambda: music.join(who),
            self._lose,
            self._stop,
            self._clear,
        ]
        weight = len(acts) if self.dropped else len(acts) - 2
        self.dropped = self.dropped or self.dice.integer(0, 29) == 0
        self.begin(acts[self.dice.integer(0, weight - 1)]())

    def begin(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.ensure_future(_refusals_are_answers(work))
        self.running.add(task)
        task.add_done_callback(self.running.discard)

    async def all_done(self) -> None:
        """Let every song open, and every command be answered."""
        self.source.let_all_go()
        while self.running:
            await asyncio.wait(tuple(self.running), timeout=0.02)
            await self.stage.clock.advance(0.2)
        for _ in range(12):  # a connection that was lost is sought again after a while
            await self.stage.clock.advance(0.5)
            await quiet(self.stage)

    async def _play(self) -> None:
        await self._ask("last")

    async def _play_now(self) -> None:
        await self._ask("now")

    async def _ask(self, place: Any) -> None:
        if not self.names:
            return
        name = self.names.pop()
        if self.dice.integer(0, 2) == 0:
            self.source.hold(name)
        elif self.dice.integer(0, 3) == 0:
            self.source.broken[f"{name}.opus"] = "It is gone."
        query = f"library:{name}.opus"
        await self.stage.music.play(caller(), query, place=place)
        self.asked.append(f"{name}.opus")

    async def _finish(self) -> None:
        player = self.audio.players.get(GUILD)
        if player is not None and player.media is not None and player.since is not None:
            await self.audio.finish(GUILD)

    async def _let_go(self) -> None:
        if self.source.closed:
            self.source.let_go(min(self.source.closed).removesuffix(".opus"))

    async def _leave(self) -> None:
        self.starts_again += 1
        await self.stage.music.leave(caller())

    async def _lose(self) -> None:
        if GUILD in self.audio.players:
            self.starts_again += 1
            await self.audio.lose(VoiceClosed(GUILD, "connection_lost"))

    async def _stop(self) -> None:
        await self.stage.steering.stop(caller())

    async def _clear(self) -> None:
        await self.stage.parts.arranging.clear(caller())


async def _refusals_are_answers(work: Coroutine[Any, Any, object]) -> None:
    try:
        await work
    except SeraphimError:
        return


async def _crowd(stage: Stage, seed: int) -> Crowd:
    source = SlowSource(*(song(name) for name in NAMES))
    stage.source, stage.sources = source, [source]
    await stage.restart(kill=False)
    await stage.parts.stop()
    audio = Watched(stage.clock)
    stage.audio = audio
    await stage.begin()
    audio.stage = stage
    return Crowd(stage, source, audio, seed)


@pytest.mark.parametrize("seed", range(12))
async def test_any_order_of_commands_keeps_every_song_once(stage: Stage, seed: int) -> None:
    crowd = await _crowd(stage, seed)
    for _ in range(STEPS):
        crowd.act()
        for _ in range(crowd.dice.integer(0, 2)):
            await asyncio.wait({asyncio.ensure_future(stage.db.ping())})
            await settle()
        if crowd.dice.integer(0, 2) == 0:
            await stage.clock.advance(0.3)
    await crowd.all_done()

    player = await stage.player()
    _check_sound(crowd, player)
    _check_order(crowd, player)
    assert crowd.audio.wrong == []
    stored = await stage.stored()
    assert stored is not None
    assert _order(stored) == _order(player)
    assert (stored.status, stored.voice_channel_id) == (player.status, player.voice_channel_id)
    extra = sum((Counter(begun(stage)) - Counter(set(begun(stage)))).values())
    assert extra <= crowd.starts_again


def _order(player: Player) -> tuple[object, ...]:
    queue = player.queue
    past = [(each.sequence, each.entry.entry_id, each.outcome) for each in queue.history]
    return queue.current, queue.upcoming, past, queue.next_sequence


def _check_sound(crowd: Crowd, player: Player) -> None:
    """What is heard is the current song, if it plays, and nothing otherwise."""
    playing = crowd.audio.players.get(GUILD)
    assert (playing is not None) == player.is_here
    current = player.queue.current
    loaded = None if playing is None or playing.media is None else playing.media.location
    wanted = None if current is None else f"/library/{current.track.identifier}"
    if player.is_here:
        assert loaded == wanted
        assert crowd.audio.is_sounding(GUILD) == (player.status == "playing")
        assert (player.status == "idle") == (current is None)


def _check_order(crowd: Crowd, player: Player) -> None:
    """Each song that was asked for is in one place; those that wait are in order."""
    queue = player.queue
    ahead = [*([queue.current] if queue.current else []), *queue.upcoming]
    names = [entry.entry_id for entry in ahead]
    assert len(names) == len(set(names))
    positions = [entry.position for entry in ahead]
    assert positions == sorted(set(positions))
    behind = [past.entry.entry_id for past in queue.history]
    assert len(behind) == len(set(behind))
    assert not set(behind) & set(names)
    if not crowd.dropped:
        known = {entry.track.identifier for entry in (*ahead, *(p.entry for p in queue.history))}
        assert set(crowd.asked) <= known
