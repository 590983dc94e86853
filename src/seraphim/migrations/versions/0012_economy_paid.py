"""What was paid for the pieces a member owns; the closed escrows that wait to be folded.

On PostgreSQL also ``ledger_post`` anew: as before, but for the check after its loop over persons.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

# The whole transfer in one round trip. Accounts are locked escrow first, then persons by id, so
# that two transfers never wait for each other in a circle. Nothing is written when it is refused.
# status: 0 done, 1 known key, 2 too little, 3 frozen, 4 limit, 5 escrow empty, 6 escrow closed
_POSTGRES_POST = """
CREATE OR REPLACE FUNCTION ledger_post(
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
        IF status = 0 AND cardinality(users) < cardinality(p_users) THEN
            -- Somebody was forgotten while we waited for their account's lock: it is nobody's now.
            -- Without their leg the house would stand in for them. The unit runs again.
            RAISE EXCEPTION 'an account has lost its owner' USING ERRCODE = 'serialization_failure';
        END IF;
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


def upgrade() -> None:
    """Add the column and the index; what pieces had cost before is not known: today's price."""
    op.execute(
        "ALTER TABLE shop_inventory ADD COLUMN paid BIGINT DEFAULT 0 NOT NULL"
        " CONSTRAINT ck_shop_inventory_paid CHECK (paid >= 0)"
    )
    # No more than an account holds, and computed without a product that does not fit 64 bits.
    op.execute(
        "UPDATE shop_inventory SET paid = (SELECT"
        " CASE WHEN shop_inventory.quantity > 1000000000000000 / i.price THEN 1000000000000000"
        " ELSE shop_inventory.quantity * i.price END"
        " FROM shop_items i WHERE i.id = shop_inventory.item_id)"
    )
    op.create_index(
        "ix_accounts_closed",
        "accounts",
        ["id"],
        sqlite_where=sa.text("closed"),
        postgresql_where=sa.text("closed"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_POSTGRES_POST)
