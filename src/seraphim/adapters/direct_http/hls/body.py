"""The pieces of a stream, one behind the other, as if they were one answer.

Which pieces, and when the playlist is looked at again, is RFC 8216, section 6.3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from seraphim.adapters.direct_http.hls.loading import Loader, broken
from seraphim.adapters.direct_http.hls.playlist import MediaPlaylist, Segment
from seraphim.features.music.ports import FailureClass, SourceFailed
from seraphim.kernel.clock import Clock
from seraphim.kernel.marks import N_

MAX_MISSED: Final = 3
"""So many pieces in a row may be missing."""
STALE_TARGETS: Final = 4
"""A playlist that has got nothing new for so many target durations is given up."""
STALE_SECONDS: Final = 15.0
"""At least so long it is waited for."""
_EDGE_TARGETS: Final = 3
"""A live stream is joined no closer to its end (section 6.3.3)."""
_TRIES: Final = 3
_RETRY_SECONDS: Final = 0.5
_RUN_UP_SECONDS: Final = 0.2
"""How much before a position the reading begins: decoders lean on what came before."""
_FREE_PIECES: Final = 60
_PIECES_A_SECOND: Final = 4.0
"""No faster than this after the first ones: nobody else's server is asked for empty pieces."""
_SKIPPED: Final[frozenset[FailureClass]] = frozenset({"network", "removed", "login", "region"})
"""What may befall one piece; all else befalls every piece."""


@dataclass(frozen=True, slots=True)
class _Piece:
    data: bytes
    head: bytes
    """The initialization section that belongs to it; empty where containers need none."""
    is_break: bool


