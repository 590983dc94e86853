"""The node: its REST routes, its websocket, and its plugins."""

import asyncio
import secrets
import ssl
import string
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import msgspec
from aiohttp import WSMsgType, web
from msgspec import UNSET
from tests.support.lavalink_node import shape
from tests.support.lavalink_node.player import NodePlayer
from tests.support.lavalink_node.session import NodeSession
from tests.support.lavalink_node.sponsorblock import SponsorBlock
from tests.support.lavalink_node.tracks import LoadError, NodeTrack, decode, probe

type Json = dict[str, Any]
type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_REASONS = {
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    500: "Internal Server Error",
}
_LETTERS = string.ascii_lowercase + string.digits


class Refused(Exception):
    """An error answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass
class NodeOptions:
    """How a node is set up."""

    password: str = "a-password-of-the-tests"
    port: int = 0
    ca_file: Path | None = None
    """Certificates of the voice server to trust."""
    update_seconds: float = 5.0
    stats_seconds: float = 60.0
    version: str = "4.2.2"
    sources: Sequence[str] = ("local", "http")
    plugins: Sequence[str] = ()
    catalogue: Mapping[str, Sequence[Json]] = field(default_factory=dict[str, Sequence[Json]])
    """What LavaSrc knows: identifier -> tracks with ``title``, ``media`` and so on."""
    lyrics: Json | None = None
    segments: Sequence[Json] = ()
    chapters: Sequence[Json] = ()


class LavalinkNode:
    """A node that runs on this loop.

    Attributes:
        exchanges: Every request: method, path, status, body, answer.
        messages: Every websocket message that was sent or queued.
        ignored: Fields of bodies that Lavalink would ignore.
    """

    def __init__(self, options: NodeOptions | None = None) -> None:
        self.options = options or NodeOptions()
        self.sessions: dict[str, NodeSession] = {}
        self.exchanges: list[tuple[str, str, int, Any, Any]] = []
        self.messages: list[Json] = []
        self.ignored: list[str] = []
        self.loaded: list[str] = []
        """Identifiers that were asked for."""
        self.handshakes: list[Mapping[str, str]] = []
        self.port = 0
        self._resumable: dict[str, NodeSession] = {}
        self._started = time.monotonic()
        self._runner: web.AppRunner | None = None
        self._context: ssl.SSLContext | None = None
        self.categories: dict[str, dict[str, list[str]]] = {}
        """What SponsorBlock was told to skip, by session and guild."""
        self._stats: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def url(self) -> str:
        """``http://host:port``."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listen."""
        if self.options.ca_file is not None:
            self._context = ssl.create_default_context(cafile=str(self.options.ca_file))
        app = web.Application(middlewares=[self._guard])
        app.add_routes(
            [
                web.get("/version", self._version),
                web.get("/v4/websocket", self._websocket),
                web.get("/v4/info", self._info),
                web.get("/v4/stats", self._stats_now),
                web.get("/v4/loadtracks", self._load),
                web.get("/v4/decodetrack", self._decode),
                web.post("/v4/decodetracks", self._decode_all),
                web.patch("/v4/sessions/{session}", self._patch_session),
                web.get("/v4/sessions/{session}/players", self._players),
                web.get("/v4/sessions/{session}/players/{guild}", self._player),
                web.patch("/v4/sessions/{session}/players/{guild}", self._patch_player),
                web.delete("/v4/sessions/{session}/players/{guild}", self._delete_player),
                web.get("/v4/sessions/{session}/players/{guild}/track/lyrics", self._lyrics),
                web.get(
                    "/v4/sessions/{session}/players/{guild}/sponsorblock/categories",
                    self._get_categories,
                ),
                web.put(
                    "/v4/sessions/{session}/players/{guild}/sponsorblock/categories",
                    self._put_categories,
                ),
                web.delete(
                    "/v4/sessions/{session}/players/{guild}/sponsorblock/categories",
                    self._delete_categories,
                ),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.options.port).start()
        self.port = self._runner.addresses[0][1]
        self._stats = asyncio.create_task(self._send_stats())

    async def stop(self) -> None:
        """End every player and connection."""
        if self._stats is not None:
            self._stats.cancel()
            await asyncio.gather(self._stats, return_exceptions=True)
        for session in (*self.sessions.values(), *self._resumable.values()):
            if session.socket is not None:
                session.resumable = False
                await session.socket.close()
            await session.close()
        self.sessions.clear()
        self._resumable.clear()
        if self._runner is not None:
            await self._runner.cleanup()

    def players(self) -> list[NodePlayer]:
        """Every player of every session."""
        everyone = (*self.sessions.values(), *self._resumable.values())
        return [player for session in everyone for player in session.players.values()]

    async def cut(self) -> None:
        """Break every websocket as a network would."""
        for session in tuple(self.sessions.values()):
            if session.socket is not None:
                transport = session.socket._req.transport if session.socket._req else None
                if transport is not None:
                    transport.abort()

    # Around every request

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path == "/v4/websocket":
            return await handler(request)
        given = request.headers.get("Authorization")
        if given != self.options.password:
            # Spring ends such a request without a body (RequestAuthorizationFilter).
            return web.Response(status=401 if given is None else 403)
        body = await request.read()
        try:
            response = await handler(request)
        except Refused as error:
            response = self._error(request, error.status, error.message)
        except shape.Malformed as error:
            response = self._error(request, 400, f"JSON parse error: {error}")
        except web.HTTPException as error:
            response = self._error(request, error.status, error.reason)
        answer = response.body if isinstance(response, web.Response) else None
        self.exchanges.append(
            (
                request.method,
                request.path,
                response.status,
                _json(body),
                _json(answer if isinstance(answer, bytes) else b""),
            )
        )
        return response

    def _error(self, request: web.Request, status: int, message: str) -> web.Response:
        body = {
            "timestamp": round(time.time() * 1000),
            "status": status,
            "error": _REASONS.get(status, "Error"),
            "message": message,
            "path": request.path,
        }
        return web.json_response(body, status=status)

    # The websocket

    async def _websocket(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != self.options.password:
            return web.Response(status=401)
        user_id = request.headers.get("User-Id", "")
        if not user_id.isdigit() or int(user_id) == 0:
            return web.Response(status=400)
        self.handshakes.append(dict(request.headers))
        if not request.headers.get("Client-Name"):
            self.ignored.append("handshake without Client-Name")
        wanted = self._resumable.get(request.headers.get("Session-Id", ""))
        if wanted is not None and not wanted.stop_expiry():
            wanted = None
        socket = web.WebSocketResponse(heartbeat=None, autoping=True)
        socket.headers["Session-Resumed"] = "true" if wanted is not None else "false"
        await socket.prepare(request)
        if wanted is not None:
            session = self._resumable.pop(wanted.id)
            self.sessions[session.id] = session
            session.resume(socket)
        else:
            name = "".join(secrets.choice(_LETTERS) for _ in range(16))
            session = NodeSession(name, user_id, self.messages.append)
            session.socket = socket
            self.sessions[name] = session
            session.say({"op": "ready", "resumed": False, "sessionId": name})
            session.say(self._stats_message())
        self.categories[session.id] = {}
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self.ignored.append("a websocket message from the client")
        await self._gone(session, socket)
        return socket

    async def _gone(self, session: NodeSession, socket: web.WebSocketResponse) -> None:
        if session.socket is not socket or self.sessions.pop(session.id, None) is None:
            return
        if session.resumable:
            self._resumable[session.id] = session
            session.pause(self._expire)
        else:
            await session.close()

    def _expire(self, session: NodeSession) -> None:
        self._resumable.pop(session.id, None)
        self._ending = asyncio.create_task(session.close())

    async def _send_stats(self) -> None:
        while True:
            await asyncio.sleep(self.options.stats_seconds)
            message = self._stats_message()
            for player in self.players():
                player.counts.update(sent=0, nulled=0)
            for session in tuple(self.sessions.values()):
                session.say(message)

    def _stats_message(self) -> Json:
        players = self.players()
        sent = sum(player.counts["sent"] for player in players)
        nulled = sum(player.counts["nulled"] for player in players)
        frames = {"sent": sent, "nulled": nulled, "deficit": 3000 * len(players) - sent - nulled}
        return {"op": "stats", "frameStats": frames if players else None, **self._numbers()}

    def _numbers(self) -> Json:
        players = self.players()
        return {
            "players": len(players),
            "playingPlayers": sum(player.playing for player in players),
            "uptime": round((time.monotonic() - self._started) * 1000),
            "memory": {"free": 1, "used": 100_000_000, "allocated": 2, "reservable": 3},
            "cpu": {"cores": 2, "systemLoad": 0.1, "lavalinkLoad": 0.05},
        }

    # Routes about the node

    async def _version(self, _: web.Request) -> web.Response:
        return web.Response(text=self.options.version)

    async def _info(self, _: web.Request) -> web.Response:
        major, minor, patch = (int(part) for part in self.options.version.split("."))
        return web.json_response(
            {
                "version": {
                    "semver": self.options.version,
                    "major": major,
                    "minor": minor,
                    "patch": patch,
                    "preRelease": None,
                    "build": None,
                },
                "buildTime": 0,
                "git": {"branch": "stand-in", "commit": "0000000", "commitTime": 0},
                "jvm": "none",
                "lavaplayer": "none",
                "sourceManagers": list(self.options.sources),
                "filters": ["volume", "equalizer", "timescale", "tremolo", "vibrato", "rotation"],
                "plugins": [{"name": name, "version": "1.0.0"} for name in self.options.plugins],
            }
        )

    async def _stats_now(self, _: web.Request) -> web.Response:
        return web.json_response({"frameStats": None, **self._numbers()})

    # Routes about tracks

    async def _load(self, request: web.Request) -> web.Response:
        identifier = request.query.get("identifier")
        if identifier is None:
            raise Refused(400, "Required parameter 'identifier' is not present.")
        try:
            tracks = await self._find(identifier)
        except LoadError as error:
            data = {
                "message": error.message,
                "severity": error.severity,
                "cause": error.message,
                "causeStackTrace": "",
            }
            return web.json_response({"loadType": "error", "data": data})
        if not tracks:
            return web.json_response({"loadType": "empty", "data": None})
        if "search:" in identifier:
            return web.json_response(
                {"loadType": "search", "data": [track.json() for track in tracks]}
            )
        if len(tracks) > 1:
            data = {
                "info": {"name": identifier, "selectedTrack": -1},
                "pluginInfo": {},
                "tracks": [track.json() for track in tracks],
            }
            return web.json_response({"loadType": "playlist", "data": data})
        return web.json_response({"loadType": "track", "data": tracks[0].json()})

    async def _find(self, identifier: str) -> list[NodeTrack]:
        self.loaded.append(identifier)
        if identifier in self.options.catalogue:
            return [
                NodeTrack(
                    identifier=str(row.get("identifier", row["title"])),
                    title=str(row["title"]),
                    author=str(row.get("author", "Unknown artist")),
                    length=int(row.get("length", 0)),
                    is_stream=False,
                    uri=row.get("uri"),
                    source=str(row.get("source", "spotify")),
                    media=str(row.get("media", "")),
                    isrc=row.get("isrc"),
                )
                for row in self.options.catalogue[identifier]
            ]
        if identifier.startswith(("http://", "https://")):
            return [await probe(identifier, "http")] if "http" in self.options.sources else []
        is_local = "local" in self.options.sources and Path(identifier).is_file()
        return [await probe(identifier, "local")] if is_local else []

    async def _decode(self, request: web.Request) -> web.Response:
        return web.json_response(self._decoded(request.query.get("encodedTrack", "")).json())

    async def _decode_all(self, request: web.Request) -> web.Response:
        encoded = shape.read(await request.read(), list[str])
        if not encoded:
            raise Refused(400, "No tracks to decode provided")
        return web.json_response([self._decoded(text).json() for text in encoded])

    def _decoded(self, encoded: str) -> NodeTrack:
        try:
            track = decode(encoded)
        except ValueError as error:
            raise Refused(400, "Failed to decode track") from error
        if track.source in {"local", "http"} and track.source not in self.options.sources:
            raise Refused(400, f"Track source {track.source} is not known here")
        for rows in self.options.catalogue.values():
            for row in rows:
                if str(row.get("identifier", row["title"])) == track.identifier:
                    return replace(track, media=str(row.get("media", "")))
        return track

    # Routes about sessions and players

    def _session(self, request: web.Request) -> NodeSession:
        session = self.sessions.get(request.match_info["session"])
        if session is None:
            raise Refused(404, "Session not found")
        return session

    def _existing(self, request: web.Request) -> NodePlayer:
        player = self._session(request).players.get(request.match_info["guild"])
        if player is None:
            raise Refused(404, "Player not found")
        return player

    async def _patch_session(self, request: web.Request) -> web.Response:
        session = self._session(request)
        update = shape.read(await request.read(), shape.SessionUpdate)
        if update.resuming is not UNSET:
            session.resumable = bool(update.resuming)
        if not isinstance(update.timeout, msgspec.UnsetType):
            session.timeout = update.timeout
        return web.json_response({"resuming": session.resumable, "timeout": session.timeout})

    async def _players(self, request: web.Request) -> web.Response:
        session = self._session(request)
        return web.json_response([player.json() for player in session.players.values()])

    async def _player(self, request: web.Request) -> web.Response:
        return web.json_response(self._existing(request).json())

    async def _delete_player(self, request: web.Request) -> web.Response:
        player = self._session(request).players.pop(request.match_info["guild"], None)
        if player is not None:
            await player.destroy()
        return web.Response(status=204)

    async def _patch_player(self, request: web.Request) -> web.Response:
        session, guild_id = self._session(request), request.match_info["guild"]
        if not guild_id.isdigit():
            raise Refused(400, "Failed to convert 'guildId' to required type 'long'")
        body = await request.read()
        update = shape.read(body, shape.PlayerUpdate)
        self.ignored += shape.unknown_fields(body, update)
        track = _track_of(update)
        _check(update, track)
        player = session.players.get(guild_id)
        if player is None:
            player = session.players[guild_id] = NodePlayer(
                guild_id,
                session.user_id,
                session.say,
                context=self._context,
                update_seconds=self.options.update_seconds,
            )
            if self._has("sponsorblock"):
                player.plugin = SponsorBlock(
                    guild_id,
                    segments=self.options.segments,
                    chapters=self.options.chapters,
                    categories=lambda: self.categories[session.id].get(guild_id),
                    say=session.say,
                )
        if not isinstance(update.voice, msgspec.UnsetType):
            voice = msgspec.to_builtins(update.voice)
            try:
                await player.connect(voice)
            except (OSError, TimeoutError) as error:
                raise Refused(500, "Failed to connect to voice server") from error
        await self._apply(player, update, track, raw=msgspec.json.decode(body), request=request)
        return web.json_response(player.json())

    async def _apply(
        self,
        player: NodePlayer,
        update: shape.PlayerUpdate,
        track: shape.TrackUpdate | None,
        *,
        raw: Json,
        request: web.Request,
    ) -> None:
        new = track is not None and (track.encoded is not UNSET or track.identifier is not UNSET)
        data = track.user_data if track is not None else UNSET
        if not new and update.paused is not UNSET:
            player.paused = bool(update.paused)
        if not new and not isinstance(data, msgspec.UnsetType) and player.track is not None:
            player.track = player.track.with_user_data(data)
        if not isinstance(update.volume, msgspec.UnsetType):
            player.volume = max(0, min(1000, update.volume))
        is_jump = not new and not isinstance(update.position, msgspec.UnsetType)
        if is_jump and player.track is not None:
            player.seek(int(raw["position"]))
            player.say_update()
        if update.filters is not UNSET:
            player.set_filters(raw["filters"])
            player.say_update()
        if not new or track is None:
            return
        if request.query.get("noReplace") == "true" and player.track is not None:
            return
        player.paused = update.paused is True
        found = await self._new_track(track)
        if found is None:
            player.stop()
            return
        if not isinstance(data, msgspec.UnsetType):
            found = found.with_user_data(data)
        player.play(found, int(raw.get("position", 0)))

    async def _new_track(self, track: shape.TrackUpdate) -> NodeTrack | None:
        if isinstance(track.encoded, str):
            return self._decoded(track.encoded)
        if track.encoded is None:
            return None
        try:
            found = await self._find(str(track.identifier))
        except LoadError as error:
            raise Refused(400, error.message) from error
        if not found:
            raise Refused(400, "No matches found for identifier")
        if len(found) > 1 or "search:" in str(track.identifier):
            raise Refused(400, "Cannot play a playlist or search result")
        return found[0]

    # Plugins

    def _has(self, word: str) -> bool:
        return any(word in name for name in self.options.plugins)

    async def _lyrics(self, request: web.Request) -> web.Response:
        if not self._has("lyrics"):
            raise Refused(404, "No static resource")
        if self._existing(request).track is None:
            raise Refused(404, "No track playing")
        if self.options.lyrics is None:
            return web.Response(status=204)
        return web.json_response(self.options.lyrics)

    def _categories_of(self, request: web.Request) -> dict[str, list[str]]:
        if not self._has("sponsorblock"):
            raise Refused(404, "No static resource")
        found = self.categories.get(request.match_info["session"])
        if found is None:
            raise Refused(404, "Session not found")
        return found

    async def _get_categories(self, request: web.Request) -> web.Response:
        categories = self._categories_of(request).get(request.match_info["guild"])
        if categories is None:
            raise Refused(404, "Guild not found")
        return web.json_response(categories)

    async def _put_categories(self, request: web.Request) -> web.Response:
        wanted = shape.read(await request.read(), list[str])
        self._categories_of(request)[request.match_info["guild"]] = wanted
        return web.Response()

    async def _delete_categories(self, request: web.Request) -> web.Response:
        self._categories_of(request).pop(request.match_info["guild"], None)
        return web.Response()


def _json(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body) if body else None
    except msgspec.MsgspecError:
        return body.decode(errors="replace")


def _track_of(update: shape.PlayerUpdate) -> shape.TrackUpdate | None:
    old = update.encoded_track is not UNSET or update.identifier is not UNSET
    if update.track is not UNSET and old:
        raise Refused(400, "Cannot specify both track and encodedTrack/identifier")
    if old:
        return shape.TrackUpdate(encoded=update.encoded_track, identifier=update.identifier)
    return None if isinstance(update.track, msgspec.UnsetType) else update.track


def _check(update: shape.PlayerUpdate, track: shape.TrackUpdate | None) -> None:
    if track is not None and track.encoded is not UNSET and track.identifier is not UNSET:
        raise Refused(400, "Cannot specify both encodedTrack and identifier")
    if not isinstance(update.voice, msgspec.UnsetType):
        voice = update.voice
        if not all((voice.token, voice.endpoint, voice.session_id, voice.channel_id)):
            message = "token, endpoint, sessionId and channelId must be provided in voice state"
            raise Refused(400, message)
    if isinstance(update.end_time, int) and update.end_time <= 0:
        raise Refused(400, "End time must be greater than 0")
