"""Threads that keep the reels full."""

import contextlib
import os
import queue
import sys
import threading
from collections import deque
from collections.abc import Callable

import structlog

from seraphim.adapters.voice_embedded.reel import Reel

_log = structlog.get_logger(__name__)

_NICENESS = 5
_URGENT_FRAMES = 15
"""A reel with fewer packets (300 ms) is served before the others."""


class Workers:
    """A fixed number of threads; each job is a slice of one reel, so that all get their turn.

    Args:
        count: Threads.
        name: What they are called.
    """

    def __init__(self, count: int, *, name: str) -> None:
        self._count = count
        self._name = name
        self._turns: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._urgent: deque[Callable[[], None]] = deque()
        self._later: deque[Callable[[], None]] = deque()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start the threads; does nothing when they run."""
        if not self._threads:
            for number in range(self._count):
                thread = threading.Thread(
                    target=self._run, name=f"{self._name}-{number}", daemon=True
                )
                thread.start()
                self._threads.append(thread)

    def stop(self) -> None:
        """Ask the threads to end after the job in hand; a hanging read does not hold us up."""
        for _ in self._threads:
            self._turns.put(0)
        for thread in self._threads:
            thread.join(timeout=0.5)
        self._threads.clear()

    def submit(self, job: Callable[[], None]) -> None:
        """Run ``job`` on one of the threads, before reels that still have packets to send."""
        self._urgent.append(job)
        self._turns.put(1)

    def request(self, reel: Reel) -> None:
        """Have ``reel`` filled; one request at a time waits for each reel."""
        if not reel.queued:
            reel.queued = True
            jobs = self._urgent if reel.waiting < _URGENT_FRAMES else self._later
            jobs.append(lambda: self._fill(reel))
            self._turns.put(1)

    def _fill(self, reel: Reel) -> None:
        reel.queued = False
        if reel.ready(lambda: self.request(reel)) and reel.fill():
            self.request(reel)

    def _run(self) -> None:
        if sys.platform == "linux":
            # Transcoding gives way to the pacer and the event loop.
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
        while self._turns.get():
            # There is a turn for each job, so that one of the two has something.
            try:
                job = self._urgent.popleft()
            except IndexError:
                job = self._later.popleft()
            try:
                job()
            except Exception:  # noqa: BLE001  # the thread serves other reels too
                _log.exception("voice.worker_job_failed")
