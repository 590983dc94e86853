"""What the ledger speaks of: accounts, receipts, and the bounds of amounts.

Amounts are whole coins. Everything belongs to one guild: the same person has an account of their
own in each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec

from seraphim.features.economy.rules.errors import AmountInvalid
from seraphim.kernel.ids import GuildId, UserId
from seraphim.kernel.marks import N_

type JsonValue = bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None

MAX_BALANCE = 10**15
"""The most coins an account holds, and one transfer moves; a 64-bit sum of 9,000 fits."""
MAX_KEY = 200
MAX_KIND = 64
MAX_REASON = 512
MAX_ESCROW_NAME = 100
MAX_DETAILS_BYTES = 16_384
MAX_PAYOUTS = 500
"""Persons paid by one transfer."""

MINT_ID = -1
HOUSE_ID = -2
TREASURY_ID = -3
SYSTEM_NAMES: Mapping[int, str] = {MINT_ID: "mint", HOUSE_ID: "house", TREASURY_ID: "treasury"}


@dataclass(frozen=True, slots=True)
class Account:
    """One side of a transfer: a person, an escrow, or one of the three system accounts.

    ``number`` is the user's id of a person and the fixed negative id of a system account; ``name``
    is the name of an escrow, and of a system account.
    """

    kind: Literal["person", "escrow", "system"]
    number: int = 0
    name: str = ""


def person(user_id: UserId) -> Account:
    """Return the account of a member."""
    return Account("person", number=user_id)


def escrow(name: str) -> Account:
    """Return the account that holds stakes until something is decided, e.g. ``game:<id>``."""
    return Account("escrow", name=name)


MINT = Account("system", MINT_ID, SYSTEM_NAMES[MINT_ID])
"""Where coins come from and where they go when they are burned: earning, minting, fees."""
HOUSE = Account("system", HOUSE_ID, SYSTEM_NAMES[HOUSE_ID])
"""The other side of the games: takes lost stakes, pays wins."""
TREASURY = Account("system", TREASURY_ID, SYSTEM_NAMES[TREASURY_ID])
"""What the guild itself takes: the shop's income."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a transfer did.

    ``amount`` is what was moved (by :meth:`Bank.settle`: what the persons got). ``balances`` are
    those of the persons touched, just after the transfer. ``details`` is what the caller stored
    with it. ``repeated`` tells that the key was known: nothing moved now, and all values are those
    of the first time.
    """

    transfer_id: str
    amount: int
    balances: Mapping[UserId, int]
    details: Mapping[str, JsonValue]
    repeated: bool = False


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A movement of coins, ready for the books.

    ``persons`` and ``systems`` map ids to what their account gains (negative: loses). ``escrow`` is
    at most one; ``escrow_delta`` what it gains. With ``drain`` the escrow's whole balance leaves
    it, whatever it is, the escrow is closed, and the house gives or takes what the persons leave.
    ``unfreeze`` moves coins of frozen persons too; ``clip`` gives the house what would lift a
    person above MAX_BALANCE.
    """

    guild_id: GuildId
    key: str
    kind: str
    amount: int
    at_ms: int
    persons: Mapping[UserId, int]
    systems: Mapping[int, int] = msgspec.field(default_factory=dict[int, int])
    escrow: str | None = None
    escrow_delta: int = 0
    drain: bool = False
    unfreeze: bool = False
    clip: bool = False
    reason: str = ""
    actor_id: UserId | None = None
    details: Mapping[str, JsonValue] = msgspec.field(default_factory=dict[str, JsonValue])


def check_amount(amount: int, *, low: int = 1) -> int:
    """Return ``amount`` when it is a whole number from ``low`` to MAX_BALANCE.

    Raises:
        AmountInvalid: It is not.
    """
    if type(amount) is not int:
        raise AmountInvalid(reason=N_("Coins are whole numbers."))
    if amount < low:
        raise AmountInvalid(reason=N_("The amount must be at least 1 coin."))
    if amount > MAX_BALANCE:
        raise AmountInvalid(reason=N_("That is more than any account can hold."))
    return amount


def check_words(key: str, kind: str, reason: str = "", escrow_name: str | None = None) -> None:
    """Raise ValueError when a caller's own words do not fit the books (a bug, not an input)."""
    if not 1 <= len(key) <= MAX_KEY:
        raise ValueError(f"an idempotency key has 1 to {MAX_KEY} characters: {key!r}")
    if not 1 <= len(kind) <= MAX_KIND:
        raise ValueError(f"a kind has 1 to {MAX_KIND} characters: {kind!r}")
    if len(reason) > MAX_REASON:
        raise ValueError(f"a reason has at most {MAX_REASON} characters")
    if escrow_name is not None and not 1 <= len(escrow_name) <= MAX_ESCROW_NAME:
        raise ValueError(f"an escrow's name has 1 to {MAX_ESCROW_NAME} characters")
