"""Sounds for nodes, served by the bot's own web server under signed addresses.

A node has no guard: Lavalink and its players connect to whatever they are told, follow redirects
and playlists, and look names up themselves. So it never gets an address that a member typed. It
gets one of ours, and the bytes behind it come through the guarded fetcher, which judges every
address it connects to. No playlist ever reaches a node, because it would follow what is in them:
what comes in pieces (HLS) is fetched here and sent as one sound, every other list is refused.
"""

import asyncio
import base64
import binascii
import hashlib
import hmac
import os
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol, override

import msgspec
import structlog

from seraphim.features.music.ports import Media, SourceFailed
from seraphim.kernel.clock import Clock

_log = structlog.get_logger(__name__)

PATH: Final = "/media/node"
LIFETIME_SECONDS: Final = 24 * 3600
"""How long an address works: a node asks again when it seeks or moves to another node."""
_CHUNK_BYTES: Final = 64 * 1024
_HEAD_BYTES: Final = 4096
_RANGE: Final = re.compile(r"bytes=(\d{1,18})-(\d{0,18})")
_MARK_BYTES: Final = 32
_SOUND_STARTS: Final = (b"OggS", b"fLaC", b"\x1a\x45\xdf\xa3", b"ID3", b"RIFF", b"FORM", b"caff")
_FTYP: Final = slice(4, 8)
_TS_SYNC: Final = b"G"
_TS_PACKET_BYTES: Final = 188
"""What every packet of an MPEG transport stream begins with, and how long it is (ISO 13818-1)."""

type Scope = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
type Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Body(Protocol):
    """An answer of the guarded fetcher."""

    @property
    def url(self) -> str:
        """The address that answered, after every redirect."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the answer."""
        ...

    async def read(self, n: int) -> bytes:
        """Return 1 to ``n`` bytes, ``b""`` at the end of a part; raises SourceFailed."""
        ...

    async def next_part(self) -> bool:
        """Go on to the next part; False at the end."""
        ...

    async def close(self) -> None:
        """Drop the connection."""
        ...


class Fetcher(Protocol):
    """Opens URLs of members, judging every address; :class:`SourceFailed` when it must not."""

    async def open(
        self, url: str, *, endless: bool = False, headers: Mapping[str, str] | None = None
    ) -> Body:
        """Answer once the headers are there."""
        ...


class SoundOpener(Fetcher, Protocol):
    """A fetcher that also knows what comes in pieces."""

    @override
    async def open(
        self,
        url: str,
        *,
        endless: bool = False,
        headers: Mapping[str, str] | None = None,
        piece_bytes: int = 0,
    ) -> Body:
        """Answer once the first bytes of sound can be read."""
        ...


class _Ticket(msgspec.Struct, frozen=True, array_like=True):
    kind: str
    location: str
    is_stream: bool
    until: int
    headers: tuple[tuple[str, str], ...] = ()
    piece_bytes: int = 0


