"""The CDN: attachments, avatars, icons and emoji, below ``/cdn``.

What nobody uploaded is drawn from its id: a circle in a colour of its own with the first letter.
Clients ask for ``.png`` by habit and take what the content type says.
"""

import colorsys
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from aiohttp import web

from discord_sandbox.world.snowflakes import parse
from discord_sandbox.world.state import StoredFile

if TYPE_CHECKING:
    from discord_sandbox.server import Sandbox

_FOR_EVER = {"Cache-Control": "public, max-age=31536000", "Access-Control-Allow-Origin": "*"}
_SHOWN_INLINE = ("image/", "audio/", "video/")


class Cdn:
    """Serves the world's files."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._world = sandbox.world

    async def attachment(self, request: web.Request) -> web.StreamResponse:
        """Answer an attachment; with ``Range`` support for players."""
        number = parse(request.match_info["attachment_id"])
        stored = self._world.attachments.get(number or 0)
        if stored is None or stored.filename != request.match_info["filename"]:
            raise web.HTTPNotFound(text="This content is no longer available.")
        return _file(request, stored)

    async def image(self, request: web.Request) -> web.StreamResponse:
        """Answer an avatar, banner or icon: the uploaded one, or a drawn one."""
        name = request.match_info["name"].rpartition(".")[0]
        stored = self._world.avatars.get(name)
        if stored is not None:
            return _file(request, stored)
        return self.drawn(request.match_info["owner_id"])

    async def emoji(self, request: web.Request) -> web.StreamResponse:
        """Answer a custom emoji."""
        number = parse(request.match_info["name"].rpartition(".")[0]) or 0
        for holder in [*self._world.guilds.values(), *self._world.applications.values()]:
            found = holder.emojis.get(number)
            if found is not None:
                stored = StoredFile(found.content, found.content_type, found.name)
                return _file(request, stored)
        raise web.HTTPNotFound

    async def default_avatar(self, request: web.Request) -> web.StreamResponse:
        """Answer one of the avatars of accounts without one."""
        return self.drawn(request.match_info["name"].rpartition(".")[0])

    async def user_avatar(self, request: web.Request) -> web.StreamResponse:
        """Answer whatever a user shows: the uploaded avatar, or the drawn one."""
        number = parse(request.match_info["user_id"].rpartition(".")[0]) or 0
        user = self._world.users.get(number)
        stored = self._world.avatars.get((user.avatar if user else None) or "")
        return self.drawn(str(number)) if stored is None else _file(request, stored)

    def drawn(self, key: str) -> web.Response:
        """Return a picture that is always the same for the same id."""
        number = parse(key) or 0
        user = self._world.users.get(number)
        guild = self._world.guilds.get(number)
        name = user.name if user else guild.name if guild else "?"
        return web.Response(
            text=draw(number, name), content_type="image/svg+xml", headers=_FOR_EVER
        )


def draw(number: int, name: str) -> str:
    """Return an SVG of 128 by 128: the first letter on a colour made from the id."""
    hue = (number * 0x9E3779B97F4A7C15 >> 40 & 0xFFFF) / 0xFFFF
    top, bottom = (_hex(hue, light) for light in (0.62, 0.42))
    letter = escape(name[:1].upper() or "?")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 128 128" width="128" height="128">'
        '<defs><linearGradient id="g" x2="0" y2="1">'
        f'<stop stop-color="{top}"/><stop offset="1" stop-color="{bottom}"/></linearGradient>'
        '</defs><rect width="128" height="128" fill="url(#g)"/>'
        '<text x="64" y="64" dy=".36em" text-anchor="middle" fill="#fff" font-size="64" '
        f'font-family="system-ui,sans-serif" font-weight="600">{letter}</text></svg>'
    )


def _hex(hue: float, light: float) -> str:
    red, green, blue = colorsys.hls_to_rgb(hue, light, 0.55)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def _file(request: web.Request, stored: StoredFile) -> web.Response:
    content, total = stored.content, len(stored.content)
    headers = dict(_FOR_EVER)
    headers["Accept-Ranges"] = "bytes"
    headers["Content-Security-Policy"] = "sandbox"  # an uploaded SVG or page must not run
    headers["Content-Type"] = stored.content_type
    if not stored.content_type.startswith(_SHOWN_INLINE):
        # Nothing a bot uploads may run as a page of this origin.
        headers["Content-Disposition"] = f'attachment; filename="{stored.filename}"'
        headers["X-Content-Type-Options"] = "nosniff"
    part = request.http_range
    if part.start is None and part.stop is None:
        return web.Response(body=content, headers=headers)
    start, stop, _ = part.indices(total)
    if start >= total:
        headers["Content-Range"] = f"bytes */{total}"
        return web.Response(status=416, headers=headers)
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{total}"
    return web.Response(status=206, body=content[start:stop], headers=headers)


def attach(app: web.Application, sandbox: "Sandbox") -> None:
    """Answer below ``/cdn``."""
    cdn = Cdn(sandbox)
    router = app.router
    router.add_get("/cdn/attachments/{channel_id}/{attachment_id}/{filename}", cdn.attachment)
    router.add_get("/cdn/emojis/{name}", cdn.emoji)
    router.add_get("/cdn/embed/avatars/{name}", cdn.default_avatar)
    router.add_get("/cdn/sandbox/avatars/{user_id}", cdn.user_avatar)
    kinds = "avatars|icons|banners|splashes|app-icons|app-assets|guild-events|role-icons"
    router.add_get(f"/cdn/{{kind:{kinds}}}/{{owner_id}}/{{name}}", cdn.image)
    router.add_get(
        "/cdn/guilds/{guild_id}/users/{owner_id}/{kind:avatars|banners}/{name}", cdn.image
    )
