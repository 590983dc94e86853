"""From SVG to PNG: a bounded number of drawing processes, and a bounded memory of pictures."""

import asyncio
import atexit
import contextlib
import re
import subprocess
import sys
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO

from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.telemetry import get_logger
from seraphim.kernel.texts import N_
from seraphim.surfaces.pictures.glyphs import covered
from seraphim.surfaces.pictures.worker import ANSWER, REQUEST

_log = get_logger(__name__)

MAX_SVG_BYTES = 512 * 1024
MAX_PIXELS = 4_000_000
MAX_WAITING = 64
MAX_CACHED_BYTES = 16 * 1024 * 1024
DRAWERS = 2
TIMEOUT_SECONDS = 10.0

_SIZE = re.compile(r'<svg\b[^>]*?\bwidth="([0-9.]+)"[^>]*?\bheight="([0-9.]+)"')
_FORBIDDEN = re.compile(
    r"<!DOCTYPE|<!ENTITY|<\?|<image\b|<foreignObject\b|<script\b|<style\b|@import"
    r"|href\s*=\s*(?![\"']#)|url\(\s*(?![\"']?#)",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"<[^>]*>|&[a-z0-9#]+;")


class PictureFailed(SeraphimError):
    """A picture could not be drawn: a fault of the code that described it, or of the machine."""

    code = "picture.failed"
    http_status = 500
    message = N_("The picture could not be drawn.")


class PicturesBusy(SeraphimError):
    """More pictures wait than may."""

    code = "picture.busy"
    http_status = 503
    message = N_("Too many pictures are being drawn. Try again in a moment.")


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished picture as Discord gets it."""

    name: str
    """File name, such as ``coinflip.png``: lower-case letters, digits, ``-`` and ``_``."""
    png: bytes


class _Drawer:
    """One drawing process, used by one thread at a time."""

    def __init__(self) -> None:
        program = Path(__file__).with_name("worker.py")
        self._process = subprocess.Popen(  # noqa: S603  # our own program, no user's text in it
            [sys.executable, "-P", str(program)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def draw(self, svg: bytes, scale: float, *, with_system_fonts: bool) -> bytes:
        """Return the PNG.

        Raises:
            PictureFailed: The SVG is not drawable.
            OSError: The process is gone, or took too long and was ended.
        """
        sink, source = self._process.stdin, self._process.stdout
        assert sink is not None  # noqa: S101  # asked for above
        assert source is not None  # noqa: S101  # as above
        alarm = threading.Timer(TIMEOUT_SECONDS, self._process.kill)
        alarm.daemon = True
        alarm.start()
        try:
            sink.write(REQUEST.pack(len(svg), scale, with_system_fonts))
            sink.write(svg)
            sink.flush()
            worked, length = ANSWER.unpack(_read(source, ANSWER.size))
            body = _read(source, length)
        finally:
            alarm.cancel()
        if not worked:
            _log.error("picture not drawn", reason=body.decode(errors="replace")[:500])
            raise PictureFailed
        return body

    def close(self) -> None:
        """End the process."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        try:
            self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _read(source: IO[bytes], length: int) -> bytes:
    data = source.read(length)
    if len(data) != length:
        raise BrokenPipeError("the drawing process ended")
    return data


class Renderer:
    """Draws pictures; processes start with the first picture and end with the program."""

    def __init__(self, *, drawers: int = DRAWERS, cached_bytes: int = MAX_CACHED_BYTES) -> None:
        self._threads = ThreadPoolExecutor(drawers, thread_name_prefix="pictures")
        self._lock = threading.Lock()
        self._free: list[_Drawer] = []
        self._waiting = 0
        self._cache: OrderedDict[bytes, bytes] = OrderedDict()
        self._cached_bytes = 0
        self._most_cached = cached_bytes

    async def render(self, svg: str, *, scale: float = 2.0) -> bytes:
        """Return the picture as PNG, ``scale`` pixels a unit of the SVG.

        Raises:
            PictureFailed: The SVG has no size, is too large, reaches outside of itself (files,
                addresses, scripts, entities), or cannot be drawn.
            PicturesBusy: Too many pictures wait.
        """
        data = _checked(svg, scale)
        key = sha256(b"%f " % scale + data).digest()
        known = self._cache.get(key)
        if known is not None:
            self._cache.move_to_end(key)
            return known
        if self._waiting >= MAX_WAITING:
            raise PicturesBusy
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            png = await loop.run_in_executor(self._threads, self._draw, data, svg, scale)
        finally:
            self._waiting -= 1
        self._remember(key, png)
        return png

    def close(self) -> None:
        """End threads and processes; pictures in hand are finished first."""
        self._threads.shutdown()
        with self._lock:
            drawers, self._free = self._free, []
        for drawer in drawers:
            drawer.close()

    def _draw(self, data: bytes, svg: str, scale: float) -> bytes:
        with_system_fonts = not covered(_MARKUP.sub("", svg))
        for is_last in (False, True):
            with self._lock:
                drawer = self._free.pop() if self._free else None
            drawer = drawer or _Drawer()
            try:
                png = drawer.draw(data, scale, with_system_fonts=with_system_fonts)
            except OSError as gone:
                drawer.close()
                if is_last:
                    raise PictureFailed from gone
                continue
            except BaseException:
                self._give_back(drawer)
                raise
            self._give_back(drawer)
            return png
        raise AssertionError("unreachable")

    def _give_back(self, drawer: _Drawer) -> None:
        with self._lock:
            self._free.append(drawer)

    def _remember(self, key: bytes, png: bytes) -> None:
        if key in self._cache or len(png) > self._most_cached:
            return
        self._cache[key] = png
        self._cached_bytes += len(png)
        while self._cached_bytes > self._most_cached:
            _, oldest = self._cache.popitem(last=False)
            self._cached_bytes -= len(oldest)


def _checked(svg: str, scale: float) -> bytes:
    data = svg.encode(errors="replace")
    size = _SIZE.search(svg)
    if size is None or len(data) > MAX_SVG_BYTES or _FORBIDDEN.search(svg):
        raise PictureFailed
    width, height = float(size[1]), float(size[2])
    if not 0 < width * height * scale * scale <= MAX_PIXELS:
        raise PictureFailed
    return data


_shared: Renderer | None = None


def _renderer() -> Renderer:
    global _shared  # noqa: PLW0603  # one for the program: its processes are what is bounded
    if _shared is None:
        _shared = Renderer()
        atexit.register(_shared.close)
    return _shared


async def render(svg: str, *, scale: float = 2.0) -> bytes:
    """Return the picture as PNG; see :meth:`Renderer.render`."""
    return await _renderer().render(svg, scale=scale)


async def paint(name: str, svg: str, *, scale: float = 2.0) -> Picture | None:
    """Return the picture, or None (logged) when it cannot be drawn: a message goes without it."""
    try:
        return Picture(name, await render(svg, scale=scale))
    except SeraphimError as error:
        _log.warning("message without its picture", picture=name, code=error.code)
        return None
