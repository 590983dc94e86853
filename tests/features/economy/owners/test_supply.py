"""The supply over time: the roll-up and what came since are one figure, whatever is rolled up."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from tests.features.economy.owners.ledgers import ANN, BEN, DAY, ELSEWHERE, GUILD, Ledger

from seraphim.features.economy.public import HOUSE, MINT, TREASURY, escrow, person
from seraphim.features.economy.rules.supply import (
    MAX_GROUPS,
    OTHER,
    Flow,
    group_of,
    supply_view,
)
from seraphim.features.economy.service import supply as supply_service
from seraphim.features.economy.service.settings import EconomySettings
from seraphim.features.economy.service.supply import MintAlert, SupplyBook, SupplyWatch
from seraphim.features.economy.store import supply as store
from seraphim.features.economy.store.owners_tables import economy_days
from seraphim.kernel.ids import ChannelId, GuildId

CHANNEL = ChannelId(3_000_000_000_000_000_001)


class Watched:
    """A guild's settings, and what it was told."""

    def __init__(self, ledger: Ledger, **settings: object) -> None:
        self.settings = EconomySettings.model_validate(settings)
        self.told: list[MintAlert] = []
        self.deaf = False
        self.watch = SupplyWatch(ledger.db, ledger.clock, self._settings, self._tell)

    async def _settings(self, _: GuildId) -> EconomySettings:
        return self.settings

    async def _tell(self, alert: MintAlert) -> None:
        if self.deaf:
            raise LookupError("no such channel")
        self.told.append(alert)


@pytest.fixture
def book(ledger: Ledger) -> SupplyBook:
    return SupplyBook(ledger.db, ledger.clock)


async def a_week(ledger: Ledger) -> None:
    """Four busy days and three quiet ones; today is the last."""
    await ledger.earn(ANN, 1000)
    await ledger.clock.advance(DAY)
    await ledger.earn(BEN, 500, "work")
    await ledger.lose(ANN, 300)
    await ledger.clock.advance(3 * DAY)
    await ledger.win(BEN, 100)
    await ledger.move(person(ANN), person(BEN), 50, "give")
    await ledger.clock.advance(2 * DAY)
    await ledger.shop(BEN, 40)
    await ledger.move(MINT, person(ANN), 7_000, "daily", ELSEWHERE)


async def test_the_supply_of_each_day_and_what_changed_it(ledger: Ledger, book: SupplyBook) -> None:
    await a_week(ledger)
    view = await book.look(GUILD, 7)
    assert view.supply == (1000, 1200, 1200, 1200, 1300, 1300, 1260)
    assert view.daily["games"] == (0, -300, 0, 0, 100, 0, 0)
    assert view.daily["shop"] == (0, 0, 0, 0, 0, 0, -40)
    assert "give" not in view.daily, "gifts change nobody's supply"
    assert [(one.group, one.net) for one in view.sources] == [("daily", 1000), ("work", 500)]
    assert [(one.group, one.net) for one in view.sinks] == [("games", -200), ("shop", -40)]
    assert (view.current, view.minted, view.burned, view.transfers) == (1260, 1600, 340, 6)


async def test_rolling_up_changes_no_figure(ledger: Ledger, book: SupplyBook) -> None:
    await a_week(ledger)
    before = [await book.look(GUILD, days) for days in (7, 30, 90)]
    watch = Watched(ledger).watch
    assert await watch.roll_up() == 5, "today's last two may still have older ones to come"
    assert [await book.look(GUILD, days) for days in (7, 30, 90)] == before
    await ledger.clock.advance(11 * 60)
    assert await watch.roll_up() == 2
    assert await watch.roll_up() == 0
    assert [await book.look(GUILD, days) for days in (7, 30, 90)] == before
    rows = await ledger.db.read(lambda conn: conn.execute(select(economy_days)).all())
    assert len(rows) == 7
    assert {row.guild_id for row in rows} == {GUILD, ELSEWHERE}


async def test_a_roll_up_goes_on_where_the_last_ended(
    ledger: Ledger, book: SupplyBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "SLICE", 2)
    await a_week(ledger)
    await ledger.clock.advance(DAY)
    assert await ledger.db.write(store.roll_up, ledger.clock.now_ms()) == 2
    assert (await book.look(GUILD, 30)).current == 1260
    assert await Watched(ledger).watch.roll_up() == 5
    await ledger.earn(ANN, 1)
    view = await book.look(GUILD, 30)
    assert (view.current, view.transfers) == (1261, 7)


async def test_what_happened_before_the_span_is_where_it_begins(
    ledger: Ledger, book: SupplyBook
) -> None:
    await a_week(ledger)
    await ledger.clock.advance(30 * DAY)
    await Watched(ledger).watch.roll_up()
    view = await book.look(GUILD, 7)
    assert set(view.supply) == {1260}
    assert (view.transfers, view.daily) == (0, {})


async def test_a_clock_that_was_put_back_loses_nothing(ledger: Ledger, book: SupplyBook) -> None:
    await ledger.clock.advance(2 * DAY)
    await ledger.earn(ANN, 10)
    await ledger.clock.advance(-2 * DAY)
    await ledger.earn(ANN, 5)
    await Watched(ledger).watch.roll_up()
    assert (await book.look(GUILD, 7)).current == 15
    await ledger.clock.advance(4 * DAY)
    await Watched(ledger).watch.roll_up()
    assert (await book.look(GUILD, 7)).current == 15


