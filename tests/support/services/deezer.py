"""A stand-in for Deezer's API.

Made from the public documentation on https://developers.deezer.com/api: no key, pages by
``index`` and ``limit`` with ``total`` and ``next``, and errors with status 200 whose codes are 4
(quota), 700 (busy) and 800 (no such thing).
"""

from dataclasses import dataclass, field

from aiohttp import web


def song(number: int, title: str, artist: str = "Aurora", **facts: object) -> dict[str, object]:
    """Return a track object."""
    return {
        "id": number,
        "title": title,
        "duration": 180,
        "isrc": f"GBAYE{number:07d}",
        "link": f"https://www.deezer.com/track/{number}",
        "artist": {"id": 1, "name": artist},
        "album": {"id": 2, "title": "Dawn", "cover_xl": "https://i.example/1000x1000.jpg"},
        "type": "track",
        **facts,
    }


@dataclass
class Deezer:
    """What the service has; tests change it freely."""

    songs: dict[int, dict[str, object]] = field(default_factory=dict[int, dict[str, object]])
    lists: dict[str, list[dict[str, object]]] = field(
        default_factory=dict[str, list[dict[str, object]]]
    )
    errors: list[int] = field(default_factory=list[int])
    """The codes of the next answers."""
    seen: list[str] = field(default_factory=list[str])

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer a request."""
        self.seen.append(request.path_qs)
        code = self.errors.pop(0) if self.errors else None
        body = None if code else self._body(request, request.path.strip("/").split("/"))
        if body is None:
            body = {"error": {"type": "Exception", "message": "no", "code": code or 800}}
        return web.json_response(body)

    def _body(self, request: web.Request, parts: list[str]) -> dict[str, object] | None:
        body: dict[str, object] | None = None
        match parts:
            case ["track", number]:
                body = self.songs.get(int(number))
            case ["search", "track"]:
                words = request.query["q"].casefold()
                found = [s for s in self.songs.values() if words in str(s["title"]).casefold()]
                body = {"data": found, "total": len(found)}
            case [kind, list_id] if list_id in self.lists:
                name = {"name": "Aurora"} if kind == "artist" else {"title": f"The {kind}"}
                body = {**name, "id": int(list_id), "cover_xl": "https://i.example/cover.jpg"}
            case [_, list_id, "tracks" | "top"] if list_id in self.lists:
                start, limit = int(request.query["index"]), int(request.query["limit"])
                lines = self.lists[list_id]
                body = {"data": lines[start : start + limit], "total": len(lines)}
                if len(lines) > start + limit:
                    body["next"] = f"https://api.deezer.com/x?index={start + limit}"
            case _:
                pass
        return body
