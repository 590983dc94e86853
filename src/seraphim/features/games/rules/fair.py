"""Provably fair chance: every draw follows from a seed whose hash was shown before.

The algorithm, which a third party can repeat (docs/develop/provably-fair.md has test vectors)::

    word(k)  = bytes 8*(k mod 4) to 8*(k mod 4)+7 of
               HMAC-SHA-256(key = server_seed, message = client_seed ":" nonce ":" (k div 4)),
               read as an unsigned big-endian number; all texts are UTF-8, numbers decimal
    integer(low, high): n = high - low + 1; words are taken in order, and one that is
               >= 2**64 - (2**64 mod n) is thrown away, so that no result is likelier than another;
               the result is low + word mod n

Everything else (choices, weights, shuffles) is made of ``integer``.
"""

import hashlib
import hmac
import re
from collections.abc import MutableSequence, Sequence
from dataclasses import dataclass

from seraphim.features.games.rules.errors import ClientSeedUnusable

WORDS_PER_BLOCK = 4
WORD_BYTES = 8
WORD_RANGE = 1 << (8 * WORD_BYTES)
MAX_RANGE = 1 << 53
"""Values one draw can have; JavaScript's whole numbers end here too."""
_CLIENT_SEED = re.compile(r"^[A-Za-z0-9_-]{1,64}$")


@dataclass(frozen=True, slots=True)
class Draw:
    """One number that was drawn: between ``low`` and ``high``, both included."""

    low: int
    high: int
    value: int


def hash_of(server_seed: str) -> str:
    """Return what is published before: the SHA-256 of the seed's text, in hexadecimal."""
    return hashlib.sha256(server_seed.encode()).hexdigest()


def check_client_seed(text: str) -> str:
    """Return a member's seed as it may be used.

    Raises:
        ClientSeedUnusable: It is not 1 to 64 letters, digits, hyphens or underscores.
    """
    seed = text.strip()
    if not _CLIENT_SEED.match(seed):
        raise ClientSeedUnusable
    return seed


class FairStream:
    """The draws of one game, in order.

    Args:
        server_seed: The house's secret, as text.
        client_seed: The member's part.
        nonce: The number of the game under these two seeds.
        position: How many words have been taken already; a stored game goes on from there.
    """

    def __init__(self, server_seed: str, client_seed: str, nonce: int, position: int = 0) -> None:
        self._key = server_seed.encode()
        self._prefix = f"{client_seed}:{nonce}:"
        self._block: tuple[int, bytes] | None = None
        self.position = position
        self.draws: list[Draw] = []
        """What this object has drawn, for the proof."""

    def integer(self, low: int, high: int) -> int:
        """Return a number between ``low`` and ``high``, both included, each as likely.

        Raises:
            ValueError: The range is empty or wider than MAX_RANGE.
        """
        width = high - low + 1
        if not 1 <= width <= MAX_RANGE:
            raise ValueError(f"cannot draw between {low} and {high}")
        usable = WORD_RANGE - WORD_RANGE % width
        word = self._word()
        while word >= usable:
            word = self._word()
        value = low + word % width
        self.draws.append(Draw(low, high, value))
        return value

    def fraction(self) -> float:
        """Return a number in [0, 1), a multiple of 2**-53."""
        return self.integer(0, MAX_RANGE - 1) / MAX_RANGE

    def choice[T](self, items: Sequence[T]) -> T:
        """Return one of ``items``, each as likely."""
        return items[self.integer(0, len(items) - 1)]

    def weighted(self, weights: Sequence[int]) -> int:
        """Return an index, as likely as its share of the weights (whole numbers >= 0)."""
        left = self.integer(0, sum(weights) - 1)
        for index, weight in enumerate(weights):
            if left < weight:
                return index
            left -= weight
        raise AssertionError("the weights hold every draw")

    def shuffle[T](self, items: MutableSequence[T]) -> None:
        """Put ``items`` into random order, in place (Fisher-Yates, from the end)."""
        for last in range(len(items) - 1, 0, -1):
            other = self.integer(0, last)
            items[last], items[other] = items[other], items[last]

    def _word(self) -> int:
        number, place = divmod(self.position, WORDS_PER_BLOCK)
        if self._block is None or self._block[0] != number:
            message = f"{self._prefix}{number}".encode()
            self._block = (number, hmac.digest(self._key, message, "sha256"))
        self.position += 1
        start = place * WORD_BYTES
        return int.from_bytes(self._block[1][start : start + WORD_BYTES], "big")
