"""The table of the earning: when a member did something last, and until when they wait."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "economy_cooldowns",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("target_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("claimed_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.Column("streak", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.CheckConstraint("until_ms >= claimed_ms", name="ck_economy_cooldowns_until"),
        sa.CheckConstraint("streak >= 0", name="ck_economy_cooldowns_streak"),
        sa.PrimaryKeyConstraint(
            "guild_id", "user_id", "action", "target_id", name="pk_economy_cooldowns"
        ),
    )
    op.create_index("ix_economy_cooldowns_until_ms", "economy_cooldowns", ["until_ms"])
