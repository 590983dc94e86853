"""What the games people play together are worth, by playing them: 10^7 seeded rounds a game.

Blackjack is dealt with numpy, many hands at once, under two policies whose exact worth the rules'
recursion gives (the dealer's own way of playing, and always standing); the others are drawn as
their rules draw them. Each mean comes with its 99.9 % confidence interval, which has to hold the
exact value. The draws are a seeded PCG64: the fair stream itself is held against its test vectors
elsewhere, and would take hours for so many rounds.

    make bench NAME=expected_value ARGS="--rounds 10000000"

The last line is JSON: ``{"rounds", "games": {name: {"mean", "error", "exact", "ok"}}, "ok"}``.
"""

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from seraphim.features.games.rules import crash, duel, heist, race, rps, trivia
from seraphim.features.games.rules.blackjack_value import expected_value as blackjack_value

SIGMAS = 3.29
"""Standard errors of a 99.9 % interval."""
BATCH = 250_000
MOST_CARDS = 22
"""More cards than any hand can take: 21 aces and one over."""
STAKE = 7
"""An odd bet, so that fractions of coins are decided by draws."""

type Wins = NDArray[np.float64]
type Deal = Callable[[np.random.Generator, int], Wins]


def blackjack(policy: str) -> Deal:
    """Return rounds of blackjack played by a policy, in bets won."""

    def deal(random: np.random.Generator, rounds: int) -> Wins:
        def points() -> NDArray[np.int64]:
            return np.minimum(random.integers(1, 14, rounds), 10)

        one, up, two, hole = points(), points(), points(), points()
        mine = _drawn(random, one, two, stands_at=0 if policy == "stand" else 17)
        theirs = _drawn(random, up, hole, stands_at=17)
        my_natural, their_natural = _natural(one, two), _natural(up, hole)
        won = np.where(mine > theirs, 1.0, np.where(mine == theirs, 0.0, -1.0))
        won = np.where(theirs > 21, 1.0, won)
        won = np.where(mine > 21, -1.0, won)
        won = np.where(my_natural, 1.5, won)
        return np.where(their_natural, np.where(my_natural, 0.0, -1.0), won)

    return deal


def _natural(one: NDArray[np.int64], two: NDArray[np.int64]) -> NDArray[np.bool_]:
    return (np.minimum(one, two) == 1) & (np.maximum(one, two) == 10)


def _drawn(
    random: np.random.Generator, one: NDArray[np.int64], two: NDArray[np.int64], *, stands_at: int
) -> NDArray[np.int64]:
    """Return the totals of hands that take cards below ``stands_at``."""
    hard, ace = one + two, (one == 1) | (two == 1)
    for _ in range(MOST_CARDS):
        total = np.where(ace & (hard + 10 <= 21), hard + 10, hard)
        hits = total < stands_at
        if not hits.any():
            break
        card = np.where(hits, np.minimum(random.integers(1, 14, len(hard)), 10), 0)
        hard, ace = hard + card, ace | (card == 1)
    return np.where(ace & (hard + 10 <= 21), hard + 10, hard)


def _whole(
    random: np.random.Generator, numerator: NDArray[np.int64], denominator: int
) -> NDArray[np.int64]:
    """Divide, the fraction decided by a draw, as the rules do."""
    return (numerator + random.integers(0, denominator, len(numerator))) // denominator


def crash_at(height: int) -> Deal:
    """Return rounds of crash in which everybody gets off at one height."""

    def deal(random: np.random.Generator, rounds: int) -> Wins:
        draw = random.integers(0, 1 << 52, rounds)
        # 97 * 2**52 / (2**52 - draw) >= height, without leaving whole numbers of 64 bits
        reached = ((1 << 52) - draw) <= 97 * (1 << 52) // height
        paid = _whole(random, np.full(rounds, STAKE * height), crash.ONE)
        return np.where(reached, paid, 0) / STAKE - 1

    return deal


def race_on(racer: str) -> Deal:
    """Return races bet on one racer."""

    def deal(random: np.random.Generator, rounds: int) -> Wins:
        won = random.integers(0, 100, rounds) < race.RACERS[racer]
        paid = _whole(random, np.full(rounds, STAKE * 95), race.RACERS[racer])
        return np.where(won, paid, 0) / STAKE - 1

    return deal


