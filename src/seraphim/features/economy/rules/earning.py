"""What earning pays, and when it may be done again. Chance comes in as an argument."""

from collections.abc import Callable
from dataclasses import dataclass

from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.marks import N_

type Roll = Callable[[int, int], int]
"""Returns an integer between two bounds, both included; each equally likely."""


class StillWaiting(SeraphimError):
    """The pause between two of the same is not over."""

    code = "economy.still_waiting"
    http_status = 429
    message = N_("⏳ Not so fast: {command} is ready again {when}.")

    def __init__(self, *, command: str, until_ms: int) -> None:
        self.until_ms = until_ms
        super().__init__(command=f"/{command}", when=f"<t:{-(-until_ms // 1000)}:R>")


@dataclass(frozen=True, slots=True)
class PayTerms:
    """From the least to the most coins; every whole amount between is equally likely."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class CrimeTerms:
    """A crime succeeds in ``percent`` of all cases and brings loot, or else costs a fine."""

    percent: int
    loot: PayTerms
    fine: PayTerms


@dataclass(frozen=True, slots=True)
class DailyTerms:
    """What a day pays, and how long a streak waits for the next one."""

    reward: int
    bonus: int
    bonus_days: int
    window_ms: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attempt brought: coins gained (negative: a fine), and which story tells it.

    ``what`` is a key of :mod:`stories` or the name of a catch; ``success`` False means that the
    attempt failed.
    """

    what: str
    coins: int
    success: bool = True


@dataclass(frozen=True, slots=True)
class LastClaim:
    """The last time a member did something: when, until when they wait, the streak of days."""

    claimed_ms: int
    until_ms: int
    streak: int = 0


def ready_ms(last: LastClaim | None, pause_ms: int) -> int:
    """Return from when on it may be done again.

    That is never before the last claim itself, so a clock that went back finds it waiting. A pause
    that the guild has shortened since counts at once, one that it has lengthened from the next time
    on.
    """
    return 0 if last is None else min(last.until_ms, last.claimed_ms + pause_ms)


def streak_at(last: LastClaim | None, moment: int, window_ms: int) -> int:
    """Return which day in a row a claim at ``moment`` is, from 1."""
    if last is None or moment - last.claimed_ms > window_ms:
        return 1
    return last.streak + 1


def daily_coins(terms: DailyTerms, streak: int) -> int:
    """Return what the ``streak``-th day in a row pays."""
    return terms.reward + terms.bonus * min(streak - 1, terms.bonus_days)


def pay(terms: PayTerms, stories: tuple[str, ...], roll: Roll) -> Outcome:
    """Return a payment within the terms and the story it comes with."""
    story = stories[roll(0, len(stories) - 1)]
    return Outcome(story, roll(terms.low, terms.high))


def commit_crime(
    terms: CrimeTerms, wins: tuple[str, ...], losses: tuple[str, ...], roll: Roll
) -> Outcome:
    """Return the loot or the fine of a crime."""
    if roll(1, 100) <= terms.percent:
        return pay(terms.loot, wins, roll)
    failed = pay(terms.fine, losses, roll)
    return Outcome(failed.what, -failed.coins, success=False)


def boosted(coins: int, percent: int) -> int:
    """Return what a booster makes of a gain; losses are not multiplied."""
    return coins * percent // 100 if coins > 0 else coins
