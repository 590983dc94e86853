"""Crash: one rocket for everybody; who gets off before it bursts keeps what it had reached.

The rocket's height is a multiplier in hundredths (100 is 1.00). It starts at 1.00 and grows by the
clock alone, so that everybody, and anybody later, can say how high it was at any millisecond:
``height(t) = floor(100 * e**(t / 16667 ms))``, computed in decimal numbers of 40 digits, which are
the same on every machine. Where it bursts is the round's first draw, taken before anybody could
know: ``floor((100 - edge) * 2**52 / (2**52 - draw))`` hundredths, at least 1.00, at most 1000.00.
Reaching ``m`` hundredths is then as likely as ``(100 - edge) / m``, so getting off at any height is
worth ``100 - edge`` percent of the bet: no height is better than another.

A click counts by the moment the server received it. A round that the bot could not watch to its
end (a restart in mid-flight) ends at that moment: who had got off is paid, who had named a height
that was reached is paid, and everybody else has the bet back. A round that could not start in time
(the bot was away) does not start at all: whoever boarded may have gone, so every bet goes back.
"""

from collections.abc import Mapping
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

import msgspec

from seraphim.features.games.rules.coins import number_of, text_of, whole_coins
from seraphim.features.games.rules.errors import MoveNotPossible
from seraphim.features.games.rules.fair import FairStream
from seraphim.features.games.rules.game import (
    CLOCK_SEAT,
    MAX_SEATS,
    Move,
    Opening,
    Plain,
    Step,
)
from seraphim.kernel.marks import N_

ONE = 100
"""The multiplier 1.00."""
MOST = 100_000
"""The multiplier 1000.00: who is still on board there gets off."""
LEAST_AUTO = 101
PERCENT = 100
GROWTH_MS = 16_667
"""The height grows e-fold in so many milliseconds: 2.00 after 11.6 s, 1000.00 after 115 s."""
GRACE_MS = 1_000
"""Clicks received before the burst may take so long to be worked on."""
AWAY_MS = 3_000
"""Settled later than this, the bot was away, and the round counts as interrupted."""
LATE_START_MS = 60_000
"""A start that is late by more than this is called off."""
INTERRUPTED = "interrupted"
"""The house's own move (seat -1): a restart in mid-flight."""
_RANGE = 1 << 52
_DECIMAL = Context(prec=40)


class Rider(msgspec.Struct, frozen=True):
    """Somebody on board."""

    stake: int
    auto: int | None = None
    """Where to get off without a click, in hundredths."""
    left: int | None = None
    """Where they got off."""


class Crash(msgspec.Struct, frozen=True):
    """A round. ``burst`` is the house's secret until the end.

    ``starts_ms`` is when it is meant to start, and from then on when it really did.
    """

    burst: int
    starts_ms: int
    riders: tuple[Rider, ...]
    is_flying: bool = False
    ended_at: int | None = None
    """The height shown at the end."""
    was_interrupted: bool = False


class CrashGame:
    """The rules. Draws: where it bursts; at the end one a rider, for the fraction of a coin."""

    kind = "crash"
    state_type = Crash
    shared = True
    versioned = False
    joins: frozenset[str] = frozenset({"join"})
    one_a_channel = True

    def terms(self, settings: Mapping[str, Any]) -> dict[str, Plain]:
        """Return the house's share and how long people may board."""
        return {
            "edge_percent": settings["crash_edge_percent"],
            "join_ms": settings["crash_join_seconds"] * 1000,
        }

    def open(self, opening: Opening, stream: FairStream) -> Step[Crash]:
        """Fix where it bursts; the opener is the first on board."""
        burst = burst_of(stream.integer(0, _RANGE - 1), number_of(opening.terms, "edge_percent"))
        rider = Rider(opening.stake, _auto_of(opening.options))
        starts_ms = opening.at_ms + number_of(opening.terms, "join_ms")
        return Step(Crash(burst, starts_ms, (rider,)), deadline_ms=starts_ms)

    def act(self, state: Crash, move: Move, stream: FairStream) -> Step[Crash]:
        """Board before the start, get off after it."""
        if move.action == INTERRUPTED and move.seat == CLOCK_SEAT:
            return self._interrupted(state, move, stream)
        if move.action == "join":
            return self._boarded(state, move)
        if move.action != "leave" or not 0 <= move.seat < len(state.riders):
            raise MoveNotPossible(reason=N_("You are not on board of this rocket."))
        if not state.is_flying:
            raise MoveNotPossible(reason=N_("The rocket has not started yet."))
        height = height_at(move.at_ms - state.starts_ms)
        rider = state.riders[move.seat]
        if _has_left(rider, min(height, state.burst)):
            raise MoveNotPossible(reason=N_("You have got off already."))
        if height > state.burst:
            raise MoveNotPossible(reason=N_("Too late: the rocket has burst."))
        after = msgspec.structs.replace(rider, left=height)
        riders = tuple(after if n == move.seat else one for n, one in enumerate(state.riders))
        state = msgspec.structs.replace(state, riders=riders)
        if all(_has_left(one, height) for one in riders):
            return self._over(state, height, stream)
        return Step(state, deadline_ms=_settled_ms(state))

    def timeout(self, state: Crash, at_ms: int, stream: FairStream) -> Step[Crash]:
        """Lift off; then burst, or end early where the last one on board has got off."""
        if not state.is_flying and at_ms > state.starts_ms + LATE_START_MS:
            return Step(state, released=True)
        if not state.is_flying:
            state = msgspec.structs.replace(state, is_flying=True, starts_ms=at_ms)
            return Step(state, deadline_ms=_settled_ms(state))
        due_ms = _settled_ms(state)
        if at_ms > due_ms + AWAY_MS or at_ms < due_ms - GRACE_MS:
            return self._interrupted(state, Move(CLOCK_SEAT, INTERRUPTED, at_ms), stream)
        last = _last_auto(state)
        return self._over(state, state.burst if last is None else last, stream)

    def _boarded(self, state: Crash, move: Move) -> Step[Crash]:
        if move.seat < len(state.riders):
            raise MoveNotPossible(reason=N_("You are on board already."))
        if state.is_flying or move.at_ms >= state.starts_ms:
            raise MoveNotPossible(reason=N_("The rocket has left. The next one comes soon."))
        if len(state.riders) >= MAX_SEATS:
            raise MoveNotPossible(reason=N_("The rocket is full."))
        rider = Rider(move.bet, _auto_of(move.options))
        state = msgspec.structs.replace(state, riders=(*state.riders, rider))
        return Step(state, {move.seat: move.bet}, deadline_ms=state.starts_ms)

    def _over(self, state: Crash, height: int, stream: FairStream) -> Step[Crash]:
        """Pay everybody who got off, by click or by name, at ``height`` or below."""
        riders: list[Rider] = []
        payouts: dict[int, int] = {}
        for seat, rider in enumerate(state.riders):
            left = _left_at(rider, min(height, state.burst))
            payouts[seat] = 0 if left is None else whole_coins(rider.stake * left, ONE, stream)
            riders.append(msgspec.structs.replace(rider, left=left))
        state = msgspec.structs.replace(state, riders=tuple(riders), ended_at=height)
        return Step(state, payouts=payouts)

    def _interrupted(self, state: Crash, move: Move, stream: FairStream) -> Step[Crash]:
        """End now: pay what was reached, and give the others their bets back."""
        height = min(height_at(move.at_ms - state.starts_ms), state.burst)
        step = self._over(state, height, stream)
        payouts = dict(step.payouts or {})
        for seat, rider in enumerate(step.state.riders):
            if rider.left is None:
                payouts[seat] = rider.stake
        state = msgspec.structs.replace(step.state, was_interrupted=True)
        return Step(state, payouts=payouts)


