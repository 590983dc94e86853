"""Health: aggregated, bounded in time, and told over HTTP."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from seraphim.features.status.routes import routes
from seraphim.features.status.rules import clamp, pages_of, worst
from seraphim.features.status.service import (
    HealthBoard,
    discord_check,
    disk_check,
    memory_check,
)
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.feature import Feature, HealthCheck, HealthReport, HealthState
from seraphim.kernel.telemetry import Metrics
from seraphim.surfaces.discord.link import DiscordLink, LinkState
from seraphim.surfaces.web.app import create_app
from seraphim.surfaces.web.server import serve


class Part:
    """A part whose answer the test decides."""

    def __init__(self, state: HealthState = "healthy") -> None:
        self.report: HealthReport | Exception = HealthReport(state, "", {"lag": 3})
        self.asked = 0

    async def check(self) -> HealthReport:
        self.asked += 1
        if isinstance(self.report, Exception):
            raise self.report
        return self.report


class Connection:
    """A client as the link sees it."""

    def __init__(self, state: LinkState = "connected", latency: float = 0.04) -> None:
        self.state: LinkState = state
        self.latency = latency

    def guild_count(self) -> int:
        return 3

    def shard_total(self) -> int:
        return 1

    def link_state(self) -> LinkState:
        return self.state


def board_of(clock: ManualClock, *parts: Part, feature: Part | None = None) -> HealthBoard:
    checks = [HealthCheck(f"part{number}", part.check) for number, part in enumerate(parts)]
    health = () if feature is None else (HealthCheck("voice", feature.check),)
    catalogue = [Feature("music", "Music", health=health)]
    return HealthBoard(checks, lambda: catalogue, clock, Metrics())


async def test_the_worst_part_decides_and_features_join_under_their_name() -> None:
    health = await board_of(ManualClock(), Part(), feature=Part("degraded")).look()
    assert health.state == "degraded"
    assert [part.name for part in health.parts] == ["part0", "music.voice"]
    assert health.parts[0].figures == {"lag": 3}


async def test_a_part_that_fails_is_unhealthy_and_says_why() -> None:
    part = Part()
    part.report = ConnectionError("refused")
    health = await board_of(ManualClock(), part, Part()).look()
    assert (health.state, health.parts[0].detail) == ("unhealthy", "refused")
    assert health.parts[1].state == "healthy"


async def test_a_part_that_hangs_does_not_hold_up_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("seraphim.features.status.service.ANSWER_SECONDS", 0.02)

    async def hang() -> HealthReport:
        await asyncio.Event().wait()
        raise AssertionError

    checks = [HealthCheck("hanging", hang), HealthCheck("fine", Part().check)]
    health = await HealthBoard(checks, list, ManualClock(), Metrics()).look()
    assert [part.state for part in health.parts] == ["unhealthy", "healthy"]
    assert "no answer" in health.parts[0].detail


async def test_since_stays_while_the_state_stays() -> None:
    clock = ManualClock()
    part = Part()
    board = board_of(clock, part)
    first = await board.look()
    await clock.advance(60)
    second = await board.look()
    assert second.parts[0].since_ms == first.parts[0].since_ms
    part.report = HealthReport("unhealthy", "gone")
    await clock.advance(60)
    third = await board.look()
    assert third.parts[0].since_ms == third.checked_ms == first.checked_ms + 120_000


async def test_a_flood_of_probes_asks_the_parts_once_a_second() -> None:
    clock = ManualClock()
    part = Part()
    board = board_of(clock, part)
    await asyncio.gather(*(board.look() for _ in range(20)))
    assert part.asked == 1
    await clock.advance(1.5)
    await board.look()
    assert part.asked == 2


async def test_the_watch_looks_without_being_asked() -> None:
    clock = ManualClock()
    part = Part()
    board = board_of(clock, part)
    await board.start()
    for expected in (1, 2, 3):
        await clock.advance(300)
        assert part.asked >= expected
    await board.stop()
    seen = part.asked
    await clock.advance(900)
    assert part.asked == seen


@pytest.mark.parametrize(
    ("state", "latency", "expected"),
    [
        ("connected", 0.04, "healthy"),
        ("connected", 1.4, "degraded"),
        ("connected", float("nan"), "healthy"),
        ("resuming", 0.04, "degraded"),
        ("starting", 0.04, "degraded"),
        ("closed", 0.04, "unhealthy"),
    ],
)
async def test_the_connection_to_discord(
    state: LinkState, latency: float, expected: HealthState
) -> None:
    link = DiscordLink()
    link.attach(Connection(state, latency))
    report = await discord_check(link).check()
    assert report.state == expected
    assert report.figures["guilds"] == 3


async def test_disk_is_measured_even_before_the_folder_exists(tmp_path: Path) -> None:
    report = await disk_check(tmp_path / "not" / "yet").check()
    assert report.figures["free_bytes"] > 0


async def test_memory_is_measured_where_the_system_tells(tmp_path: Path) -> None:
    told = tmp_path / "status"
    told.write_text("Name:\tpython\nVmRSS:\t  2048 kB\n")
    assert (await memory_check(told).check()).figures == {"resident_bytes": 2048 * 1024}
    assert (await memory_check(tmp_path / "none").check()).state == "healthy"


def test_rules() -> None:
    assert worst([]) == "healthy"
    assert worst(["healthy", "unhealthy", "degraded"]) == "unhealthy"
    assert [list(page) for page in pages_of([1, 2, 3], 2)] == [[1, 2], [3]]
    assert [list(page) for page in pages_of(list[int](), 2)] == [[]]
    assert (clamp(0, 3), clamp(9, 3), clamp(2, 3), clamp(1, 0)) == (1, 3, 2, 1)


@asynccontextmanager
async def answering(part: Part, connection: Connection) -> AsyncGenerator[aiohttp.ClientSession]:
    clock, link, metrics = ManualClock(), DiscordLink(), Metrics()
    link.attach(connection)
    metrics.counter("seraphim_test_total", "A test.").add()
    board = HealthBoard([HealthCheck("part", part.check)], list, clock, metrics)
    app = create_app([], routes(board, link, metrics, clock, "1.2.3"))
    server = await serve(app, "127.0.0.1", 0)
    try:
        async with aiohttp.ClientSession(server.url) as client:
            yield client
    finally:
        await server.stop()


@pytest.mark.parametrize(
    ("part", "connection", "health", "ready"),
    [
        (Part(), Connection(), 200, 200),
        (Part("degraded"), Connection(), 200, 200),
        (Part("unhealthy"), Connection(), 503, 503),
        (Part(), Connection("starting"), 200, 503),
    ],
)
async def test_probes_answer_with_their_status(
    part: Part, connection: Connection, health: int, ready: int
) -> None:
    async with answering(part, connection) as client:
        async with client.get("/health/live") as answer:
            assert answer.status == 200
        async with client.get("/health/ready") as answer:
            assert answer.status == ready
        async with client.get("/health") as answer:
            assert answer.status == health


async def test_health_tells_every_part_with_state_latency_and_since() -> None:
    async with answering(Part(), Connection()) as client, client.get("/health") as answer:
        body = await answer.json()
    assert (body["version"], body["status"]) == ("1.2.3", "healthy")
    assert body["parts"]["part"] == {
        "status": "healthy",
        "detail": "",
        "latency_ms": 0.0,
        "since": "2026-01-01T00:00:00.000+00:00",
        "figures": {"lag": 3},
    }


async def test_metrics_are_in_prometheus_text() -> None:
    async with answering(Part(), Connection()) as client, client.get("/metrics") as answer:
        assert answer.headers["content-type"] == "text/plain; version=1.0.0; charset=utf-8"
        assert "seraphim_test_total 1.0" in await answer.text()
