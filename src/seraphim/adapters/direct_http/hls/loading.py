"""Fetches what playlists name: other playlists, pieces, keys and initialization sections."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from yarl import URL

from seraphim.adapters.direct_http.fetcher import GuardedFetcher
from seraphim.adapters.direct_http.hls.playlist import (
    Key,
    Map,
    MasterPlaylist,
    MediaPlaylist,
    PlaylistBroken,
    Segment,
    Span,
    read_playlist,
)
from seraphim.features.music.ports import SourceFailed
from seraphim.kernel.marks import N_

MAX_PLAYLIST_BYTES: Final = 8 * 1024 * 1024
"""A broadcast of many hours with long signed addresses."""
MAX_PIECE_BYTES: Final = 16 * 1024 * 1024
"""Ten seconds of pictures at 12 Mbit/s, for what offers nothing smaller."""
MAX_MAP_BYTES: Final = 256 * 1024
PLAYLIST_SECONDS: Final = 10.0
PIECE_SECONDS: Final = 20.0
_KEY_BYTES: Final = 16
_BLOCK_BITS: Final = 128
_MAX_KEPT: Final = 4
_PARTIAL: Final = 206
_ID3_HEAD_BYTES: Final = 10
_TYPES: Final = frozenset(
    {"application/vnd.apple.mpegurl", "application/x-mpegurl", "audio/mpegurl", "audio/x-mpegurl"}
)


def names_playlist(content_type: str, url: str) -> bool:
    """Say whether an answer is marked as a playlist (RFC 8216, section 4)."""
    return content_type in _TYPES or URL(url).path.lower().endswith((".m3u8", ".m3u"))


class Loader:
    """Fetches for one playback, each address judged; keys and maps are kept.

    Args:
        fetcher: Opens addresses, refusing private ones.
        headers: What the servers ask for in every request.
    """

    def __init__(self, fetcher: GuardedFetcher, headers: Mapping[str, str]) -> None:
        self._fetcher = fetcher
        self._headers = dict(headers)
        self._keys: OrderedDict[str, bytes] = OrderedDict()
        self._maps: OrderedDict[Map, bytes] = OrderedDict()

    async def load_playlist(self, url: str) -> tuple[MasterPlaylist | MediaPlaylist, str]:
        """Return a playlist and what the addresses in it are relative to.

        Raises:
            SourceFailed: It cannot be fetched, or it is none.
        """
        found = await self._fetcher.read_whole(
            url, max_bytes=MAX_PLAYLIST_BYTES, seconds=PLAYLIST_SECONDS, headers=self._headers
        )
        return read_text(found.data), found.url

    async def load_segment(self, segment: Segment, base: str) -> bytes:
        """Return the sound of a piece, decrypted; raises SourceFailed."""
        data = await self._load(segment.uri, base, segment.span, MAX_PIECE_BYTES)
        if segment.key is not None:
            data = await self._decrypt(data, segment.key, segment.number, base)
        return without_id3(data)

    async def load_map(self, wanted: Map, base: str) -> bytes:
        """Return an initialization section, decrypted; raises SourceFailed."""
        known = self._maps.get(wanted)
        if known is None:
            known = await self._load(wanted.uri, base, wanted.span, MAX_MAP_BYTES)
            if wanted.key is not None:
                known = await self._decrypt(known, wanted.key, 0, base)
            self._maps[wanted] = known
            while len(self._maps) > _MAX_KEPT:
                self._maps.popitem(last=False)
        return known

    def resolve(self, uri: str, base: str) -> str:
        """Return a whole address; raises AddressRefused when it must not be opened."""
        return str(self._fetcher.policy.check_url(uri, base=URL(base, encoded=True)))

    async def _load(self, uri: str, base: str, span: Span | None, most: int) -> bytes:
        headers = self._headers
        if span is not None:
            if span.length > most:
                raise broken()
            headers = {**headers, "Range": f"bytes={span.start}-{span.start + span.length - 1}"}
        found = await self._fetcher.read_whole(
            self.resolve(uri, base), max_bytes=most, seconds=PIECE_SECONDS, headers=headers
        )
        if span is None:
            return found.data
        if found.headers.get("Content-Range", "").startswith(f"bytes {span.start}-"):
            return found.data[: span.length]
        return found.data[span.start : span.start + span.length]  # a server without ranges

    async def _decrypt(self, data: bytes, key: Key, number: int, base: str) -> bytes:
        """Undo AES-128 in CBC mode with PKCS7 padding (section 4.3.2.4)."""
        if key.method != "AES-128" or key.form != "identity":
            raise SourceFailed(
                N_("That stream is protected against copying, so I cannot play it."), failure="drm"
            )
        iv = (number if key.iv is None else key.iv).to_bytes(16, "big")
        cipher = Cipher(AES(await self._load_key(self.resolve(key.uri, base))), CBC(iv)).decryptor()
        unpadder = PKCS7(_BLOCK_BITS).unpadder()
        try:
            padded = cipher.update(data) + cipher.finalize()
            return unpadder.update(padded) + unpadder.finalize()
        except ValueError:
            raise SourceFailed(
                N_("The pieces of that stream cannot be decrypted."), failure="unsupported"
            ) from None

    async def _load_key(self, url: str) -> bytes:
        known = self._keys.get(url)
        if known is None:
            found = await self._fetcher.read_whole(
                url, max_bytes=1024, seconds=PLAYLIST_SECONDS, headers=self._headers
            )
            known = found.data
            if len(known) != _KEY_BYTES:
                raise SourceFailed(
                    N_("The pieces of that stream cannot be decrypted."), failure="unsupported"
                )
            self._keys[url] = known
            while len(self._keys) > _MAX_KEPT:
                self._keys.popitem(last=False)
        return known


def read_text(data: bytes) -> MasterPlaylist | MediaPlaylist:
    """Read a playlist's bytes; raises SourceFailed."""
    try:
        return read_playlist(data.decode("utf-8", errors="replace"))
    except PlaylistBroken:
        raise broken() from None


def broken() -> SourceFailed:
    """Return the error for a playlist that makes no sense."""
    return SourceFailed(N_("The list of that stream's pieces is damaged."), failure="unsupported")


def without_id3(data: bytes) -> bytes:
    """Take off the ID3 tag that packed sound begins with (section 3.4; ID3v2.4, section 3.1)."""
    while len(data) >= _ID3_HEAD_BYTES and data.startswith(b"ID3"):
        size = sum(
            (byte & 0x7F) << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True)
        )
        footer = _ID3_HEAD_BYTES if data[5] & 0x10 else 0
        data = data[_ID3_HEAD_BYTES + size + footer :]
    return data
