"""Rows to values and back."""

from dataclasses import dataclass
from typing import Literal

import msgspec
from sqlalchemy.engine import RowMapping

from seraphim.features.games.rules.game import Move, Opening, Plain
from seraphim.kernel.ids import ChannelId, GuildId, MessageId, UserId

type Status = Literal["open", "settled", "released"]


@dataclass(frozen=True, slots=True)
class GameRow:
    """A game as it is stored. ``state`` is JSON text; the game's own type reads it."""

    id: str
    guild_id: GuildId
    channel_id: ChannelId
    message_id: MessageId | None
    kind: str
    status: Status
    version: int
    shown_version: int
    key: str
    slot: str | None
    seed_id: str
    client_seed: str
    nonce: int
    position: int
    opening: Opening
    state: str
    opened_ms: int
    moved_ms: int
    deadline_ms: int | None

    @property
    def is_open(self) -> bool:
        """Whether somebody can still move."""
        return self.status == "open"


@dataclass(frozen=True, slots=True)
class Seat:
    """A member at a table; ``user_id`` is None once the member was erased."""

    number: int
    user_id: UserId | None
    stake: int
    payout: int


@dataclass(frozen=True, slots=True)
class Seed:
    """A seed pair. ``server_seed`` is secret while ``state`` is active."""

    id: str
    guild_id: GuildId
    user_id: UserId | None
    server_seed: str
    server_seed_hash: str
    client_seed: str
    next_nonce: int
    state: Literal["active", "revealed"]


def read_game(row: RowMapping) -> GameRow:
    """Return the game of a row."""
    message_id = row["message_id"]
    return GameRow(
        id=row["id"],
        guild_id=GuildId(row["guild_id"]),
        channel_id=ChannelId(row["channel_id"]),
        message_id=None if message_id is None else MessageId(message_id),
        kind=row["kind"],
        status=row["status"],
        version=row["version"],
        shown_version=row["shown_version"],
        key=row["key"],
        slot=row["slot"],
        seed_id=row["seed_id"],
        client_seed=row["client_seed"],
        nonce=row["nonce"],
        position=row["position"],
        opening=msgspec.json.decode(row["opening"], type=Opening),
        state=row["state"],
        opened_ms=row["opened_ms"],
        moved_ms=row["moved_ms"],
        deadline_ms=row["deadline_ms"],
    )


def game_values(game: GameRow) -> dict[str, object]:
    """Return the row of a game."""
    names = ("id", "guild_id", "channel_id", "message_id", "kind", "status", "version")
    more = ("shown_version", "key", "slot", "seed_id", "client_seed", "nonce", "position", "state")
    times = ("opened_ms", "moved_ms", "deadline_ms")
    values: dict[str, object] = {name: getattr(game, name) for name in (*names, *more, *times)}
    return {**values, "opening": msgspec.json.encode(game.opening).decode()}


def read_seat(row: RowMapping) -> Seat:
    """Return the seat of a row."""
    user_id = row["user_id"]
    return Seat(
        row["seat"], None if user_id is None else UserId(user_id), row["stake"], row["payout"]
    )


def read_seed(row: RowMapping) -> Seed:
    """Return the seed of a row."""
    user_id = row["user_id"]
    return Seed(
        id=row["id"],
        guild_id=GuildId(row["guild_id"]),
        user_id=None if user_id is None else UserId(user_id),
        server_seed=row["server_seed"],
        server_seed_hash=row["server_seed_hash"],
        client_seed=row["client_seed"],
        next_nonce=row["next_nonce"],
        state=row["state"],
    )


def read_move(row: RowMapping) -> Move:
    """Return the move of a row."""
    options: dict[str, Plain] = msgspec.json.decode(row["options"])
    return Move(row["seat"], row["action"], row["at_ms"], options, row["bet"])


def move_values(game_id: str, sequence: int, key: str | None, move: Move) -> dict[str, object]:
    """Return the row of a move."""
    return {
        "game_id": game_id,
        "sequence": sequence,
        "key": key,
        "seat": move.seat,
        "action": move.action,
        "at_ms": move.at_ms,
        "options": msgspec.json.encode(move.options).decode(),
        "bet": move.bet,
    }
