"""Chance as an argument: the only module that draws random numbers."""

import random
import secrets
from collections.abc import MutableSequence, Sequence
from typing import Protocol


class Dice(Protocol):
    """Draws numbers and picks from lists."""

    def integer(self, low: int, high: int) -> int:
        """Return an integer between ``low`` and ``high``, both included."""
        ...

    def choice[T](self, items: Sequence[T]) -> T:
        """Return one of ``items``; raises IndexError when there are none."""
        ...

    def shuffle[T](self, items: MutableSequence[T]) -> None:
        """Put ``items`` into random order, in place."""
        ...

    def token(self, nbytes: int = 32) -> str:
        """Return ``nbytes`` of randomness as URL-safe text."""
        ...

    def fraction(self) -> float:
        """Return a number in [0, 1), for jitter."""
        ...


class SystemDice:
    """The operating system's secure random source."""

    def __init__(self) -> None:
        self._random = random.SystemRandom()

    def integer(self, low: int, high: int) -> int:
        """Return an integer between ``low`` and ``high``, both included."""
        return self._random.randint(low, high)

    def choice[T](self, items: Sequence[T]) -> T:
        """Return one of ``items``."""
        return self._random.choice(items)

    def shuffle[T](self, items: MutableSequence[T]) -> None:
        """Shuffle in place."""
        self._random.shuffle(items)

    def token(self, nbytes: int = 32) -> str:
        """Return URL-safe random text."""
        return secrets.token_urlsafe(nbytes)

    def fraction(self) -> float:
        """Return a number in [0, 1)."""
        return self._random.random()


class SeededDice:
    """A repeatable sequence, for tests and simulations; never for money."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def integer(self, low: int, high: int) -> int:
        """Return an integer between ``low`` and ``high``, both included."""
        return self._random.randint(low, high)

    def choice[T](self, items: Sequence[T]) -> T:
        """Return one of ``items``."""
        return self._random.choice(items)

    def shuffle[T](self, items: MutableSequence[T]) -> None:
        """Shuffle in place."""
        self._random.shuffle(items)

    def token(self, nbytes: int = 32) -> str:
        """Return repeatable hexadecimal text of ``2 * nbytes`` characters."""
        return self._random.randbytes(nbytes).hex()

    def fraction(self) -> float:
        """Return a number in [0, 1)."""
        return self._random.random()
