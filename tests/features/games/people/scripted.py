"""A stream that draws what a test wants, and short ways to open games."""

from collections.abc import Iterable

from seraphim.features.games.rules.fair import FairStream
from seraphim.features.games.rules.game import Move, Opening, Plain

NOON = 1_800_000_000_000
"""A moment, Unix milliseconds."""


class Scripted(FairStream):
    """Draws the given numbers in order; raises when a draw does not fit or none is left."""

    def __init__(self, *values: int) -> None:
        super().__init__("", "", 0)
        self.left = list(values)

    def integer(self, low: int, high: int) -> int:
        value = self.left.pop(0)
        assert low <= value <= high, f"{value} is not between {low} and {high}"
        return value


def seeded(nonce: int) -> FairStream:
    """A real stream of its own for each number."""
    return FairStream("a test's server seed", "a-test", nonce)


def opening(
    stake: int = 100,
    *,
    options: dict[str, Plain] | None = None,
    terms: dict[str, Plain] | None = None,
    invited: int = 0,
) -> Opening:
    """How a game begins at NOON."""
    return Opening(stake, options or {}, terms or {}, NOON, invited)


def move(
    seat: int,
    action: str,
    after_ms: int = 1000,
    bet: int = 0,
    options: dict[str, Plain] | None = None,
) -> Move:
    """A move some time after NOON."""
    return Move(seat, action, NOON + after_ms, options or {}, bet)


def cards(names: str) -> Iterable[int]:
    """Cards as numbers: ``"A♠ 10♥ K♦"``."""
    from seraphim.features.games.rules.cards import RANKS, SUITS  # noqa: PLC0415 - only here

    for name in names.split():
        yield RANKS.index(name[:-1]) * 4 + SUITS.index(name[-1])
