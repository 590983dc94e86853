"""Administrators' changes: with a reason, in the audit log, undone once."""

import asyncio

import pytest
from tests.features.economy.owners.ledgers import ADA, ANN, BEN, ELSEWHERE, GUILD, Ledger, order

from seraphim.features.economy.public import (
    MAX_BALANCE,
    AccountFrozen,
    AmountInvalid,
    BalanceLimit,
    InsufficientFunds,
    person,
)
from seraphim.features.economy.rules.errors import AnswerForgotten
from seraphim.features.economy.service.administration import (
    Administration,
    Change,
    NothingToChange,
)
from seraphim.features.economy.store.ledger_reading import forget_person, supply
from seraphim.kernel.audit import list_entries
from seraphim.kernel.errors import NotFound
from seraphim.kernel.ids import SequenceIds, UserId


@pytest.fixture
def office(ledger: Ledger) -> Administration:
    return Administration(ledger.db, ledger.bank, ledger.clock, SequenceIds())


@pytest.mark.parametrize(
    ("change", "amount", "balance"),
    [
        ("add", "1.5k", 2500),
        ("remove", "250", 750),
        ("remove", "half", 500),
        ("remove", "all", 0),
        ("set", "40", 40),
        ("set", "2,000", 2000),
        ("set", "0", 0),
    ],
)
async def test_a_change_moves_coins_through_the_mint(
    ledger: Ledger, office: Administration, change: Change, amount: str, balance: int
) -> None:
    await ledger.earn(ANN, 1000)
    done = await office.change(order(), change, amount)
    assert (done.balance, done.delta) == (balance, balance - 1000)
    assert await ledger.balance(ANN) == balance
    books = await ledger.db.read(supply, GUILD)
    assert books.total == balance == books.minted - books.burned


async def test_a_balance_that_is_set_is_set_whatever_moves_meanwhile(
    ledger: Ledger, office: Administration
) -> None:
    await ledger.earn(ANN, 1000)
    earning = asyncio.gather(*(ledger.earn(ANN, 7) for _ in range(8)))
    done = await office.change(order(), "set", "40")
    await earning
    assert done.balance == 40


async def test_a_first_balance_is_set_once_by_two_at_a_time(
    ledger: Ledger, office: Administration
) -> None:
    for number in range(10):
        new = UserId(3_000 + number)
        made = await asyncio.gather(
            *(office.change(order(new, key=f"k{number}-{turn}"), "set", "100") for turn in "ab"),
            return_exceptions=True,
        )
        assert sum(isinstance(one, NothingToChange) for one in made) == 1, made
        assert await ledger.balance(new) == 100


async def test_an_old_change_is_not_repeated_for_who_was_forgotten(
    ledger: Ledger, office: Administration
) -> None:
    await office.change(order(key="old"), "add", "100")
    await ledger.db.write(forget_person, GUILD, ANN)
    with pytest.raises(AnswerForgotten):
        await office.change(order(key="old"), "add", "100")
    assert await ledger.balance(ANN) == 0


async def test_a_change_is_in_the_audit_log_with_its_reason(
    ledger: Ledger, office: Administration
) -> None:
    await office.change(order(reason="won the quiz"), "add", "70")
    (entry,) = await ledger.db.read(list_entries, GUILD)
    assert (entry.action, entry.actor_id, entry.subject) == ("economy.add", ADA, str(ANN))
    assert entry.before == {"value": 0}
    assert entry.after == {"value": 70, "reason": "won the quiz"}
    (line,) = (await office.look(GUILD, ANN)).lines
    assert (line.reason, line.actor_id, line.amount) == ("won the quiz", ADA, 70)


async def test_the_same_click_twice_changes_once_and_says_the_same(
    ledger: Ledger, office: Administration
) -> None:
    await ledger.earn(ANN, 100)
    done = await asyncio.gather(*(office.change(order(), "set", "40") for _ in range(4)))
    assert {each.balance for each in done} == {40}
    assert {each.delta for each in done} == {-60}
    assert len(await ledger.db.read(list_entries, GUILD)) == 1


