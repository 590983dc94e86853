"""Blackjack: what each hand pays, and what the game is worth."""

from fractions import Fraction

import pytest
from tests.features.games.people.scripted import Scripted, cards, move, opening, seeded

from seraphim.features.games.rules.blackjack import Blackjack, BlackjackGame, possible
from seraphim.features.games.rules.blackjack_value import expected_value
from seraphim.features.games.rules.cards import total_of
from seraphim.features.games.rules.errors import MoveNotPossible
from seraphim.features.games.rules.game import Step

GAME = BlackjackGame()


def play(
    dealt: str, *actions: str, stake: int = 100, more: tuple[int, ...] = ()
) -> Step[Blackjack]:
    """Open and act on these cards: member, dealer, member, dealer, then as they come."""
    stream = Scripted(*cards(dealt), *more)
    step = GAME.open(opening(stake), stream)
    for action in actions:
        step = (
            GAME.timeout(step.state, 0, stream)
            if action == "timeout"
            else GAME.act(step.state, move(0, action), stream)
        )
    assert stream.left == [], "every card that was laid out has been dealt"
    return step


@pytest.mark.parametrize(
    ("dealt", "actions", "paid"),
    [
        ("10♠ 10♥ 9♠ 7♥", ["stand"], 200),
        ("10♠ 10♥ 7♠ 9♥", ["stand"], 0),
        ("10♠ 10♥ 9♠ 9♥", ["stand"], 100),
        ("10♠ 10♥ 5♠ 9♥ K♣", ["hit"], 0),  # bust: the dealer draws nothing
        ("10♠ 10♥ 5♠ 6♥ 6♣ 9♦", ["hit"], 200),  # 21 stands by itself; the dealer busts on 25
        ("10♠ A♥ 9♠ K♥", [], 0),  # the dealer looks first
        ("A♠ A♥ K♠ K♥", [], 100),  # two naturals
        ("10♠ A♥ 9♠ 6♥", ["stand"], 200),  # the dealer stands on a soft 17
        ("5♠ 10♥ 6♠ 7♥ K♣", ["double"], 400),
        ("5♠ 10♥ 6♠ 7♥ 2♣", ["double"], 0),
        ("10♠ 10♥ 2♠ 7♥", ["timeout"], 0),  # an abandoned hand stands
        ("10♠ 10♥ 2♠ 2♥ K♦", ["timeout"], 200),
    ],
)
def test_pays_what_the_hand_is_worth(dealt: str, actions: list[str], paid: int) -> None:
    assert play(dealt, *actions).payouts == {0: paid}


@pytest.mark.parametrize(("stake", "draw", "paid"), [(100, 0, 250), (101, 0, 252), (101, 1, 253)])
def test_a_natural_pays_three_to_two_and_a_draw_decides_half_a_coin(
    stake: int, draw: int, paid: int
) -> None:
    assert play("A♠ 9♥ K♠ 9♦", stake=stake, more=(draw,)).payouts == {0: paid}


def test_a_split_makes_two_hands_that_are_played_and_paid_each_for_itself() -> None:
    split = play("8♠ 6♥ 8♥ K♥ 3♠ 10♦", "split")
    assert split.holds == {0: 100}
    assert [total_of(hand.cards)[0] for hand in split.state.hands] == [11, 18]
    # The first is doubled to 21, the second stands on 18, the dealer has 16 and draws a 3.
    done = play("8♠ 6♥ 8♥ K♥ 3♠ 10♦ Q♠ 3♦", "split", "double", "stand")
    assert done.payouts == {0: 400}
    assert [hand.stake for hand in done.state.hands] == [200, 100]


def test_split_aces_get_one_card_each_and_make_no_natural() -> None:
    done = play("A♠ 10♥ A♥ 10♦ K♠ 5♠", "split")
    assert done.payouts == {0: 200}, "21 beats 20 at even money, 16 loses"


def test_only_what_the_hand_allows_can_be_done() -> None:
    pair = play("8♠ 6♥ 8♥ K♥")
    assert possible(pair.state) == ("hit", "stand", "double", "split")
    three = play("8♠ 6♥ 8♥ K♥ 2♠", "hit")
    assert possible(three.state) == ("hit", "stand")
    other = play("8♠ 6♥ 9♥ K♥")
    assert possible(other.state) == ("hit", "stand", "double")
    again = play("8♠ 6♥ 8♥ K♥ 8♦ 10♦", "split")
    assert "split" not in possible(again.state)
    for state, action in ((three.state, "double"), (other.state, "split"), (again.state, "split")):
        with pytest.raises(MoveNotPossible):
            GAME.act(state, move(0, action), Scripted(1, 1))
    over = play("10♠ 10♥ 9♠ 7♥", "stand")
    with pytest.raises(MoveNotPossible):
        GAME.act(over.state, move(0, "stand"), Scripted())


def test_is_worth_a_little_less_than_nothing_to_the_best_player_there_is() -> None:
    best = expected_value("best")
    assert Fraction(-1, 100) < best < 0
    assert float(best) == pytest.approx(-0.005704, abs=1e-6)


def test_walking_away_is_never_better_than_playing() -> None:
    assert expected_value("stand") < expected_value("dealer") < expected_value("best")


def test_the_rules_play_what_the_recursion_says() -> None:
    """4,000 rounds of the real rules, against the exact figure of the same policy."""
    rounds, sum_won, sum_squares = 4000, 0.0, 0.0
    for nonce in range(rounds):
        stream = seeded(nonce)
        step = GAME.open(opening(2), stream)
        while not step.is_over:
            total = total_of(step.state.hands[0].cards)[0]
            step = GAME.act(step.state, move(0, "hit" if total < 17 else "stand"), stream)
        assert step.payouts is not None
        won = (step.payouts[0] - 2) / 2
        sum_won += won
        sum_squares += won * won
    mean = sum_won / rounds
    deviation = (sum_squares / rounds - mean * mean) ** 0.5 / rounds**0.5
    assert abs(mean - float(expected_value("dealer"))) < 4 * deviation