async def test_stakes_in_escrow_are_part_of_the_supply(ledger: Ledger, book: SupplyBook) -> None:
    await ledger.earn(ANN, 100)
    await ledger.move(person(ANN), escrow("game:1"), 60, "game.dice")
    assert (await book.look(GUILD, 7)).current == 100
    books, from_days = await book.compare(GUILD)
    assert (books.persons, books.escrow, books.total, from_days) == (40, 60, 100, 100)


async def test_the_audit_sees_a_balance_that_was_tampered_with(
    ledger: Ledger, book: SupplyBook
) -> None:
    await ledger.earn(ANN, 100)
    await ledger.db.write(
        lambda conn: conn.exec_driver_sql("UPDATE accounts SET balance = 101") and None
    )
    books, from_days = await book.compare(GUILD)
    assert books.total != from_days == books.minted - books.burned


async def test_nobody_has_coins_yet(book: SupplyBook) -> None:
    view = await book.look(GUILD, 30)
    assert set(view.supply) == {0}
    assert (view.sources, view.sinks, len(view.days)) == ([], [], 30)


class TestAlerts:
    async def test_too_many_new_coins_are_told_once_a_window(self, ledger: Ledger) -> None:
        guild = Watched(
            ledger, mint_alert_coins=1000, mint_alert_hours=24, mint_alert_channel=CHANNEL
        )
        await ledger.earn(ANN, 1000)
        assert await guild.watch.look() == 0, "the bound itself is fine"
        await ledger.earn(ANN, 1)
        assert [await guild.watch.look() for _ in range(3)] == [1, 0, 0]
        assert guild.told == [MintAlert(GUILD, CHANNEL, 1001, 1000, 24)]
        await ledger.clock.advance(DAY)
        await ledger.earn(BEN, 999)
        assert await guild.watch.look() == 0, "yesterday's coins have left the window"
        await ledger.earn(BEN, 5)
        assert await guild.watch.look() == 1

    async def test_games_that_pay_more_than_they_take_count_too(self, ledger: Ledger) -> None:
        guild = Watched(ledger, mint_alert_coins=500, mint_alert_channel=CHANNEL)
        await ledger.earn(ANN, 400)
        await ledger.lose(ANN, 300)
        await ledger.win(BEN, 290)
        assert await guild.watch.look() == 0
        await ledger.win(BEN, 120)
        assert await guild.watch.look() == 1
        assert guild.told[0].created == 510

    async def test_every_server_is_watched_however_many_there_are(
        self, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(supply_service, "_GUILDS_A_PAGE", 1)
        guild = Watched(ledger, mint_alert_coins=500, mint_alert_channel=CHANNEL)
        for number in range(3):
            await ledger.move(MINT, person(ANN), 501, "daily", GuildId(1 + number))
        assert await guild.watch.look() == 3

    async def test_moving_coins_creates_none(self, ledger: Ledger) -> None:
        guild = Watched(ledger, mint_alert_coins=100, mint_alert_channel=CHANNEL)
        await ledger.earn(ANN, 100)
        for _ in range(5):
            await ledger.move(person(ANN), person(BEN), 100, "give")
            await ledger.move(person(BEN), person(ANN), 100, "give")
        await ledger.move(HOUSE, TREASURY, 50, "test")
        assert await guild.watch.look() == 0

    @pytest.mark.parametrize("settings", [{"mint_alert_channel": CHANNEL}, {"mint_alert_coins": 1}])
    async def test_no_bound_or_no_channel_asks_for_nothing(
        self, ledger: Ledger, settings: dict[str, object]
    ) -> None:
        guild = Watched(ledger, **settings)
        await ledger.earn(ANN, 10**6)
        assert await guild.watch.look() == 0

    async def test_an_alert_that_could_not_be_told_is_told_later(self, ledger: Ledger) -> None:
        guild = Watched(ledger, mint_alert_coins=1, mint_alert_channel=CHANNEL)
        await ledger.earn(ANN, 100)
        guild.deaf = True
        assert await guild.watch.look() == 0
        guild.deaf = False
        assert await guild.watch.look() == 1


@pytest.mark.parametrize(
    ("kind", "group"),
    [
        ("daily", "daily"),
        ("game.blackjack", "games"),
        ("shop_buy", "shop"),
        ("eco.undo", "eco"),
        ("trade:x", "trade"),
        ("", ""),
    ],
)
def test_kinds_belong_to_groups(kind: str, group: str) -> None:
    assert group_of(kind) == group


def test_days_outside_of_the_span_count_as_its_nearest() -> None:
    flows = [
        Flow(90, "a", 1, 0, 1, 1),
        Flow(105, "a", 20, 0, 20, 1),
        Flow(115, "a", 300, 0, 300, 1),
    ]
    view = supply_view(flows, 0, today=110, span_days=10)
    assert view.daily["a"] == (1, 0, 0, 0, 20, 0, 0, 0, 0, 300)


FLOWS = st.lists(
    st.builds(
        Flow,
        st.integers(95, 112),
        st.sampled_from([f"{letter}.x" for letter in "abcdefghijkl"]),
        st.integers(0, 10**15),
        st.integers(0, 10**15),
        st.just(0),
        st.integers(1, 9),
    ),
    max_size=60,
)


@given(FLOWS, st.integers(0, 10**15))
def test_what_is_drawn_adds_up_to_what_there_is(flows: Sequence[Flow], before: int) -> None:
    view = supply_view(flows, before, today=110, span_days=10)
    changed = sum(flow.minted - flow.burned for flow in flows)
    assert view.current == before + changed
    assert len(view.daily) <= MAX_GROUPS + 1
    assert sum(sum(values) for values in view.daily.values()) == changed
    assert sum(one.net for one in (*view.sources, *view.sinks)) == changed
    if OTHER in view.daily:
        assert list(view.daily)[-1] == OTHER
