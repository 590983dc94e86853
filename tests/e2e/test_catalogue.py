"""Every command, component and route of the catalogue runs once, and what ran is what there is.

What really ran is read off the surface's own count of handled interactions, so a scenario that
only means to reach a handler proves nothing. A feature that adds a command, a component or a route
without a scenario here fails these tests.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import ClassVar, cast

import aiohttp
import pytest
from litestar.handlers import HTTPRouteHandler
from pydantic import Field, create_model
from tests.e2e.scenarios import (
    eco,
    economy,
    foundation,
    games,
    games_people,
    music,
    shop,
)
from tests.e2e.scenarios.stage import Stage
from tests.support.services.lrclib import Lrclib

from discord_sandbox.driver import Guild
from discord_sandbox.server import Sandbox
from seraphim.app.lifecycle import running
from seraphim.kernel.config import load_config
from seraphim.kernel.feature import Feature
from seraphim.kernel.kernel import Kernel
from seraphim.kernel.settings import FeatureSettings
from seraphim.surfaces.discord.commands import entries
from seraphim.surfaces.discord.components import Component

ROOMS = (music, foundation, economy, shop, games, games_people, eco)
"""The scenarios of the features, in an order that makes sense; add a feature's file here.

``COMMANDS`` says what people do for each command and with the buttons it shows; ``ROUTES``, where a
feature has any, what each route answers while everything works.
"""


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


@pytest.fixture
async def words() -> AsyncIterator[Lrclib]:
    """A service with the words of the songs."""
    service = Lrclib()
    await service.start()
    timed = "\n".join(f"[00:{second:02}.00]Line {second}" for second in range(40))
    service.add("Hymn", "Choir", seconds=40, timed=timed, plain="Oh\n" * 600)
    service.add("March", "Band", seconds=30, plain="\n\n".join(["Left, right"] * 300))
    service.add("March of the many", "Band", plain="One, two")
    yield service
    await service.stop()


@pytest.fixture
async def stage(
    words: Lrclib,
    sandbox: Sandbox,
    songs: Path,
    tmp_path: Path,
    guild: Guild,
    monkeypatch: pytest.MonkeyPatch,
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
        "SERAPHIM_LRCLIB_URL": words.url,
        "SERAPHIM_YTDLP": "off",
        "SERAPHIM_COMMAND_RATE_LIMIT": "1000",
        "SERAPHIM_LOG_LEVEL": "error",
    }
    async with running(load_config(environ, None), more=[_wide]) as bot:
        alice, bob = await guild.member("alice"), await guild.member("bob")
        ada = await guild.member("ada")
        for member in (alice, bob, ada):
            member.use("music")
        await alice.join("Music")
        opened = Stage(bot, alice, ada, bob)
        monkeypatch.setattr(bot.wiring.client.surface_metrics, "handled", opened.handled)
        yield opened


@pytest.mark.timeout(240)  # a hundred commands, with games that take their time
async def test_every_command_and_component_runs_once(stage: Stage) -> None:
    features = stage.bot.wiring.features
    components = [cast("Component", each) for one in features for each in one.components]
    commands = {name: run for room in ROOMS for name, run in room.COMMANDS.items()}
    catalogue = {entry.name for entry in entries(features)}
    assert set(commands) == catalogue, "each command of the catalogue needs a scenario"
    catalogue |= {f"{each.feature}:{each.action}" for each in components}
    for scenario in commands.values():
        await scenario(stage)
    failed = {name for name, outcomes in stage.outcomes.items() if "failed" in outcomes}
    assert failed == set(), "these ended in an internal error"
    assert catalogue - stage.succeeded == set(), "these never came to a good end"
    assert stage.succeeded <= catalogue


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
    assert answers == {
        path: answer for room in ROOMS for path, answer in getattr(room, "ROUTES", {}).items()
    }


async def test_only_readiness_turns_503_when_the_connection_is_gone(stage: Stage) -> None:
    await stage.bot.wiring.client.shut_down()
    answers: dict[str, int] = {}
    async with aiohttp.ClientSession() as session:
        for path in ("/health/live", "/health/ready", "/metrics"):
            async with session.get(f"{stage.bot.web.url}{path}") as response:
                answers[path] = response.status
    assert answers == {"/health/live": 200, "/health/ready": 503, "/metrics": 200}
