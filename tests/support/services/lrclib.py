"""A stand-in for LRCLIB on loopback, after its documentation (https://lrclib.net/docs)."""

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

MAX_FOUND = 20
DURATION_SECONDS = 2
"""A recording is found when its length differs by no more."""
_MISSING = {"code": 404, "name": "TrackNotFound", "message": "Failed to find specified track"}

type Record = dict[str, Any]


@dataclass
class Lrclib:
    """What the service knows; tests add to it.

    Attributes:
        records: Every recording.
        seen: Path and query of every request, in order.
        agents: The ``User-Agent`` of every request.
        status: Answer everything with this instead, when set.
        body: And with this body.
    """

    records: list[Record] = field(default_factory=list[Record])
    seen: list[str] = field(default_factory=list[str])
    agents: set[str] = field(default_factory=set[str])
    status: int | None = None
    body: bytes = b""
    url: str = ""
    _runner: web.AppRunner | None = None

    def add(
        self,
        title: str,
        artist: str,
        *,
        seconds: float = 180,
        album: str = "",
        timed: str | None = None,
        plain: str | None = None,
        instrumental: bool = False,
    ) -> int:
        """Write a recording's words down; returns their number."""
        number = len(self.records) + 1
        self.records.append(
            {
                "id": number,
                "trackName": title,
                "artistName": artist,
                "albumName": album,
                "duration": seconds,
                "instrumental": instrumental,
                "plainLyrics": plain,
                "syncedLyrics": timed,
            }
        )
        return number

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        app = web.Application(middlewares=[self._note])
        app.router.add_get("/api/get", self._get)
        app.router.add_get("/api/get/{id}", self._get_by_id)
        app.router.add_get("/api/search", self._search)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    @web.middleware
    async def _note(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.seen.append(request.path_qs)
        self.agents.add(request.headers.get("User-Agent", ""))
        if self.status is not None:
            return web.Response(status=self.status, body=self.body)
        return await handler(request)

    async def _get(self, request: web.Request) -> web.Response:
        query = request.query
        if not query.get("track_name") or not query.get("artist_name"):
            return web.json_response({"message": "missing field"}, status=400)
        for record in self.records:
            if (
                _same(record["trackName"], query["track_name"])
                and _same(record["artistName"], query["artist_name"])
                and _same(record["albumName"], query.get("album_name", record["albumName"]))
                and abs(record["duration"] - float(query.get("duration", record["duration"])))
                <= DURATION_SECONDS
            ):
                return web.json_response(record)
        return web.json_response(_MISSING, status=404)

    async def _get_by_id(self, request: web.Request) -> web.Response:
        for record in self.records:
            if str(record["id"]) == request.match_info["id"]:
                return web.json_response(record)
        return web.json_response(_MISSING, status=404)

    async def _search(self, request: web.Request) -> web.Response:
        query = request.query
        if not query.get("q") and not query.get("track_name"):
            return web.json_response({"message": "missing field"}, status=400)
        wanted = " ".join(query.get(name, "") for name in ("q", "track_name", "artist_name"))
        words = wanted.casefold().split()
        found = [
            record
            for record in self.records
            if all(
                word in f"{record['trackName']} {record['artistName']}".casefold() for word in words
            )
        ]
        return web.json_response(found[:MAX_FOUND])


def _same(one: str, other: str) -> bool:
    return one.casefold().strip() == other.casefold().strip()
