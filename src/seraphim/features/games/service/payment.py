"""A game's coins: every stake goes into the game's escrow, which is emptied exactly once."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection

from seraphim.features.economy.public import HOUSE, Bank, person
from seraphim.features.games.rules.game import Step
from seraphim.features.games.store import games as store
from seraphim.features.games.store import totals
from seraphim.features.games.store.rows import GameRow, Seat
from seraphim.kernel.ids import GuildId, UserId

ESCROW_PREFIX = "game"


class PayoutsWrong(ValueError):
    """The rules of a game paid a seat that does not exist, or a negative amount: a fault."""


class Payment:
    """Moves the coins of games through the bank.

    The keys name the game and its version, so each step's coins move once.
    """

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    def hold(
        self,
        conn: Connection,
        game: GameRow,
        members: Mapping[int, UserId | None],
        holds: Mapping[int, int],
    ) -> dict[UserId, int]:
        """Take what seats add with this step; returns the members' balances after it.

        Raises:
            InsufficientFunds: A member has less; the whole step must be given up.
        """
        balances: dict[UserId, int] = {}
        for number, coins in sorted(holds.items()):
            user_id = members.get(number)
            if coins == 0:
                continue
            if user_id is None:
                raise PayoutsWrong(f"{game.kind} takes coins from the empty seat {number}")
            receipt = self._bank.hold(
                conn,
                game.guild_id,
                user_id,
                coins,
                escrow=escrow_of(game),
                key=f"game:{game.id}:{game.version}:{number}",
                kind=f"game.{game.kind}",
                details={"game": game.id},
            )
            balances |= receipt.balances
        return balances

    def pay(
        self, conn: Connection, game: GameRow, step: Step[Any], seats: Sequence[Seat]
    ) -> dict[UserId, int]:
        """Empty the escrow of a game that is over; returns the members' balances after it."""
        held = sum(seat.stake for seat in seats)
        key, kind = f"game:{game.id}:end", f"game.{game.kind}"
        if step.released or step.payouts is None:
            if held == 0:
                return {}
            receipt = self._bank.release(
                conn, game.guild_id, escrow_of(game), key=key, kind=kind, details={"game": game.id}
            )
            return dict(receipt.balances)
        by_seat = {seat.number: seat for seat in seats}
        if any(coins < 0 or number not in by_seat for number, coins in step.payouts.items()):
            raise PayoutsWrong(f"{game.kind} pays {step.payouts} to {len(seats)} seats")
        # What an erased member would get stays with the house.
        payouts = {
            seat.user_id: step.payouts.get(seat.number, 0)
            for seat in seats
            if seat.user_id is not None
        }
        balances = self._settle(conn, game, held, payouts, key=key, kind=kind)
        results = {
            seat.user_id: (seat.stake, payouts[seat.user_id])
            for seat in seats
            if seat.user_id is not None and (seat.stake or payouts[seat.user_id])
        }
        totals.add_results(conn, game.guild_id, results)
        return balances

    def _settle(
        self,
        conn: Connection,
        game: GameRow,
        held: int,
        payouts: Mapping[UserId, int],
        *,
        key: str,
        kind: str,
    ) -> dict[UserId, int]:
        if held:
            receipt = self._bank.settle(
                conn, game.guild_id, escrow_of(game), payouts,
                key=key, kind=kind, details={"game": game.id},
            )  # fmt: skip
            return dict(receipt.balances)
        balances: dict[UserId, int] = {}
        for user_id, coins in sorted(payouts.items()):
            if coins:
                receipt = self._bank.transfer(
                    conn, game.guild_id, HOUSE, person(user_id), coins,
                    key=f"{key}:{user_id}", kind=kind, details={"game": game.id},
                )  # fmt: skip
                balances |= receipt.balances
        return balances


def escrow_of(game: GameRow) -> str:
    """Return the name of a game's escrow account."""
    return f"{ESCROW_PREFIX}:{game.id}"


def escrow_is_open(conn: Connection, guild_id: GuildId, name: str) -> bool:
    """Whether an escrow belongs to an open game; the ledger's audit asks."""
    game = store.find_game(conn, name.partition(":")[2], guild_id=guild_id)
    return game is not None and game.is_open
