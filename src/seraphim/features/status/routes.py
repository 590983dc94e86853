"""Health for containers and people, metrics for Prometheus."""

from datetime import UTC, datetime
from typing import Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from seraphim.features.status.rules import Health, PartHealth
from seraphim.features.status.service import HealthBoard
from seraphim.kernel.clock import Clock
from seraphim.kernel.telemetry import Metrics
from seraphim.surfaces.discord.link import DiscordLink

_UNAVAILABLE = 503


def routes(
    board: HealthBoard, link: DiscordLink, metrics: Metrics, clock: Clock, version: str
) -> tuple[HTTPRouteHandler, ...]:
    """Return ``/health``, ``/health/live``, ``/health/ready`` and ``/metrics``."""
    began = clock.monotonic()

    @get("/health/live", sync_to_thread=False)
    def live() -> dict[str, str]:
        """Answer while the event loop turns; a container is restarted when it does not."""
        return {"status": "alive"}

    @get("/health/ready")
    async def ready() -> Response[dict[str, Any]]:
        """Answer 200 once commands are answered, 503 before and when a part is down."""
        health = await board.look()
        connection = link.facts().state
        is_ready = health.state != "unhealthy" and connection == "connected"
        body = {
            "status": "ready" if is_ready else "not ready",
            "discord": connection,
            "health": health.state,
        }
        return Response(body, status_code=200 if is_ready else _UNAVAILABLE)

    @get("/health")
    async def health() -> Response[dict[str, Any]]:
        """Tell the state of every part; 503 when one is unhealthy."""
        found = await board.look()
        body = {
            "version": version,
            "uptime_seconds": round(clock.monotonic() - began, 1),
            **_body(found),
        }
        return Response(body, status_code=_UNAVAILABLE if found.state == "unhealthy" else 200)

    @get("/metrics", sync_to_thread=False)
    def prometheus() -> Response[bytes]:
        """Give Prometheus its text."""
        text, content_type = metrics.render()
        # Litestar appends the charset of every text by itself.
        return Response(text, media_type=content_type.partition("; charset")[0])

    return (live, ready, health, prometheus)


def _body(health: Health) -> dict[str, Any]:
    return {
        "status": health.state,
        "since": _moment(health.since_ms),
        "checked": _moment(health.checked_ms),
        "parts": {part.name: _part(part) for part in health.parts},
    }


def _part(part: PartHealth) -> dict[str, Any]:
    return {
        "status": part.state,
        "detail": part.detail,
        "latency_ms": round(part.latency_ms, 2),
        "since": _moment(part.since_ms),
        "figures": dict(part.figures),
    }


def _moment(unix_ms: int) -> str:
    return datetime.fromtimestamp(unix_ms / 1000, UTC).isoformat(timespec="milliseconds")
