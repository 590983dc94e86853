"""The tables of the ledger of the economy, and what keeps balances and postings together."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_IS_PERSON = sa.text("user_id IS NOT NULL")
_IS_ESCROW = sa.text("escrow IS NOT NULL")
_IS_HELD = sa.text("user_id IS NULL AND balance > 0")
_IS_ORDERED = sa.text("actor_id IS NOT NULL")


def upgrade() -> None:
    """Create the tables, and the trigger (SQLite) or the function (PostgreSQL) that posts."""
    _create_accounts()
    _create_transfers()
    _create_postings()
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_SQLITE_POSTING)
    else:
        op.execute(_POSTGRES_POST)


def _create_accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", _ROW_ID, autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger()),
        sa.Column("escrow", sa.Text()),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("balance BETWEEN 0 AND 1000000000000000", name="ck_accounts_balance"),
        sa.CheckConstraint("user_id IS NULL OR escrow IS NULL", name="ck_accounts_owner"),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
    )
    for name, columns, unique, where in (
        ("uq_accounts_guild_id_user_id", ["guild_id", "user_id"], True, _IS_PERSON),
        ("uq_accounts_guild_id_escrow", ["guild_id", "escrow"], True, _IS_ESCROW),
        ("ix_accounts_guild_id_balance", ["guild_id", "balance", "user_id"], False, _IS_PERSON),
        ("ix_accounts_guild_id_held", ["guild_id", "escrow", "balance"], False, _IS_HELD),
    ):
        op.create_index(
            name, "accounts", columns, unique=unique, sqlite_where=where, postgresql_where=where
        )


def _create_transfers() -> None:
    op.create_table(
        "transfers",
        sa.Column("id", _ROW_ID, autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.BigInteger()),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount >= 0", name="ck_transfers_amount"),
        sa.PrimaryKeyConstraint("id", name="pk_transfers"),
        sa.UniqueConstraint("guild_id", "key", name="uq_transfers_guild_id"),
    )
    op.create_index("ix_transfers_guild_id_at_ms", "transfers", ["guild_id", "at_ms", "id"])
    op.create_index(
        "ix_transfers_guild_id_actor_id",
        "transfers",
        ["guild_id", "actor_id"],
        sqlite_where=_IS_ORDERED,
        postgresql_where=_IS_ORDERED,
    )


def _create_postings() -> None:
    op.create_table(
        "postings",
        sa.Column("transfer_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("balance_after", sa.BigInteger()),
        sa.CheckConstraint("amount <> 0", name="ck_postings_amount"),
        sa.CheckConstraint("account_id <> 0", name="ck_postings_account"),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfers.id"], name="fk_postings_transfer_id"),
        sa.PrimaryKeyConstraint("transfer_id", "account_id", name="pk_postings"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_postings_guild_id_account_id",
        "postings",
        ["guild_id", "account_id", "transfer_id", "amount"],
    )


# A balance changes with its posting, in the statement that writes it, or not at all.
_SQLITE_POSTING = """
CREATE TRIGGER postings_move_balance AFTER INSERT ON postings WHEN NEW.account_id > 0
BEGIN
    UPDATE accounts SET balance = balance + NEW.amount WHERE id = NEW.account_id;
END
"""

# The whole transfer in one round trip. Accounts are locked escrow first, then persons by id, so
# that two transfers never wait for each other in a circle. Nothing is written when it is refused.
# status: 0 done, 1 known key, 2 too little, 3 frozen, 4 limit, 5 escrow empty, 6 escrow closed
_POSTGRES_POST = """
CREATE FUNCTION ledger_post(
    p_guild bigint, p_key text, p_kind text, p_amount bigint, p_reason text, p_actor bigint,
    p_details text, p_at_ms bigint, p_users bigint[], p_deltas bigint[], p_systems bigint[],
    p_system_deltas bigint[], p_escrow text, p_escrow_delta bigint, p_drain boolean,
    p_unfreeze boolean, p_clip boolean,
    OUT status integer, OUT transfer bigint, OUT subject bigint, OUT have bigint,
    OUT users bigint[], OUT afters bigint[]
) LANGUAGE plpgsql AS $$
DECLARE
    held record;
    delta bigint;
    known integer;
    rest bigint := 0;
    ids bigint[] := '{}';
    deltas bigint[] := '{}';
