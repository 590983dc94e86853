"""A stand-in for the Apple Music API.

Made from the public documentation on https://developer.apple.com/documentation/applemusicapi:
a developer token as bearer (401 without), resource collections under ``data``, relationships with
``next`` as a path (100 tracks a page), artwork addresses with ``{w}`` and ``{h}``, 429 without
``Retry-After``, and errors as an array.
"""

from dataclasses import dataclass, field

from aiohttp import web
from tests.support.services.serving import Trouble

TOKEN = "header.payload.signature"
PAGE = 100


def song(number: int, name: str, artist: str = "Aurora", **facts: object) -> dict[str, object]:
    """Return a song resource."""
    attributes = {
        "name": name,
        "artistName": artist,
        "albumName": "Dawn",
        "durationInMillis": 180_000,
        "isrc": f"GBAYE{number:07d}",
        "url": f"https://music.apple.com/us/song/{number}",
        "artwork": {"url": "https://i.example/{w}x{h}bb.jpg", "width": 3000, "height": 3000},
        **facts,
    }
    return {"id": str(number), "type": "songs", "attributes": attributes}


@dataclass
class AppleMusic:
    """What the service has; tests change it freely."""

    songs: dict[str, dict[str, object]] = field(default_factory=dict[str, dict[str, object]])
    lists: dict[str, list[dict[str, object]]] = field(
        default_factory=dict[str, list[dict[str, object]]]
    )
    trouble: Trouble = field(default_factory=Trouble)
    seen: list[str] = field(default_factory=list[str])

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer a request."""
        self.seen.append(request.path_qs)
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.Response(status=401)
        if self.trouble.answers:
            return self.trouble.answers.pop(0)
        body = self._body(request, request.path.strip("/").split("/"))
        if body is None:
            errors = [{"status": "404", "code": "40400", "title": "Resource Not Found"}]
            return web.json_response({"errors": errors}, status=404)
        return web.json_response(body)

    def _body(self, request: web.Request, parts: list[str]) -> dict[str, object] | None:
        body: dict[str, object] | None = None
        match parts:
            case ["v1", "storefronts", country]:
                body = {"data": [{"id": country, "type": "storefronts"}]}
            case ["v1", "catalog", _, "search"]:
                words = request.query["term"].casefold()
                found = [s for s in self.songs.values() if words in str(s["attributes"]).casefold()]
                body = {"results": {"songs": {"data": found[: int(request.query["limit"])]}}}
            case ["v1", "catalog", _, "songs", song_id] if song_id in self.songs:
                body = {"data": [self.songs[song_id]]}
            case ["v1", "catalog", _, _, list_id, *_] if list_id not in self.lists:
                body = None
            case ["v1", "catalog", _, "artists", list_id]:
                body = {
                    "data": [{"id": list_id, "type": "artists", "attributes": {"name": "Aurora"}}]
                }
            case ["v1", "catalog", _, "artists", list_id, "view", "top-songs"]:
                body = {"data": self.lists[list_id]}
            case ["v1", "catalog", _, kind, list_id]:
                tracks = self._page(request, list_id)
                attributes = {"name": f"One of the {kind}"}
                relations = {"tracks": tracks}
                one = {"id": list_id, "type": kind, "attributes": attributes}
                body = {"data": [{**one, "relationships": relations}]}
            case ["v1", "catalog", _, _, list_id, "tracks"]:
                body = self._page(request, list_id)
            case _:
                pass
        return body

    def _page(self, request: web.Request, list_id: str) -> dict[str, object]:
        offset = int(request.query.get("offset", 0))
        lines = self.lists[list_id]
        page: dict[str, object] = {"data": lines[offset : offset + PAGE]}
        if len(lines) > offset + PAGE:
            path = request.path.removesuffix("/tracks")
            page["next"] = f"{path}/tracks?offset={offset + PAGE}"
        return page
