"""Fractions of a coin, and numbers out of stored terms."""

from collections.abc import Mapping

from seraphim.features.games.rules.errors import MoveNotPossible
from seraphim.features.games.rules.fair import FairStream
from seraphim.features.games.rules.game import Plain
from seraphim.kernel.marks import N_


def whole_coins(numerator: int, denominator: int, stream: FairStream) -> int:
    """Return ``numerator / denominator`` in whole coins, the fraction decided by one draw.

    Rounding down would cost a bet of one coin far more than a bet of a thousand; with
    ``(numerator + draw) // denominator``, the draw being uniform below the denominator, what a
    player can expect is exactly the fraction, whatever the stake. A draw is taken even where there
    is no fraction, so that the position in the stream does not depend on the stake.
    """
    return (numerator + stream.integer(0, denominator - 1)) // denominator


def number_of(values: Mapping[str, Plain], name: str) -> int:
    """Return a whole number out of stored terms or options.

    Raises:
        MoveNotPossible: It is missing or something else.
    """
    value = values.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise MoveNotPossible(reason=N_("That is not a choice in this game."))


def text_of(values: Mapping[str, Plain], name: str) -> str:
    """Return a text out of stored terms or options, empty when it is missing."""
    value = values.get(name)
    return value if isinstance(value, str) else ""
