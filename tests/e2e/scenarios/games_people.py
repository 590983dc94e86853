"""The games people play together: opened, joined and played by their buttons."""

from contextlib import suppress

from tests.e2e.scenarios.stage import Scenario, Stage

from discord_sandbox.driver import Member, MessageView, OperationRefused
from discord_sandbox.driver.replies import Reply
from seraphim.features.economy.public import MINT, Bank, person
from seraphim.features.games.service.settings import GamesSettings
from seraphim.kernel.ids import GuildId, UserId

BET = "20"
PURSE = 5_000


async def _prepare(stage: Stage) -> None:
    """Give both players coins, and the rounds short waits."""
    kernel = stage.bot.kernel
    guild_id = GuildId(stage.bot.wiring.client.guilds[0].id)
    quick = {
        "cooldown_seconds": 0,
        "crash_join_seconds": 5,
        "race_join_seconds": 5,
        "heist_join_seconds": 5,
    }
    await kernel.settings.change(
        guild_id, GamesSettings, quick, actor_id=UserId(1), source="scenario"
    )
    for member in (stage.alice, stage.bob):
        user_id = UserId(int(member.id))
        await kernel.db.write(
            Bank(kernel.clock).transfer, guild_id, MINT, person(user_id), PURSE,
            key=f"scenario:{user_id}", kind="test",
        )  # fmt: skip


def _is_over(message: MessageView) -> bool:
    return message.find_button("Again") is not None


async def _answer(member: Member, shown: Reply, button: str) -> Reply:
    """Press a button of a game that somebody else has opened."""
    wanted = shown.message.id
    where = member.channel(shown.message.channel_id)
    return await where.click(await where.wait_for(lambda one: one.id == wanted), button)


async def _blackjack(stage: Stage) -> None:
    await _prepare(stage)
    shown = await stage.alice.slash("blackjack", bet=BET)
    while _is_over(shown.message):
        shown = await stage.alice.slash("blackjack", bet=BET)
    await shown.click("Stand")


async def _crash(stage: Stage) -> None:
    while True:  # a rocket in thirty bursts before anybody could get off
        shown = await stage.alice.slash("crash", bet=BET, auto="1.01")
        joining = await _answer(stage.bob, shown, "Board")
        assert joining.modal is not None
        await joining.modal.submit({"bet": BET, "auto": ""})
        flown = await shown.until(
            lambda one: _is_over(one) or one.find_button("Cash out") is not None, timeout=20
        )
        if not _is_over(flown):
            break
    with suppress(OperationRefused):  # it burst under the finger
        await _answer(stage.bob, shown, "Cash out")
    await shown.until(_is_over, timeout=200)


async def _duel(stage: Stage) -> None:
    shown = await stage.alice.slash("duel", user=stage.bob, bet=BET)
    await _answer(stage.bob, shown, "Accept")


async def _heist(stage: Stage) -> None:
    shown = await stage.alice.slash("heist", bet=BET)
    joining = await _answer(stage.bob, shown, "Join")
    assert joining.modal is not None
    await joining.modal.submit({"bet": BET})
    await shown.until(_is_over, timeout=20)


async def _race(stage: Stage) -> None:
    shown = await stage.alice.slash("race", bet=BET, racer="comet")
    joining = await _answer(stage.bob, shown, "🐌")
    assert joining.modal is not None
    await joining.modal.submit({"bet": BET})
    await shown.until(_is_over, timeout=30)


async def _rps(stage: Stage) -> None:
    shown = await stage.alice.slash("rps", bet=BET, user=stage.bob)
    await shown.click("Rock")
    await _answer(stage.bob, shown, "Paper")
    alone = await stage.alice.slash("rps", bet=BET)
    await alone.click("Rock")


async def _triviabet(stage: Stage) -> None:
    shown = await stage.alice.slash("triviabet", bet=BET, category="food", difficulty="easy")
    await shown.click("🇦")


COMMANDS: dict[str, Scenario] = {
    "blackjack": _blackjack,
    "crash": _crash,
    "duel": _duel,
    "heist": _heist,
    "race": _race,
    "rps": _rps,
    "triviabet": _triviabet,
}
"""What people do for each command, and with the buttons it shows."""
