"""What messages of games say and offer, as far as no other test sees it."""

import pytest
from tests.features.games.core.parlour import ANN, BEN, Parlour

from seraphim.features.games.commands.catalogue import BY_KIND
from seraphim.features.games.commands.face import Say, Shown
from seraphim.features.games.service.orders import View
from seraphim.kernel.texts import Texts

SAY = Say(Texts().translator(None), "✨")


async def shown(view: View) -> Shown:
    """Paint a game."""
    return await BY_KIND[view.game.kind].paint(view, SAY)


def ids_of(message: Shown) -> list[str]:
    """Return what each button and menu of a message is called by."""
    return [str(getattr(item, "custom_id", "")) for row in message.rows for item in row]


@pytest.mark.parametrize(
    ("kind", "action", "options"),
    [
        ("crash", "join", {}),
        ("heist", "join", {}),
        ("race", "join", {"value": "hare"}),
        ("roulette", "bet", {"space": "red"}),
    ],
)
async def test_a_bet_of_somebody_else_takes_no_button_from_under_a_finger(
    parlour: Parlour, kind: str, action: str, options: dict[str, str]
) -> None:
    opened = await parlour.open(kind, options=options)
    joined = await parlour.act(opened, action, BEN, options=options, bet="50")
    assert joined.game.version == opened.game.version + 1
    before, after = ids_of(await shown(opened)), ids_of(await shown(joined))
    assert before
    assert before == after


async def test_a_rocket_that_never_started_says_that_the_bets_are_back(parlour: Parlour) -> None:
    opened = await parlour.open("crash")
    await parlour.act(opened, "join", BEN, bet="50")
    await parlour.clock.advance(3600)
    ended = await parlour.table.time_out(opened.game.id)
    assert ended is not None
    message = await shown(ended)
    assert "has gone back" in str(message.embed.description)
    assert ids_of(message) == []
    assert await parlour.holds(ANN) == await parlour.holds(BEN)
