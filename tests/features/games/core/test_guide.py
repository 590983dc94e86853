"""Every figure in the guide's tables follows from the rules."""

from fractions import Fraction
from pathlib import Path

import pytest

from seraphim.features.games.commands.slots import EMOJI
from seraphim.features.games.rules import (
    blackjack,
    coinflip,
    crash,
    dice,
    doubleornothing,
    duel,
    heist,
    highlow,
    mysterybox,
    race,
    roulette,
    rps,
    slots,
    trivia,
)
from seraphim.features.games.rules import blackjack_value as best
from seraphim.features.games.rules.game import GAME_LIMIT_MS
from seraphim.features.games.service.catalogue import BY_KIND
from seraphim.features.games.service.settings import GamesSettings

GUIDE = (Path(__file__).parents[4] / "docs/guide/games.md").read_text(encoding="utf-8")
SET = GamesSettings()
WORTH: dict[str, Fraction] = {
    "blackjack": best.expected_value("best"),
    "coinflip": coinflip.expected_value(SET.coinflip_payout_percent),
    "crash": crash.expected_value(200, SET.crash_edge_percent),
    "dice": dice.expected_value("seven", SET.dice_return_percent),
    "doubleornothing": doubleornothing.expected_value(SET.doubleornothing_win_percent, 1),
    "duel": duel.expected_value(SET.duel_fee_percent),
    "heist": heist.expected_value(1, SET.heist_return_percent),
    "highlow": highlow.expected_value(SET.highlow_keep_percent, 1),
    "mysterybox": mysterybox.expected_value(SET.mysterybox_payout_percent),
    "race": race.expected_value("comet", SET.race_return_percent),
    "roulette": roulette.expected_value("red"),
    "rps": rps.expected_value(SET.rps_win_percent),
    "slots": slots.expected_value(SET.slots_payout_percent),
}


def of_100(value: Fraction) -> str:
    """What 100 coins become."""
    return f"{100 + float(value) * 100:.2f}"


