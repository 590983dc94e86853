"""Every command, component and route of the catalogue runs once, and what ran is what there is.

What really ran is read off the surface's own count of handled interactions, so a scenario that
only means to reach a handler proves nothing. A feature that adds a command, a component or a route
without a scenario here fails these tests.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, cast

import aiohttp
import pytest
from litestar.handlers import HTTPRouteHandler
from pydantic import Field, create_model

from discord_sandbox.driver import Guild, Member
from discord_sandbox.driver.replies import Reply
from discord_sandbox.server import Sandbox
from seraphim.app.lifecycle import Bot, running
from seraphim.kernel.config import load_config
from seraphim.kernel.feature import Feature
from seraphim.kernel.kernel import Kernel
from seraphim.kernel.settings import FeatureSettings
from seraphim.surfaces.discord.commands import entries
from seraphim.surfaces.discord.components import Component

PAGE_OF_QUEUE = 10
JSON, TEXT = "application/json", "text/plain"
ROUTES = {
    "/health/live": (200, JSON),
    "/health/ready": (200, JSON),
    "/health": (200, JSON),
    "/metrics": (200, TEXT),
}
"""What each route answers while everything works: status and content type."""


class WideSettings(FeatureSettings):
    """More settings than one page of ``/settings view`` holds; the house's own fit on one."""

    feature: ClassVar[str] = "wide"


def _wide(_: Kernel) -> Feature:
    fields = {
        f"setting_{number}": (int, Field(default=0, title=f"Setting {number}", description="One."))
        for number in range(11)
    }
    made = create_model("ManySettings", __base__=WideSettings, **fields)  # pyright: ignore[reportCallIssue, reportArgumentType, reportUnknownVariableType]  # fields by computed names
    return Feature("wide", "More settings than a page holds.", settings=made)  # pyright: ignore[reportUnknownArgumentType]  # as above


@dataclass
class Stage:
    """The running bot, two people on it, and the outcomes of what they did."""

    bot: Bot
    alice: Member
    ada: Member
    outcomes: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def handled(self, command: str, outcome: str, _seconds: float) -> None:
        """Note what the surface counts."""
        self.outcomes[command].append(outcome)

    @property
    def succeeded(self) -> set[str]:
        """What ran to a good end at least once."""
        return {name for name, outcomes in self.outcomes.items() if "ok" in outcomes}


type Scenario = Callable[[Stage], Awaitable[object]]


