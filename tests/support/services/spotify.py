"""A stand-in for Spotify's Web API and accounts service.

Made from the public documentation on https://developer.spotify.com/documentation/web-api: the
client credentials flow, bearer tokens that end (401), paging objects with ``next`` and ``total``
(albums 50 a page, playlists 100), 429 with ``Retry-After`` in seconds, and the shapes of tracks,
albums, playlists, artists and search. It knows both names of a playlist's lines, ``tracks`` and
the newer ``items``.
"""

import base64
from dataclasses import dataclass, field

from aiohttp import web
from tests.support.services.serving import Trouble

CLIENT_ID, CLIENT_SECRET = "an-application", "its-secret-of-32-characters-long"


def spotify_id(number: int) -> str:
    """Return an id of the service's form: 22 characters of base 62."""
    return f"{number:022d}"


def song(number: int, name: str, artist: str = "Aurora", **facts: object) -> dict[str, object]:
    """Return a full track object."""
    return {
        "id": spotify_id(number),
        "type": "track",
        "name": name,
        "duration_ms": 180_000,
        "is_local": False,
        "artists": [{"name": artist, "id": "x"}],
        "album": {"name": "Dawn", "images": [{"url": "https://i.example/640", "width": 640}]},
        "external_ids": {"isrc": f"GBAYE{number:07d}"},
        "external_urls": {"spotify": f"https://open.spotify.com/track/{spotify_id(number)}"},
        **facts,
    }


@dataclass
class Spotify:
    """What the service has; tests change it freely."""

    songs: dict[str, dict[str, object]] = field(default_factory=dict[str, dict[str, object]])
    lists: dict[str, list[object]] = field(default_factory=dict[str, list[object]])
    """The lines of playlists and the songs of albums, by id."""
    lines_are_called: str = "tracks"
    has_top_tracks: bool = True
    trouble: Trouble = field(default_factory=Trouble)
    tokens: int = 0
    valid: str = ""
    seen: list[str] = field(default_factory=list[str])

    def add(self, number: int, name: str, **facts: object) -> str:
        """Put a song there and return its link."""
        self.songs[spotify_id(number)] = song(number, name, **facts)  # pyright: ignore[reportArgumentType] - the artist is one of the facts
        return f"https://open.spotify.com/track/{spotify_id(number)}"

    def end_tokens(self) -> None:
        """Let every token be over, as after an hour."""
        self.valid = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer a request."""
        self.seen.append(request.path_qs)
        if request.path == "/api/token":
            return await self._token(request)
        if request.headers.get("Authorization") != f"Bearer {self.valid}" or not self.valid:
            message = "The access token expired"
            return web.json_response({"error": {"status": 401, "message": message}}, status=401)
        if self.trouble.answers:
            return self.trouble.answers.pop(0)
        return self._answer(request)

    async def _token(self, request: web.Request) -> web.StreamResponse:
        pair = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        form = await request.post()
        if request.headers.get("Authorization") != f"Basic {pair}":
            return web.json_response({"error": "invalid_client"}, status=400)
        if form.get("grant_type") != "client_credentials":
            return web.json_response({"error": "unsupported_grant_type"}, status=400)
        self.tokens += 1
        self.valid = f"token-{self.tokens}"
        body = {"access_token": self.valid, "token_type": "Bearer", "expires_in": 3600}
        return web.json_response(body)

    def _answer(self, request: web.Request) -> web.StreamResponse:
        body = self._body(request, request.path.strip("/").split("/")[1:])
        if body is None:
            missing = {"error": {"status": 404, "message": "Resource not found"}}
            return web.json_response(missing, status=404)
        return web.json_response(body)

    def _body(self, request: web.Request, parts: list[str]) -> dict[str, object] | None:
        body: dict[str, object] | None = None
        match parts:
            case ["tracks", song_id]:
                body = self.songs.get(song_id)
            case ["search"]:
                body = self._search(request)
            case [_, list_id, *_] if list_id not in self.lists:
                body = None
            case ["albums", list_id]:
                page = self._page(request, list_id, 50)
                body = {"name": "An album", "images": [], "tracks": page}
            case ["playlists", list_id]:
                body = {"name": "A list", self.lines_are_called: self._page(request, list_id, 100)}
            case [("albums" | "playlists") as kind, list_id, "tracks"]:
                body = self._page(request, list_id, 50 if kind == "albums" else 100)
            case ["artists", _]:
                body = {"name": "Aurora"}
            case ["artists", list_id, "top-tracks"] if self.has_top_tracks:
                body = {"tracks": self.lists[list_id]}
            case _:
                pass
        return body

    def _page(self, request: web.Request, list_id: str, size: int) -> dict[str, object]:
        offset = int(request.query.get("offset", 0))
        lines = self.lists[list_id]
        kind = "albums" if size == 50 else "playlists"
        following = f"{request.scheme}://{request.host}/v1/{kind}/{list_id}/tracks"
        more = len(lines) > offset + size
        return {
            "items": lines[offset : offset + size],
            "limit": size,
            "offset": offset,
            "total": len(lines),
            "next": f"{following}?offset={offset + size}&limit={size}" if more else None,
        }

    def _search(self, request: web.Request) -> dict[str, object]:
        words = request.query["q"].casefold()
        everything = words.startswith("artist:")
        found = [s for s in self.songs.values() if everything or words in str(s["name"]).casefold()]
        return {"tracks": {"items": found[: int(request.query["limit"])]}}
