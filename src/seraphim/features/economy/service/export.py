"""Handing out the ledger of a guild: page by page, so that its size does not matter."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from seraphim.features.economy.rules.exporting import ExportFormat, head, lines
from seraphim.features.economy.rules.links import LedgerLink, sign, verify
from seraphim.features.economy.store import export as store
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database
from seraphim.kernel.dice import Dice
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import GuildId
from seraphim.kernel.marks import N_

LINK_MS = 15 * 60_000
MAX_STREAMS = 4
"""Ledgers handed out at the same time; each holds one page in memory."""
MAX_STREAMS_A_GUILD = 2
"""Of these, one guild's: its administrators cannot keep the others from their books."""
STALLED_SECONDS = 60.0
"""A reader who has taken nothing for so long does not count: who reads slowly holds nobody up."""
MAX_STALLED_A_GUILD = 8


class ExportBusy(SeraphimError):
    """Too many ledgers are being handed out."""

    code = "economy.export_busy"
    http_status = 503
    message = N_("Several ledgers are being exported already. Try again in a minute.")


@dataclass(slots=True, eq=False)
class _Stream:
    """A ledger on its way to a reader, and when they last took a piece (monotonic seconds)."""

    guild_id: GuildId
    taken_at: float


@dataclass(frozen=True, slots=True)
class Span:
    """A guild's transfers between two moments, both included, in a format."""

    guild_id: GuildId
    form: ExportFormat
    since_ms: int
    until_ms: int


class LedgerExport:
    """Writes ledgers down and signs the links to them."""

    def __init__(self, db: Database, clock: Clock, dice: Dice) -> None:
        self._db = db
        self._clock = clock
        self._dice = dice
        self._key: str | None = None
        self._streams: set[_Stream] = set()

    async def chunks(self, span: Span) -> AsyncGenerator[bytes]:
        """Yield the file piece by piece; a piece has the sides of up to 500 transfers.

        Raises:
            ExportBusy: Too many are being handed out.
        """
        self._check_room(span.guild_id)
        stream = _Stream(span.guild_id, self._clock.monotonic())
        self._streams.add(stream)
        try:
            yield head(span.form)
            stream.taken_at = self._clock.monotonic()
            place: store.Place | None = (span.since_ms, -1)
            while place is not None:
                rows, place = await self._db.read(
                    store.read_page, span.guild_id, place, span.until_ms
                )
                if rows:
                    # Not on the event loop: a thousand lines take some milliseconds.
                    yield await asyncio.to_thread(lines, span.form, rows)
                    stream.taken_at = self._clock.monotonic()
        finally:
            self._streams.discard(stream)

    async def collect(self, span: Span, limit_bytes: int) -> bytes | None:
        """Return the whole file when it is no larger than ``limit_bytes``, else None."""
        kept = bytearray()
        chunks = self.chunks(span)
        try:
            async for chunk in chunks:
                kept += chunk
                if len(kept) > limit_bytes:
                    return None
        finally:
            await chunks.aclose()
        return bytes(kept)

    async def sign(self, span: Span) -> str:
        """Return a token that gives access to the span for a quarter of an hour."""
        expires_ms = self._clock.now_ms() + LINK_MS
        link = LedgerLink(span.guild_id, span.form, span.since_ms, span.until_ms, expires_ms)
        return sign(link, await self._signing_key())

    async def open(self, token: str) -> Span:
        """Return what a token gives access to.

        Raises:
            LinkInvalid: It was not signed here.
            LinkExpired: Its time is over.
            ExportBusy: Too many are being handed out.
        """
        link = verify(token, await self._signing_key(), self._clock.now_ms())
        self._check_room(link.guild_id)
        return Span(link.guild_id, link.form, link.since_ms, link.until_ms)

    def _check_room(self, guild_id: GuildId) -> None:
        since = self._clock.monotonic() - STALLED_SECONDS
        active = [stream for stream in self._streams if stream.taken_at > since]
        own = sum(stream.guild_id == guild_id for stream in active)
        own_stalled = sum(stream.guild_id == guild_id for stream in self._streams) - own
        if (
            len(active) >= MAX_STREAMS
            or own >= MAX_STREAMS_A_GUILD
            or own_stalled >= MAX_STALLED_A_GUILD
        ):
            raise ExportBusy

    async def _signing_key(self) -> str:
        if self._key is None:
            proposed = self._dice.token(32)
            self._key = await self._db.write(store.get_or_make_key, proposed, self._clock.now_ms())
        return self._key
