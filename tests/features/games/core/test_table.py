"""One table: what a click does once, and what it does not do twice, late or by the wrong member."""

import asyncio
import json

import pytest
import sqlalchemy as sa
from tests.features.games.core.parlour import ANN, BEN, CID, HALL, PURSE, Parlour

from seraphim.features.economy.public import AmountInvalid, InsufficientFunds
from seraphim.features.economy.service.ledger_audit import audit
from seraphim.features.games.rules.errors import (
    BetOutOfBounds,
    ClickTooLate,
    GameCoolingDown,
    GameNotFound,
    GameOff,
    GameOver,
    GameStillOpen,
    LossLimitReached,
    MoveNotPossible,
    NotYourGame,
    RoundOpen,
    SeedInUse,
    SeedStillSecret,
    TooManyGames,
    WrongChannel,
)
from seraphim.features.games.rules.game import Plain
from seraphim.features.games.service.history import History
from seraphim.features.games.service.orders import View
from seraphim.features.games.service.privacy import GamesPrivacy
from seraphim.features.games.service.steps import TIMEOUT_JOB
from seraphim.features.games.service.upkeep import NotShown, Upkeep
from seraphim.features.games.store.tables import fair_seeds
from seraphim.kernel.db import open_database
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import ChannelId, GuildId, MessageId
from seraphim.kernel.jobs import JOBS, Job, JobHandler

MINUTES = 60


async def test_a_stake_lies_on_the_table_until_the_end(parlour: Parlour) -> None:
    opened = await parlour.open("highlow", bet="250")
    assert await parlour.holds(ANN) == PURSE - 250
    assert await parlour.escrow(opened) == 250
    await parlour.clock.advance(11 * MINUTES)
    ended = await parlour.table.time_out(opened.game.id)
    assert ended is not None
    assert not ended.game.is_open
    assert await parlour.escrow(opened) == 0
    assert await parlour.holds(ANN) == PURSE - 250 + ended.payouts[0]


async def test_the_same_command_again_opens_nothing_and_answers_the_same(parlour: Parlour) -> None:
    first = await parlour.open("coinflip", options={"side": "heads"}, key="command")
    again = await parlour.open("coinflip", options={"side": "heads"}, key="command")
    assert again.repeated
    assert again.game == first.game
    assert again.balances == first.balances
    assert await parlour.holds(ANN) == PURSE - 100 + first.payouts[0]


async def test_the_same_click_again_moves_nothing_and_answers_the_same(parlour: Parlour) -> None:
    opened = await parlour.open("mysterybox")
    first = await parlour.act(opened, "box", options={"value": "1"}, key="click")
    again = await parlour.act(opened, "box", options={"value": "1"}, key="click")
    assert again.repeated
    assert again.game == first.game
    assert await parlour.holds(ANN) == PURSE - 100 + first.payouts[0]


async def test_a_second_click_on_an_old_message_is_too_late(parlour: Parlour) -> None:
    opened = await _high_low(parlour)
    went_on = await parlour.act(opened, _likelier(opened.state.cards[-1]))
    while not went_on.game.is_open:
        opened = await _high_low(parlour)
        went_on = await parlour.act(opened, _likelier(opened.state.cards[-1]))
    with pytest.raises(ClickTooLate):
        await parlour.act(opened, "take")
    assert (await parlour.look(opened)).game == went_on.game


async def test_a_click_after_the_end_changes_nothing(parlour: Parlour) -> None:
    opened = await parlour.open("mysterybox")
    ended = await parlour.act(opened, "box", options={"value": "0"})
    before = await parlour.holds(ANN)
    with pytest.raises(GameOver):
        await parlour.act(ended, "box", options={"value": "1"})
    assert await parlour.holds(ANN) == before


async def test_a_finished_game_that_is_looked_at_tells_what_its_end_told(parlour: Parlour) -> None:
    """A second click shows the game again, perhaps over the answer to the first."""
    opened = await parlour.open("mysterybox")
    assert (await parlour.look(opened)).balances == {}
    ended = await parlour.act(opened, "box", options={"value": "0"})
    assert (await parlour.look(opened)).balances == ended.balances
    assert ended.balances == {ANN: await parlour.holds(ANN)}


