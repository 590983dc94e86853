"""The REST half of a node: each route once, typed on both sides."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

import aiohttp
import msgspec

from seraphim.adapters.lavalink.errors import NodeRefused, NodeUnreachable
from seraphim.adapters.lavalink.messages import (
    ErrorAnswer,
    Info,
    LoadResult,
    Lyrics,
    Player,
    PlayerUpdate,
    SessionUpdate,
    Stats,
    Track,
)
from seraphim.kernel.ids import GuildId

MAX_ANSWER_BYTES: Final = 16 * 1024 * 1024
"""A playlist of some thousand tracks is two megabytes; a node that sends more is broken."""
_NO_CONTENT: Final = 204
_FIRST_ERROR: Final = 400
_info = msgspec.json.Decoder(Info)
_stats = msgspec.json.Decoder(Stats)
_result: msgspec.json.Decoder[LoadResult] = msgspec.json.Decoder(LoadResult)
_track = msgspec.json.Decoder(Track)
_tracks = msgspec.json.Decoder(list[Track])
_a_player = msgspec.json.Decoder(Player)
_players = msgspec.json.Decoder(list[Player])
_lyrics = msgspec.json.Decoder(Lyrics)


class NodeRest:
    """Asks one node.

    Args:
        http: The session all nodes share.
        url: ``http(s)://host:port`` without a path.
        password: Sent as the Authorization header.
        timeout_seconds: How long an answer may take, unless the call says otherwise.
    """

    def __init__(
        self, http: aiohttp.ClientSession, url: str, password: str, *, timeout_seconds: float
    ) -> None:
        self._http = http
        self._url = url
        self._headers = {"Authorization": password}
        self._timeout_seconds = timeout_seconds

    async def info(self) -> Info:
        """Return version, sources, filters and plugins."""
        return _decoded(await self._call("GET", "/v4/info"), _info)

    async def stats(self) -> Stats:
        """Return the statistics, without frame counts."""
        return _decoded(await self._call("GET", "/v4/stats"), _stats)

    async def load(self, identifier: str, *, timeout_seconds: float = 10.0) -> LoadResult:
        """Resolve an identifier: a URL, a path, or ``prefix:words``."""
        body = await self._call(
            "GET",
            "/v4/loadtracks",
            query={"identifier": identifier},
            timeout_seconds=timeout_seconds,
        )
        return _decoded(body, _result)

    async def decode(self, encoded: str) -> Track:
        """Read one encoded track."""
        body = await self._call("GET", "/v4/decodetrack", query={"encodedTrack": encoded})
        return _decoded(body, _track)

    async def decode_all(self, encoded: Sequence[str]) -> list[Track]:
        """Read many encoded tracks."""
        body = await self._call("POST", "/v4/decodetracks", body=list(encoded))
        return _decoded(body, _tracks)

    async def update_session(self, session_id: str, update: SessionUpdate) -> None:
        """Say whether and how long the session outlives its connection."""
        await self._call("PATCH", f"/v4/sessions/{quote(session_id)}", body=update)

    async def players(self, session_id: str) -> list[Player]:
        """Return every player of a session."""
        body = await self._call("GET", f"/v4/sessions/{quote(session_id)}/players")
        return _decoded(body, _players)

    async def find_player(self, session_id: str, guild_id: GuildId) -> Player | None:
        """Return one player, or None when the node has none for the guild."""
        try:
            body = await self._call("GET", _player(session_id, guild_id))
        except NodeRefused as error:
            if error.status == 404:  # noqa: PLR2004 - not found
                return None
            raise
        return _decoded(body, _a_player)

    async def update_player(
        self,
        session_id: str,
        guild_id: GuildId,
        update: PlayerUpdate,
        *,
        no_replace: bool = False,
        timeout_seconds: float | None = None,
    ) -> Player:
        """Change a player, or make it.

        Args:
            session_id: The node's session.
            guild_id: Whose player.
            update: What changes.
            no_replace: Leave a track that plays alone.
            timeout_seconds: How long it may take; a new track is loaded meanwhile.
        """
        body = await self._call(
            "PATCH",
            _player(session_id, guild_id),
            query={"noReplace": "true" if no_replace else "false"},
            body=update,
            timeout_seconds=timeout_seconds,
        )
        return _decoded(body, _a_player)

    async def delete_player(self, session_id: str, guild_id: GuildId) -> None:
        """Stop a player and its voice connection."""
        await self._call("DELETE", _player(session_id, guild_id))

    async def lyrics(self, session_id: str, guild_id: GuildId) -> Lyrics | None:
        """Return the words of what plays (plugin LavaLyrics), or None when there are none."""
        body = await self._call(
            "GET",
            f"{_player(session_id, guild_id)}/track/lyrics",
            query={"skipTrackSource": "false"},
        )
        return _decoded(body, _lyrics) if body else None

    async def set_segments(
        self, session_id: str, guild_id: GuildId, categories: Sequence[str]
    ) -> None:
        """Skip segments of these categories from now on (plugin SponsorBlock); none: skip none."""
        path = f"{_player(session_id, guild_id)}/sponsorblock/categories"
        if categories:
            await self._call("PUT", path, body=list(categories))
        else:
            await self._call("DELETE", path)

    async def _call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: object = None,
        timeout_seconds: float | None = None,
    ) -> bytes:
        headers = dict(self._headers)
        data: bytes | None = None
        if body is not None:
            data = msgspec.json.encode(body)
            headers["Content-Type"] = "application/json"
        timeout = aiohttp.ClientTimeout(total=timeout_seconds or self._timeout_seconds)
        try:
            async with self._http.request(
                method,
                f"{self._url}{path}",
                params=query,
                data=data,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                answer = await _read(response)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise NodeUnreachable(str(error) or type(error).__name__) from error
        if response.status >= _FIRST_ERROR:
            raise NodeRefused(response.status, _message(answer) or response.reason or "")
        return b"" if response.status == _NO_CONTENT else answer


def _decoded[T](body: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """Read an answer; one that is not what the protocol says raises NodeRefused."""
    try:
        return decoder.decode(body)
    except msgspec.MsgspecError as error:
        raise NodeRefused(0, f"its answer is not understood: {error}") from error


def _player(session_id: str, guild_id: GuildId) -> str:
    return f"/v4/sessions/{quote(session_id)}/players/{guild_id}"


async def _read(response: aiohttp.ClientResponse) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in response.content.iter_any():
        size += len(part)
        if size > MAX_ANSWER_BYTES:
            raise aiohttp.ClientPayloadError("the answer is too long")
        parts.append(part)
    return b"".join(parts)


def _message(answer: bytes) -> str:
    try:
        error: Any = msgspec.json.decode(answer, type=ErrorAnswer)
    except msgspec.MsgspecError:
        return ""
    return error.message or error.error
