"""Mystery box: three closed boxes, one choice."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import msgspec

from seraphim.features.games.rules.coins import number_of, text_of, whole_coins
from seraphim.features.games.rules.errors import MoveNotPossible
from seraphim.features.games.rules.fair import FairStream
from seraphim.features.games.rules.game import PERCENT, Move, Opening, Plain, Step
from seraphim.kernel.marks import N_

BOXES = 3
CONTENTS: tuple[tuple[int, int], ...] = (
    (0, 30),
    (50, 27),
    (100, 20),
    (150, 12),
    (200, 6),
    (500, 4),
    (1_000, 1),
)
"""What a box can hold, in hundredths of the bet, and how often in a hundred boxes."""
LIMIT_MS = 10 * 60 * 1000


class MysteryBox(msgspec.Struct, frozen=True):
    """Three boxes; ``opened`` is the chosen one, None while all are closed."""

    stake: int
    percent: int
    boxes: tuple[int, int, int]
    opened: int | None = None


class MysteryBoxGame:
    """The boxes are filled when the game opens; the member opens one of them.

    After ten minutes the first box is opened. Draws: what each box holds, by weight (0 to 99);
    when one is opened, one for the fraction of a coin.
    """

    kind = "mysterybox"
    state_type = MysteryBox
    shared = False
    versioned = True
    joins: frozenset[str] = frozenset()
    one_a_channel = False

    def terms(self, settings: Mapping[str, Any]) -> dict[str, Plain]:
        """Return the share of the table that is paid."""
        return {"payout_percent": settings["mysterybox_payout_percent"]}

    def open(self, opening: Opening, stream: FairStream) -> Step[MysteryBox]:
        """Fill the boxes."""
        weights = [weight for _, weight in CONTENTS]
        one, two, three = (CONTENTS[stream.weighted(weights)][0] for _ in range(BOXES))
        percent = number_of(opening.terms, "payout_percent")
        state = MysteryBox(opening.stake, percent, (one, two, three))
        return Step(state, deadline_ms=opening.at_ms + LIMIT_MS)

    def act(self, state: MysteryBox, move: Move, stream: FairStream) -> Step[MysteryBox]:
        """Open a box."""
        chosen = text_of(move.options, "value")
        if move.action != "box" or chosen not in {"0", "1", "2"}:
            raise MoveNotPossible(reason=N_("That is not a choice in this game."))
        return _opened(state, int(chosen), stream)

    def timeout(self, state: MysteryBox, at_ms: int, stream: FairStream) -> Step[MysteryBox]:
        """Open the first box."""
        del at_ms
        return _opened(state, 0, stream)


def expected_value(payout_percent: int) -> Fraction:
    """Return what a player can expect of a box, exactly."""
    paid = sum(hundredths * weight for hundredths, weight in CONTENTS)
    total = sum(weight for _, weight in CONTENTS)
    return Fraction(paid * payout_percent, total * PERCENT * PERCENT) - 1


def _opened(state: MysteryBox, chosen: int, stream: FairStream) -> Step[MysteryBox]:
    worth = state.stake * state.boxes[chosen] * state.percent
    paid = whole_coins(worth, PERCENT * PERCENT, stream)
    return Step(msgspec.structs.replace(state, opened=chosen), payouts={0: paid})
