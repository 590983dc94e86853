"""Where the gateway is found: the websocket, and the two REST routes that name it."""

from typing import TYPE_CHECKING, Any

from aiohttp import web

from discord_sandbox.gateway.compression import transport_encoder
from discord_sandbox.gateway.connection import GatewayConnection
from discord_sandbox.gateway.protocol import GATEWAY_VERSIONS, SESSION_STARTS_PER_DAY, Close
from discord_sandbox.rest.router import RequestContext, route

if TYPE_CHECKING:
    from discord_sandbox.server import Sandbox

Json = dict[str, Any]

GUILDS_PER_RECOMMENDED_SHARD = 1000
"""Discord recommends one shard for about a thousand guilds."""


@route("GET", "/gateway", auth="none")
async def get_gateway(context: RequestContext) -> Json:
    """Discord, "Get Gateway"."""
    return {"url": context.sandbox.gateway.url}


@route("GET", "/gateway/bot")
async def get_gateway_bot(context: RequestContext) -> Json:
    """Discord, "Get Gateway Bot"."""
    gateway = context.sandbox.gateway
    guilds = sum(1 for _guild in context.world.guilds_of(context.application.bot.id))
    remaining, reset_after_ms = gateway.starts.left()
    return {
        "url": gateway.url,
        "shards": max(1, -(-guilds // GUILDS_PER_RECOMMENDED_SHARD)),
        "session_start_limit": {
            "total": SESSION_STARTS_PER_DAY,
            "remaining": remaining,
            "reset_after": reset_after_ms,
            "max_concurrency": gateway.starts.max_concurrency,
        },
    }


ROUTES = [get_gateway, get_gateway_bot]


def attach(app: web.Application, sandbox: "Sandbox") -> None:
    """Serve the websocket at `/gateway`, with or without a slash at its end."""

    async def gateway(request: web.Request) -> web.StreamResponse:
        hub = sandbox.gateway
        if hub.refusals > 0:
            hub.refusals -= 1
            return web.Response(status=503, text="the gateway is not available")
        if request.headers.get("Upgrade", "").lower() != "websocket":
            return web.json_response({"url": hub.url})
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        if request.query.get("v", "10") not in GATEWAY_VERSIONS:
            await socket.close(code=Close.INVALID_API_VERSION, message=b"Invalid API version.")
            return socket
        if request.query.get("encoding", "json") != "json":
            await socket.close(code=Close.DECODE_ERROR, message=b"only JSON is spoken here")
            return socket
        encoder = transport_encoder(request.query.get("compress"))
        await GatewayConnection(hub, socket, encoder).serve(request)
        return socket

    app.router.add_get("/gateway", gateway)
    app.router.add_get("/gateway/", gateway)
