"""Serves the built page: from memory, with a strict policy, cached by the hash in its names."""

import mimetypes
from dataclasses import dataclass
from pathlib import Path

from aiohttp import hdrs, web

STATIC_DIR = Path(__file__).parent / "static"

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
"""No external host and no inline script or style: a message can bring no code into the page."""

_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_FOR_EVER = "public, max-age=31536000, immutable"
_TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One built file.

    Attributes:
        body: Its bytes.
        content_type: Without a charset.
    """

    body: bytes
    content_type: str


class PageMissing(Exception):
    """The page was not built: ``static/index.html`` is not there."""


def load_assets(folder: Path = STATIC_DIR) -> dict[str, Asset]:
    """Read the built page.

    Args:
        folder: Where the build wrote it.

    Returns:
        The files by name; ``index.html`` is among them.

    Raises:
        PageMissing: When there is no built page.
    """
    assets = {
        path.name: Asset(path.read_bytes(), _content_type(path))
        for path in sorted(folder.glob("*"))
        if path.is_file()
    }
    if "index.html" not in assets:
        raise PageMissing(f"The page is not built: {folder}/index.html is missing (make assets).")
    return assets


def _content_type(path: Path) -> str:
    guessed = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return _TYPES.get(path.suffix, guessed)


def attach(app: web.Application, sandbox: object) -> None:
    """Add ``/`` and ``/page/{name}`` to the server.

    Args:
        app: The sandbox's one application.
        sandbox: Not needed: the page asks for everything through the people's door.

    Raises:
        PageMissing: When the page was not built.
    """
    del sandbox
    assets = load_assets()

    async def index(_request: web.Request) -> web.Response:
        return _respond(assets["index.html"], "no-cache")

    async def asset(request: web.Request) -> web.Response:
        found = assets.get(request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound(text="There is no such file.")
        return _respond(found, _FOR_EVER)

    app.router.add_get("/", index)
    app.router.add_get("/page/{name}", asset)


def _respond(asset: Asset, cache: str) -> web.Response:
    text = asset.content_type.startswith("text/")
    return web.Response(
        body=asset.body,
        content_type=asset.content_type,
        charset="utf-8" if text else None,
        headers={**_HEADERS, hdrs.CACHE_CONTROL: cache},
    )
