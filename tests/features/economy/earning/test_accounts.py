"""Gifts, standings and statements."""

import asyncio
import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy.engine import Connection
from tests.features.economy.earning.till import ANN, BEN, CID, Till

from seraphim.features.economy.ports import NullScores, Score
from seraphim.features.economy.public import (
    MINT,
    AccountFrozen,
    AmountInvalid,
    BalanceLimit,
    InsufficientFunds,
    person,
)
from seraphim.features.economy.rules.errors import AnswerForgotten
from seraphim.features.economy.rules.ledger import MAX_BALANCE
from seraphim.features.economy.rules.members import IsYourself
from seraphim.features.economy.service.accounts import Gift
from seraphim.features.economy.service.leaderboard import Leaderboard
from seraphim.features.economy.service.statement import MAX_ROWS, Statements
from seraphim.features.economy.store.ledger_reading import forget_person
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import GuildId, UserId


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("250", 250),
        ("1,000", 1_000),
        ("1.5k", 1_500),
        ("half", 1_001),
        ("all", 2_003),
        ("10%", 200),
    ],
)
async def test_a_gift_moves_what_was_typed(till: Till, typed: str, amount: int) -> None:
    await till.fund(ANN, 2_003)
    gift = await till.give(ANN, BEN, typed, "one")
    assert gift == Gift(amount, 2_003 - amount)
    assert await till.balance(BEN) == amount
    assert await till.give(ANN, BEN, typed, "one") == replace(gift, repeated=True)
    assert await till.balance(BEN) == amount


WRONG = (
    *("0", "-5", "\N{MINUS SIGN}5", "1.5", "0.5k1", "10^30", str(10**30), "1e30", "9" * 5_000),
    *("nan", "inf", "ten", "", " ", "0%", "101%", "-10%", "1k5", "1,00", "'; DROP TABLE accounts"),
    "\N{ARABIC-INDIC DIGIT FIVE}\N{ARABIC-INDIC DIGIT ZERO}",
    "\N{DEVANAGARI DIGIT FIVE}",
    "\N{FULLWIDTH DIGIT FIVE}",
    "\N{ROMAN NUMERAL TWELVE}",
    "\N{SUPERSCRIPT TWO}",
)


@pytest.mark.parametrize("typed", WRONG)
async def test_what_is_no_amount_moves_nothing_and_says_why(till: Till, typed: str) -> None:
    await till.fund(ANN, 1_000)
    with pytest.raises(AmountInvalid) as refused:
        await till.give(ANN, BEN, typed)
    assert str(refused.value).endswith(".")
    assert (await till.balance(ANN), await till.balance(BEN)) == (1_000, 0)


@pytest.mark.parametrize("typed", ["all", "half", "50%"])
async def test_a_share_of_nothing_is_no_gift(till: Till, typed: str) -> None:
    with pytest.raises(AmountInvalid):
        await till.give(ANN, BEN, typed)


async def test_more_than_there_is_stays_where_it_is(till: Till) -> None:
    await till.fund(ANN, 10)
    with pytest.raises(InsufficientFunds):
        await till.give(ANN, BEN, "11")
    assert await till.total() == 10


async def test_nobody_gives_to_themselves(till: Till) -> None:
    await till.fund(ANN, 10)
    with pytest.raises(IsYourself):
        await till.give(ANN, ANN, "1")


@pytest.mark.parametrize("frozen", [ANN, BEN])
async def test_a_frozen_account_neither_gives_nor_gets(till: Till, frozen: UserId) -> None:
    await till.fund(ANN, 10)
    await till.freeze(frozen)
    with pytest.raises(AccountFrozen, match=str(frozen)):
        await till.give(ANN, BEN, "1")
    assert await till.balance(ANN) == 10


async def test_a_full_account_takes_no_gift(till: Till) -> None:
    await till.fund(ANN, 10)
    await till.fund(BEN, MAX_BALANCE)
    with pytest.raises(BalanceLimit):
        await till.give(ANN, BEN, "1")
    assert await till.balance(ANN) == 10


async def test_giving_everything_to_two_at_once_gives_it_once(till: Till) -> None:
    await till.fund(ANN, 100)
    made = await asyncio.gather(
        till.give(ANN, BEN, "100"), till.give(ANN, CID, "100"), return_exceptions=True
    )
    assert sum(isinstance(one, Gift) for one in made) == 1
    assert sum(isinstance(one, InsufficientFunds) for one in made) == 1
    assert (await till.balance(BEN)) + (await till.balance(CID)) == 100


async def test_an_old_gift_is_not_repeated_for_who_was_forgotten(till: Till) -> None:
    await till.fund(ANN, 100)
    await till.give(ANN, BEN, "40", "old")
    await till.db.write(forget_person, till.guild_id, ANN)
    with pytest.raises(AnswerForgotten):
        await till.give(ANN, BEN, "40", "old")
    assert (await till.balance(ANN), await till.balance(BEN)) == (0, 40)


async def test_holdings_tell_coins_place_and_frost(till: Till) -> None:
    await till.fund(ANN, 5)
    await till.fund(BEN, 9)
    await till.freeze(ANN)
    held = await till.accounts.holdings(till.guild_id, ANN)
    assert (held.balance, held.position, held.frozen) == (5, 2, True)
    nobody = await till.accounts.holdings(till.guild_id, CID)
    assert (nobody.balance, nobody.position, nobody.frozen) == (0, None, False)


