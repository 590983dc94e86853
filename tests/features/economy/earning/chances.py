"""Exact expected values: every way the rolls of a rule can fall, weighted with its chance."""

from collections.abc import Callable, Iterator
from fractions import Fraction

from seraphim.features.economy.rules.earning import Outcome, Roll


class _Unscripted(Exception):
    """The rule asks for a roll that the script does not hold yet."""

    def __init__(self, low: int, high: int) -> None:
        self.bounds = low, high
        super().__init__()


def every_way[T](rule: Callable[[Roll], T]) -> Iterator[tuple[Fraction, T]]:
    """Yield each result of the rule with its probability; together they are 1."""
    waiting: list[tuple[Fraction, tuple[int, ...]]] = [(Fraction(1), ())]
    while waiting:
        chance, script = waiting.pop()
        left = iter(script)

        def roll(low: int, high: int, left: Iterator[int] = left) -> int:
            value = next(left, None)
            if value is None:
                raise _Unscripted(low, high)
            return value

        try:
            yield chance, rule(roll)
        except _Unscripted as asked:
            low, high = asked.bounds
            each = chance / (high - low + 1)
            waiting += [(each, (*script, value)) for value in range(low, high + 1)]


def mean_coins(rule: Callable[[Roll], Outcome]) -> Fraction:
    """Return the exact expected coins of a rule."""
    return sum((chance * outcome.coins for chance, outcome in every_way(rule)), Fraction(0))


def chance_of(rule: Callable[[Roll], Outcome], what: str) -> Fraction:
    """Return how likely an outcome is, exactly."""
    return sum((c for c, outcome in every_way(rule) if outcome.what == what), Fraction(0))
