"""Which Discord to talk to: the real one, or a sandbox on this machine."""

from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import discord.asset
import discord.gateway
import discord.http
import yarl

if TYPE_CHECKING:
    from collections.abc import Generator

API_PATH = "/api/v10"


def point_at(api_url: str | None, gateway_url: str | None) -> None:
    """Send every request of discord.py to another server that speaks Discord.

    Args:
        api_url: Root of the REST API such as ``http://127.0.0.1:8000`` or
            ``http://127.0.0.1:8000/api/v10``; pictures are fetched below ``/cdn`` of the same
            host. None leaves the real Discord.
        gateway_url: Address of the gateway, ``ws://127.0.0.1:8000/gateway``; None leaves the
            real one (several shards ask the REST API instead).
    """
    if api_url is not None:
        parts = urlsplit(api_url)
        origin = f"{parts.scheme}://{parts.netloc}"
        path = parts.path.rstrip("/")
        discord.http.Route.BASE = f"{origin}{path if path.startswith('/api') else API_PATH}"
        setattr(discord.asset.Asset, "BASE", f"{origin}/cdn")  # noqa: B010  # typed as the literal real address
    if gateway_url is not None:
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


@contextmanager
def pointed_at(api_url: str | None, gateway_url: str | None) -> "Generator[None]":
    """Point at another server for a while and back again, for tests and demonstrations."""
    before = (
        discord.http.Route.BASE,
        discord.asset.Asset.BASE,
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY,
    )
    point_at(api_url, gateway_url)
    try:
        yield
    finally:
        discord.http.Route.BASE, discord.asset.Asset.BASE = before[0], before[1]
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = before[2]
