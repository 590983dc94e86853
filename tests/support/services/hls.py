"""A stand-in for servers of HTTP Live Streaming (RFC 8216), on loopback.

The pieces are made by FFmpeg's own ``hls`` and ``segment`` muxers, as those of real stations are.
"""

# PyAV's own annotations are partial.
# pyright: reportUnknownMemberType=false

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal, cast

import av
from aiohttp import web
from av.audio.stream import AudioStream
from av.container import OutputContainer
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from tests.support.sound import RATE, Samples

type Kind = Literal["ts", "fmp4", "fmp4-opus", "aac", "mp3"]
type Page = Callable[[web.Request], Awaitable[web.StreamResponse]]

_FORMS: dict[Kind, tuple[str, str, str]] = {
    "ts": ("hls", "aac", "%d.ts"),
    "fmp4": ("hls", "aac", "%d.m4s"),
    "fmp4-opus": ("hls", "libopus", "%d.m4s"),
    "aac": ("segment", "aac", "%d.aac"),
    "mp3": ("segment", "libmp3lame", "%d.mp3"),
}


@dataclass(frozen=True)
class Pieces:
    """A sound, cut.

    Attributes:
        kind: How it is packed.
        data: The pieces.
        seconds: How long each is.
        head: The initialization section, where there is one.
    """

    kind: Kind
    data: list[bytes]
    seconds: list[float]
    head: bytes | None = None


def cut(folder: Path, kind: Kind, samples: Samples, *, every: float = 1.0) -> Pieces:
    """Encode (n, 2) samples at 48 kHz and cut them about ``every`` so many seconds."""
    form, codec, name = _FORMS[kind]
    folder.mkdir(parents=True, exist_ok=True)
    listing = folder / "list.m3u8"
    if form == "hls":
        target, options = listing, {"hls_time": str(every), "hls_list_size": "0"}
        options |= {"hls_segment_filename": str(folder / name)}
        if kind != "ts":
            options |= {"hls_segment_type": "fmp4", "hls_fmp4_init_filename": "head.mp4"}
    else:
        target, options = folder / name, {"segment_time": str(every)}
        options |= {"segment_list": str(listing)}
        options |= {"segment_format": "adts" if kind == "aac" else "mp3"}
        if kind == "mp3":
            options["segment_format_options"] = "write_xing=0"
    with av.open(str(target), "w", format=form, options=options) as container:
        _encode(container, codec, samples)
    said = [line for line in listing.read_text().splitlines() if not line.startswith("#EXT-X")]
    seconds = [float(line[8:].rstrip(",")) for line in said if line.startswith("#EXTINF:")]
    names = [line for line in said if not line.startswith("#")]
    head = folder / "head.mp4"
    return Pieces(
        kind,
        [(folder / one).read_bytes() for one in names],
        seconds,
        head.read_bytes() if head.exists() else None,
    )


def _encode(container: OutputContainer, codec: str, samples: Samples) -> None:
    stream = cast("AudioStream", container.add_stream(codec, rate=RATE))
    stream.layout = "stereo"
    stream.bit_rate = 160_000
    resampler = av.AudioResampler(format=stream.format.name, layout="stereo", rate=RATE)
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1).copy(), "flt", "stereo")
    frame.sample_rate = RATE
    frame.time_base = Fraction(1, RATE)
    frame.pts = 0
    for ready in [*resampler.resample(frame), None]:
        container.mux(stream.encode(ready))


def encrypt(data: bytes, key: bytes, iv: int) -> bytes:
    """Encrypt a piece as section 4.3.2.4 says."""
    padder = PKCS7(128).padder()
    padded = padder.update(data) + padder.finalize()
    cipher = Cipher(AES(key), CBC(iv.to_bytes(16, "big"))).encryptor()
    return cipher.update(padded) + cipher.finalize()


