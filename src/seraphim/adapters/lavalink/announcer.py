"""Hands events to the listener: a guild's one after the other, guilds beside each other."""

import asyncio
from collections import deque
from collections.abc import Coroutine
from typing import Any

import structlog

from seraphim.features.music.ports import AudioEvent, AudioListener
from seraphim.kernel.ids import GuildId

_log = structlog.get_logger(__name__)


class Announcer:
    """Keeps the order of events, and the tasks that run beside everything else."""

    def __init__(self) -> None:
        self.listener: AudioListener | None = None
        self._waiting: dict[GuildId, deque[AudioEvent]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def emit(self, event: AudioEvent) -> None:
        """Queue an event."""
        waiting = self._waiting.get(event.guild_id)
        if waiting is not None:
            waiting.append(event)
            return
        self._waiting[event.guild_id] = deque([event])
        self.aside(self._deliver(event.guild_id))

    def aside(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something in the background until :meth:`close`."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """End what runs in the background."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _deliver(self, guild_id: GuildId) -> None:
        waiting = self._waiting[guild_id]
        while waiting:
            event = waiting[0]
            if self.listener is not None:
                try:
                    await self.listener(event)
                except Exception:  # noqa: BLE001  # the listener's error must not stop later events
                    _log.exception("lavalink.listener_failed", event_type=type(event).__name__)
            waiting.popleft()
        del self._waiting[guild_id]
