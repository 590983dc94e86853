"""Headers every answer carries, errors included."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from litestar.types import ASGIApp, Message, Receive, Scope, Send

SECURITY_HEADERS: Mapping[str, str] = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}
"""The strictest that plain JSON can bear; a page that needs more sets its own, which wins.

HSTS is left to the proxy that ends TLS: over plain HTTP it would lock a self-hoster out.
"""


class SecureHeaders:
    """ASGI wrapper around the whole application.

    Around, and not Litestar's ``response_headers``: those miss the answers to unknown paths.
    """

    def __init__(self, app: "ASGIApp", headers: Mapping[str, str] = SECURITY_HEADERS) -> None:
        self._app = app
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass the request on and add what is missing to the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: "Message") -> None:
            if message["type"] == "http.response.start":
                given = list(message["headers"])
                names = {name.lower() for name, _ in given}
                missing = [pair for pair in self._headers if pair[0] not in names]
                message["headers"] = [*given, *missing]
            await send(message)

        await self._app(scope, receive, send_with_headers)
