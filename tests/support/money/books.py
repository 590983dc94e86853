"""The books against the promises: what the rows say after a crash."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import batched

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from tests.support.money.promises import Promise

from seraphim.features.economy.store import ledger_audit
from seraphim.features.economy.store.shop_tables import shop_orders, shop_trades
from seraphim.features.economy.store.tables import accounts, postings, transfers
from seraphim.features.games.rules.fair import FairStream
from seraphim.features.games.rules.game import replay
from seraphim.features.games.service.catalogue import BY_KIND
from seraphim.features.games.service.payment import escrow_is_open as game_is_open
from seraphim.features.games.store.games import list_moves, list_seats
from seraphim.features.games.store.rows import read_game
from seraphim.features.games.store.tables import fair_seeds, game_moves, game_seats, games
from seraphim.kernel.ids import GuildId
from seraphim.kernel.jobs import JOBS

_AT_ONCE = 300


@dataclass
class Findings:
    """Sentences about what must never be; empty lists are a passed trial."""

    lost: list[str] = field(default_factory=list[str])
    """Promises that the books do not hold."""
    created: int = 0
    """Coins that came from nowhere or went there."""
    faults: list[str] = field(default_factory=list[str])
    """Why ``created`` is not zero, and games that were not paid by their rules."""


def check_promises(conn: Connection, promises: Sequence[Promise]) -> list[str]:
    """Return a sentence for each promise that the books do not hold."""
    lost: list[str] = []
    for some in batched(promises, _AT_ONCE):
        for check in (_transfers, _openings, _moves, _trades):
            lost += check(conn, some)
    return lost


def check_sums(conn: Connection, findings: Findings) -> None:
    """Add what the rows themselves say: sums, balances, escrows, and the supply."""
    last_transfer, last_account = ledger_audit.last_ids(conn)
    found = ledger_audit.audit_transfers(conn, 0, last_transfer)
    found += ledger_audit.audit_strays(conn, 0, last_transfer)
    found += ledger_audit.audit_accounts(conn, 0, last_account)
    found += ledger_audit.audit_escrows(conn, {"game": game_is_open, "shop": _order_is_open})
    findings.faults += [f"{one.rule}: {one.subject} {one.detail}" for one in found]
    findings.created += len(found)
    # One statement, so that it sees one moment even while members go on.
    held, system, negative = conn.execute(
        sa.select(
            sa.select(sa.func.coalesce(sa.func.sum(accounts.c.balance), 0)).scalar_subquery(),
            sa.select(sa.func.coalesce(sa.func.sum(postings.c.amount), 0))
            .where(postings.c.account_id < 0)
            .scalar_subquery(),
            sa.select(sa.func.count()).where(accounts.c.balance < 0).scalar_subquery(),
        )
    ).one()
    if held + system:
        findings.created += abs(int(held + system))
        findings.faults.append(f"{held} coins are held, {-system} were issued")
    if negative:
        findings.created += int(negative)
        findings.faults.append(f"{negative} accounts are below zero")


def _order_is_open(conn: Connection, guild_id: GuildId, name: str) -> bool:
    """Whether the role that was paid into an escrow is still being given."""
    query = sa.select(shop_orders.c.state).where(
        shop_orders.c.guild_id == guild_id, shop_orders.c.id == name.partition(":")[2]
    )
    return conn.execute(query).scalar() == "granting"


def count_claims_paid_twice(conn: Connection, pauses_ms: dict[str, int]) -> list[str]:
    """Return a sentence for each claim that was paid (or fined) before its pause was over."""
    rows = conn.execute(
        sa.select(transfers.c.kind, accounts.c.user_id, transfers.c.details)
        .join(postings, postings.c.transfer_id == transfers.c.id)
        .join(accounts, accounts.c.id == postings.c.account_id)
        .where(transfers.c.kind.in_(sorted(pauses_ms)))
        .order_by(transfers.c.id)
    )
    ready: dict[tuple[str, int], int] = {}
    twice: list[str] = []
    for kind, user_id, details in rows:
        # The moment of the claim; a transfer's own is a little later, when the ledger got to it.
        again_ms = int(msgspec.json.decode(details)["again_ms"])
        early_ms = ready.get((kind, user_id), 0) - (again_ms - pauses_ms[kind])
        if early_ms > 0:
            twice.append(f"/{kind} of {user_id} was paid {early_ms} ms too early")
        ready[kind, user_id] = again_ms
    return twice


def check_games(conn: Connection) -> list[str]:
    """Play every finished game again by its rules; returns what was recorded or paid otherwise."""
    wrong: list[str] = []
    paid = _paid_by_game(conn)
    secrets = {
        row.id: row.server_seed
        for row in conn.execute(sa.select(fair_seeds.c.id, fair_seeds.c.server_seed))
    }
    for row in conn.execute(sa.select(games).where(games.c.status != "open")).mappings().all():
        game = read_game(row)
        stream = FairStream(secrets[game.seed_id], game.client_seed, game.nonce)
        played = replay(BY_KIND[game.kind], game.opening, list_moves(conn, game.id), stream)
        seats = list_seats(conn, game.id)
        stakes = {seat.number: seat.stake for seat in seats if seat.stake}
        expected = {seat: coins for seat, coins in played.stakes.items() if coins}
        if stakes != expected:
            wrong.append(f"{game.kind} {game.id} took {stakes}, its rules {expected}")
        due = played.step.payouts or {}
        owed = expected if played.step.released or played.step.payouts is None else due
        got = {
            seat.number: paid[game.id].get(seat.user_id or 0, 0)
            for seat in seats
            if paid[game.id].get(seat.user_id or 0, 0)
        }
        if got != {seat: coins for seat, coins in owed.items() if coins}:
            wrong.append(f"{game.kind} {game.id} paid {got}, its rules {owed}")
    return wrong


def list_open_games(conn: Connection) -> list[tuple[str, int | None, int, list[int]]]:
    """Return id, message, channel and members of each open game."""
    found: list[tuple[str, int | None, int, list[int]]] = []
    for row in conn.execute(sa.select(games).where(games.c.status == "open")):
        seated = conn.execute(
            sa.select(game_seats.c.user_id)
            .where(game_seats.c.game_id == row.id)
            .order_by(game_seats.c.seat)
        ).scalars()
        found.append((row.id, row.message_id, row.channel_id, [one for one in seated if one]))
    return found


def list_unfinished(conn: Connection) -> list[str]:
    """Return a line for each game that is open, each role on its way, and each job given up."""
    waiting = conn.execute(
        sa.select(shop_orders.c.id).where(shop_orders.c.state == "granting")
    ).scalars()
    failed = conn.execute(
        sa.select(JOBS.c.kind, JOBS.c.last_error).where(JOBS.c.state == "failed")
    ).all()
    return [
        *(f"game {game_id} of {members}" for game_id, _, _, members in list_open_games(conn)),
        *(f"order {order_id}" for order_id in waiting),
        *(f"job {kind}: {error}" for kind, error in failed),
    ]


def _paid_by_game(conn: Connection) -> dict[str, dict[int, int]]:
    """Return what each finished game's last transfers gave to whom."""
    rows = conn.execute(
        sa.select(transfers.c.key, accounts.c.user_id, postings.c.amount)
        .join(postings, postings.c.transfer_id == transfers.c.id)
        .join(accounts, accounts.c.id == postings.c.account_id)
        .where(transfers.c.key.like("game:%:end%"), accounts.c.user_id.is_not(None))
    )
    paid: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for key, user_id, amount in rows:
        game = paid[key.split(":")[1]]
        game[user_id] = game.get(user_id, 0) + amount
    return paid


