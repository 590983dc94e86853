"""Games, seats and moves: read for a step, written as one."""

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from seraphim.features.games.rules.game import Move
from seraphim.features.games.store.rows import (
    GameRow,
    Seat,
    game_values,
    move_values,
    read_game,
    read_move,
    read_seat,
)
from seraphim.features.games.store.tables import PLAYS, game_moves, game_seats, games
from seraphim.kernel.db import insert_into
from seraphim.kernel.ids import ChannelId, GuildId, MessageId, UserId

MAX_LISTED = 200


def find_game(
    conn: Connection, game_id: str, *, guild_id: GuildId | None = None, to_change: bool = False
) -> GameRow | None:
    """Return a game; of one guild only when it is given, and locked if ``to_change``."""
    query = sa.select(games).where(games.c.id == game_id)
    if guild_id is not None:
        query = query.where(games.c.guild_id == guild_id)
    row = conn.execute(query.with_for_update() if to_change else query).mappings().first()
    return None if row is None else read_game(row)


def find_game_by_key(conn: Connection, guild_id: GuildId, key: str) -> GameRow | None:
    """Return the game that a command opened."""
    query = sa.select(games).where(games.c.guild_id == guild_id, games.c.key == key)
    row = conn.execute(query).mappings().first()
    return None if row is None else read_game(row)


def find_open_game(
    conn: Connection, guild_id: GuildId, kind: str, channel_id: ChannelId
) -> GameRow | None:
    """Return the open round of a channel; only games of ``one_a_channel`` have one."""
    query = sa.select(games).where(
        games.c.guild_id == guild_id, games.c.slot == slot_of(kind, channel_id)
    )
    row = conn.execute(query).mappings().first()
    return None if row is None else read_game(row)


def slot_of(kind: str, channel_id: ChannelId) -> str:
    """Return the place that one open round of a kind takes in a channel."""
    return f"{kind}:{channel_id}"


def insert_game(conn: Connection, game: GameRow) -> bool:
    """Store a new game; False when its key or its slot is taken."""
    added = conn.execute(
        insert_into(conn, games)
        .values(game_values(game))
        .on_conflict_do_nothing()
        .returning(games.c.id)
    ).scalar_one_or_none()
    return added is not None


def update_game(conn: Connection, game: GameRow, *, from_version: int) -> bool:
    """Store a step; False when the stored version is another, and nothing was changed."""
    changed = conn.execute(
        games.update()
        .where(games.c.id == game.id, games.c.version == from_version, games.c.status == "open")
        .values(
            status=game.status,
            version=game.version,
            slot=game.slot,
            position=game.position,
            state=game.state,
            moved_ms=game.moved_ms,
            deadline_ms=game.deadline_ms,
        )
    )
    return changed.rowcount == 1


def list_seats(conn: Connection, game_id: str) -> list[Seat]:
    """Return a game's seats, in order."""
    query = sa.select(game_seats).where(game_seats.c.game_id == game_id).order_by(game_seats.c.seat)
    return [read_seat(row) for row in conn.execute(query).mappings()]


def insert_seats(conn: Connection, game: GameRow, seats: Iterable[Seat], now_ms: int) -> None:
    """Seat members at an open game."""
    rows = [
        {
            "game_id": game.id,
            "seat": seat.number,
            "guild_id": game.guild_id,
            "user_id": seat.user_id,
            "kind": game.kind,
            "status": "open",
            "stake": seat.stake,
            "payout": 0,
            "seated_ms": now_ms,
        }
        for seat in seats
    ]
    if rows:
        conn.execute(game_seats.insert(), rows)


def add_stakes(conn: Connection, game_id: str, holds: Mapping[int, int]) -> None:
    """Note that seats have put more in."""
    for number, coins in holds.items():
        conn.execute(
            game_seats.update()
            .where(game_seats.c.game_id == game_id, game_seats.c.seat == number)
            .values(stake=game_seats.c.stake + coins)
        )


def end_seats(conn: Connection, game: GameRow, payouts: Mapping[int, int], now_ms: int) -> None:
    """Note what each seat got in the end."""
    mine = game_seats.c.game_id == game.id
    conn.execute(
        game_seats.update().where(mine).values(status=game.status, payout=0, ended_ms=now_ms)
    )
    for number, coins in payouts.items():
        if coins:
            conn.execute(
                game_seats.update().where(mine, game_seats.c.seat == number).values(payout=coins)
            )