@pytest.mark.parametrize(
    ("change", "amount"),
    [
        (change, amount)
        for change in ("add", "remove", "set")
        for amount in ("-5", "1.25", "1" + "0" * 30, "\N{ARABIC-INDIC DIGIT FIVE}", "many", "")
    ]
    + [("add", "0"), ("add", "all"), ("remove", "0")],
)
async def test_what_is_no_amount_is_refused(
    ledger: Ledger, office: Administration, change: Change, amount: str
) -> None:
    await ledger.earn(ANN, 100)
    with pytest.raises(AmountInvalid):
        await office.change(order(), change, amount)
    assert await ledger.balance(ANN) == 100


async def test_more_than_is_there_or_fits_is_refused(
    ledger: Ledger, office: Administration
) -> None:
    await ledger.earn(ANN, 100)
    with pytest.raises(InsufficientFunds):
        await office.change(order(), "remove", "101")
    with pytest.raises(BalanceLimit):
        await office.change(order(), "add", str(MAX_BALANCE))
    with pytest.raises(NothingToChange):
        await office.change(order(), "set", "100")
    assert await ledger.balance(ANN) == 100
    assert await ledger.db.read(list_entries, GUILD) == []


@pytest.mark.parametrize(("change", "amount"), [("add", "50"), ("remove", "50"), ("set", "1")])
async def test_undo_brings_back_what_was_once(
    ledger: Ledger, office: Administration, change: Change, amount: str
) -> None:
    await ledger.earn(ANN, 100)
    done = await office.change(order(), change, amount)
    number = int(done.transfer_id)
    undone = await asyncio.gather(*(office.take_back(GUILD, BEN, number) for _ in range(4)))
    assert {each.balance for each in undone} == {100}
    assert sum(not each.repeated for each in undone) == 1
    assert await ledger.balance(ANN) == 100
    newest, _ = await ledger.db.read(list_entries, GUILD)
    assert (newest.action, newest.actor_id) == ("economy.undo", BEN)


async def test_undo_takes_no_more_than_is_left(ledger: Ledger, office: Administration) -> None:
    done = await office.change(order(), "add", "50")
    await ledger.lose(ANN, 20)
    with pytest.raises(InsufficientFunds):
        await office.take_back(GUILD, ADA, int(done.transfer_id))
    assert await ledger.balance(ANN) == 30


async def test_only_changes_of_this_server_can_be_undone(
    ledger: Ledger, office: Administration
) -> None:
    done = await office.change(order(), "add", "50")
    earned = await ledger.earn(ANN, 5)
    undone = await office.take_back(GUILD, ADA, int(done.transfer_id))
    refused = [
        (ELSEWHERE, done.transfer_id),
        (GUILD, earned.transfer_id),
        (GUILD, undone.transfer_id),
        (GUILD, "999999"),
    ]
    for guild, number in refused:
        with pytest.raises(NotFound):
            await office.take_back(guild, ADA, int(number))
    assert await ledger.balance(ANN) == 5


async def test_a_frozen_account_moves_by_administrators_alone(
    ledger: Ledger, office: Administration
) -> None:
    await ledger.earn(ANN, 100)
    await office.freeze(order(), frozen=True)
    assert (await office.look(GUILD, ANN)).frozen
    with pytest.raises(AccountFrozen):
        await ledger.move(person(ANN), person(BEN), 1, "give")
    done = await office.change(order(), "remove", "60")
    await office.take_back(GUILD, ADA, int(done.transfer_id))
    with pytest.raises(NothingToChange):
        await office.freeze(order(), frozen=True)
    await office.freeze(order(), frozen=False)
    await ledger.move(person(ANN), person(BEN), 1, "give")
    actions = [entry.action for entry in await ledger.db.read(list_entries, GUILD)]
    assert sorted(actions) == [
        "economy.freeze", "economy.remove", "economy.undo", "economy.unfreeze",
    ]  # fmt: skip