def burst_of(draw: int, edge_percent: int) -> int:
    """Return where the rocket bursts, in hundredths, for a draw in [0, 2**52)."""
    burst = (PERCENT - edge_percent) * _RANGE // (_RANGE - draw)
    return max(ONE, min(MOST, burst))


def chance_of(height: int, edge_percent: int) -> Fraction:
    """Return exactly how likely the rocket reaches ``height`` hundredths."""
    if height <= ONE:
        return Fraction(1)
    if height > MOST:
        return Fraction(0)
    return Fraction((PERCENT - edge_percent) * _RANGE // height, _RANGE)


def expected_value(height: int, edge_percent: int) -> Fraction:
    """Return what a coin can expect that gets off at ``height``, exactly (above 1.00)."""
    return Fraction(height, ONE) * chance_of(height, edge_percent) - 1


def height_at(elapsed_ms: int) -> int:
    """Return the multiplier so long after the start, in hundredths, between 1.00 and 1000.00."""
    if elapsed_ms <= 0:
        return ONE
    if elapsed_ms >= GROWTH_MS * 7:  # e**7 is beyond 1000
        return MOST
    grown = _DECIMAL.exp(_DECIMAL.divide(Decimal(elapsed_ms), Decimal(GROWTH_MS)))
    return min(MOST, int(_DECIMAL.multiply(grown, Decimal(ONE))))


def elapsed_to(height: int) -> int:
    """Return the first millisecond at which the rocket is at ``height`` or above."""
    low, high = 0, GROWTH_MS * 7
    while low < high:
        middle = (low + high) // 2
        if height_at(middle) >= height:
            high = middle
        else:
            low = middle + 1
    return low


def read_auto(text: str) -> int | None:
    """Return the height somebody typed (``2``, ``1.5``, ``2.50x``) in hundredths; None for none.

    Raises:
        MoveNotPossible: It is no multiplier between 1.01 and 1000.
    """
    typed = text.strip().lower().removesuffix("x").strip().replace(",", ".")
    if not typed:
        return None
    whole, _, part = typed.partition(".")
    readable = typed.isascii() and whole.isdecimal() and len(whole) <= 4 and len(part) <= 2  # noqa: PLR2004 - 1000.00
    if readable and (part.isdecimal() or "." not in typed):
        height = int(whole) * ONE + int(part.ljust(2, "0") or 0)
        if LEAST_AUTO <= height <= MOST:
            return height
    raise MoveNotPossible(reason=N_("Name a height between 1.01 and 1000, such as 2 or 1.75."))


def _auto_of(options: Mapping[str, Plain]) -> int | None:
    """Return the height that was typed with the bet."""
    return read_auto(text_of(options, "auto"))


def _left_at(rider: Rider, height: int) -> int | None:
    """Return where the rider has got off by the time the rocket is at ``height``; None: not yet."""
    if rider.left is not None:
        return rider.left
    if rider.auto is not None and rider.auto <= height:
        return rider.auto
    return MOST if height >= MOST else None


def _has_left(rider: Rider, height: int) -> bool:
    return _left_at(rider, height) is not None


def _last_auto(state: Crash) -> int | None:
    """Return the height at which the last one gets off without a click; None: some ride on."""
    lefts = [_left_at(rider, state.burst) for rider in state.riders]
    reached = [left for left in lefts if left is not None]
    return max(reached) if len(reached) == len(lefts) else None


def _settled_ms(state: Crash) -> int:
    """Return when the round is over: at the burst, or once the last one has got off."""
    last = _last_auto(state)
    height = state.burst if last is None else last
    return state.starts_ms + elapsed_to(height) + GRACE_MS