@dataclass
class HlsServer:
    """Answers each path with what the test put there.

    Attributes:
        pages: What is where.
        seen: The paths that were asked for, in order.
        ranges: The ``Range`` of each request that had one.
    """

    host: str = "127.0.0.1"
    pages: dict[str, Page] = field(default_factory=dict[str, Page])
    seen: list[str] = field(default_factory=list[str])
    ranges: list[str] = field(default_factory=list[str])
    port: int = 0
    _runner: web.AppRunner | None = None

    def url(self, path: str) -> str:
        """Return a whole address."""
        return f"http://{self.host}:{self.port}{path}"

    def put(self, path: str, body: bytes | str | Callable[[], str], *, ranges: bool = True) -> str:
        """Put a file there, or a playlist that is written anew each time; returns its address."""

        async def answer(request: web.Request) -> web.StreamResponse:
            data = body() if callable(body) else body
            if isinstance(data, str):
                kind = {"Content-Type": "application/vnd.apple.mpegurl"}
                return web.Response(body=data.encode(), headers=kind)
            wanted = request.headers.get("Range")
            if wanted is None or not ranges:
                return web.Response(body=data, content_type="video/mp2t")
            self.ranges.append(wanted)
            first, last = (int(one) for one in wanted.removeprefix("bytes=").split("-"))
            headers = {"Content-Range": f"bytes {first}-{last}/{len(data)}"}
            return web.Response(status=206, body=data[first : last + 1], headers=headers)

        self.pages[path] = answer
        return self.url(path)

    def put_pieces(self, name: str, pieces: Pieces) -> None:
        """Put the pieces at ``/name/0``, ``/name/1`` ..., their head at ``/name/head``."""
        for number, data in enumerate(pieces.data):
            self.put(f"/{name}/{number}", data)
        if pieces.head is not None:
            self.put(f"/{name}/head", pieces.head)

    def vod(self, name: str, pieces: Pieces, *, more: str = "") -> str:
        """Put pieces and their whole playlist there; returns the playlist's address."""
        self.put_pieces(name, pieces)
        text = write_list(name, pieces, more=more) + "#EXT-X-ENDLIST\n"
        return self.put(f"/{name}/index.m3u8", text)

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, 0).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.seen.append(request.path)
        page = self.pages.get(request.path)
        return web.Response(status=404) if page is None else await page(request)


def write_list(
    name: str, pieces: Pieces, first: int = 0, count: int | None = None, *, more: str = ""
) -> str:
    """Return a playlist of ``count`` pieces without its end.

    Args:
        name: Where :meth:`HlsServer.put_pieces` has put them.
        pieces: What they are; a live playlist goes round in them for ever.
        first: The media sequence number of the first one.
        count: All of them by default.
        more: Tags before the first piece.
    """
    lines = ["#EXTM3U", "#EXT-X-VERSION:7"]
    lines += [f"#EXT-X-TARGETDURATION:{max(1, round(max(pieces.seconds)))}"]
    lines += [f"#EXT-X-MEDIA-SEQUENCE:{first}", *more.splitlines()]
    if pieces.head is not None:
        lines.append(f'#EXT-X-MAP:URI="/{name}/head"')
    for number in range(first, first + (len(pieces.data) if count is None else count)):
        place = number % len(pieces.data)
        lines += [f"#EXTINF:{pieces.seconds[place]:.6f},", f"/{name}/{place}"]
    return "\n".join([*lines, ""])


@dataclass
class Broadcast:
    """A live stream whose playlist moves on as time passes.

    Attributes:
        server: Where it is.
        name: Its folder there.
        pieces: What is sent; once round they would begin again.
        seconds: Says the time.
        window: How many pieces the playlist has at a time.
        more: Tags before the first piece.
    """

    server: HlsServer
    name: str
    pieces: Pieces
    seconds: Callable[[], float]
    window: int = 6
    more: str = ""
    began: float = 0.0

    def put(self) -> str:
        """Go on the air; returns the playlist's address."""
        self.began = self.seconds()
        self.server.put_pieces(self.name, self.pieces)
        return self.server.put(f"/{self.name}/live.m3u8", self.write)

    def write(self) -> str:
        """Return the playlist as it is now."""
        first = int((self.seconds() - self.began) / self.pieces.seconds[0])
        return write_list(self.name, self.pieces, first, self.window, more=self.more)