def heist_of(crew: int) -> Deal:
    """Return heists of a crew."""

    def deal(random: np.random.Generator, rounds: int) -> Wins:
        drawn = random.integers(0, 100, rounds)
        loot = heist.loot_of(crew, 95)
        paid = _whole(random, np.full(rounds, STAKE * loot.numerator), loot.denominator)
        chance = heist.chance_percent(crew)
        escaped = np.where(drawn < chance + heist.ESCAPE_PERCENT, STAKE, 0)
        return np.where(drawn < chance, paid, escaped) / STAKE - 1

    return deal


def duels(random: np.random.Generator, rounds: int) -> Wins:
    """Return duels of the challenger."""
    won = random.integers(0, 2, (3, rounds)).sum(axis=0) < duel.HITS_TO_WIN
    prize = _whole(random, np.full(rounds, 2 * STAKE * 96), 100)
    return np.where(won, prize, 0) / STAKE - 1


def throws(random: np.random.Generator, rounds: int) -> Wins:
    """Return throws against the house."""
    result = random.integers(0, 3, rounds)
    prize = _whole(random, np.full(rounds, STAKE * 190), 100)
    return np.where(result == 0, prize, np.where(result == 1, STAKE, 0)) / STAKE - 1


def answers(difficulty: trivia.Difficulty) -> Deal:
    """Return questions answered by somebody of the assumed knowledge."""

    def deal(random: np.random.Generator, rounds: int) -> Wins:
        right = random.integers(0, 100, rounds) < trivia.KNOWN_PERCENT[difficulty]
        paid = _whole(random, np.full(rounds, STAKE * trivia.PAYS_PERCENT[difficulty]), 100)
        return np.where(right, paid, 0) / STAKE - 1

    return deal


def games() -> Iterator[tuple[str, Deal, Fraction, bool]]:
    """Yield a name, how it is dealt, its exact worth, and whether that is what a player gets.

    The two policies of blackjack are there to hold dealing and recursion against each other; what
    the house promises is about the best play.
    """
    yield "blackjack as the dealer", blackjack("dealer"), blackjack_value("dealer"), False
    yield "blackjack abandoned", blackjack("stand"), blackjack_value("stand"), False
    for height in (101, 150, 200, 1000):
        yield f"crash at {height / 100:g}", crash_at(height), crash.expected_value(height, 3), True
    for racer in race.RACERS:
        yield f"race on {racer}", race_on(racer), race.expected_value(racer, 95), True
    for crew in (1, 3, 6):
        yield f"heist of {crew}", heist_of(crew), heist.expected_value(crew, 95), True
    yield "duel", duels, duel.expected_value(4), True
    yield "rps", throws, rps.expected_value(190), True
    for difficulty, known in trivia.KNOWN_PERCENT.items():
        value = trivia.expected_value(difficulty, Fraction(known, 100))
        yield f"trivia {difficulty}", answers(difficulty), value, True


def measure(deal: Deal, rounds: int, seed: int) -> tuple[float, float]:
    """Return the mean won a bet, and the half width of its confidence interval."""
    random = np.random.Generator(np.random.PCG64(seed))
    total = squares = 0.0
    left = rounds
    while left:
        won = deal(random, min(BATCH, left))
        total += float(won.sum())
        squares += float((won * won).sum())
        left -= len(won)
    mean = total / rounds
    deviation = math.sqrt(max(0.0, squares / rounds - mean * mean))
    return mean, SIGMAS * deviation / math.sqrt(rounds)


def main() -> None:
    """Play every game and print what it brought."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    best = blackjack_value("best")
    print(f"blackjack, best play, exact: {float(best):+.6f}")
    results: dict[str, dict[str, float | bool]] = {}
    for number, (name, deal, exact, is_bounded) in enumerate(games()):
        mean, error = measure(deal, args.rounds, args.seed + number)
        agrees = abs(mean - float(exact)) <= error
        bounded = not is_bounded or Fraction(-1, 10) <= exact < 0
        results[name] = {
            "mean": round(mean, 6),
            "error": round(error, 6),
            "exact": round(float(exact), 6),
            "ok": agrees and bounded,
        }
        print(f"{name:26} {mean:+.5f} ±{error:.5f}   exact {float(exact):+.5f}")
    well = Fraction(-1, 10) <= best < 0 and all(each["ok"] for each in results.values())
    print(json.dumps({"rounds": args.rounds, "games": results, "ok": well}))
    if not well:
        sys.exit(1)


if __name__ == "__main__":
    main()
