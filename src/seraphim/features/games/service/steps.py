"""Units of work of the table, each one step in one transaction.

The game's row (locked, version checked), the coins, the move and the timeout job are written
together: a step happened with everything that belongs to it, or not at all. A click that comes
twice, late or on two processes at once finds the row changed and changes nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy.engine import Connection

from seraphim.features.economy.public import Bank, parse_amount
from seraphim.features.games.rules.errors import (
    ClickTooLate,
    GameNotFound,
    GameOver,
    MoveNotPossible,
    NotYourGame,
    RoundOpen,
)
from seraphim.features.games.rules.fair import FairStream
from seraphim.features.games.rules.game import (
    CLOCK_SEAT,
    GAME_LIMIT_MS,
    MAX_SEATS,
    TIMEOUT,
    AnyGame,
    Move,
    Opening,
    Step,
    advance,
)
from seraphim.features.games.service import limits, seeds
from seraphim.features.games.service.orders import ActOrder, OpenOrder, View
from seraphim.features.games.service.payment import Payment
from seraphim.features.games.service.settings import GamesSettings
from seraphim.features.games.store import games as store
from seraphim.features.games.store import seeds as seed_store
from seraphim.features.games.store.rows import GameRow, Seat, Seed
from seraphim.kernel.clock import Clock
from seraphim.kernel.ids import GuildId, Ids
from seraphim.kernel.jobs import cancel_job_by_key, enqueue

TIMEOUT_JOB = "games.timeout"
MAX_STATE_BYTES = 65_536


class Steps:
    """The units of work of every game.

    Args:
        bank: Holds stakes and pays.
        clock: For deadlines.
        ids: For new seeds and jobs.
        games: The rules by kind.
    """

    def __init__(self, bank: Bank, clock: Clock, ids: Ids, games: Mapping[str, AnyGame]) -> None:
        self._bank = bank
        self._clock = clock
        self._ids = ids
        self._games = games
        self._payment = Payment(bank)

    def rules(self, kind: str) -> AnyGame:
        """Return the rules of a kind; raises GameNotFound."""
        game = self._games.get(kind)
        if game is None:
            raise GameNotFound
        return game

    def open(
        self,
        conn: Connection,
        game: AnyGame,
        order: OpenOrder,
        settings: GamesSettings,
        game_id: str,
        secrets: tuple[str, str],
    ) -> View:
        """Open a game; see :meth:`Table.open`."""
        now_ms = self._clock.now_ms()
        # Locks the member's row, so that two commands of one member run one after the other.
        own = seeds.member_seed(conn, order.guild_id, order.user_id, secrets[0], self._ids, now_ms)
        known = store.find_game_by_key(conn, order.guild_id, order.key)
        if known is not None:
            return self._view(conn, known, {}, repeated=True)
        limits.check_place(settings, game.kind, order.channel_id)
        limits.check_pace(conn, settings, order.guild_id, order.user_id, game.kind, now_ms)
        stake = self._read_bet(conn, order, game.kind, settings)
        opening = Opening(
            stake=stake,
            options=dict(order.options),
            terms=game.terms(settings.model_dump()),
            at_ms=order.at_ms,
            invited=len(order.invited),
        )
        seed = self._seed_for(conn, game, own, game_id, secrets[1], now_ms)
        stream = FairStream(seed.server_seed, seed.client_seed, seed.next_nonce)
        step = game.open(opening, stream)
        row = GameRow(
            id=game_id,
            guild_id=order.guild_id,
            channel_id=order.channel_id,
            message_id=None,
            kind=game.kind,
            status="open",
            version=1,
            shown_version=0,
            key=order.key,
            slot=store.slot_of(game.kind, order.channel_id) if game.one_a_channel else None,
            seed_id=seed.id,
            client_seed=seed.client_seed,
            nonce=seed.next_nonce,
            position=0,
            opening=opening,
            state="",
            opened_ms=now_ms,
            moved_ms=now_ms,
            deadline_ms=now_ms + GAME_LIMIT_MS,
        )
        row = _after(row, step, stream, now_ms)
        if not store.insert_game(conn, row):
            raise RoundOpen
        seed_store.take_nonce(conn, seed.id)
        seats = [Seat(0, order.user_id, 0, 0)]
        seats += [Seat(number, user, 0, 0) for number, user in enumerate(order.invited, 1)]
        store.insert_seats(conn, row, seats, now_ms)
        holds = _sum({0: stake}, step.holds)
        return self._finish(conn, row, step, seats, settings, holds, None)

    def act(self, conn: Connection, order: ActOrder, settings: GamesSettings) -> View:
        """Make a move; see :meth:`Table.act`."""
        before = store.find_game(conn, order.game_id, guild_id=order.guild_id, to_change=True)
        if before is None:
            raise GameNotFound
        if store.has_move(conn, before.id, order.key):
            return self._view(conn, before, {}, repeated=True)
        if not before.is_open:
            raise GameOver
        game = self.rules(before.kind)
        seats = store.list_seats(conn, before.id)
        mine = next((seat.number for seat in seats if seat.user_id == order.user_id), None)
        if order.action == TIMEOUT or (mine is None and order.action not in game.joins):
            raise NotYourGame
        if game.versioned and order.version != before.version:
            raise ClickTooLate
        now_ms = self._clock.now_ms()
        joining = mine is None
        if joining:
            self._check_newcomer(conn, order, settings, before, now_ms, len(seats))
        bet = self._read_bet(conn, order, game.kind, settings)
        seat = len(seats) if mine is None else mine
        move = Move(seat, order.action, order.at_ms, dict(order.options), bet)
        stream, step = self._advance(conn, game, before, move)
        if joining:
            newcomer = Seat(seat, order.user_id, 0, 0)
            store.insert_seats(conn, before, [newcomer], now_ms)
            seats.append(newcomer)
        after = _after(replace(before, version=before.version + 1), step, stream, now_ms)
        self._store(conn, before, after, move, order.key)
        return self._finish(conn, after, step, seats, settings, dict(step.holds), before)

    def time_out(self, conn: Connection, game_id: str, *, early: bool = False) -> View | None:
        """Let the clock move a game; see :meth:`Table.time_out`."""
        before = store.find_game(conn, game_id, to_change=True)
        now_ms = self._clock.now_ms()
        if before is None or before.deadline_ms is None:
            return None
        is_due = now_ms >= before.deadline_ms
        if not is_due and not early:
            return None
        return self._move_house(conn, before, Move(CLOCK_SEAT, TIMEOUT, now_ms), by_clock=is_due)

    def house_move(self, conn: Connection, game_id: str, action: str, at_ms: int) -> View | None:
        """Make a move of the house; see :meth:`Table.house_move`."""
        before = store.find_game(conn, game_id, to_change=True)
        if before is None or not before.is_open:
            return None
        return self._move_house(conn, before, Move(CLOCK_SEAT, action, at_ms), by_clock=False)

    def _move_house(self, conn: Connection, before: GameRow, move: Move, *, by_clock: bool) -> View:
        game = self.rules(before.kind)
        stream, step = self._advance(conn, game, before, move)
        if step.holds:
            raise ValueError(f"{before.kind}: the house cannot take anybody's coins")
        now_ms = self._clock.now_ms()
        after = _after(replace(before, version=before.version + 1), step, stream, now_ms)
        self._store(conn, before, after, move, None)
        seats = store.list_seats(conn, before.id)
        return self._finish(
            conn, after, step, seats, GamesSettings(), {}, before, by_clock=by_clock
        )

    def _advance(
        self, conn: Connection, game: AnyGame, before: GameRow, move: Move
    ) -> tuple[FairStream, Step[Any]]:
        seed = seed_store.find_seed(conn, before.seed_id)
        if seed is None:
            raise GameNotFound
        stream = FairStream(seed.server_seed, before.client_seed, before.nonce, before.position)
        state = msgspec.json.decode(before.state, type=game.state_type)
        return stream, advance(game, state, move, stream)

    def _store(
        self, conn: Connection, before: GameRow, after: GameRow, move: Move, key: str | None
    ) -> None:
        if not store.update_game(conn, after, from_version=before.version):
            raise ClickTooLate
        store.insert_move(conn, after.id, after.version, key, move)

    def _finish(
        self,
        conn: Connection,
        after: GameRow,
        step: Step[Any],
        seats: list[Seat],
        settings: GamesSettings,
        holds: dict[int, int],
        before: GameRow | None,
        *,
        by_clock: bool = False,
    ) -> View:
        """Move the coins, note results, and promise to come back at the deadline."""
        members = {seat.number: seat.user_id for seat in seats}
        balances = self._payment.hold(conn, after, members, holds)
        # After the coins have moved, which has locked the member's account: a bet of theirs at
        # another table at the same moment is counted here, or will count this one.
        for number, coins in holds.items():
            user_id = members.get(number)
            if coins and user_id is not None:
                limits.check_loss(conn, settings, after.guild_id, user_id, coins, after.moved_ms)
        store.add_stakes(conn, after.id, holds)
        if not after.is_open:
            seats = store.list_seats(conn, after.id)
            balances |= self._payment.pay(conn, after, step, seats)
            store.end_seats(conn, after, step.payouts or {}, after.moved_ms)
            if self.rules(after.kind).shared:
                seed_store.reveal(conn, after.seed_id, after.moved_ms)
        self._promise(conn, before, after, by_clock=by_clock)
        return self._view(conn, after, balances)

    def _promise(
        self, conn: Connection, before: GameRow | None, after: GameRow, *, by_clock: bool
    ) -> None:
        """Keep exactly one timeout job for an open game, and none for one that is over."""
        old = None if before is None else before.deadline_ms
        if old == after.deadline_ms:
            return
        # The clock's own job is running now: it marks itself done.
        if old is not None and not by_clock:
            cancel_job_by_key(conn, _job_key(after.id, old))
        if after.deadline_ms is not None:
            enqueue(
                conn,
                TIMEOUT_JOB,
                {"game": after.id},
                run_at_ms=after.deadline_ms,
                key=_job_key(after.id, after.deadline_ms),
                ids=self._ids,
                clock=self._clock,
            )

    def look(self, conn: Connection, guild_id: GuildId, game_id: str) -> View:
        """Return a game as it is; raises GameNotFound.

        With the balance of who played alone, once it is over: a message that is shown again must
        not say less than the answer that it may replace.
        """
        row = store.find_game(conn, game_id, guild_id=guild_id)
        if row is None:
            raise GameNotFound
        view = self._view(conn, row, {})
        if row.is_open or len(view.seats) > 1 or view.opener is None:
            return view
        return replace(
            view, balances={view.opener: self._bank.balance(conn, guild_id, view.opener)}
        )

    def _view(
        self,
        conn: Connection,
        row: GameRow,
        balances: Mapping[Any, int],
        *,
        repeated: bool = False,
    ) -> View:
        seed = seed_store.find_seed(conn, row.seed_id)
        if seed is None:
            raise GameNotFound
        seats = tuple(store.list_seats(conn, row.id))
        if repeated:
            users = [seat.user_id for seat in seats if seat.user_id is not None]
            balances = {user: self._bank.balance(conn, row.guild_id, user) for user in users}
        return View(
            game=row,
            state=msgspec.json.decode(row.state, type=self.rules(row.kind).state_type),
            seats=seats,
            server_seed_hash=seed.server_seed_hash,
            server_seed=seed.server_seed if seed.state == "revealed" else None,
            balances=balances,
            repeated=repeated,
        )

    def _seed_for(
        self, conn: Connection, game: AnyGame, own: Seed, game_id: str, secret: str, now_ms: int
    ) -> Seed:
        """Return the member's seed, or a new one for a shared round."""
        if not game.shared:
            return own
        seed = seeds.round_seed(self._ids.new(), own.guild_id, secret, game_id)
        seed_store.insert_seed(conn, seed, now_ms)
        return seed

    def _check_newcomer(
        self,
        conn: Connection,
        order: ActOrder,
        settings: GamesSettings,
        before: GameRow,
        now_ms: int,
        seated: int,
    ) -> None:
        if seated >= MAX_SEATS:
            raise MoveNotPossible(reason=f"A table has {MAX_SEATS} seats, and all are taken.")
        seeds.lock_member(conn, order.guild_id, order.user_id)
        limits.check_place(settings, before.kind, order.channel_id)
        limits.check_pace(conn, settings, order.guild_id, order.user_id, before.kind, now_ms)

    def _read_bet(
        self, conn: Connection, order: OpenOrder | ActOrder, kind: str, settings: GamesSettings
    ) -> int:
        if order.bet is None:
            return 0
        available = self._bank.balance(conn, order.guild_id, order.user_id)
        bet = parse_amount(order.bet, available=available)
        word = order.bet.strip()
        if word.isalpha() or word.endswith("%"):  # "all" means as much as this guild allows
            bet = min(bet, limits.highest_bet(settings, kind))
        return limits.check_bet(bet, settings, kind)


def _after(row: GameRow, step: Step[Any], stream: FairStream, now_ms: int) -> GameRow:
    """Return the row after a step; coins and seats are not part of it."""
    state = msgspec.json.encode(step.state)
    if len(state) > MAX_STATE_BYTES:
        raise ValueError(f"the state of a {row.kind} game takes {len(state)} bytes")
    over = step.is_over
    deadline = min(step.deadline_ms or now_ms + GAME_LIMIT_MS, now_ms + GAME_LIMIT_MS)
    return replace(
        row,
        status="open" if not over else "released" if step.released else "settled",
        slot=None if over else row.slot,
        position=stream.position,
        state=state.decode(),
        moved_ms=now_ms,
        # Later than now, so that a deadline is never promised twice under one key.
        deadline_ms=None if over else max(deadline, now_ms + 1),
    )


def _job_key(game_id: str, deadline_ms: int) -> str:
    return f"{TIMEOUT_JOB}:{game_id}:{deadline_ms}"


def _sum(one: Mapping[int, int], other: Mapping[int, int]) -> dict[int, int]:
    return {seat: one.get(seat, 0) + other.get(seat, 0) for seat in {*one, *other}}