@pytest.fixture
async def stage(
    sandbox: Sandbox, songs: Path, tmp_path: Path, guild: Guild, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    """The bot in this process with alice in the voice channel Music, and ada, who owns the guild.

    The web port is a free one.
    """
    assert sandbox.seeded is not None
    environ = {
        "DISCORD_TOKEN": sandbox.seeded.application.token,
        "SERAPHIM_DISCORD_API_URL": sandbox.url,
        "SERAPHIM_DISCORD_GATEWAY_URL": sandbox.gateway.url,
        "SERAPHIM_DISCORD_CA_FILE": str(sandbox.voice.ca_file),
        "SERAPHIM_WEB_PORT": "0",
        "SERAPHIM_DATA_DIR": str(tmp_path / "data"),
        "SERAPHIM_LIBRARY": str(songs),
        "SERAPHIM_COMMAND_RATE_LIMIT": "1000",
        "SERAPHIM_LOG_LEVEL": "error",
    }
    async with running(load_config(environ, None), more=[_wide]) as bot:
        alice, ada = await guild.member("alice"), await guild.member("ada")
        for member in (alice, ada):
            member.use("music")
        await alice.join("Music")
        opened = Stage(bot, alice, ada)
        monkeypatch.setattr(bot.wiring.client.surface_metrics, "handled", opened.handled)
        yield opened


def _say(command: str, **options: object) -> Scenario:
    """Return the scenario in which alice runs a command."""
    return lambda stage: stage.alice.slash(command, dict(options))


async def _play(stage: Stage) -> None:
    for number in range(PAGE_OF_QUEUE + 4):  # enough for a second page of the queue
        song = "hymn.opus" if number % 2 else "march.mp3"
        await stage.alice.slash("play", query=song)


async def _queue(stage: Stage) -> None:
    shown = await stage.alice.slash("queue")
    await shown.click("▶")


async def _nowplaying(stage: Stage) -> None:
    controller = await stage.alice.slash("nowplaying")
    for action in ("toggle", "toggle", "skip", "back", "quieter", "louder", "queue"):
        await controller.click(f"music:{action}")


async def _stop(stage: Stage) -> None:
    await stage.alice.slash("stop")
    await stage.alice.slash("play", query="hymn.opus")
    controller = await stage.alice.slash("nowplaying")
    await controller.click("music:stop")


async def _help(stage: Stage) -> None:
    shown = await stage.alice.slash("help")
    await shown.select("Music")
    await shown.until(lambda message: message.find_button("▶") is not None)
    await shown.click("▶")


async def _settings_view(stage: Stage) -> None:
    shown = await stage.ada.slash("settings view", feature="music")
    await shown.select("wide", menu="settings:menu")
    await shown.until(lambda message: message.find_button("▶") is not None)
    await shown.click("▶")


async def _settings_change(stage: Stage) -> None:
    done = await _change(stage, "change", value="90")
    await done.click("Undo")


async def _settings_reset(stage: Stage) -> None:
    await _change(stage, "change", value="80")
    await _change(stage, "reset")


async def _change(stage: Stage, verb: str, **more: str) -> Reply:
    chosen = {"feature": "music", "setting": "default_volume", **more}
    return await stage.ada.slash(f"settings {verb}", chosen)


def _limit(verb: str) -> Scenario:
    return lambda stage: stage.ada.slash(f"ratelimit {verb}", member=stage.alice)


COMMANDS: dict[str, Scenario] = {
    "join": _say("join"),
    "play": _play,
    "queue": _queue,
    "nowplaying": _nowplaying,
    "pause": _say("pause"),
    "resume": _say("resume"),
    "skip": _say("skip", to=2),
    "back": _say("back"),
    "volume": _say("volume", percent=80),
    "leave": _say("leave"),
    "stop": _stop,
    "settings view": _settings_view,
    "settings change": _settings_change,
    "settings reset": _settings_reset,
    "ratelimit status": _limit("status"),
    "ratelimit reset": _limit("reset"),
    "ping": _say("ping"),
    "about": _say("about"),
    "help": _help,
}
"""What people do for each command, and with the buttons it shows; in an order that makes sense."""


async def test_every_command_and_component_runs_once(stage: Stage) -> None:
    features = stage.bot.wiring.features
    components = [cast("Component", each) for one in features for each in one.components]
    catalogue = {entry.name for entry in entries(features)}
    assert set(COMMANDS) == catalogue, "each command of the catalogue needs a scenario"
    catalogue |= {f"{each.feature}:{each.action}" for each in components}
    for scenario in COMMANDS.values():
        await scenario(stage)
    failed = {name for name, outcomes in stage.outcomes.items() if "failed" in outcomes}
    assert failed == set(), "these ended in an internal error"
    assert stage.succeeded == catalogue


async def test_every_route_answers_as_documented(stage: Stage) -> None:
    handlers = [
        cast("HTTPRouteHandler", route)
        for feature in stage.bot.wiring.features
        for route in feature.routes
    ]
    answers: dict[str, tuple[int, str]] = {}
    async with aiohttp.ClientSession() as session:
        for handler in handlers:
            assert "GET" in handler.http_methods
            for path in handler.paths:
                async with session.get(f"{stage.bot.web.url}{path}") as response:
                    assert await response.read()
                    answers[path] = (response.status, response.content_type)
    assert answers == ROUTES


async def test_only_readiness_turns_503_when_the_connection_is_gone(stage: Stage) -> None:
    await stage.bot.wiring.client.shut_down()
    answers: dict[str, int] = {}
    async with aiohttp.ClientSession() as session:
        for path in ("/health/live", "/health/ready", "/metrics"):
            async with session.get(f"{stage.bot.web.url}{path}") as response:
                answers[path] = response.status
    assert answers == {"/health/live": 200, "/health/ready": 503, "/metrics": 200}
