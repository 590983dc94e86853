"""Asking every part how it is, without letting one that hangs hold up the others."""

import asyncio
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from seraphim.features.status.rules import Health, PartHealth, worst
from seraphim.kernel.clock import Clock
from seraphim.kernel.feature import Feature, HealthCheck, HealthReport, HealthState
from seraphim.kernel.telemetry import Metrics, get_logger
from seraphim.surfaces.discord.link import DiscordLink

_log = get_logger(__name__)
ANSWER_SECONDS = 2.0
"""A part that does not answer within this time counts as unhealthy."""
FRESH_SECONDS = 1.0
"""Answers are reused for so long, so that a flood of probes does not become a flood of checks."""
WATCH_SECONDS = 300.0
_LOW_DISK_BYTES = 1_000_000_000
_NO_DISK_BYTES = 100_000_000
_SLOW_LATENCY_SECONDS = 1.0
_VALUES: dict[HealthState, float] = {"healthy": 1.0, "degraded": 0.5, "unhealthy": 0.0}


class HealthBoard:
    """Aggregates the health checks of the kernel and of every feature.

    Args:
        checks: The house's own checks.
        catalogue: Called at each round; the features' checks join under ``feature.name``.
        clock: Stamps and measures.
        metrics: Gets a gauge for each part.
    """

    def __init__(
        self,
        checks: Sequence[HealthCheck],
        catalogue: Callable[[], Sequence[Feature]],
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._checks = tuple(checks)
        self._catalogue = catalogue
        self._clock = clock
        self._since: dict[str, tuple[HealthState, int]] = {}
        self._last: tuple[float, Health] | None = None
        self._round = asyncio.Lock()
        self._watching: asyncio.Task[None] | None = None
        self._gauge = metrics.gauge(
            "seraphim_health", "1 healthy, 0.5 degraded, 0 unhealthy, by part.", ("part",)
        )

    async def look(self) -> Health:
        """Return the health of everything; at most a second old."""
        async with self._round:
            now = self._clock.monotonic()
            if self._last is not None and now - self._last[0] < FRESH_SECONDS:
                return self._last[1]
            health = await self._ask_all()
            self._last = (self._clock.monotonic(), health)
            return health

    async def start(self) -> None:
        """Look every five minutes from now on, so that changes are logged without a probe."""
        self._watching = asyncio.create_task(self._watch(), name="health watch")

    async def stop(self) -> None:
        """Stop looking."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)

    async def _watch(self) -> None:
        while True:
            await self.look()
            await self._clock.sleep(WATCH_SECONDS)

    async def _ask_all(self) -> Health:
        checks = list(self._checks)
        for feature in self._catalogue():
            checks.extend(
                HealthCheck(f"{feature.name}.{check.name}", check.check) for check in feature.health
            )
        parts = await asyncio.gather(*(self._ask(check) for check in checks))
        state = worst(part.state for part in parts)
        now_ms = self._clock.now_ms()
        return Health(state, self._note("all", state, ""), now_ms, tuple(parts))

    async def _ask(self, check: HealthCheck) -> PartHealth:
        began = self._clock.monotonic()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                report = await check.check()
        except TimeoutError:
            report = HealthReport("unhealthy", f"no answer within {ANSWER_SECONDS:g} s")
        except Exception as error:  # noqa: BLE001  # whatever a part throws is its answer
            report = HealthReport("unhealthy", str(error) or type(error).__name__)
        latency_ms = (self._clock.monotonic() - began) * 1000
        since = self._note(check.name, report.state, report.detail)
        return PartHealth(
            check.name, report.state, report.detail, latency_ms, since, report.figures
        )

    def _note(self, part: str, state: HealthState, detail: str) -> int:
        """Remember and log a change; return since when the part has been in this state."""
        self._gauge.set(_VALUES[state], part=part)
        known = self._since.get(part)
        if known is not None and known[0] == state:
            return known[1]
        now_ms = self._clock.now_ms()
        self._since[part] = (state, now_ms)
        if known is not None or state == "unhealthy":
            tell = _log.info if state == "healthy" else _log.warning
            tell("health changed", part=part, state=state, detail=detail)
        return now_ms


def discord_check(link: DiscordLink) -> HealthCheck:
    """Return the check of the connection to Discord."""

    async def check() -> HealthReport:
        facts = link.facts()
        figures: dict[str, float] = {"guilds": facts.guilds, "shards": facts.shards}
        if facts.latency_seconds is not None:
            figures["latency_ms"] = round(facts.latency_seconds * 1000, 1)
        if facts.state == "connected":
            slow = (facts.latency_seconds or 0.0) > _SLOW_LATENCY_SECONDS
            return HealthReport("degraded" if slow else "healthy", "connected", figures)
        state: HealthState = "unhealthy" if facts.state == "closed" else "degraded"
        return HealthReport(state, facts.state, figures)

    return HealthCheck("discord", check)


def disk_check(folder: Path) -> HealthCheck:
    """Return the check of the free space where the data lies."""

    async def check() -> HealthReport:
        free = _free_bytes(folder)
        figures: Mapping[str, float] = {"free_bytes": free}
        if free < _NO_DISK_BYTES:
            return HealthReport("unhealthy", "the disk is full", figures)
        if free < _LOW_DISK_BYTES:
            return HealthReport("degraded", "less than 1 GB of disk left", figures)
        return HealthReport("healthy", "", figures)

    return HealthCheck("disk", check)


def memory_check(status_file: Path = Path("/proc/self/status")) -> HealthCheck:
    """Return the figure of resident memory; Linux only, nothing elsewhere (proc(5), VmRSS)."""

    async def check() -> HealthReport:
        resident = _resident_bytes(status_file)
        if resident is None:
            return HealthReport("healthy", "not measured on this system")
        return HealthReport("healthy", "", {"resident_bytes": resident})

    return HealthCheck("memory", check)


def _free_bytes(folder: Path) -> int:
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    return shutil.disk_usage(existing).free


def _resident_bytes(status_file: Path) -> int | None:
    if not status_file.exists():
        return None
    for line in status_file.read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return None
