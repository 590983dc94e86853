"""The tables of the owners' view: totals of each day, alerts told, keys of signed links."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create the tables; the totals begin at the first transfer."""
    op.create_table(
        "economy_days",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("minted", sa.BigInteger(), nullable=False),
        sa.Column("burned", sa.BigInteger(), nullable=False),
        sa.Column("moved", sa.BigInteger(), nullable=False),
        sa.Column("transfers", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "minted >= 0 AND burned >= 0 AND moved >= 0 AND transfers > 0",
            name="ck_economy_days_totals",
        ),
        sa.PrimaryKeyConstraint("guild_id", "day", "kind", name="pk_economy_days"),
    )
    rollup = op.create_table(
        "economy_rollup",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_transfer", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_economy_rollup_single"),
        sa.PrimaryKeyConstraint("id", name="pk_economy_rollup"),
    )
    op.bulk_insert(rollup, [{"id": 1, "last_transfer": 0}])
    op.create_table(
        "economy_mint_alerts",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("told_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name="pk_economy_mint_alerts"),
    )
    op.create_table(
        "economy_link_keys",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_economy_link_keys"),
    )
