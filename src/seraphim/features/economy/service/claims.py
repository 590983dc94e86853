"""What all claims with a pause share: answering a repeated one, and taking a fine."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from seraphim.features.economy.rules.errors import (
    AccountFrozen,
    AnswerForgotten,
    InsufficientFunds,
)
from seraphim.features.economy.rules.ledger import Account, JsonValue, Receipt, person
from seraphim.features.economy.service.ledger import Bank
from seraphim.features.economy.store.cooldowns import StoredClaim
from seraphim.features.economy.store.ledger_reading import is_frozen
from seraphim.kernel.ids import GuildId, UserId

_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Earner:
    """Who earns, and where."""

    guild_id: GuildId
    user_id: UserId


@dataclass(frozen=True, slots=True)
class Answered:
    """What a key brought already, and the balance just after it."""

    details: Mapping[str, JsonValue]
    balance: int


def find_answer(
    conn: Connection, bank: Bank, who: Earner, key: str, before: StoredClaim | None
) -> Answered | None:
    """Return what the key brought already; None when it is new.

    Raises:
        AnswerForgotten: It brought something, and the member (or the other side) was forgotten.
    """
    if before is not None and before.key == key and before.outcome:
        return Answered(before.outcome, whole(before.outcome["balance"]))
    receipt = bank.find(conn, who.guild_id, key)
    if receipt is None:
        return None
    # A member who was forgotten since is in no receipt any more, and leaves no details in others'.
    if who.user_id not in receipt.balances or not receipt.details:
        raise AnswerForgotten
    return Answered(receipt.details, receipt.balances[who.user_id])


@dataclass(frozen=True, slots=True)
class Entry:
    """What the books keep of a claim besides the coins."""

    key: str
    kind: str
    details: Mapping[str, JsonValue]


def take_coins(
    conn: Connection,
    bank: Bank,
    who: Earner,
    owner: UserId,
    target: Account,
    coins: int,
    entry: Entry,
) -> Receipt | None:
    """Move ``coins`` out of a person's account, or what is left there; None when nothing is.

    What ``who`` gains by it (negative: loses) is stored as ``coins`` in the details.

    Raises:
        AccountFrozen: One of the two is frozen.
    """
    wanted = coins
    for _ in range(_ATTEMPTS):
        if wanted <= 0:
            break
        gain = wanted if owner != who.user_id else -wanted
        try:
            return bank.transfer(
                conn,
                who.guild_id,
                person(owner),
                target,
                wanted,
                key=entry.key,
                kind=entry.kind,
                actor_id=who.user_id,
                details={**entry.details, "coins": gain},
            )
        except InsufficientFunds as error:
            wanted = min(wanted, error.balance)
    refuse_frozen(conn, who.guild_id, who.user_id)
    return None


def refuse_frozen(conn: Connection, guild_id: GuildId, *user_ids: UserId) -> None:
    """Raise AccountFrozen when one of them is, where no coins move that would tell."""
    for user_id in user_ids:
        if is_frozen(conn, guild_id, user_id):
            raise AccountFrozen(user_id=user_id)


def whole(value: JsonValue) -> int:
    """Return a stored number."""
    return value if isinstance(value, int) else 0
