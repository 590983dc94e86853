"""A stand-in for SponsorBlock on loopback, after https://wiki.sponsor.ajay.app/w/API_Docs ."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

type Part = dict[str, Any]


@dataclass
class SponsorBlock:
    """What people marked; tests add to it.

    Attributes:
        videos: The parts of each video, by its id.
        seen: Path and query of every request, in order.
        status: Answer everything with this instead, when set.
    """

    videos: dict[str, list[Part]] = field(default_factory=dict[str, list[Part]])
    seen: list[str] = field(default_factory=list[str])
    status: int | None = None
    body: bytes | None = None
    url: str = ""
    _runner: web.AppRunner | None = None

    def mark(
        self, video: str, start: float, end: float, category: str = "sponsor", action: str = "skip"
    ) -> None:
        """Mark a part of a video, seconds."""
        parts = self.videos.setdefault(video, [])
        parts.append(
            {
                "segment": [start, end],
                "UUID": hashlib.sha256(f"{video}{start}".encode()).hexdigest(),
                "category": category,
                "videoDuration": 0,
                "actionType": action,
                "locked": 0,
                "votes": 1,
                "description": "",
            }
        )

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        app = web.Application()
        app.router.add_get("/api/skipSegments/{prefix}", self._answer)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        self.seen.append(request.path_qs)
        if self.status is not None:
            return web.Response(status=self.status)
        if self.body is not None:
            return web.Response(body=self.body, content_type="application/json")
        prefix = request.match_info["prefix"]
        if not re.fullmatch(r"[0-9a-f]{4,32}", prefix):
            return web.Response(status=400, text="Hash prefix does not match format requirements.")
        try:
            categories = set(json.loads(request.query.get("categories", '["sponsor"]')))
            actions = set(json.loads(request.query.get("actionTypes", '["skip"]')))
        except ValueError:
            return web.Response(status=400, text="Bad parameter: categories (invalid JSON)")
        found: list[dict[str, Any]] = []
        for video, parts in self.videos.items():
            digest = hashlib.sha256(video.encode()).hexdigest()
            wanted = [
                part
                for part in parts
                if part["category"] in categories and part["actionType"] in actions
            ]
            if digest.startswith(prefix) and wanted:
                found.append({"videoID": video, "hash": digest, "segments": wanted})
        if not found:
            return web.json_response([], status=404)
        return web.json_response(found)
