"""A video site on loopback that the real yt-dlp reads through a plugin of its own.

Not an imitation of one service: a site with songs, lists in pages, a search, and every trouble
that yt-dlp has a helper for. Put :data:`PLUGINS` on a process's path and yt-dlp knows it.
"""

from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

PLUGINS = Path(__file__).parent
PAGE = 50


@dataclass
class VideoSite:
    """What the site has; tests change it freely.

    Attributes:
        songs: Each song's facts as yt-dlp names them, by id.
        lists: The ids of each list's songs.
        seen: The paths that were asked for, in order.
    """

    songs: dict[str, dict[str, object]] = field(default_factory=dict[str, dict[str, object]])
    lists: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    seen: list[str] = field(default_factory=list[str])
    port: int = 0
    _runner: web.AppRunner | None = None

    def watch(self, song: str) -> str:
        """Return the address of a song's page."""
        return self.url(f"/watch/{song}")

    def url(self, path: str) -> str:
        """Return an address on the site."""
        return f"http://127.0.0.1:{self.port}{path}"

    def add(self, song: str, **facts: object) -> str:
        """Put a song there, with a sound file, and return its page's address."""
        sound = {"url": self.url(f"/sound/{song}.opus"), "ext": "opus", "acodec": "opus"}
        formats = [{"format_id": "sound", "vcodec": "none", **sound}]
        title = song.replace("-", " ").title()
        self.songs[song] = {"title": title, "duration": 60, "formats": formats, **facts}
        return self.watch(song)

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        self.seen.append(path)
        if path.startswith("/api/list/"):
            songs = self.lists[path.removeprefix("/api/list/")]
            start = int(request.query["page"]) * PAGE
            more = len(songs) > start + PAGE
            return web.json_response({"songs": songs[start : start + PAGE], "more": more})
        if path == "/api/search":
            words = request.query["q"].replace(" ", "-")
            return web.json_response({"songs": [s for s in self.songs if words in s]})
        if path.startswith("/api/"):
            facts = self.songs.get(path.removeprefix("/api/"), {"status": 404})
            status = facts.get("status", 200)
            assert isinstance(status, int)
            return web.json_response(facts, status=status)
        if path.startswith("/sound/"):
            body = self.files.get(path.removeprefix("/sound/").partition(".")[0])
            if body is not None:
                return web.Response(body=body, content_type="audio/ogg")
        raise web.HTTPNotFound
