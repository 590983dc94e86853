"""Threads that keep the reels full."""

import contextlib
import os
import queue
import sys
import threading
from collections.abc import Callable

import structlog

from seraphim.adapters.voice_embedded.reel import Reel

_log = structlog.get_logger(__name__)

_NICENESS = 5


class Workers:
    """A fixed number of threads; each job is a slice of one reel, so that all get their turn.

    Args:
        count: Threads.
        name: What they are called.
    """

    def __init__(self, count: int, *, name: str) -> None:
        self._count = count
        self._name = name
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
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
            self._jobs.put(None)
        for thread in self._threads:
            thread.join(timeout=0.5)
        self._threads.clear()

    def submit(self, job: Callable[[], None]) -> None:
        """Run ``job`` on one of the threads."""
        self._jobs.put(job)

    def request(self, reel: Reel) -> None:
        """Have ``reel`` filled; one request at a time waits for each reel."""
        if not reel.queued:
            reel.queued = True
            self._jobs.put(lambda: self._fill(reel))

    def _fill(self, reel: Reel) -> None:
        reel.queued = False
        if reel.ready(lambda: self.request(reel)) and reel.fill():
            self.request(reel)

    def _run(self) -> None:
        if sys.platform == "linux":
            # Transcoding gives way to the pacer and the event loop.
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except Exception:  # noqa: BLE001  # the thread serves other reels too
                _log.exception("voice.worker_job_failed")