def percent(chance: Fraction) -> str:
    return f"{float(chance) * 100:.3g} %"


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its two head lines."""
    lines = GUIDE.split(f"{heading}\n", 1)[1].split("\n#", 1)[0].splitlines()
    table = [line for line in lines if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


@pytest.mark.parametrize("kind", sorted(BY_KIND))
def test_what_a_game_is_worth(kind: str) -> None:
    (row,) = [row for row in rows("## What each game is worth") if row[0].startswith(f"[`/{kind} ")]
    if kind == "triviabet":
        assert row[2] == "it depends on what you know"
    else:
        assert row[2].split(" ")[0].rstrip(",") == of_100(WORTH[kind])


def test_blackjack() -> None:
    text = GUIDE.split("### Blackjack", 1)[1].split("###", 1)[0]
    assert f"The best play makes {of_100(best.expected_value('best'))} of 100 coins" in text
    assert f"whatever you got, {of_100(best.expected_value('stand'))}." in text
    assert f"draws to {blackjack.DEALER_STANDS} and stands" in text


def test_crash() -> None:
    table = rows("### Crash")
    assert len(table) >= 5
    for height, chance, after in table:
        hundredths = round(float(height.rstrip("x")) * 100)
        exact = float(crash.chance_of(hundredths, SET.crash_edge_percent)) * 100
        assert chance in {f"{exact:.1f} %", f"{exact:.2f} %"}
        assert after == f"{crash.elapsed_to(hundredths) / 1000:.1f} s"
    assert f"for {SET.crash_join_seconds} seconds the others board" in GUIDE
    on_the_pad = 1 - crash.chance_of(101, SET.crash_edge_percent)
    assert f"In {round(on_the_pad * 100)} rounds of 100 it bursts on the pad" in GUIDE
    assert f"At {crash.MOST / 100:.2f}x everybody gets off." in GUIDE
    assert crash.LATE_START_MS == 60_000


def test_dice() -> None:
    guesses = {
        "under seven, over seven": ("under", "over"),
        "exactly seven": ("seven",),
        "an odd sum, an even sum": ("odd", "even"),
        "two alike": ("doubles",),
        "two ones": ("snake_eyes",),
    }
    expected = [
        [words, f"{dice.WAYS[name]} in {dice.ROLLS}",
         f"{float(dice.pays(name, SET.dice_return_percent)):g} times"]
        for words, names in guesses.items() for name in names[:1]
    ]  # fmt: skip
    assert rows("### Dice") == expected
    assert {name for names in guesses.values() for name in names} == set(dice.GUESSES)
    assert all(len({dice.WAYS[name] for name in names}) == 1 for names in guesses.values())


def test_heist() -> None:
    expected = [
        [f"{crew}{' or more' if crew == 6 else ''}", f"{heist.chance_percent(crew)} %",
         f"{float(heist.loot_of(crew, SET.heist_return_percent)):.2f}"]
        for crew in range(1, 7)
    ]  # fmt: skip
    found = rows("### Heist")
    assert [row[:2] for row in found] == [row[:2] for row in expected]
    for row, right in zip(found, expected, strict=True):
        assert abs(float(row[2]) - float(right[2])) < 0.011
    assert heist.chance_percent(6) == heist.chance_percent(50)
    assert f"In {heist.ESCAPE_PERCENT} of 100 heists the crew escapes." in GUIDE


def test_mystery_boxes() -> None:
    assert rows("### Mystery box") == [
        [str(weight), f"{hundredths / 100:g} times the bet"]
        for hundredths, weight in mysterybox.CONTENTS
    ]


def test_race() -> None:
    assert rows("### Race") == [
        [racer.capitalize(), f"{chance} %",
         f"{float(race.pays(racer, SET.race_return_percent)):.2f} times"]
        for racer, chance in race.RACERS.items()
    ]  # fmt: skip


def test_roulette() -> None:
    assert [row[1:] for row in rows("### Roulette")] == [
        [f"{len(roulette.SPACES[space])} in {roulette.POCKETS}", f"{roulette.pays(space)} times"]
        for space in ("17", "dozen1", "red")
    ]
    assert f"{SET.roulette_open_seconds} seconds after the first bet" in GUIDE


def test_slots() -> None:
    total = sum(slots.WEIGHTS.values())
    expected = [
        [EMOJI[name] * 3, percent(Fraction(slots.WEIGHTS[name], total) ** 3),
         f"{hundredths / 100:g} times"]
        for name, hundredths in slots.THREE.items()
    ]  # fmt: skip
    cherry = Fraction(slots.WEIGHTS["cherry"], total)
    two = 3 * cherry**2 * (1 - cherry)
    pair = [
        f"{EMOJI['cherry'] * 2} and another",
        percent(two),
        f"{slots.TWO_CHERRIES / 100:g} times",
    ]
    assert rows("### Slots") == [*expected, pair]


def test_trivia() -> None:
    expected: list[list[str]] = []
    for difficulty, known in trivia.KNOWN_PERCENT.items():
        for_them = trivia.expected_value(difficulty, Fraction(known, 100))
        guessed = trivia.expected_value(difficulty, Fraction(1, 4))
        pays = f"{trivia.PAYS_PERCENT[difficulty] / 100:g} times"
        expected.append([difficulty, pays, f"{known} %", of_100(for_them), of_100(guessed)])
    assert rows("### Trivia") == expected
    assert f"at most {SET.trivia_max_bet} coins" in GUIDE
    assert f"a day has {SET.trivia_daily_rounds} questions" in GUIDE


def test_waits_and_limits() -> None:
    last = {row[0]: row[1] for row in rows("## When you do not come back")}
    minutes = {highlow.LIMIT_MS, doubleornothing.LIMIT_MS, mysterybox.LIMIT_MS}
    assert minutes == {10 * 60_000}
    assert {last[f"`/{name}`"] for name in ("mysterybox", "highlow", "doubleornothing")} == {
        "10 minutes"
    }
    assert last["`/blackjack`"] == f"{GAME_LIMIT_MS // 3_600_000} hours"
    assert last["`/triviabet`"] == f"{SET.trivia_seconds} seconds"
    assert last["`/rps`"] == f"{rps.THROW_MS // 1000} seconds"
    assert last["`/duel`"] == f"{SET.duel_accept_seconds} seconds"
    starts = (SET.roulette_open_seconds, SET.race_join_seconds, SET.heist_join_seconds)
    assert last["`/roulette`, `/race`, `/heist`"] == "{}, {} and {} seconds".format(*starts)
    assert f"up to {SET.doubleornothing_win_percent} doubles" in GUIDE
    assert f"less a fee of {SET.duel_fee_percent} %" in GUIDE
    assert f"Called right, it pays {SET.coinflip_payout_percent / 100:g} times the bet." in GUIDE