async def test_somebody_elses_click_changes_nothing(parlour: Parlour) -> None:
    opened = await parlour.open("mysterybox")
    with pytest.raises(NotYourGame):
        await parlour.act(opened, "box", BEN, options={"value": "0"})
    with pytest.raises(NotYourGame):
        await parlour.act(opened, "timeout", ANN)
    assert (await parlour.look(opened)).game == opened.game


async def test_a_move_the_rules_refuse_is_not_stored(parlour: Parlour) -> None:
    opened = await _high_low(parlour)
    with pytest.raises(MoveNotPossible):
        await parlour.act(opened, "take")
    assert (await parlour.look(opened)).game == opened.game


async def test_a_game_of_another_guild_is_not_found(parlour: Parlour) -> None:
    opened = await parlour.open("mysterybox")
    with pytest.raises(GameNotFound):
        await parlour.table.look(GuildId(99), opened.game.id)


async def test_two_processes_make_one_move_of_two_clicks(
    parlour: Parlour, database_url: str
) -> None:
    """Each click goes to a process of its own, at the same moment."""
    other_db = await open_database(database_url)
    try:
        other = Parlour(other_db, parlour.clock, seed=2)
        for _ in range(10):
            opened = await parlour.open("mysterybox")
            before = await parlour.holds(ANN)
            results = await asyncio.gather(
                *(
                    house.act(opened, "box", options={"value": str(number)})
                    for number, house in enumerate((parlour, other))
                ),
                return_exceptions=True,
            )
            done = [one for one in results if not isinstance(one, BaseException)]
            refused = [one for one in results if isinstance(one, SeraphimError)]
            assert (len(done), len(refused)) == (1, 1)
            assert await parlour.holds(ANN) == before + done[0].payouts[0]
        same = await asyncio.gather(
            *(house.open("mysterybox", key="once") for house in (parlour, other))
        )
        assert same[0].game.id == same[1].game.id
    finally:
        await other_db.close()
    assert (await audit(parlour.db, parlour.bank, parlour.clock)).findings == ()


