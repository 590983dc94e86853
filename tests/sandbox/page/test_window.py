"""The window itself: narrow screens, light and dark, a sandbox that goes away, no outside."""

import asyncio

import aiohttp
from playwright.async_api import expect
from tests.sandbox.page.conftest import Visit

from discord_sandbox.page.routes import CONTENT_SECURITY_POLICY
from discord_sandbox.server import Sandbox

BOX = '[data-composer="text"]'


async def test_on_a_phone_the_sides_are_drawers(visit: Visit) -> None:
    page = await visit("alice", width=390, height=844)
    music = page.locator(".channel", has_text="music").first
    await expect(music).not_to_be_visible()
    await page.get_by_role("button", name="Channels").click()
    await music.click()
    await expect(page.locator(".head h1")).to_have_text("music")
    await expect(music).not_to_be_visible()
    await page.get_by_role("button", name="Members").click()
    await expect(page.locator(".member", has_text="Carol")).to_be_visible()
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390


async def test_light_and_dark(visit: Visit) -> None:
    page = await visit("alice", scheme="light")
    background = "getComputedStyle(document.body).backgroundColor"
    light = await page.evaluate(background)
    await page.get_by_role("button", name="Light or dark").click()
    dark = await page.evaluate(background)
    assert light != dark
    await page.reload()
    await page.wait_for_selector(".composer")
    assert await page.evaluate(background) == dark


async def test_the_page_comes_back_after_the_sandbox_did(visit: Visit, sandbox: Sandbox) -> None:
    page = await visit("alice")
    port = sandbox.port
    await sandbox.stop()
    await expect(page.get_by_role("alert")).to_contain_text("Reconnecting by itself")
    async with Sandbox() as again:
        await again.stop()
    second = Sandbox()
    await second.start(port)
    try:
        await expect(page.locator(".banner")).to_have_count(0)
        await page.locator(BOX).fill("here again")
        await page.keyboard.press("Enter")
        await expect(page.locator(".message").last).to_contain_text("here again")
    finally:
        await second.stop()


async def test_what_a_message_says_is_never_html(visit: Visit) -> None:
    page = await visit("alice")
    evil = '<img src=x onerror="window.hacked=1"> [x](javascript:alert(1)) <b>bold</b>'
    await page.locator(BOX).fill(evil)
    await page.keyboard.press("Enter")
    await expect(page.locator(".content")).to_have_text(evil)
    assert await page.evaluate("window.hacked === undefined")


async def test_pictures_from_elsewhere_are_named_not_fetched(
    visit: Visit, sandbox: Sandbox
) -> None:
    page = await visit("alice")
    assert sandbox.seeded is not None
    guild, bot = sandbox.seeded.guild, sandbox.seeded.application.bot
    image = {"url": "https://example.org/cat.png", "width": 10, "height": 10}
    sandbox.world.post_message(
        guild.channel_named("general"), bot, {"embeds": [{"type": "rich", "image": image}]}
    )
    await expect(page.locator(".outside")).to_contain_text("picture at example.org")


async def test_files_have_their_types_and_may_be_kept(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{sandbox.url}/") as index:
            html = await index.text()
            assert index.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
            assert index.headers["Cache-Control"] == "no-cache"
        script = html.split('src="', 1)[1].split('"', 1)[0]
        async with session.get(f"{sandbox.url}{script}") as answer:
            assert answer.content_type == "text/javascript"
            assert "immutable" in answer.headers["Cache-Control"]
        async with session.get(f"{sandbox.url}/page/nothing.js") as answer:
            assert answer.status == 404


async def test_everything_can_be_reached_by_keyboard(visit: Visit) -> None:
    page = await visit("alice")
    names: set[str] = set()
    async with asyncio.timeout(20):
        while "Message #general" not in names:
            await page.keyboard.press("Tab")
            focused = "document.activeElement.getAttribute('aria-label') || ''"
            names.add(await page.evaluate(focused))
            nameless = await page.evaluate(
                "document.activeElement !== document.body &&"
                " !(document.activeElement.getAttribute('aria-label')"
                " || document.activeElement.textContent.trim()"
                " || document.activeElement.labels?.[0]?.textContent.trim())"
            )
            assert not nameless
