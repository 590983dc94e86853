"""Rate limits, as Discord sends them."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from tests.sandbox.rest.conftest import Api
from tests.support.local_discord import local_discord

from discord_sandbox.server import Sandbox
from discord_sandbox.world.clock import MovableClock


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def sandbox(tmp_path: Path, clock: MovableClock) -> AsyncIterator[Sandbox]:
    async with local_discord(tmp_path, rate_limits=True, clock=clock) as sandbox:
        yield sandbox


async def test_headers_count_down_and_the_sixth_request_waits(
    api: Api, here: str, clock: MovableClock
) -> None:
    for left in (4, 3, 2, 1, 0):
        await api("POST", f"{here}/messages", {"content": "x"})
        assert api.headers["X-RateLimit-Limit"] == "5"
        assert api.headers["X-RateLimit-Remaining"] == str(left)
        assert 0 < float(api.headers["X-RateLimit-Reset-After"]) <= 5
        assert api.headers["X-RateLimit-Bucket"]
    refused = await api("POST", f"{here}/messages", {"content": "x"}, expect=429)
    assert refused["message"] == "You are being rate limited."
    assert refused["global"] is False
    assert 0 < refused["retry_after"] <= 5
    assert int(api.headers["Retry-After"]) >= refused["retry_after"]
    assert api.headers["X-RateLimit-Scope"] == "user"
    clock.advance(refused["retry_after"])
    await api("POST", f"{here}/messages", {"content": "x"})


async def test_each_channel_has_its_own_bucket(api: Api, here: str, home: str) -> None:
    for _ in range(5):
        await api("POST", f"{here}/messages", {"content": "x"})
    other = await api("POST", f"{home}/channels", {"name": "other"}, expect=201)
    await api("POST", f"/channels/{other['id']}/messages", {"content": "x"})
    assert api.headers["X-RateLimit-Remaining"] == "4"


async def test_global_limit_is_over_all_routes(
    api: Api, sandbox: Sandbox, clock: MovableClock
) -> None:
    sandbox.rest.limits.global_limit = 3
    for path in ("/users/@me", "/voice/regions", "/users/@me/guilds"):
        await api("GET", path)
    refused = await api("GET", "/applications/@me", expect=429)
    assert refused["global"] is True
    assert api.headers["X-RateLimit-Global"] == "true"
    clock.advance(1)
    await api("GET", "/applications/@me")


async def test_switch_of_the_control_api(
    api: Api, sandbox: Sandbox, here: str, http: aiohttp.ClientSession
) -> None:
    url = f"{sandbox.url}/sandbox/control/rate-limits"
    async with http.put(url, json={"enabled": False}) as response:
        assert (await response.json())["enabled"] is False
    for _ in range(8):
        await api("POST", f"{here}/messages", {"content": "x"})
    assert "X-RateLimit-Limit" not in api.headers
