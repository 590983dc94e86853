"""The owners' view of the economy, and a member's own data: each command with its buttons."""

from tests.e2e.scenarios.stage import Scenario, Stage, say

ROUTES = {"/economy/ledger": (403, "application/problem+json")}
"""Without a signed link there is nothing to see."""


def _change(verb: str, amount: str) -> Scenario:
    async def run(stage: Stage) -> None:
        if verb == "remove":
            await stage.ada.slash("eco add", member=stage.bob, amount="10", reason="a scenario")
        done = await stage.ada.slash(
            f"eco {verb}", member=stage.bob, amount=amount, reason="a scenario"
        )
        await done.click("Undo")
        await done.until(lambda message: "Taken back" in message.text)

    return run


def _freeze(verb: str) -> Scenario:
    return lambda stage: stage.ada.slash(f"eco {verb}", member=stage.bob, reason="a scenario")


async def _supply(stage: Stage) -> None:
    shown = await stage.ada.slash("eco supply")
    for days in (7, 90, 30):
        await shown.click(f"{days} days")


async def _erase(stage: Stage) -> None:
    kept = await stage.bob.slash("data erase")
    await kept.click("Keep everything")
    asked = await stage.bob.slash("data erase")
    await asked.click("Forget me")


COMMANDS: dict[str, Scenario] = {
    "eco add": _change("add", "1.5k"),
    "eco remove": _change("remove", "all"),
    "eco set": _change("set", "250"),
    "eco balance": lambda stage: stage.ada.slash("eco balance", member=stage.bob),
    "eco freeze": _freeze("freeze"),
    "eco unfreeze": _freeze("unfreeze"),
    "eco supply": _supply,
    "eco audit": lambda stage: stage.ada.slash("eco audit"),
    "eco export": lambda stage: stage.ada.slash("eco export", format="jsonl", days=7),
    "data export": say("data export"),
    "data erase": _erase,
}
"""What people do for each command, and with the buttons it shows; in an order that makes sense."""
