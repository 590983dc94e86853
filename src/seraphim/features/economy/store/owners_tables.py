"""The tables of the owners' view."""

import sqlalchemy as sa

from seraphim.kernel.db import metadata

economy_days = sa.Table(
    "economy_days",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("minted", sa.BigInteger, nullable=False),
    sa.Column("burned", sa.BigInteger, nullable=False),
    sa.Column("moved", sa.BigInteger, nullable=False),
    sa.Column("transfers", sa.BigInteger, nullable=False),
    sa.CheckConstraint(
        "minted >= 0 AND burned >= 0 AND moved >= 0 AND transfers > 0", name="totals"
    ),
)
"""What the transfers up to ``economy_rollup.last_transfer`` did, by day (UTC, since 1970)."""

economy_rollup = sa.Table(
    "economy_rollup",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("last_transfer", sa.BigInteger, nullable=False),
    sa.CheckConstraint("id = 1", name="single"),
)

economy_mint_alerts = sa.Table(
    "economy_mint_alerts",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("told_ms", sa.BigInteger, nullable=False),
)
"""When a guild was last told that too many coins came into being."""

economy_link_keys = sa.Table(
    "economy_link_keys",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("secret", sa.Text, nullable=False),
    sa.Column("made_ms", sa.BigInteger, nullable=False),
)
"""Keys by which links are signed; whoever reads the database can sign links anyway."""