async def test_the_leaderboard_has_pages_and_ones_own_place(till: Till) -> None:
    people = [UserId(3 * 10**18 + number) for number in range(23)]
    for number, user in enumerate(people, 1):
        await till.fund(user, number * 10)
    board = Leaderboard(till.db, NullScores())
    first = await board.coins(till.guild_id, people[0], 1)
    assert [line.balance for line in first.lines] == list(range(230, 130, -10))
    assert [line.position for line in first.lines] == list(range(1, 11))
    assert (first.page, first.pages) == (1, 3)
    assert first.own is not None
    assert (first.own.position, first.own.balance) == (23, 10)
    last = await board.coins(till.guild_id, ANN, 99)
    assert (last.page, len(last.lines), last.own) == (3, 3, None)
    assert (await board.coins(till.guild_id, ANN, -4)).page == 1
    assert (await board.coins(GuildId(5), ANN, 1)).lines == []


class TwelvePlayers:
    """Scores of twelve members, the first with the most wins."""

    scores = tuple(Score(UserId(n), n, 100, 100 - n, 5 - n) for n in range(1, 13))

    async def list_scores(self, guild_id: GuildId, *, start: int, limit: int) -> Sequence[Score]:
        del guild_id
        return self.scores[start : start + limit]

    async def find_score(self, guild_id: GuildId, user_id: UserId) -> Score | None:
        del guild_id
        return next((score for score in self.scores if score.user_id == user_id), None)

    async def count_scores(self, guild_id: GuildId, *, at_most: int) -> int:
        del guild_id
        return min(at_most, len(self.scores))


async def test_the_games_leaderboard_comes_from_the_games(till: Till) -> None:
    board = Leaderboard(till.db, TwelvePlayers())
    second = await board.games(till.guild_id, UserId(4), 2)
    assert [line.position for line in second.lines] == [11, 12]
    assert (second.page, second.pages) == (2, 2)
    assert second.own is not None
    assert second.own.position == 4
    none = await Leaderboard(till.db, NullScores()).games(till.guild_id, ANN, 1)
    assert (list(none.lines), none.page, none.pages, none.own) == ([], 1, 1, None)


async def test_a_statement_turns_its_pages_without_gaps_or_repeats(till: Till) -> None:
    for number in range(1, 24):
        await till.fund(ANN, number)
    statements = Statements(till.db)
    amounts: list[int] = []
    before, sizes = None, list[int]()
    while True:
        page = await statements.page(till.guild_id, ANN, before)
        amounts += [line.amount for line in page.lines]
        sizes.append(len(page.lines))
        before = page.older
        if before is None:
            break
    assert amounts == list(range(23, 0, -1))
    assert sizes == [10, 10, 3]


async def test_a_last_page_that_is_just_full_leads_nowhere(till: Till) -> None:
    for _ in range(10):
        await till.fund(ANN, 1)
    assert (await Statements(till.db).page(till.guild_id, ANN)).older is None
    assert (await Statements(till.db).page(till.guild_id, BEN)).lines == []


async def test_the_table_holds_every_movement_of_ones_own(till: Till) -> None:
    await till.fund(ANN, 500)
    await till.clock.advance(61)
    await till.give(ANN, BEN, "120")
    await till.db.write(
        till.bank.transfer, till.guild_id, MINT, person(ANN), 7, key="k", kind="eco_add",
        reason='\uff1dHYPERLINK("x"),\n"quoted" ✨',
    )  # fmt: skip
    table = await Statements(till.db).table(till.guild_id, ANN)
    rows = list(csv.DictReader(io.StringIO(table.decode())))
    assert [(row["kind"], row["amount"], row["balance"], row["with"]) for row in rows] == [
        ("eco_add", "7", "387", "mint"),
        ("give", "-120", "380", f"member {BEN}"),
        ("eco_add", "500", "500", "mint"),
    ]
    assert rows[0]["reason"] == '\'\uff1dHYPERLINK("x"),\n"quoted" ✨'
    at = datetime.fromisoformat(rows[1]["time"])
    assert at == till.clock.now().replace(microsecond=0)
    assert at.tzinfo == UTC
    assert (await Statements(till.db).table(till.guild_id, CID)).decode().count("\n") == 1


async def test_a_long_table_is_read_piece_by_piece(till: Till) -> None:
    def deposit(conn: Connection) -> None:
        for number in range(1, 411):
            key = f"deposit {number}"
            till.bank.transfer(conn, till.guild_id, MINT, person(ANN), number, key=key, kind="work")

    await till.db.write(deposit)
    table = (await Statements(till.db).table(till.guild_id, ANN)).decode()
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [int(row["amount"]) for row in rows] == list(range(410, 0, -1))
    assert len(rows) < MAX_ROWS


async def test_a_gift_to_a_member_who_is_paid_at_the_same_time_keeps_the_sum(till: Till) -> None:
    await till.fund(ANN, 1_000)
    made = await asyncio.gather(
        *(till.give(ANN, BEN, "10") for _ in range(20)),
        *(till.give(BEN, ANN, "10") for _ in range(20)),
        till.earn("daily", BEN),
        return_exceptions=True,
    )
    assert all(not isinstance(one, BaseException) or isinstance(one, SeraphimError) for one in made)
    assert await till.total() == 1_100