BEGIN
    status := 0;
    users := '{}';
    afters := '{}';
    SELECT t.id INTO transfer FROM transfers t WHERE t.guild_id = p_guild AND t.key = p_key;
    IF FOUND THEN
        status := 1;
        RETURN;
    END IF;

    IF p_escrow IS NOT NULL THEN
        FOR attempt IN 1..2 LOOP
            SELECT a.id, a.balance, a.closed INTO held FROM accounts a
                WHERE a.guild_id = p_guild AND a.escrow = p_escrow FOR UPDATE;
            EXIT WHEN FOUND OR p_drain OR p_escrow_delta < 0;
            INSERT INTO accounts (guild_id, escrow, balance, frozen, closed)
                VALUES (p_guild, p_escrow, 0, false, false)
                ON CONFLICT (guild_id, escrow) WHERE escrow IS NOT NULL DO NOTHING;
        END LOOP;
        delta := CASE WHEN p_drain THEN -coalesce(held.balance, 0) ELSE p_escrow_delta END;
        IF held.id IS NULL OR (p_drain AND held.balance = 0) THEN
            status := 5;
        ELSIF held.closed THEN
            status := CASE WHEN p_drain OR delta < 0 THEN 5 ELSE 6 END;
        ELSIF held.balance + delta < 0 THEN
            status := 2;
            subject := 0;
            have := held.balance;
        ELSIF held.balance + delta > 1000000000000000 THEN
            status := 4;
        ELSE
            ids := ids || held.id;
            deltas := deltas || delta;
            rest := rest - delta;
        END IF;
    END IF;

    IF status = 0 AND p_users <> '{}' THEN
        SELECT count(*) INTO known FROM accounts a
            WHERE a.guild_id = p_guild AND a.user_id = ANY (p_users);
        IF known < cardinality(p_users) THEN
            INSERT INTO accounts (guild_id, user_id, balance, frozen, closed)
                SELECT p_guild, u, 0, false, false FROM unnest(p_users) u ORDER BY u
                ON CONFLICT (guild_id, user_id) WHERE user_id IS NOT NULL DO NOTHING;
        END IF;
        FOR held IN
            SELECT a.id, a.user_id, a.balance, a.frozen FROM accounts a
                WHERE a.guild_id = p_guild AND a.user_id = ANY (p_users)
                ORDER BY a.id FOR UPDATE
        LOOP
            delta := p_deltas[array_position(p_users, held.user_id)];
            IF p_clip THEN
                delta := least(delta, 1000000000000000 - held.balance);
            END IF;
            IF held.frozen AND NOT p_unfreeze THEN
                status := 3;
                subject := held.user_id;
                EXIT;
            ELSIF held.balance + delta < 0 THEN
                status := 2;
                subject := held.user_id;
                have := held.balance;
                EXIT;
            ELSIF held.balance + delta > 1000000000000000 THEN
                status := 4;
                subject := held.user_id;
            END IF;
            ids := ids || held.id;
            deltas := deltas || delta;
            rest := rest - delta;
            users := users || held.user_id;
            afters := afters || (held.balance + delta);
        END LOOP;
    END IF;

    IF status = 0 THEN
        INSERT INTO transfers (guild_id, key, kind, amount, reason, actor_id, details, at_ms)
            VALUES (p_guild, p_key, p_kind, p_amount, p_reason, p_actor, p_details, p_at_ms)
            ON CONFLICT (guild_id, key) DO NOTHING RETURNING id INTO transfer;
    END IF;
    IF transfer IS NULL THEN
        -- Refused, or a twin with the same key was faster while we waited for its locks.
        SELECT t.id INTO transfer FROM transfers t WHERE t.guild_id = p_guild AND t.key = p_key;
        IF FOUND THEN
            status := 1;
        END IF;
        RETURN;
    END IF;

    WITH moved AS (
        UPDATE accounts a
            SET balance = a.balance + m.delta,
                closed = a.closed OR (p_drain AND a.escrow IS NOT NULL)
            FROM unnest(ids, deltas) AS m (id, delta)
            WHERE a.id = m.id AND m.delta <> 0
            RETURNING a.id, m.delta, a.balance
    )
    INSERT INTO postings (transfer_id, account_id, guild_id, amount, balance_after)
        SELECT transfer, moved.id, p_guild, moved.delta, moved.balance FROM moved
        UNION ALL
        SELECT transfer, s.id, p_guild, sum(s.delta), NULL
            FROM (
                SELECT * FROM unnest(p_systems, p_system_deltas) AS given (id, delta)
                UNION ALL
                SELECT -2, rest - coalesce((SELECT sum(d) FROM unnest(p_system_deltas) d), 0)
            ) AS s (id, delta)
            GROUP BY s.id HAVING sum(s.delta) <> 0;
END
$$
"""
