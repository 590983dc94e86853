"""The games of the house, their proofs, history and settings."""

from collections.abc import Mapping

from tests.e2e.scenarios.stage import Scenario, Stage

from discord_sandbox.driver import Member
from discord_sandbox.driver.replies import Reply
from seraphim.features.economy.public import MINT, Bank, person
from seraphim.features.games.service.settings import GamesSettings
from seraphim.kernel.ids import GuildId, UserId

HTML, SCRIPT, STYLE = "text/html", "text/javascript", "text/css"
ROUTES = {
    "/fair": (200, HTML),
    "/fair/fair.js": (200, SCRIPT),
    "/fair/draws.js": (200, SCRIPT),
    "/fair/house.js": (200, SCRIPT),
    "/fair/rounds.js": (200, SCRIPT),
    "/fair/fair.css": (200, STYLE),
}
"""What each route answers while everything works."""
BET = "10"
PURSE = 5_000


async def _prepare(stage: Stage) -> None:
    """Give the players coins, and let them play without a pause."""
    guild_id = GuildId(stage.bot.wiring.client.guilds[0].id)
    kernel = stage.bot.kernel
    bank = Bank(kernel.clock)
    for member in (stage.alice, stage.bob, stage.ada):
        user_id = UserId(int(member.id))
        await kernel.db.write(
            bank.transfer, guild_id, MINT, person(user_id), PURSE,
            key=f"games scenario:{user_id}", kind="test",
        )  # fmt: skip
    await kernel.settings.change(
        guild_id, GamesSettings, {"cooldown_seconds": 0},
        actor_id=UserId(int(stage.ada.id)), source="test",
    )  # fmt: skip


async def open_game(
    member: Member, command: str, options: Mapping[str, object] | None = None
) -> Reply:
    """Open a game with the smallest bet."""
    return await member.slash(command, {"bet": BET, **(options or {})})


async def _coinflip(stage: Stage) -> None:
    await _prepare(stage)
    shown = await open_game(stage.alice, "coinflip", {"side": "tails"})
    await shown.click("Again")
    await shown.click("Odds")


async def _mysterybox(stage: Stage) -> None:
    shown = await open_game(stage.alice, "mysterybox")
    await shown.click("Box 2")


async def _highlow(stage: Stage) -> None:
    shown = await open_game(stage.alice, "highlow")
    possible = [one for one in shown.message.buttons if not one.get("disabled")]
    clicked = await shown.click(str(possible[0]["custom_id"]))
    take = clicked.message.find_button("💰")
    if take is not None:
        await clicked.click("💰")


async def _doubleornothing(stage: Stage) -> None:
    for _ in range(40):
        shown = await open_game(stage.alice, "doubleornothing")
        if shown.message.find_button("💰") is not None:
            await shown.click("💰")
            return
    raise AssertionError("forty first throws in a row were lost")


async def _roulette(stage: Stage) -> None:
    shown = await open_game(stage.alice, "roulette", {"space": "17"})
    await open_game(stage.bob, "roulette", {"space": "red"})
    asked = await shown.click("black")
    assert asked.modal is not None
    await asked.modal.submit(bet=BET)
    await shown.click("Turn the wheel")


async def _verify(stage: Stage) -> None:
    """Ada plays nothing but coins here, so that no open game keeps her seed secret."""
    shown = await open_game(stage.ada, "coinflip")
    again = shown.message.find_button("Again")
    assert again is not None
    await stage.ada.slash("fair rotate")
    await stage.ada.slash("fair verify", game=str(again["custom_id"]).split(":")[2])


async def _fair_seed(stage: Stage) -> None:
    shown = await stage.ada.slash("fair seed", client_seed="my-own-part")
    await shown.click("Reveal and renew")


async def _history(stage: Stage) -> None:
    for _ in range(11):
        await open_game(stage.alice, "slots")
    shown = await stage.alice.slash("gamehistory")
    await shown.click("▶")


async def _panel(stage: Stage) -> None:
    shown = await stage.ada.slash("games-settings")
    asked = await shown.click("Limits")
    assert asked.modal is not None
    await asked.modal.submit(
        min_bet="5", max_bet="20000", daily_loss_limit="0", cooldown_seconds="0"
    )


def _play(command: str, **options: object) -> Scenario:
    return lambda stage: open_game(stage.alice, command, options)


COMMANDS: dict[str, Scenario] = {
    "coinflip": _coinflip,
    "dice": _play("dice", guess="over"),
    "slots": _play("slots"),
    "mysterybox": _mysterybox,
    "highlow": _highlow,
    "doubleornothing": _doubleornothing,
    "roulette": _roulette,
    "fair seed": _fair_seed,
    "fair rotate": lambda stage: stage.ada.slash("fair rotate"),
    "fair verify": _verify,
    "gamehistory": _history,
    "games-settings": _panel,
}
"""What people do for each command, and with the buttons it shows; in an order that makes sense."""