class HlsBody:
    """Implements :class:`HttpBody`.

    Args:
        loader: Fetches.
        clock: Says when the playlist is looked at again.
        playlist: The media playlist as it was just now.
        url: Its address.
        base: What the addresses in it are relative to.
        position_ms: Where to begin, if it is no live stream.
    """

    def __init__(
        self,
        loader: Loader,
        clock: Clock,
        playlist: MediaPlaylist,
        *,
        url: str,
        base: str,
        position_ms: int,
    ) -> None:
        self._loader = loader
        self._clock = clock
        self._playlist = playlist
        self._base = base
        self._url = url
        self._loaded_at = self._news_at = self._began_at = clock.monotonic()
        self._has_news = True
        self._was_away = False
        """Whether nobody has read for so long that what comes next may be gone."""
        self._next = _first_number(playlist)
        self._start_ms = position_ms
        self._missed = 0
        self._fetched = 0
        self._is_break = False
        self._head = b""
        self._rest = memoryview(b"")
        self._held: _Piece | None = None
        self._is_over = False
        if playlist.is_ended:
            self._next, self._start_ms = _place(playlist, position_ms)

    @property
    def url(self) -> str:
        """The address of the media playlist."""
        return self._url

    @property
    def content_type(self) -> str:
        """Whatever the pieces are."""
        return "application/octet-stream"

    @property
    def content_length(self) -> int | None:
        """Nobody knows."""
        return None

    @property
    def title(self) -> str | None:
        """A playlist says none."""
        return None

    @property
    def headers(self) -> Mapping[str, str]:
        """None: this is many answers."""
        return {}

    @property
    def is_live(self) -> bool:
        """Whether pieces are still being added."""
        return not self._playlist.is_ended

    @property
    def duration_ms(self) -> int | None:
        """How long it is; None while it is live."""
        return None if self.is_live else round(self._playlist.seconds * 1000)

    @property
    def start_ms(self) -> int:
        """Where in the medium the first byte lies; a live stream begins where it was asked to."""
        return self._start_ms

    async def prepare(self) -> None:
        """Fetch the first piece; raises SourceFailed."""
        self._held = await self._next_piece()
        if self._held is None:
            raise broken()
        if self._start_ms and not self.is_live and not _stands_alone(self._held):
            # Pieces of a container whose beginning is in the first one only.
            self._next, self._start_ms = _place(self._playlist, 0)
            self._held = await self._next_piece()
        if self._held is not None:
            self._begin(self._held)

    async def read(self, n: int) -> bytes:
        """Return 1 to ``n`` bytes, ``b""`` at the end of a part.

        Raises:
            AddressRefused: A piece leads into a private network.
            SourceFailed: Too many pieces are missing, or no new ones come.
        """
        while not self._rest:
            if self._held is not None or self._is_over:
                return b""
            piece = await self._next_piece()
            if piece is None:
                self._is_over = True
            elif piece.is_break or piece.head != self._head:
                self._held = piece
            else:
                self._rest = memoryview(piece.data)
        data = bytes(self._rest[:n])
        self._rest = self._rest[n:]
        return data

    async def next_part(self) -> bool:
        """Go on to pieces that are no continuation of those before."""
        if self._held is None:
            return False
        self._begin(self._held)
        return True

    async def close(self) -> None:
        """Forget what was fetched."""
        self._is_over = True
        self._held = None
        self._rest = memoryview(b"")

    def _begin(self, piece: _Piece) -> None:
        self._head = piece.head
        self._rest = memoryview(piece.head + piece.data)
        self._held = None

    async def _next_piece(self) -> _Piece | None:
        """Return the next piece that can be had, None at the end."""
        while True:
            segment = await self._next_segment()
            if segment is None:
                return None
            self._next = segment.number + 1
            self._is_break = self._is_break or segment.is_break
            if segment.is_gap:
                continue
            try:
                piece = await self._fetch(segment)
            except SourceFailed as error:
                if error.failure not in _SKIPPED:
                    raise
                self._missed += 1
                if self._missed >= MAX_MISSED:
                    if not self._fetched:
                        raise  # nothing has been heard: the server's own reason says more
                    raise _missing() from error
                continue
            self._missed = 0
            self._fetched += 1
            self._is_break = False
            if piece.data:
                return piece

    async def _fetch(self, segment: Segment) -> _Piece:
        for attempt in range(_TRIES):
            await self._keep_pace()
            try:
                head = b""
                if segment.map is not None:
                    head = await self._loader.load_map(segment.map, self._base)
                data = await self._loader.load_segment(segment, self._base)
                return _Piece(data, head, self._is_break and self._fetched > 0)
            except SourceFailed as error:
                if error.failure != "network" or attempt + 1 == _TRIES:
                    raise
            await self._clock.sleep(_RETRY_SECONDS * 2**attempt)
        raise _missing()

    async def _keep_pace(self) -> None:
        earliest = self._began_at + (self._fetched - _FREE_PIECES) / _PIECES_A_SECOND
        if (wait := earliest - self._clock.monotonic()) > 0:
            await self._clock.sleep(wait)

    async def _next_segment(self) -> Segment | None:
        """Return the next segment, waiting for one where it is live; None at the end."""
        while True:
            playlist = self._playlist
            patience = _EDGE_TARGETS * playlist.target_seconds
            is_old = self._clock.monotonic() - self._loaded_at > patience
            if playlist.is_ended or not is_old:
                if (segment := _find(playlist, self._next)) is not None:
                    return segment
                if playlist.is_ended:
                    return None
            # Nothing is left, or the listeners had paused, and what is left may be gone.
            await self._reload()

    async def _reload(self) -> None:
        """Load the playlist again, not before its time (section 6.3.4)."""
        target = self._playlist.target_seconds
        due = self._loaded_at + (target if self._has_news else target / 2)
        await self._clock.sleep(due - self._clock.monotonic())
        now = self._clock.monotonic()
        if now - self._loaded_at > _EDGE_TARGETS * target:
            self._was_away = True
            self._news_at = now  # nobody has looked: that is not the stream's fault
        self._loaded_at = now
        try:
            playlist, base = await self._loader.load_playlist(self._url)
        except SourceFailed as error:
            if error.failure not in _SKIPPED | {"unsupported"}:
                raise
            playlist, base = None, ""
        if isinstance(playlist, MediaPlaylist):
            self._take(playlist, base)
        else:
            self._has_news = False
        if self._has_news or self._playlist.is_ended:
            self._news_at = now
        elif now - self._news_at > max(STALE_SECONDS, STALE_TARGETS * target):
            raise SourceFailed(
                N_("The stream has stopped: nothing new comes from its server."), failure="network"
            )

    def _take(self, playlist: MediaPlaylist, base: str) -> None:
        """Go on with a newer playlist; after a long pause from where it is now."""
        known, self._playlist, self._base = self._playlist, playlist, base
        segments = playlist.segments
        last = segments[-1].number if segments else -1
        self._has_news = bool(segments) and last != _last(known)
        lost = self._was_away and segments and segments[0].number > self._next
        self._was_away = False
        if lost or not known.segments or (segments and last + len(segments) < self._next):
            # What comes next is gone, or there was nothing yet, or the numbers began anew.
            self._next = _first_number(playlist)
            self._is_break = True


def _find(playlist: MediaPlaylist, number: int) -> Segment | None:
    segments = playlist.segments
    index = max(0, number - segments[0].number) if segments else 0
    return segments[index] if index < len(segments) else None


def _last(playlist: MediaPlaylist) -> int:
    return playlist.segments[-1].number if playlist.segments else -1


def _first_number(playlist: MediaPlaylist) -> int:
    """Return where a live stream is joined."""
    left = 0.0
    for segment in reversed(playlist.segments):
        left += segment.seconds
        if left >= _EDGE_TARGETS * playlist.target_seconds:
            return segment.number
    return playlist.segments[0].number if playlist.segments else 0


def _place(playlist: MediaPlaylist, position_ms: int) -> tuple[int, int]:
    """Return the segment to begin with, and where it lies in milliseconds."""
    wanted = max(0.0, position_ms / 1000 - _RUN_UP_SECONDS)
    end = 0.0
    number, begin = 0, 0.0
    for segment in playlist.segments:
        number, begin = segment.number, end
        end += segment.seconds
        if end > wanted:
            break
    return number, round(begin * 1000)


def _stands_alone(piece: _Piece) -> bool:
    """Say whether a piece can be decoded without the first one."""
    return bool(piece.head) or not piece.data.startswith(b"OggS") or b"OpusHead" in piece.data[:256]


def _missing() -> SourceFailed:
    return SourceFailed(
        N_("Too many pieces of that stream are missing on its server."), failure="network"
    )