def insert_move(conn: Connection, game_id: str, sequence: int, key: str | None, move: Move) -> None:
    """Store a move; its sequence is the version the game has after it."""
    conn.execute(game_moves.insert(), move_values(game_id, sequence, key, move))


def has_move(conn: Connection, game_id: str, key: str) -> bool:
    """Whether a click has been made already."""
    query = sa.select(game_moves.c.sequence).where(
        game_moves.c.game_id == game_id, game_moves.c.key == key
    )
    return conn.execute(query).first() is not None


def list_moves(conn: Connection, game_id: str) -> list[Move]:
    """Return all moves of a game, in order."""
    query = (
        sa.select(game_moves).where(game_moves.c.game_id == game_id).order_by(game_moves.c.sequence)
    )
    return [read_move(row) for row in conn.execute(query).mappings()]


def set_message(conn: Connection, game_id: str, message_id: MessageId) -> None:
    """Remember which message shows the game."""
    conn.execute(games.update().where(games.c.id == game_id).values(message_id=message_id))


def set_shown(conn: Connection, shown: Sequence[tuple[str, int]]) -> None:
    """Remember which versions Discord shows; an older one changes nothing."""
    for game_id, version in shown:
        conn.execute(
            games.update()
            .where(games.c.id == game_id, games.c.shown_version < version)
            .values(shown_version=version)
        )


def list_unshown(conn: Connection, *, moved_from_ms: int, moved_to_ms: int) -> list[GameRow]:
    """Return games whose message is behind, the oldest first; at most MAX_LISTED."""
    query = (
        sa.select(games)
        .where(
            games.c.shown_version < games.c.version,
            games.c.moved_ms >= moved_from_ms,
            games.c.moved_ms <= moved_to_ms,
        )
        .order_by(games.c.moved_ms)
        .limit(MAX_LISTED)
    )
    return [read_game(row) for row in conn.execute(query).mappings()]


def count_open(conn: Connection, guild_id: GuildId, user_id: UserId) -> int:
    """Return how many open games a member plays; being invited is not playing."""
    query = sa.select(sa.func.count()).where(
        game_seats.c.guild_id == guild_id,
        game_seats.c.user_id == user_id,
        game_seats.c.status == "open",
        PLAYS,
    )
    return int(conn.execute(query).scalar_one())


def list_open_of(conn: Connection, guild_id: GuildId, user_id: UserId) -> list[GameRow]:
    """Return the open games a member sits at; at most MAX_LISTED."""
    query = (
        sa.select(games)
        .join(game_seats, game_seats.c.game_id == games.c.id)
        .where(
            game_seats.c.guild_id == guild_id,
            game_seats.c.user_id == user_id,
            game_seats.c.status == "open",
        )
        .limit(MAX_LISTED)
    )
    return [read_game(row) for row in conn.execute(query).mappings()]


def last_seated_ms(
    conn: Connection, guild_id: GuildId, user_id: UserId, kind: str, *, since_ms: int
) -> int | None:
    """Return when a member last sat down at a game of this kind, if that was after ``since_ms``.

    Being invited is not sitting down.
    """
    query = (
        sa.select(game_seats.c.seated_ms)
        .where(
            game_seats.c.guild_id == guild_id,
            game_seats.c.user_id == user_id,
            game_seats.c.kind == kind,
            game_seats.c.seated_ms > since_ms,
            PLAYS,
        )
        .order_by(game_seats.c.seated_ms.desc())
        .limit(1)
    )
    return conn.execute(query).scalar_one_or_none()


def count_since(
    conn: Connection, guild_id: GuildId, user_id: UserId, kind: str, since_ms: int
) -> int:
    """Return how many games of a kind a member sat down at since a moment."""
    query = sa.select(sa.func.count()).where(
        game_seats.c.guild_id == guild_id,
        game_seats.c.user_id == user_id,
        game_seats.c.seated_ms >= since_ms,
        game_seats.c.kind == kind,
    )
    return int(conn.execute(query).scalar_one())


def lost_since(conn: Connection, guild_id: GuildId, user_id: UserId, since_ms: int) -> int:
    """Return what a member has lost since a moment; negative: won.

    Stakes of open games are counted, whenever their member sat down.
    """
    query = sa.select(sa.func.sum(game_seats.c.stake - game_seats.c.payout)).where(
        game_seats.c.guild_id == guild_id,
        game_seats.c.user_id == user_id,
        sa.or_(game_seats.c.seated_ms >= since_ms, game_seats.c.status == "open"),
        game_seats.c.status != "released",
    )
    return int(conn.execute(query).scalar() or 0)
