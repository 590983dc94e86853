"""A fault that lasts: it can be healed, counts its hits, and can be waited for."""

import asyncio
import itertools
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]

_numbers = itertools.count(1)


class Fault:
    """One fault in force.

    Attributes:
        id: Its number, for the control API.
        kind: What it does, such as `route` or `udp`.
        settings: How it was asked for.
        hits: How often it struck.
        times_left: Strikes left; None for no limit.
    """

    def __init__(
        self,
        kind: str,
        settings: Json,
        *,
        times: int | None = None,
        on_heal: Callable[["Fault"], None] | None = None,
    ) -> None:
        """Start a fault.

        Args:
            kind: What it does.
            settings: How it was asked for, as JSON.
            times: How often it strikes before it heals itself; None for until healed.
            on_heal: Undoes it.

        Raises:
            ValueError: `times` is not positive.
        """
        if times is not None and times < 1:
            raise ValueError("times must be at least 1")
        self.id = next(_numbers)
        self.kind = kind
        self.settings = settings
        self.hits = 0
        self.times_left = times
        self._on_heal = on_heal
        self._healed = asyncio.Event()
        self._struck = asyncio.Condition()

    @property
    def healed(self) -> bool:
        """Whether it is over."""
        return self._healed.is_set()

    def strike(self) -> None:
        """Count a hit; the last one heals."""
        self.hits += 1
        if self.times_left is not None:
            self.times_left -= 1
            if self.times_left == 0:
                self.heal()
        self._announce()

    def heal(self) -> None:
        """End it; once is enough."""
        if not self._healed.is_set():
            self._healed.set()
            if self._on_heal is not None:
                self._on_heal(self)
            self._announce()

    async def wait_healed(self) -> None:
        """Wait for its end."""
        await self._healed.wait()

    async def wait_hits(self, hits: int = 1) -> None:
        """Wait until it has struck this often.

        Raises:
            RuntimeError: It was healed before.
        """
        async with self._struck:
            await self._struck.wait_for(lambda: self.hits >= hits or self.healed)
        if self.hits < hits:
            raise RuntimeError(f"healed after {self.hits} hits")

    def to_json(self) -> Json:
        """The fault as the control API shows it."""
        return {
            "id": self.id,
            "kind": self.kind,
            "settings": self.settings,
            "hits": self.hits,
            "times_left": self.times_left,
            "healed": self.healed,
        }

    def _announce(self) -> None:
        # Counting happens in plain functions; waking waiters needs the condition's lock.
        self._task = asyncio.get_running_loop().create_task(self._wake())

    async def _wake(self) -> None:
        async with self._struck:
            self._struck.notify_all()