def _of(promises: Iterable[Promise], *kinds: str) -> dict[str, Promise]:
    return {one.key: one for one in promises if one.kind in kinds}


def _transfers(conn: Connection, promises: Iterable[Promise]) -> list[str]:
    told = _of(promises, "transfer")
    lost: list[str] = []
    kept = {
        row.key: row
        for row in conn.execute(
            sa.select(transfers.c.key, transfers.c.id, transfers.c.amount).where(
                transfers.c.key.in_(told)
            )
        )
    }
    balances = _balances(conn, [row.id for row in kept.values()])
    for key, promise in told.items():
        row = kept.get(key)
        if row is None:
            lost.append(f"{promise}: no transfer")
        elif promise.amount not in {None, row.amount}:
            lost.append(f"{promise}: {row.amount} moved")
        elif (
            promise.balance is not None and promise.balance not in balances[row.id, promise.user_id]
        ):
            lost.append(f"{promise}: balance {balances[row.id, promise.user_id]}")
    return lost


def _balances(
    conn: Connection, transfer_ids: Collection[int]
) -> defaultdict[tuple[int, int], set[int]]:
    found: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    for row in conn.execute(
        sa.select(postings.c.transfer_id, accounts.c.user_id, postings.c.balance_after)
        .join(accounts, accounts.c.id == postings.c.account_id)
        .where(postings.c.transfer_id.in_(transfer_ids), accounts.c.user_id.is_not(None))
    ):
        found[row.transfer_id, row.user_id].add(row.balance_after)
    return found


