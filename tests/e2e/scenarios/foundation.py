"""Settings, the rate limit and the bot's own state: each command with its buttons."""

from tests.e2e.scenarios.stage import Scenario, Stage, say

from discord_sandbox.driver.replies import Reply

JSON, TEXT = "application/json", "text/plain"
ROUTES = {
    "/health/live": (200, JSON),
    "/health/ready": (200, JSON),
    "/health": (200, JSON),
    "/metrics": (200, TEXT),
}
"""What each route answers while everything works: status and content type."""


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
    "settings view": _settings_view,
    "settings change": _settings_change,
    "settings reset": _settings_reset,
    "ratelimit status": _limit("status"),
    "ratelimit reset": _limit("reset"),
    "ping": say("ping"),
    "about": say("about"),
    "help": _help,
}
"""What people do for each command, and with the buttons it shows; in an order that makes sense."""
