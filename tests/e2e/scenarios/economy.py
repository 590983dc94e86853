"""The economy's own commands: earning, giving, robbing, looking at accounts."""

from tests.e2e.scenarios.stage import Scenario, Stage, say


async def _balance(stage: Stage) -> None:
    await stage.alice.slash("balance")
    await stage.alice.slash("balance", user=stage.bob)


async def _give(stage: Stage) -> None:
    await stage.bob.slash("daily")  # so that alice's robbery finds something
    await stage.alice.slash("give", user=stage.bob, amount="10")


async def _rob(stage: Stage) -> None:
    await stage.bob.slash("work")
    await stage.alice.slash("rob", user=stage.bob)


async def _leaderboard(stage: Stage) -> None:
    people = f"/sandbox/control/guilds/{stage.bot.wiring.client.guilds[0].id}/members"
    for number in range(10):  # with alice and bob enough for a second page
        body: dict[str, object] = {"username": f"saver{number}", "role_ids": [], "locale": "en-US"}
        made = await stage.alice.connection.wire.request("POST", people, body)
        await stage.alice.slash("give", user=made["user"]["id"], amount="1")
    shown = await stage.alice.slash("leaderboard")
    await shown.click("▶")
    await shown.click("Games")
    await shown.click("Coins")


async def _transactions(stage: Stage) -> None:
    for _ in range(8):
        await stage.alice.slash("give", user=stage.bob, amount="1")
    shown = await stage.alice.slash("transactions")
    await shown.click("▶")
    await shown.click("◀")
    await shown.click("Table (CSV)")


COMMANDS: dict[str, Scenario] = {
    "balance": _balance,
    "daily": say("daily"),
    "work": say("work"),
    "beg": say("beg"),
    "fish": say("fish"),
    "mine": say("mine"),
    "hunt": say("hunt"),
    "give": _give,
    "rob": _rob,
    "leaderboard": _leaderboard,
    "transactions": _transactions,
    "crime": say("crime"),  # last: its fine might leave too little for the others
}
"""What people do for each command, and with the buttons it shows; in an order that makes sense."""
