"""The tables of the games.

The promises are constraints: one game a command (``key``), one open round a place (``slot``), one
active seed a member, one move a click.
"""

import sqlalchemy as sa

from seraphim.kernel.db import metadata

_ACTIVE = sa.text("state = 'active' AND user_id IS NOT NULL")
_OPEN = sa.text("status = 'open'")
_UNSHOWN = sa.text("shown_version < version")
_WAITING = sa.text("deadline_ms IS NOT NULL")

fair_seeds = sa.Table(
    "fair_seeds",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("guild_id", sa.BigInteger, nullable=False),
    sa.Column("user_id", sa.BigInteger),
    sa.Column("server_seed", sa.Text, nullable=False),
    sa.Column("server_seed_hash", sa.Text, nullable=False),
    sa.Column("client_seed", sa.Text, nullable=False),
    sa.Column("next_nonce", sa.BigInteger, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.Column("revealed_ms", sa.BigInteger),
    sa.CheckConstraint("state IN ('active', 'revealed')", name="state"),
    sa.CheckConstraint("(state = 'active') = (revealed_ms IS NULL)", name="revealed"),
    sa.Index(
        "uq_fair_seeds_guild_id",
        "guild_id",
        "user_id",
        unique=True,
        sqlite_where=_ACTIVE,
        postgresql_where=_ACTIVE,
    ),
)
"""A member's seed, or (without a user) that of one shared round."""

games = sa.Table(
    "games",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("guild_id", sa.BigInteger, nullable=False),
    sa.Column("channel_id", sa.BigInteger, nullable=False),
    sa.Column("message_id", sa.BigInteger),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("shown_version", sa.Integer, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("slot", sa.Text),
    sa.Column("seed_id", sa.Text, sa.ForeignKey(fair_seeds.c.id), nullable=False),
    sa.Column("client_seed", sa.Text, nullable=False),
    sa.Column("nonce", sa.BigInteger, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("opening", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("opened_ms", sa.BigInteger, nullable=False),
    sa.Column("moved_ms", sa.BigInteger, nullable=False),
    sa.Column("deadline_ms", sa.BigInteger),
    sa.CheckConstraint("status IN ('open', 'settled', 'released')", name="status"),
    sa.CheckConstraint("(status = 'open') = (deadline_ms IS NOT NULL)", name="over"),
    sa.CheckConstraint("slot IS NULL OR status = 'open'", name="slot"),
    sa.CheckConstraint("shown_version <= version", name="shown"),
    sa.UniqueConstraint("guild_id", "key", name="uq_games_guild_id_key"),
    sa.UniqueConstraint("guild_id", "slot", name="uq_games_guild_id_slot"),
    sa.Index("ix_games_seed_id", "seed_id", "status"),
    sa.Index("ix_games_moved_ms", "moved_ms", sqlite_where=_UNSHOWN, postgresql_where=_UNSHOWN),
    sa.Index("ix_games_opened_ms", "opened_ms"),
    sa.Index(
        "ix_games_deadline_ms", "deadline_ms", sqlite_where=_WAITING, postgresql_where=_WAITING
    ),
)
"""``position`` is how many words of the stream are taken; ``shown_version`` what Discord shows."""

game_seats = sa.Table(
    "game_seats",
    metadata,
    sa.Column("game_id", sa.Text, sa.ForeignKey(games.c.id, ondelete="CASCADE"), primary_key=True),
    sa.Column("seat", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("guild_id", sa.BigInteger, nullable=False),
    sa.Column("user_id", sa.BigInteger),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("stake", sa.BigInteger, nullable=False),
    sa.Column("payout", sa.BigInteger, nullable=False),
    sa.Column("seated_ms", sa.BigInteger, nullable=False),
    sa.Column("ended_ms", sa.BigInteger),
    sa.CheckConstraint("stake >= 0", name="stake"),
    sa.CheckConstraint("payout >= 0", name="payout"),
    sa.CheckConstraint("(status = 'open') = (ended_ms IS NULL)", name="ended"),
    sa.CheckConstraint("status IN ('open', 'settled', 'released')", name="status"),
    sa.UniqueConstraint("game_id", "user_id"),
    sa.Index("ix_game_seats_guild_id", "guild_id", "user_id", "seated_ms"),
    sa.Index(
        "ix_game_seats_open",
        "guild_id",
        "user_id",
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    ),
)
"""Who sat where. A member who was erased leaves a seat without a user."""

PLAYS = sa.or_(game_seats.c.seat == 0, game_seats.c.stake > 0)
"""Whether a seat plays: who was only invited has one too, and may never have wished for it."""

game_moves = sa.Table(
    "game_moves",
    metadata,
    sa.Column("game_id", sa.Text, sa.ForeignKey(games.c.id, ondelete="CASCADE"), primary_key=True),
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("key", sa.Text),
    sa.Column("seat", sa.Integer, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("options", sa.Text, nullable=False),
    sa.Column("bet", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("game_id", "key"),
)
"""Every move in order: what a proof plays again. ``key`` is the click; the clock has none."""

game_totals = sa.Table(
    "game_totals",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("played", sa.BigInteger, nullable=False),
    sa.Column("won", sa.BigInteger, nullable=False),
    sa.Column("staked", sa.BigInteger, nullable=False),
    sa.Column("paid", sa.BigInteger, nullable=False),
    sa.Column("best", sa.BigInteger, nullable=False),
    sa.Column("net", sa.BigInteger, nullable=False),
    sa.CheckConstraint("net = paid - staked", name="net"),
    sa.Index("ix_game_totals_guild_id", "guild_id", "won", "user_id"),
)
"""What each member's finished games add up to; ``best`` is the highest single gain."""
