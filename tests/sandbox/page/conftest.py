"""Chromium, a sandbox with a small bot in it, and people who look at the page."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

import discord.gateway
import discord.http
import pytest
import yarl
from playwright.async_api import Browser, Page, async_playwright, expect
from tests.sandbox.page.small_bot import SmallBot, start
from tests.support.local_discord import local_discord

from discord_sandbox.seed import Seeded
from discord_sandbox.server import Sandbox

CHROMIUM_ARGS = (
    "--no-sandbox",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WAIT_MS = 15_000
expect.set_options(timeout=WAIT_MS)


def chromium_path() -> str:
    """Where Chromium is; a missing one fails with what to do about it."""
    for name in (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name) if name else None
        if found:
            return found
    pytest.fail(
        "The page is tested in Chromium, and none is installed: `make test` installs it, "
        "or point CHROMIUM at its executable.",
        pytrace=False,
    )


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path(), args=list(CHROMIUM_ARGS)
        )
        yield browser
        await browser.close()


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with local_discord(tmp_path) as sandbox:
        yield sandbox


@pytest.fixture
def seeded(sandbox: Sandbox) -> Seeded:
    assert sandbox.seeded is not None
    return sandbox.seeded


@pytest.fixture
async def bot(
    sandbox: Sandbox, seeded: Seeded, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[SmallBot]:
    monkeypatch.setattr(discord.http.Route, "BASE", f"{sandbox.url}/api/v10")
    monkeypatch.setattr(
        discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(sandbox.gateway.url)
    )
    bot = SmallBot(sandbox)
    running = await start(bot, seeded.application.token)
    yield bot
    await bot.close()
    await asyncio.wait_for(running, 10)


Visit = Callable[..., Awaitable[Page]]


@pytest.fixture
async def visit(browser: Browser, sandbox: Sandbox) -> AsyncIterator[Visit]:
    """Open the page as somebody; afterwards nothing foreign was fetched and nothing broke."""
    faults: list[str] = []

    def watch(page: Page) -> None:
        def on_request(url: str) -> None:
            if url.startswith(("http", "ws")) and urlsplit(url).port != sandbox.port:
                faults.append(f"fetched from outside: {url}")

        page.on("request", lambda request: on_request(request.url))
        page.on("websocket", lambda socket: on_request(socket.url))
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        page.on(
            "console",
            lambda said: faults.append(said.text) if "Content Security" in said.text else None,
        )

    async def open_as(
        name: str, *, width: int = 1280, height: int = 800, scheme: str = "dark"
    ) -> Page:
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="light" if scheme == "light" else "dark",
        )
        context.set_default_timeout(WAIT_MS)
        page = await context.new_page()
        watch(page)
        await page.goto(f"{sandbox.url}/?as={name}")
        await page.wait_for_selector("#messages .beginning")
        return page

    yield open_as
    assert faults == []
