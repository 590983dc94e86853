"""Bytes that arrive on the event loop, read by a worker thread as if they were a file."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable

import structlog

from seraphim.adapters.voice_embedded.failure import (
    STALLED,
    UNEXPECTED,
    MediaFailed,
    explain,
)
from seraphim.features.music.ports import HttpBody, SourceFailed

_log = structlog.get_logger(__name__)

_CHUNK_BYTES = 32 * 1024


class HttpInput:
    """A bounded buffer between an HTTP body and PyAV, which only ever sees :meth:`read`.

    PyAV gets no ``seek``: what has been read is gone, so that an endless stream stays in bounded
    memory.

    Args:
        body: The open body; closed by :meth:`feed`.
        limit_bytes: The most that is read ahead.
        stall_seconds: How long :meth:`read` waits for bytes.
    """

    def __init__(self, body: HttpBody, *, limit_bytes: int, stall_seconds: float) -> None:
        self._body = body
        self._limit = limit_bytes
        self._stall = stall_seconds
        self._loop = asyncio.get_running_loop()
        self._room = asyncio.Event()
        self._room.set()
        self._chunks: deque[bytes] = deque()
        self._buffered = 0
        self._done = False
        self._failed: MediaFailed | None = None
        self._aborted = False
        self._feeding: asyncio.Task[None] | None = None
        self._changed = threading.Condition()
        self.start_ms = body.start_ms
        """Where in the medium the first byte lies."""
        self._waiter: Callable[[], None] | None = None

    async def feed(self) -> None:
        """Read the body until its end, an error or :meth:`abort`; never raises."""
        failed: MediaFailed | None = None
        self._feeding = asyncio.current_task()
        try:
            while not self._aborted:
                await self._room.wait()
                data = await self._body.read(_CHUNK_BYTES)
                if not data and not await self._body.next_part():
                    break
                self._put(data)
        except asyncio.CancelledError:
            if not self._aborted:
                raise
        except SourceFailed as error:
            failed = explain(error)
        except (OSError, TimeoutError):
            failed = MediaFailed("network", STALLED)
        except Exception:  # noqa: BLE001  # a body that breaks must not look like the song's end
            _log.exception("voice.body_broke")
            failed = MediaFailed("unknown", UNEXPECTED)
        finally:
            self._finish(failed)
            await self._body.close()

    def read(self, n: int) -> bytes:
        """Return 1 to ``n`` bytes, ``b""`` at the end of a part; called by a worker thread.

        Raises:
            MediaFailed: The body broke, or nothing came for ``stall_seconds``.
        """
        deadline = time.monotonic() + self._stall
        with self._changed:
            while not self._chunks:
                if self._failed is not None:
                    raise self._failed
                if self._done or self._aborted:
                    return b""
                if not self._changed.wait(deadline - time.monotonic()):
                    raise MediaFailed("network", STALLED)
            if not self._chunks[0]:
                return b""  # the part is over, however often its reader asks
            data = self._chunks.popleft()
            if len(data) > n:
                self._chunks.appendleft(data[n:])
                data = data[:n]
            self._buffered -= len(data)
            if self._buffered < self._limit // 2 and not self._room.is_set():
                self._call(self._room.set)
        return data

    def next_part(self) -> bool:
        """Go on behind the end of a part that has been read; False when there is nothing more."""
        with self._changed:
            is_between = bool(self._chunks) and not self._chunks[0]
            if is_between:
                self._chunks.popleft()
            return is_between

    def ready(self, wanted_bytes: int, otherwise: Callable[[], None]) -> bool:
        """Say whether ``wanted_bytes`` can be read without waiting.

        Args:
            wanted_bytes: How much is wanted; the end or an error counts as ready.
            otherwise: Called once (on the event loop) when more has come, if the answer is no.
        """
        with self._changed:
            if self._buffered >= wanted_bytes or self._done or self._aborted:
                return True
            self._waiter = otherwise
            return False

    def abort(self) -> None:
        """Let the reader and the feeder end; from any thread."""
        with self._changed:
            self._aborted = True
            self._changed.notify_all()
        self._call(self._stop_feeding)

    def _stop_feeding(self) -> None:
        """End the wait for bytes: a live stream may have none for a long while."""
        if self._feeding is not None and not self._done:
            self._feeding.cancel()

    def _put(self, data: bytes) -> None:
        with self._changed:
            self._chunks.append(data)
            self._buffered += len(data)
            if self._buffered >= self._limit:
                self._room.clear()
            self._changed.notify_all()
            waiter, self._waiter = self._waiter, None
        if waiter is not None:
            waiter()

    def _finish(self, failed: MediaFailed | None) -> None:
        with self._changed:
            self._done = True
            self._failed = failed
            self._changed.notify_all()
            waiter, self._waiter = self._waiter, None
        if waiter is not None:
            waiter()

    def _call(self, function: Callable[[], None]) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(function)
