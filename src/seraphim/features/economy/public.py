"""What other features may use of the economy: the bank and the words it speaks in."""

from seraphim.features.economy.ports import Score, Scores
from seraphim.features.economy.rules.amounts import format_coins, format_number, parse_amount
from seraphim.features.economy.rules.errors import (
    AccountFrozen,
    AmountInvalid,
    BalanceLimit,
    EscrowClosed,
    EscrowEmpty,
    IdempotencyConflict,
    InsufficientFunds,
    SelfTransfer,
)
from seraphim.features.economy.rules.ledger import (
    HOUSE,
    MAX_BALANCE,
    MINT,
    TREASURY,
    Account,
    Receipt,
    escrow,
    person,
)
from seraphim.features.economy.service.ledger import Bank
from seraphim.features.economy.service.settings import EconomySettings

__all__ = [
    "HOUSE",
    "MAX_BALANCE",
    "MINT",
    "TREASURY",
    "Account",
    "AccountFrozen",
    "AmountInvalid",
    "BalanceLimit",
    "Bank",
    "EconomySettings",
    "EscrowClosed",
    "EscrowEmpty",
    "IdempotencyConflict",
    "InsufficientFunds",
    "Receipt",
    "Score",
    "Scores",
    "SelfTransfer",
    "escrow",
    "format_coins",
    "format_number",
    "parse_amount",
    "person",
]