async def test_two_openings_at_once_make_one_table_a_channel(parlour: Parlour) -> None:
    results = await asyncio.gather(
        *(parlour.open("roulette", user, options={"space": "red"}) for user in (ANN, BEN)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in results) == ["RoundOpen", "View"]
    with pytest.raises(RoundOpen):
        await parlour.open("roulette", BEN, options={"space": "red"})
    elsewhere = await parlour.open("roulette", BEN, options={"space": "red"}, channel=ChannelId(8))
    assert elsewhere.game.is_open


async def test_several_bets_meet_one_wheel(parlour: Parlour) -> None:
    table = await parlour.open("roulette", options={"space": "red"})
    await parlour.act(table, "bet", BEN, options={"value": "17"}, bet="50")
    await parlour.act(table, "bet", ANN, options={"value": "black"}, bet="100")
    assert await parlour.escrow(table) == 250
    with pytest.raises(MoveNotPossible):
        await parlour.act(table, "spin", BEN)
    spun = await parlour.act(table, "spin")
    pocket = spun.state.pocket
    assert spun.payouts[0] == (0 if pocket == 0 else 200)
    assert spun.payouts[1] == (1800 if pocket == 17 else 0)
    assert spun.server_seed is not None, "a round's seed is public when the round is over"
    assert await parlour.escrow(table) == 0


async def test_the_wheel_turns_by_itself(parlour: Parlour) -> None:
    table = await parlour.open("roulette", options={"space": "odd"})
    assert await parlour.table.time_out(table.game.id) is None, "too early"
    await parlour.clock.advance(46)
    with pytest.raises(MoveNotPossible):
        await parlour.act(table, "bet", BEN, options={"value": "17"}, bet="50")
    turned = await parlour.table.time_out(table.game.id)
    assert turned is not None
    assert turned.game.status == "settled"
    assert await parlour.table.time_out(table.game.id) is None


async def test_every_open_game_has_one_promised_timeout(parlour: Parlour) -> None:
    opened = await _high_low(parlour)
    assert await parlour.timeouts() == [(opened.game.id, opened.game.deadline_ms)]
    await parlour.clock.advance(5)
    moved = await parlour.act(opened, _likelier(opened.state.cards[-1]))
    expected = [(opened.game.id, moved.game.deadline_ms)] if moved.game.is_open else []
    assert await parlour.timeouts() == expected


async def test_looking_at_a_card_is_not_free(parlour: Parlour) -> None:
    """Who does not come back after the first card has called the likelier side."""
    for _ in range(30):
        opened = await _high_low(parlour)
        await parlour.clock.advance(11 * MINUTES)
        ended = await parlour.table.time_out(opened.game.id)
        assert ended is not None
        assert len(ended.state.cards) == 2
        assert ended.payouts[0] != 100, "the stake itself never just comes back"


async def test_what_the_member_lacks_changes_nothing(parlour: Parlour) -> None:
    await parlour.set(max_bet=1_000_000)
    with pytest.raises(InsufficientFunds):
        await parlour.open("coinflip", bet=str(PURSE + 1), options={"side": "heads"})
    assert await parlour.holds(ANN) == PURSE
    seed = await parlour.fairness.seed(parlour.guild_id, ANN)
    assert seed.next_nonce == 0, "a game that did not open takes no number"


@pytest.mark.parametrize("typed", ["0", "-5", "1.5", "10000000000000000000000000000000", "٣٠", "x"])
async def test_bets_that_are_no_amounts(parlour: Parlour, typed: str) -> None:
    with pytest.raises(AmountInvalid):
        await parlour.open("coinflip", bet=typed, options={"side": "heads"})
    assert await parlour.holds(ANN) == PURSE


async def test_all_means_as_much_as_the_guild_allows(parlour: Parlour) -> None:
    await parlour.set(max_bet=700)
    opened = await parlour.open("mysterybox", bet="all")
    assert opened.stakes == {0: 700}
    assert (await parlour.open("mysterybox", BEN, bet="5%")).stakes == {0: 500}
    assert (await parlour.open("triviabet", BEN, bet="all")).stakes == {0: 250}


async def test_limits_of_the_guild(parlour: Parlour) -> None:
    await parlour.set(min_bet=50, max_bet=200)
    for bet in ("49", "201"):
        with pytest.raises(BetOutOfBounds):
            await parlour.open("coinflip", bet=bet, options={"side": "heads"})
    await parlour.set(disabled_games=["coinflip"])
    with pytest.raises(GameOff):
        await parlour.open("coinflip", options={"side": "heads"})
    await parlour.set(disabled_games=[], channels=[HALL + 1])
    with pytest.raises(WrongChannel):
        await parlour.open("coinflip", options={"side": "heads"})
    await parlour.set(channels=[])
    assert (await parlour.open("coinflip", options={"side": "heads"})).game.status == "settled"


async def test_a_pause_between_games_survives_a_clock_set_back(parlour: Parlour) -> None:
    await parlour.set(cooldown_seconds=30)
    await parlour.open("slots")
    with pytest.raises(GameCoolingDown):
        await parlour.open("slots")
    assert (await parlour.open("slots", BEN)).game.status == "settled"
    parlour.clock.set_back(3600)
    with pytest.raises(GameCoolingDown) as refused:
        await parlour.open("slots")
    assert refused.value.parameters["retry_after_seconds"] == 30
    parlour.clock.set_back(-3600)
    await parlour.clock.advance(30)
    await parlour.open("slots")


async def test_a_daily_loss_limit_counts_what_lies_on_tables(parlour: Parlour) -> None:
    await parlour.set(daily_loss_limit=250)
    first = await parlour.open("mysterybox", bet="200")
    with pytest.raises(LossLimitReached) as refused:
        await parlour.open("mysterybox", bet="60")
    assert refused.value.parameters["left"] == "50"
    last = await parlour.open("mysterybox", bet="50")
    await parlour.clock.advance(86_400)
    for view in (first, last):
        await parlour.table.time_out(view.game.id)
    await parlour.open("mysterybox", bet="60")


async def test_bets_at_several_tables_at_once_stay_within_the_daily_loss_limit(
    parlour: Parlour,
) -> None:
    """Cid has never played here, so there is no row of theirs to wait in line for but coins."""
    await parlour.fund(CID)
    await parlour.set(daily_loss_limit=100, min_bet=1)
    joins: dict[str, tuple[dict[str, Plain], str]] = {
        "crash": ({}, "join"),
        "heist": ({}, "join"),
        "race": ({"value": "hare"}, "join"),
        "roulette": ({"space": "red"}, "bet"),
    }
    opened = await asyncio.gather(
        *(
            parlour.open(kind, user, bet="10", options=options)
            for (kind, (options, _)), user in zip(joins.items(), (ANN, BEN) * 2, strict=True)
        )
    )
    results = await asyncio.gather(
        *(
            parlour.act(view, action, CID, options=options, bet="60")
            for view, (options, action) in zip(opened, joins.values(), strict=True)
        ),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in results) == [*["LossLimitReached"] * 3, "View"]
    assert await parlour.holds(CID) == PURSE - 60


async def test_midnight_does_not_make_room_at_a_table_that_is_open(parlour: Parlour) -> None:
    await parlour.set(daily_loss_limit=100)
    to_midnight_ms = 86_400_000 - parlour.clock.now_ms() % 86_400_000
    await parlour.clock.advance(to_midnight_ms / 1000 - 5)
    table = await parlour.open("roulette", bet="80", options={"space": "red"})
    await parlour.clock.advance(10)
    with pytest.raises(LossLimitReached):
        await parlour.act(table, "bet", options={"value": "black"}, bet="30")
    await parlour.act(table, "bet", options={"value": "black"}, bet="20")


async def test_nobody_sits_at_endless_tables(parlour: Parlour) -> None:
    for _ in range(10):
        await parlour.open("mysterybox", bet="10")
    with pytest.raises(TooManyGames):
        await parlour.open("mysterybox", bet="10")


async def test_invitations_keep_nobody_from_playing(parlour: Parlour) -> None:
    await parlour.set(cooldown_seconds=0)
    for _ in range(10):
        await parlour.open("duel", BEN, "10", invited=(ANN,))
    await parlour.open("mysterybox", bet="10")
    await parlour.set(cooldown_seconds=3600)
    await parlour.open("duel", bet="10", invited=(BEN,))
    with pytest.raises(GameCoolingDown):
        await parlour.open("duel", bet="10", invited=(BEN,))


async def test_invitations_fill_nobodys_history(parlour: Parlour) -> None:
    await parlour.open("duel", BEN, "10", invited=(ANN,))
    mine = await parlour.open("dice", bet="10", options={"guess": "odd"})
    history = History(parlour.db)
    page = await history.page(parlour.guild_id, ANN, 1)
    assert [past.game_id for past in page.games] == [mine.game.id]
    assert len((await history.page(parlour.guild_id, BEN, 1)).games) == 1
    privacy = GamesPrivacy(parlour.db, parlour.table, parlour.clock, parlour.ids)
    told = json.dumps(await privacy.export(parlour.guild_id, ANN))
    assert told.count('"kind"') == 2, "but what is stored of her is hers to have"


async def test_a_guild_that_changes_its_terms_changes_no_open_game(parlour: Parlour) -> None:
    opened = await parlour.open("mysterybox", bet="100")
    await parlour.set(mysterybox_payout_percent=80)
    ended = await parlour.act(opened, "box", options={"value": "0"})
    assert ended.payouts[0] == ended.state.boxes[0], "100 % of the table, as it was opened"


async def test_a_seed_is_secret_until_it_is_rotated(parlour: Parlour) -> None:
    promised = await parlour.fairness.seed(parlour.guild_id, ANN)
    game = await parlour.open("dice", options={"guess": "over"})
    assert game.server_seed_hash == promised.server_seed_hash
    assert game.server_seed is None
    with pytest.raises(SeedStillSecret):
        await parlour.fairness.check(parlour.guild_id, game.game.id)
    rotation = await parlour.fairness.rotate(parlour.guild_id, ANN)
    assert rotation.next.server_seed_hash != promised.server_seed_hash
    checked = await parlour.fairness.check(parlour.guild_id, game.game.id)
    assert checked.verdict.findings == ()
    assert checked.proof.server_seed_hash == promised.server_seed_hash


async def test_a_seed_is_not_shown_while_a_game_draws_from_it(parlour: Parlour) -> None:
    opened = await parlour.open("mysterybox")
    with pytest.raises(SeedInUse):
        await parlour.fairness.rotate(parlour.guild_id, ANN)
    with pytest.raises(GameStillOpen):
        await parlour.fairness.check(parlour.guild_id, opened.game.id)
    await parlour.act(opened, "box", options={"value": "2"})
    await parlour.fairness.rotate(parlour.guild_id, ANN)


async def test_a_members_own_seed_is_used_from_the_next_game_on(parlour: Parlour) -> None:
    first = await parlour.open("slots")
    await parlour.fairness.seed(parlour.guild_id, ANN, "lucky-7")
    second = await parlour.open("slots")
    assert (first.game.nonce, second.game.nonce) == (0, 1)
    assert second.game.client_seed == "lucky-7"
    with pytest.raises(SeraphimError):
        await parlour.fairness.seed(parlour.guild_id, ANN, "no:colons")


async def test_a_lost_answer_is_shown_by_the_repair(parlour: Parlour) -> None:
    shown: list[tuple[str, int]] = []
    away = True

    async def show(view: View) -> MessageId | None:
        if away:
            raise NotShown("Discord is away")
        shown.append((view.game.id, view.game.version))
        return MessageId(5)

    upkeep = Upkeep(parlour.db, parlour.table, parlour.clock, show)
    lost = await parlour.open("mysterybox")
    seen = await parlour.open("mysterybox")
    upkeep.mark(seen.game.id, seen.game.version)
    await parlour.clock.advance(20)
    assert await upkeep.repair() == 1
    assert shown == []
    away = False
    assert await upkeep.repair() == 1
    assert shown == [(lost.game.id, 1)]
    assert await upkeep.repair() == 0
    assert (await parlour.look(lost)).game.message_id == 5


async def test_forgetting_a_member_ends_their_games_and_keeps_the_proofs(parlour: Parlour) -> None:
    privacy = GamesPrivacy(parlour.db, parlour.table, parlour.clock, parlour.ids)
    done = await parlour.open("dice", options={"guess": "odd"})
    opened = await parlour.open("mysterybox")
    told = await privacy.export(parlour.guild_id, ANN)
    assert json.dumps(told).count('"kind"') == 2
    assert '"server_seed": null' in json.dumps(told), "a secret in use is nobody's to export"
    await privacy.erase(parlour.guild_id, ANN)
    after = await parlour.look(opened)
    assert after.game.status == "settled"
    assert after.opener is None
    empty = await privacy.export(parlour.guild_id, ANN)
    assert empty == {"totals": None, "seeds": [], "games": []}
    assert (await parlour.fairness.check(parlour.guild_id, done.game.id)).verdict.is_fair
    assert (await audit(parlour.db, parlour.bank, parlour.clock)).findings == ()


@pytest.mark.parametrize("kind", ["crash", "race"])
async def test_forgetting_a_member_leaves_no_round_in_between(parlour: Parlour, kind: str) -> None:
    """Sent up by a member's wish and watched by nobody, a rocket would give lost bets back."""
    privacy = GamesPrivacy(parlour.db, parlour.table, parlour.clock, parlour.ids)
    opened = await parlour.open(kind, options={"value": "hare", "auto": "2"})
    await privacy.erase(parlour.guild_id, ANN)
    after = await parlour.look(opened)
    assert after.game.status == "settled"
    assert after.opener is None
    if kind == "crash":
        assert after.payouts[0] == (0 if after.state.burst == 100 else 100)


async def test_who_comes_back_keeps_what_is_new(parlour: Parlour) -> None:
    privacy = GamesPrivacy(parlour.db, parlour.table, parlour.clock, parlour.ids)
    (forget,) = privacy.jobs()
    assert forget.run is not None
    wheel = await parlour.open("roulette", BEN, options={"space": "red"})
    await parlour.act(wheel, "bet", bet="10", options={"space": "black"})
    await privacy.erase(parlour.guild_id, ANN)
    await parlour.clock.advance(10)
    new = await parlour.open("mysterybox")
    seed = await parlour.fairness.seed(parlour.guild_id, ANN)
    await parlour.clock.advance(10 * MINUTES)
    await _keep(parlour, forget)
    assert (await parlour.look(new)).game.is_open, "the new game is not ended by the old wish"
    assert (await parlour.look(wheel)).seats[1].user_id == ANN
    await parlour.table.time_out(wheel.game.id)
    await parlour.clock.advance(10 * MINUTES)
    await _keep(parlour, forget)
    assert (await parlour.look(wheel)).seats[1].user_id is None
    assert (await parlour.look(new)).opener == ANN
    kept = await parlour.fairness.seed(parlour.guild_id, ANN)
    assert kept.server_seed_hash == seed.server_seed_hash
    assert await _promised(parlour, forget) == []


async def test_a_game_whose_timeout_was_lost_is_ended_all_the_same(parlour: Parlour) -> None:
    async def show(_view: View) -> MessageId | None:
        return MessageId(5)

    upkeep = Upkeep(parlour.db, parlour.table, parlour.clock, show)
    opened = await parlour.open("mysterybox")
    await parlour.db.write(lambda conn: conn.execute(JOBS.delete()).rowcount)
    await parlour.clock.advance(12 * MINUTES)
    assert await upkeep.end_overdue() == 0, "its job may still be on its way"
    await parlour.clock.advance(4 * MINUTES)
    assert await upkeep.end_overdue() == 1
    assert (await parlour.look(opened)).game.status == "settled"
    assert await parlour.escrow(opened) == 0
    assert await upkeep.end_overdue() == 0


async def test_the_clocks_jobs_do_not_wait_for_discord(parlour: Parlour) -> None:
    shown: list[int] = []
    taken = asyncio.Event()

    async def show(view: View) -> MessageId | None:
        await taken.wait()
        shown.append(view.game.version)
        return MessageId(5)

    upkeep = Upkeep(parlour.db, parlour.table, parlour.clock, show)
    time_out = next(handler.run for handler in upkeep.jobs() if handler.kind == TIMEOUT_JOB)
    assert time_out is not None
    race = await parlour.open("race", options={"value": "comet"})
    for _ in range(5):
        await parlour.clock.advance(60)
        await time_out(Job("1", TIMEOUT_JOB, {"game": race.game.id}, None, 0, 1, None))
    assert (await parlour.look(race)).game.status == "settled"
    assert shown == []
    taken.set()
    await upkeep.shown()
    assert shown in ([6], [2, 6]), "of those that waited, the newest"
    await upkeep.stop()


async def test_old_games_are_forgotten_and_open_and_new_ones_stay(parlour: Parlour) -> None:
    async def show(_view: View) -> MessageId | None:
        return MessageId(5)

    upkeep = Upkeep(parlour.db, parlour.table, parlour.clock, show)
    old = await parlour.open("dice", options={"guess": "odd"})
    wheel = await parlour.open("roulette", options={"space": "red"})
    await parlour.table.time_out(wheel.game.id, early=True)
    opened = await parlour.open("mysterybox")
    await parlour.clock.advance(364 * 86_400)
    new = await parlour.open("dice", options={"guess": "odd"})
    assert await upkeep.prune() == 0
    await parlour.clock.advance(2 * 86_400)
    assert await upkeep.prune() == 2
    for gone in (old, wheel):
        with pytest.raises(GameNotFound):
            await parlour.look(gone)
    assert (await parlour.look(opened)).game.is_open
    assert (await parlour.look(new)).seats[0].user_id == ANN
    seeds = await parlour.db.read(lambda conn: conn.execute(sa.select(fair_seeds.c.id)).all())
    assert len(seeds) == 1, "the wheel's seed has gone with it, Ann's is in use"
    assert (await audit(parlour.db, parlour.bank, parlour.clock)).findings == ()


async def _promised(parlour: Parlour, handler: JobHandler) -> list[Job]:
    def read(conn: sa.Connection) -> list[Job]:
        rows = conn.execute(sa.select(JOBS).where(JOBS.c.kind == handler.kind))
        return [
            Job(row.id, row.kind, json.loads(row.payload), row.key, row.run_at_ms, 1, None)
            for row in rows
        ]

    return await parlour.db.read(read)


async def _keep(parlour: Parlour, handler: JobHandler) -> None:
    """Run the one promised job of a kind, as the worker does."""
    (job,) = await _promised(parlour, handler)
    assert handler.run is not None
    finish = await handler.run(job)

    def done(conn: sa.Connection) -> None:
        conn.execute(JOBS.delete().where(JOBS.c.id == job.id))
        if finish is not None:
            finish(conn)

    await parlour.db.write(done)


async def _high_low(parlour: Parlour) -> View:
    return await parlour.open("highlow")


def _likelier(card: int) -> str:
    return "higher" if card % 13 < 6 else "lower"