def _openings(conn: Connection, promises: Iterable[Promise]) -> list[str]:
    """Commands of games: one opened a game, or took a seat at one (a move)."""
    told = _of(promises, "game")
    rows = conn.execute(
        sa.select(games.c.key, games.c.id, games.c.status).where(games.c.key.in_(told))
    )
    kept = {row.key: (row.id, row.status) for row in rows}
    missing = [key for key in told if key not in kept]
    kept |= _games_of_moves(conn, missing)
    return _games_are_kept(conn, told, kept)


def _moves(conn: Connection, promises: Iterable[Promise]) -> list[str]:
    told = _of(promises, "move")
    return _games_are_kept(conn, told, _games_of_moves(conn, list(told)))


def _games_of_moves(conn: Connection, keys: Collection[str]) -> dict[str, tuple[str, str]]:
    rows = conn.execute(
        sa.select(game_moves.c.key, games.c.id, games.c.status)
        .join(games, games.c.id == game_moves.c.game_id)
        .where(game_moves.c.key.in_(keys))
    )
    return {row.key: (row.id, row.status) for row in rows}


def _games_are_kept(
    conn: Connection, told: dict[str, Promise], kept: dict[str, tuple[str, str]]
) -> list[str]:
    lost: list[str] = []
    for key, promise in told.items():
        game_id, status = kept.get(key, ("", ""))
        if not game_id:
            lost.append(f"{promise}: no game")
        elif promise.over and status == "open":
            lost.append(f"{promise}: game {game_id} is open")
        elif promise.balance is not None and not _ever_had(conn, promise):
            lost.append(f"{promise}: never had that balance")
    return lost


def _ever_had(conn: Connection, promise: Promise) -> bool:
    """Whether a member's books have passed through the balance that was shown.

    A game that was lost moves nothing at its end: what is shown then is of any movement before.
    """
    query = (
        sa.select(postings.c.transfer_id)
        .join(accounts, accounts.c.id == postings.c.account_id)
        .where(accounts.c.user_id == promise.user_id, postings.c.balance_after == promise.balance)
        .limit(1)
    )
    return conn.execute(query).first() is not None


def _trades(conn: Connection, promises: Iterable[Promise]) -> list[str]:
    told = _of(promises, "trade")
    lost: list[str] = []
    for key, promise in told.items():
        row = conn.execute(sa.select(shop_trades).where(shop_trades.c.id == int(key))).first()
        if row is None or row.status != "done":
            lost.append(f"{promise}: {row}")
            continue
        due = {
            f"trade:{key}:{user}": coins
            for user, coins in (
                (row.first_id, row.first_coins),
                (row.second_id, row.second_coins),
            )
            if coins
        }
        moved = conn.execute(
            sa.select(transfers.c.key, transfers.c.amount).where(transfers.c.key.in_(due))
        )
        if {one.key: one.amount for one in moved} != due:
            lost.append(f"{promise}: its coins {due} did not move")
    return lost
