"""The tables of the ledger: accounts, transfers, postings.

System accounts (mint, house, treasury) have fixed negative ids and no row: nothing that every
transfer would have to lock. Their balance is the sum of their postings.

There is no foreign key from postings to accounts: system accounts have no row, and a deferrable
key would fail at COMMIT, where it takes a whole group of transactions with it.
"""

import sqlalchemy as sa

from seraphim.features.economy.rules.ledger import MAX_BALANCE
from seraphim.kernel.db import metadata

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_IS_PERSON = sa.text("user_id IS NOT NULL")
_IS_ESCROW = sa.text("escrow IS NOT NULL")
_IS_HELD = sa.text("user_id IS NULL AND balance > 0")
_IS_CLOSED = sa.text("closed")
_IS_ORDERED = sa.text("actor_id IS NOT NULL")

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", _ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("guild_id", sa.BigInteger, nullable=False),
    # Of a person; an erased person's account has neither a user nor a name.
    sa.Column("user_id", sa.BigInteger),
    sa.Column("escrow", sa.Text),
    sa.Column("balance", sa.BigInteger, nullable=False),
    sa.Column("frozen", sa.Boolean, nullable=False),
    sa.Column("closed", sa.Boolean, nullable=False),
    sa.CheckConstraint(f"balance BETWEEN 0 AND {MAX_BALANCE}", name="balance"),
    sa.CheckConstraint("user_id IS NULL OR escrow IS NULL", name="owner"),
    sa.Index(
        "uq_accounts_guild_id_user_id",
        "guild_id",
        "user_id",
        unique=True,
        sqlite_where=_IS_PERSON,
        postgresql_where=_IS_PERSON,
    ),
    sa.Index(
        "uq_accounts_guild_id_escrow",
        "guild_id",
        "escrow",
        unique=True,
        sqlite_where=_IS_ESCROW,
        postgresql_where=_IS_ESCROW,
    ),
    sa.Index(
        "ix_accounts_guild_id_balance",
        "guild_id",
        "balance",
        "user_id",
        sqlite_where=_IS_PERSON,
        postgresql_where=_IS_PERSON,
    ),
    # The few accounts that hold coins of nobody present: open escrows, erased persons.
    sa.Index(
        "ix_accounts_guild_id_held",
        "guild_id",
        "escrow",
        "balance",
        sqlite_where=_IS_HELD,
        postgresql_where=_IS_HELD,
    ),
    # Escrows that were paid out and are not folded yet.
    sa.Index("ix_accounts_closed", "id", sqlite_where=_IS_CLOSED, postgresql_where=_IS_CLOSED),
)
"""Persons and escrows. ``closed`` marks an escrow that was paid out."""

transfers = sa.Table(
    "transfers",
    metadata,
    sa.Column("id", _ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("guild_id", sa.BigInteger, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("actor_id", sa.BigInteger),
    sa.Column("details", sa.Text, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.CheckConstraint("amount >= 0", name="amount"),
    sa.UniqueConstraint("guild_id", "key"),
    sa.Index("ix_transfers_guild_id_at_ms", "guild_id", "at_ms", "id"),
    # For forgetting who ordered something; most movements are nobody's order.
    sa.Index(
        "ix_transfers_guild_id_actor_id",
        "guild_id",
        "actor_id",
        sqlite_where=_IS_ORDERED,
        postgresql_where=_IS_ORDERED,
    ),
)
"""Why coins moved. ``id`` ascends in the order of the books."""

postings = sa.Table(
    "postings",
    metadata,
    sa.Column(
        "transfer_id",
        sa.BigInteger,
        sa.ForeignKey(transfers.c.id),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("account_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("guild_id", sa.BigInteger, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("balance_after", sa.BigInteger),
    sa.CheckConstraint("amount <> 0", name="amount"),
    sa.CheckConstraint("account_id <> 0", name="account"),
    sa.Index("ix_postings_guild_id_account_id", "guild_id", "account_id", "transfer_id", "amount"),
    sqlite_with_rowid=False,
)
"""What an account gained (positive) or lost by a transfer; those of one transfer sum to zero.

``balance_after`` is NULL for system accounts.
"""
