"""Amounts of coins as people write them, and as they read them."""

import re
from fractions import Fraction
from typing import Protocol

from seraphim.features.economy.rules.errors import AmountInvalid
from seraphim.features.economy.rules.ledger import MAX_BALANCE
from seraphim.kernel.marks import N_

MAX_TEXT = 32
"""Characters of an amount that are looked at; 10^15 with separators takes 21."""

_ALL = frozenset({"all", "max", "alles"})
_HALF = frozenset({"half", "hälfte", "halb"})
_SCALES = {"": 1, "k": 1_000, "m": 1_000_000, "b": 1_000_000_000}
# Only ASCII digits: other alphabets' digits look like numbers that they are not.
_PLAIN = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]+))?([kmb]?)", re.ASCII)
_SHARE = re.compile(r"([0-9]{1,3})%", re.ASCII)


_GROUP = 3
"""Digits between two separators."""


class CoinWords(Protocol):
    """How a guild calls its coins; the economy's settings are such a value."""

    @property
    def currency_symbol(self) -> str:
        """The sign behind an amount, e.g. ``✨``."""
        ...


def parse_amount(text: str, *, available: int | None, low: int = 1, high: int = MAX_BALANCE) -> int:
    """Return the amount that ``text`` means: 250, 1,000, 1.5k, 2m, all, half, 25%.

    Args:
        text: What the member wrote.
        available: What "all", "half" and percentages refer to; None refuses these.
        low: The least that is accepted.
        high: The most that is accepted. "all" means no more than this.

    Raises:
        AmountInvalid: The text is no amount, or it is out of bounds; its sentence says which.
    """
    if len(text) > MAX_TEXT:
        raise AmountInvalid(reason=N_("That number is too long for an amount of coins."))
    word = text.strip().lower().replace("_", "")
    share = _share(word)
    if share is not None:
        if available is None:
            raise AmountInvalid(reason=N_("Give a number here, like 250 or 1.5k."))
        amount = min(available * share.numerator // share.denominator, high)
    else:
        amount = _number(word)
    if amount < 1:
        raise AmountInvalid(reason=N_("The amount must be at least 1 coin."))
    if amount > MAX_BALANCE:
        raise AmountInvalid(reason=N_("That is more than any account can hold."))
    if amount < low:
        raise AmountInvalid(reason=N_("That is less than the least that is allowed here."))
    if amount > high:
        raise AmountInvalid(reason=N_("That is more than is allowed here."))
    return amount


def format_number(amount: int) -> str:
    """Return ``1,250`` for 1250."""
    return f"{amount:,}"


def format_coins(amount: int, words: CoinWords) -> str:
    """Return ``1,250 ✨`` in the words of a guild."""
    return f"{amount:,} {words.currency_symbol}"


def _share(word: str) -> Fraction | None:
    if word in _ALL:
        return Fraction(1)
    if word in _HALF:
        return Fraction(1, 2)
    found = _SHARE.fullmatch(word)
    if found is None:
        return None
    percent = int(found[1])
    if not 1 <= percent <= 100:  # noqa: PLR2004 - per cent
        raise AmountInvalid(reason=N_("A percentage goes from 1% to 100%."))
    return Fraction(percent, 100)


def _number(word: str) -> int:
    if word.startswith(("-", "\N{MINUS SIGN}")):
        raise AmountInvalid(reason=N_("The amount must be at least 1 coin."))
    found = _PLAIN.fullmatch(word.removeprefix("+"))
    # Half of the world writes a thousand as 1.000: who does would give one coin, or set one.
    if found is None or (not found[3] and len(found[2] or "") == _GROUP):
        raise AmountInvalid(
            reason=N_("I did not understand that amount. Try 250, 1,000, 1.5k, half or all.")
        )
    whole, decimals, scale = found[1].replace(",", ""), found[2] or "", found[3]
    value = Fraction(int(whole + decimals), 10 ** len(decimals)) * _SCALES[scale]
    if value.denominator != 1:
        raise AmountInvalid(reason=N_("Coins are whole numbers."))
    return value.numerator