class Relay:
    """Signs addresses, and answers the nodes that come with one.

    Args:
        secrets: What only the owner and the nodes know; addresses survive a restart of the bot
            because the key is made from it.
        clock: Ends their life.
        fetcher: For what members' URLs name; without one only files are served.
        roots: Folders whose files may be served; others are refused.
    """

    def __init__(
        self,
        secrets: Sequence[str],
        clock: Clock,
        *,
        fetcher: SoundOpener | None = None,
        roots: Sequence[Path] = (),
    ) -> None:
        self.base_url = ""
        """Where nodes reach the bot's web server; set when it listens."""
        self._key = hashlib.blake2b("\0".join(secrets).encode(), person=b"seraphim-media").digest()
        self._clock = clock
        self._fetcher = fetcher
        self._roots = tuple(root.resolve() for root in roots)

    def url_of(self, media: Media) -> str:
        """Return an address under which a node gets the medium for a day."""
        until = self._clock.now_ms() // 1000 + LIFETIME_SECONDS
        ticket = msgspec.json.encode(
            _Ticket(
                *(media.kind, media.location, media.is_stream, until),
                headers=media.headers,
                piece_bytes=media.piece_bytes,
            )
        )
        return f"{self.base_url.rstrip('/')}{PATH}/{_text(self._mark(ticket) + ticket)}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            return
        if scope["method"] not in {"GET", "HEAD"}:
            await _refuse(send, 405)
            return
        ticket = self._read(str(scope["path"]).rstrip("/").rsplit("/", 1)[-1])
        if ticket is None:
            await _refuse(send, 403)
            return
        wanted = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in scope["headers"]
        }.get("range", "")
        is_head = scope["method"] == "HEAD"
        try:
            if ticket.kind == "file":
                await self._send_file(ticket, wanted, send, is_head=is_head)
            else:
                await self._send_fetched(ticket, wanted, receive, send, is_head=is_head)
        except SourceFailed as error:
            _log.info("lavalink.relay_refused", reason=str(error))
            await _refuse(send, 422)

    def _mark(self, ticket: bytes) -> bytes:
        return hmac.digest(self._key, ticket, "sha256")

    def _read(self, text: str) -> _Ticket | None:
        try:
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except (binascii.Error, ValueError):
            return None
        mark, body = raw[:_MARK_BYTES], raw[_MARK_BYTES:]
        if not hmac.compare_digest(mark, self._mark(body)):
            return None
        ticket = msgspec.json.decode(body, type=_Ticket)
        return ticket if ticket.until * 1000 > self._clock.now_ms() else None

    def _open_file(self, location: str) -> tuple[int, int]:
        """Open a file below the roots; returns its descriptor and size. Raises OSError."""
        path = Path(location).resolve()
        if not any(path.is_relative_to(root) for root in self._roots):
            raise FileNotFoundError(location)
        descriptor = os.open(path, os.O_RDONLY)
        return descriptor, os.fstat(descriptor).st_size

    async def _send_file(self, ticket: _Ticket, wanted: str, send: Send, *, is_head: bool) -> None:
        try:
            descriptor, size = await asyncio.to_thread(self._open_file, ticket.location)
        except OSError:
            await _refuse(send, 404)
            return
        try:
            start, end = _span(wanted, size)
            if start >= size > 0:
                await _refuse(send, 416, {"content-range": f"bytes */{size}"})
                return
            headers = {"accept-ranges": "bytes", "content-length": str(end - start)}
            if wanted:
                headers["content-range"] = f"bytes {start}-{end - 1}/{size}"
            await _begin(send, 206 if wanted else 200, headers)
            while not is_head and start < end:
                count = min(_CHUNK_BYTES, end - start)
                data = await asyncio.to_thread(os.pread, descriptor, count, start)
                if not data:
                    break
                start += len(data)
                await _go_on(send, data)
            await _finish(send)
        finally:
            os.close(descriptor)

    async def _send_fetched(
        self, ticket: _Ticket, wanted: str, receive: Receive, send: Send, *, is_head: bool
    ) -> None:
        if self._fetcher is None:
            await _refuse(send, 404)
            return
        match = _RANGE.fullmatch(wanted)
        asked = dict(ticket.headers)
        if match and not ticket.is_stream:
            asked["Range"] = wanted
        body = await self._fetcher.open(
            ticket.location,
            endless=ticket.is_stream,
            headers=asked,
            piece_bytes=ticket.piece_bytes,
        )
        watch = asyncio.create_task(_until_gone(receive))
        try:
            is_inside = "Range" in asked and int(match[1] if match else 0) > 0
            head = b""
            if not is_inside:
                head = await take_head(body)
                check_head(head, is_stream=ticket.is_stream)
            headers = {
                name: value
                for name in ("content-length", "content-range", "accept-ranges", "content-type")
                if (value := body.headers.get(name))
            }
            await _begin(send, 206 if "content-range" in headers else 200, headers)
            if head and not is_head:
                await _go_on(send, head)
            while not is_head and not watch.done():
                data = await body.read(_CHUNK_BYTES)
                if not data and not await body.next_part():
                    break
                if data:
                    await _go_on(send, data)
            await _finish(send)
        finally:
            watch.cancel()
            await body.close()


async def take_head(body: Body) -> bytes:
    """Return the first bytes."""
    head = b""
    while len(head) < _HEAD_BYTES and (data := await body.read(_HEAD_BYTES)):
        head += data
    return head


def check_head(head: bytes, *, is_stream: bool) -> None:
    """Raise SourceFailed when the first bytes are those of no sound (see is_sound)."""
    if not is_sound(head, is_stream=is_stream):
        raise SourceFailed("That address holds no sound.", failure="unsupported")


def is_stream_list(head: bytes) -> bool:
    """Say whether bytes begin like a playlist of HTTP Live Streaming (RFC 8216, section 4.3)."""
    return head.removeprefix(b"\xef\xbb\xbf").startswith(b"#EXTM3U") and b"#EXT-X-" in head


def is_sound(head: bytes, *, is_stream: bool) -> bool:
    """Say whether bytes begin like a sound file, and not like a page or a playlist.

    A live MPEG stream begins anywhere: then it only must not look like text.
    """
    if head.startswith(_SOUND_STARTS) or head[_FTYP] == b"ftyp":
        return True
    if head[:1] == _TS_SYNC and head[_TS_PACKET_BYTES : _TS_PACKET_BYTES + 1] in {b"", _TS_SYNC}:
        return True
    if not head or head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"#", b"[", b"<", b"{"}:
        return False
    synced = head[0] == 0xFF and len(head) > 1 and head[1] & 0xE0 == 0xE0  # noqa: PLR2004 - MPEG sync
    return synced or (is_stream and _is_binary(head))


def _is_binary(head: bytes) -> bool:
    return sum(byte < 0x09 or byte > 0x7E for byte in head[:512]) > len(head[:512]) // 10  # noqa: PLR2004 - text


def _span(wanted: str, size: int) -> tuple[int, int]:
    match = _RANGE.fullmatch(wanted)
    if match is None:
        return 0, size
    end = min(size, int(match[2]) + 1) if match[2] else size
    return int(match[1]), max(int(match[1]), end)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _begin(send: Send, status: int, headers: Mapping[str, str]) -> None:
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})


async def _go_on(send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})


async def _finish(send: Send) -> None:
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _refuse(send: Send, status: int, headers: Mapping[str, str] | None = None) -> None:
    await _begin(send, status, {"content-length": "0", **(headers or {})})
    await _finish(send)
