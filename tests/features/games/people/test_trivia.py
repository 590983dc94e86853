"""Trivia: the bank of questions, what an answer pays, and what it is worth."""

from collections import Counter
from fractions import Fraction

import pytest
from tests.features.games.people.scripted import NOON, Scripted, move, opening, seeded

from seraphim.features.games.rules.errors import MoveNotPossible
from seraphim.features.games.rules.game import Plain
from seraphim.features.games.rules.trivia import (
    AWAY_MS,
    GRACE_MS,
    KNOWN_PERCENT,
    TriviaGame,
    expected_value,
    suited_questions,
)
from seraphim.features.games.rules.trivia_bank import CATEGORIES, QUESTIONS, Difficulty

GAME = TriviaGame()
TERMS: dict[str, Plain] = {"answer_ms": 20_000, "questions": len(QUESTIONS)}
HARD = next(n for n, question in enumerate(QUESTIONS) if question.difficulty == "hard")
KEPT_ORDER = (3, 2, 1)
"""Draws that leave the four answers in the bank's order, the right one first."""


def test_the_bank_has_questions_of_every_kind_and_none_twice() -> None:
    assert len(QUESTIONS) >= 120
    assert len({question.text for question in QUESTIONS}) == len(QUESTIONS)
    kinds = Counter((question.category, question.difficulty) for question in QUESTIONS)
    assert set(kinds) == {(one, two) for one in CATEGORIES for two in KNOWN_PERCENT}
    assert min(kinds.values()) >= 2
    for question in QUESTIONS:
        assert question.text.endswith("?")
        assert len(set(question.answers)) == 4
        assert max(len(answer) for answer in question.answers) <= 60, "it has to fit on a button"


@pytest.mark.parametrize("difficulty", list(KNOWN_PERCENT))
def test_is_worth_a_little_less_than_nothing_to_whom_it_was_made_for(
    difficulty: Difficulty,
) -> None:
    value = expected_value(difficulty, Fraction(KNOWN_PERCENT[difficulty], 100))
    assert Fraction(-1, 10) <= value < 0
    assert expected_value(difficulty, Fraction(1, 4)) < Fraction(-3, 10), "a guess"


def test_a_right_answer_pays_by_difficulty_and_a_wrong_one_nothing() -> None:
    opened = GAME.open(opening(terms=TERMS), Scripted(HARD, *KEPT_ORDER))
    assert opened.state.right == 0
    right = GAME.act(opened.state, move(0, "answer", options={"value": "0"}), Scripted(0))
    assert right.payouts == {0: 270}
    wrong = GAME.act(opened.state, move(0, "answer", options={"value": "2"}), Scripted())
    assert wrong.payouts == {0: 0}
    last = GAME.act(opened.state, move(0, "answer", 20_000, options={"value": "0"}), Scripted(0))
    assert last.payouts == {0: 270}


def test_refuses_a_late_answer_and_what_is_no_answer() -> None:
    state = GAME.open(opening(terms=TERMS), Scripted(HARD, *KEPT_ORDER)).state
    for wrong in (
        move(0, "answer", 20_001, options={"value": "0"}),
        move(0, "answer", options={"value": "4"}),
        move(0, "answer", options={"value": "-1"}),
        move(0, "answer", options={"value": 0}),
        move(0, "skip", options={"value": "0"}),
    ):
        with pytest.raises(MoveNotPossible):
            GAME.act(state, wrong, Scripted(0))


def test_silence_loses_unless_the_bot_was_away() -> None:
    opened = GAME.open(opening(terms=TERMS), Scripted(HARD, *KEPT_ORDER))
    assert opened.deadline_ms == NOON + 20_000 + GRACE_MS
    assert GAME.timeout(opened.state, opened.deadline_ms, Scripted()).payouts == {0: 0}
    late = GAME.timeout(opened.state, opened.deadline_ms + AWAY_MS + 1, Scripted())
    assert late.released


def test_asks_only_what_was_wished_and_what_the_bank_held_then() -> None:
    wish: dict[str, Plain] = {"category": "food", "difficulty": "easy"}
    for nonce in range(30):
        asked = GAME.open(opening(options=wish, terms=TERMS), seeded(nonce)).state.asked
        assert (asked.category, asked.difficulty) == ("food", "easy")
    assert max(suited_questions("", "", 10)) == 9
    with pytest.raises(MoveNotPossible):
        GAME.open(opening(options={"category": "gossip"}, terms=TERMS), seeded(0))


def test_the_right_answer_is_as_often_in_each_place() -> None:
    places = Counter(GAME.open(opening(terms=TERMS), seeded(n)).state.right for n in range(2000))
    assert all(abs(places[place] - 500) < 4 * (2000 * 0.25 * 0.75) ** 0.5 for place in range(4))
