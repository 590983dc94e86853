"""A source whose songs open when the test says so, and time that passes until a command answers."""

import asyncio
from collections.abc import Coroutine
from typing import Any, override

from tests.features.music.conftest import GUILD, Stage
from tests.features.music.fakes import FakeSource, settle

from seraphim.features.music.ports import Media
from seraphim.features.music.rules.track import Track
from seraphim.kernel.ids import UserId

_PATIENCE_SECONDS = 20.0
"""Far less than an opening may take; only that somebody waits for one is to be seen."""
_NOBODY = UserId(999)


class SlowSource(FakeSource):
    """Keeps the songs of some names closed until they are let go."""

    def __init__(self, *tracks: Track) -> None:
        super().__init__(*tracks)
        self.closed: dict[str, asyncio.Event] = {}
        self.begun: list[str] = []
        self.given_up: list[str] = []

    def hold(self, *names: str) -> None:
        """Let opening these songs take until :meth:`let_go`."""
        for name in names:
            self.closed[f"{name}.opus"] = asyncio.Event()

    def let_go(self, name: str) -> None:
        """Open the song for all who wait for it."""
        self.closed.pop(f"{name}.opus").set()

    def let_all_go(self) -> None:
        """Open every song from now on."""
        for event in self.closed.values():
            event.set()
        self.closed.clear()

    @override
    async def open(self, track: Track) -> Media:
        self.begun.append(track.identifier)
        try:
            if (event := self.closed.get(track.identifier)) is not None:
                await event.wait()
        except asyncio.CancelledError:
            self.given_up.append(track.identifier)
            raise
        return await super().open(track)

    @override
    async def close(self) -> None:
        self.let_all_go()
        await super().close()


async def slow_stage(stage: Stage) -> SlowSource:
    """Give a stage a slow source with the same songs."""
    made = SlowSource(*stage.source.tracks.values())
    stage.source, stage.sources = made, [made]
    await stage.restart(kill=False)
    return made


async def done[T](stage: Stage, work: Coroutine[Any, Any, T]) -> T:
    """Do something that may wait for a song, and let as much time pass as it takes.

    Raises:
        AssertionError: It waits longer than a command may.
    """
    task = asyncio.ensure_future(work)
    waited = 0.0
    while not task.done():
        await asyncio.wait({task}, timeout=0.02)  # the database answers in its own time
        if not task.done():
            assert waited < _PATIENCE_SECONDS, "it waits for ever"
            waited += 0.25
            await stage.clock.advance(0.25)
    return await task


async def quiet(stage: Stage) -> None:
    """Wait until all who have asked for the player before have had it."""
    for _ in range(3):
        await settle()
        await stage.music.erase_member(GUILD, _NOBODY)
    await settle()


def heard(stage: Stage) -> str | None:
    """The name of the song that is heard now."""
    player = stage.audio.players.get(GUILD)
    if player is None or player.media is None or player.since is None:
        return None
    return player.media.location.removeprefix("/library/").removesuffix(".opus")


def begun(stage: Stage) -> list[str]:
    """The names of the songs that were handed to the backend, in order."""
    return [m.location.removeprefix("/library/").removesuffix(".opus") for m in stage.audio.played]
