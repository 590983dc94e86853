"""What a member holds, and gifts from member to member."""

from dataclasses import dataclass

from sqlalchemy.engine import Connection

from seraphim.features.economy.rules.amounts import parse_amount
from seraphim.features.economy.rules.errors import AnswerForgotten
from seraphim.features.economy.rules.ledger import Receipt, person
from seraphim.features.economy.rules.members import IsYourself
from seraphim.features.economy.service.claims import Earner
from seraphim.features.economy.service.ledger import Bank
from seraphim.features.economy.store.ledger_reading import is_frozen, rank_of
from seraphim.kernel.db import Database, write_keyed
from seraphim.kernel.ids import GuildId, UserId

GIVE = "give"


@dataclass(frozen=True, slots=True)
class Gift:
    """A gift that was made; ``balance`` is the giver's just after it."""

    amount: int
    balance: int
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a member has, the place on the leaderboard (None without coins), and whether frozen."""

    balance: int
    position: int | None
    frozen: bool


class Accounts:
    """The use cases of plain accounts."""

    def __init__(self, db: Database, bank: Bank) -> None:
        self._db = db
        self._bank = bank

    async def holdings(self, guild_id: GuildId, user_id: UserId) -> Holdings:
        """Return what a member holds; nothing without an account."""
        return await self._db.read(_holdings, guild_id, user_id)

    async def give(self, who: Earner, receiver_id: UserId, amount: str, key: str) -> Gift:
        """Give coins to another member; the caller has made sure that it is a person here.

        Args:
            who: Who gives.
            receiver_id: Who gets.
            amount: As it was typed: 250, 1.5k, half, all.
            key: The idempotency key: the same again answers the same and moves nothing.

        Raises:
            IsYourself: Giver and receiver are the same.
            AmountInvalid: The text is no amount of coins; says why.
            InsufficientFunds: There are fewer.
            AccountFrozen: One of the two is frozen.
            BalanceLimit: The receiver could not hold it.
            AnswerForgotten: The key is known; the giver was forgotten since.
        """
        return await write_keyed(self._db, _give, self._bank, who, receiver_id, amount, key)


def _give(
    conn: Connection, bank: Bank, who: Earner, receiver_id: UserId, amount: str, key: str
) -> Gift:
    known = bank.find(conn, who.guild_id, key)
    if known is not None:
        return _gift(known, who)
    if receiver_id == who.user_id:
        raise IsYourself
    available = bank.balance(conn, who.guild_id, who.user_id)
    receipt = bank.transfer(
        conn,
        who.guild_id,
        person(who.user_id),
        person(receiver_id),
        parse_amount(amount, available=available),
        key=key,
        kind=GIVE,
        actor_id=who.user_id,
    )
    return _gift(receipt, who)


def _gift(receipt: Receipt, who: Earner) -> Gift:
    if who.user_id not in receipt.balances:
        raise AnswerForgotten
    return Gift(receipt.amount, receipt.balances[who.user_id], receipt.repeated)


def _holdings(conn: Connection, guild_id: GuildId, user_id: UserId) -> Holdings:
    rank = rank_of(conn, guild_id, user_id)
    frozen = is_frozen(conn, guild_id, user_id)
    return (
        Holdings(0, None, frozen) if rank is None else Holdings(rank.balance, rank.position, frozen)
    )
