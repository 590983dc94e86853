"""Amounts as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seraphim.features.economy.public import (
    MAX_BALANCE,
    AmountInvalid,
    format_coins,
    format_number,
    parse_amount,
)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("250", 250),
        (" 250 ", 250),
        ("+7", 7),
        ("1,000", 1_000),
        ("1_000", 1_000),
        ("12,345,678", 12_345_678),
        ("1.5k", 1_500),
        ("2M", 2_000_000),
        ("0.001b", 1_000_000),
        ("3.0", 3),
        ("all", 901),
        ("MAX", 901),
        ("half", 450),
        ("25%", 225),
        ("100%", 901),
        ("1000000000000000", MAX_BALANCE),
    ],
)
def test_amounts_are_understood(text: str, amount: int) -> None:
    assert parse_amount(text, available=901) == amount


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("0", "at least 1"),
        ("0k", "at least 1"),
        ("-5", "at least 1"),
        ("\N{MINUS SIGN}5", "at least 1"),
        ("1.5", "whole"),
        ("1.0005k", "whole"),
        ("1" + "0" * 30, "more than any account"),
        ("1" + "0" * 40, "too long"),
        ("9999999b", "more than any account"),
        ("\u0661\u0662\u0663", "did not understand"),
        ("\uff11\uff12", "did not understand"),
        ("\u00b2", "did not understand"),
        ("1e5", "did not understand"),
        ("0x10", "did not understand"),
        ("1,00", "did not understand"),
        ("1.000", "did not understand"),
        ("1.000.000", "did not understand"),
        ("1 000", "did not understand"),
        ("k", "did not understand"),
        ("", "did not understand"),
        ("nan", "did not understand"),
        ("infinity", "did not understand"),
        ("0%", "1% to 100%"),
        ("101%", "1% to 100%"),
        ("\u0665%", "did not understand"),
    ],
)
def test_what_is_no_amount_gets_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(AmountInvalid, match=sentence):
        parse_amount(text, available=1_000)


def test_all_of_nothing_is_no_amount() -> None:
    for text in ("all", "half", "1%"):
        with pytest.raises(AmountInvalid, match="at least 1"):
            parse_amount(text, available=0)
    with pytest.raises(AmountInvalid, match="at least 1"):
        parse_amount("half", available=1)


def test_words_need_a_balance_to_refer_to() -> None:
    with pytest.raises(AmountInvalid, match="Give a number"):
        parse_amount("all", available=None)
    assert parse_amount("12", available=None) == 12


def test_bounds_are_kept_and_all_means_what_is_allowed() -> None:
    assert parse_amount("all", available=5_000, high=1_000) == 1_000
    with pytest.raises(AmountInvalid, match="more than is allowed"):
        parse_amount("1001", available=5_000, high=1_000)
    with pytest.raises(AmountInvalid, match="less than the least"):
        parse_amount("9", available=5_000, low=10)
    with pytest.raises(AmountInvalid, match="less than the least"):
        parse_amount("all", available=9, low=10)


@given(st.text(max_size=40), st.integers(0, MAX_BALANCE))
def test_any_text_is_an_amount_within_bounds_or_refused(text: str, available: int) -> None:
    try:
        amount = parse_amount(text, available=available, low=2, high=10_000)
    except AmountInvalid:
        return
    assert 2 <= amount <= 10_000


@given(st.integers(1, MAX_BALANCE))
def test_what_is_shown_is_understood(amount: int) -> None:
    assert parse_amount(format_number(amount), available=None) == amount


def test_coins_are_shown_in_the_guilds_words() -> None:
    class Words:
        currency_symbol = "\N{SPARKLES}"

    assert format_coins(1_250, Words()) == "1,250 \N{SPARKLES}"
