"""A bet on knowing the answer.

The question and the order of its four answers are draws. A right answer in time pays by
difficulty, sized for the share of people who are assumed to know it (:data:`KNOWN_PERCENT`), so
that somebody of that knowledge loses a little over time, and a guess loses a lot. Somebody who
knows more than that can win: it is the one game of skill, which is why its bets and its rounds a
day are bounded.

No answer in time is a wrong answer. Only when the bot was away at the end of the time does the bet
go back.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import msgspec

from seraphim.features.games.rules.coins import number_of, text_of, whole_coins
from seraphim.features.games.rules.errors import MoveNotPossible
from seraphim.features.games.rules.fair import FairStream
from seraphim.features.games.rules.game import PERCENT, Move, Opening, Plain, Step
from seraphim.features.games.rules.trivia_bank import QUESTIONS, Difficulty, Question
from seraphim.kernel.marks import N_

KNOWN_PERCENT: dict[Difficulty, int] = {"easy": 70, "medium": 50, "hard": 35}
"""How many in a hundred are assumed to know the answer."""
PAYS_PERCENT: dict[Difficulty, int] = {"easy": 135, "medium": 190, "hard": 270}
"""What a coin on a right answer brings."""
GRACE_MS = 1_500
"""Answers received in time may take so long to be worked on."""
AWAY_MS = 10_000
"""When the time ends so late, the bot was away."""


class Trivia(msgspec.Struct, frozen=True):
    """A question on the table. ``order`` are the answers' places in the bank (0 is right)."""

    question: int
    order: tuple[int, ...]
    stake: int
    until_ms: int
    given: int | None = None
    """The place in ``order`` that was chosen."""
    is_over: bool = False

    @property
    def asked(self) -> Question:
        """The question."""
        return QUESTIONS[self.question]

    @property
    def right(self) -> int:
        """The place of the right answer in ``order``."""
        return self.order.index(0)


class TriviaGame:
    """The rules. Draws: the question; the order of the answers; one for the fraction of a coin."""

    kind = "triviabet"
    state_type = Trivia
    shared = False
    versioned = True
    joins: frozenset[str] = frozenset()
    one_a_channel = False

    def terms(self, settings: Mapping[str, Any]) -> dict[str, Plain]:
        """Return the time to answer and how many questions there are."""
        return {"answer_ms": settings["trivia_seconds"] * 1000, "questions": len(QUESTIONS)}

    def open(self, opening: Opening, stream: FairStream) -> Step[Trivia]:
        """Ask."""
        known = number_of(opening.terms, "questions")
        suited = suited_questions(
            text_of(opening.options, "category"), text_of(opening.options, "difficulty"), known
        )
        if not suited:
            raise MoveNotPossible(reason=N_("I have no question of that kind."))
        order = [0, 1, 2, 3]
        question = stream.choice(suited)
        stream.shuffle(order)
        until_ms = opening.at_ms + number_of(opening.terms, "answer_ms")
        state = Trivia(question, tuple(order), opening.stake, until_ms)
        return Step(state, deadline_ms=until_ms + GRACE_MS)

    def act(self, state: Trivia, move: Move, stream: FairStream) -> Step[Trivia]:
        """Answer, once."""
        given = _place_of(text_of(move.options, "value"))
        if move.action != "answer" or not 0 <= given < len(state.order):
            raise MoveNotPossible(reason=N_("That is not one of the answers."))
        if move.at_ms > state.until_ms:
            raise MoveNotPossible(reason=N_("The time to answer is over."))
        after = msgspec.structs.replace(state, given=given, is_over=True)
        owed = state.stake * PAYS_PERCENT[state.asked.difficulty]
        paid = whole_coins(owed, PERCENT, stream) if given == state.right else 0
        return Step(after, payouts={0: paid})

    def timeout(self, state: Trivia, at_ms: int, stream: FairStream) -> Step[Trivia]:
        """Take silence as a wrong answer, unless the bot was away."""
        del stream
        after = msgspec.structs.replace(state, is_over=True)
        if at_ms > state.until_ms + GRACE_MS + AWAY_MS:
            return Step(after, released=True)
        return Step(after, payouts={0: 0})


def _place_of(value: str) -> int:
    """Return the place a button names, -1 for anything else."""
    return int(value) if value in {"0", "1", "2", "3"} else -1


def suited_questions(category: str, difficulty: str, known: int) -> list[int]:
    """Return the numbers of the questions that fit, among the first ``known``; empty fits all."""
    return [
        number
        for number, question in enumerate(QUESTIONS[:known])
        if category in {"", question.category} and difficulty in {"", question.difficulty}
    ]


def expected_value(difficulty: Difficulty, known: Fraction) -> Fraction:
    """Return what a coin can expect of somebody who is right with the chance ``known``."""
    return known * Fraction(PAYS_PERCENT[difficulty], PERCENT) - 1
