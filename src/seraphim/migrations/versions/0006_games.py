"""The tables of the games: seeds, games, seats, moves and totals."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_ACTIVE = "state = 'active' AND user_id IS NOT NULL"
_OPEN = "status = 'open'"
_UNSHOWN = "shown_version < version"
_WAITING = "deadline_ms IS NOT NULL"


def upgrade() -> None:
    """Create the tables."""
    _seeds()
    _games()
    op.create_table(
        "game_seats",
        sa.Column("game_id", sa.Text(), nullable=False),
        sa.Column("seat", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("stake", sa.BigInteger(), nullable=False),
        sa.Column("payout", sa.BigInteger(), nullable=False),
        sa.Column("seated_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger()),
        sa.CheckConstraint("stake >= 0", name="ck_game_seats_stake"),
        sa.CheckConstraint("payout >= 0", name="ck_game_seats_payout"),
        sa.CheckConstraint("(status = 'open') = (ended_ms IS NULL)", name="ck_game_seats_ended"),
        sa.CheckConstraint(
            "status IN ('open', 'settled', 'released')", name="ck_game_seats_status"
        ),
        sa.ForeignKeyConstraint(
            ["game_id"], ["games.id"], ondelete="CASCADE", name="fk_game_seats_game_id"
        ),
        sa.PrimaryKeyConstraint("game_id", "seat", name="pk_game_seats"),
        sa.UniqueConstraint("game_id", "user_id", name="uq_game_seats_game_id"),
    )
    op.create_index("ix_game_seats_guild_id", "game_seats", ["guild_id", "user_id", "seated_ms"])
    op.create_index(
        "ix_game_seats_open",
        "game_seats",
        ["guild_id", "user_id"],
        sqlite_where=sa.text(_OPEN),
        postgresql_where=sa.text(_OPEN),
    )
    op.create_table(
        "game_moves",
        sa.Column("game_id", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text()),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("bet", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["game_id"], ["games.id"], ondelete="CASCADE", name="fk_game_moves_game_id"
        ),
        sa.PrimaryKeyConstraint("game_id", "sequence", name="pk_game_moves"),
        sa.UniqueConstraint("game_id", "key", name="uq_game_moves_game_id"),
    )
    op.create_table(
        "game_totals",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("played", sa.BigInteger(), nullable=False),
        sa.Column("won", sa.BigInteger(), nullable=False),
        sa.Column("staked", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("best", sa.BigInteger(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", name="pk_game_totals"),
        sa.CheckConstraint("net = paid - staked", name="ck_game_totals_net"),
    )
    op.create_index("ix_game_totals_guild_id", "game_totals", ["guild_id", "won", "user_id"])


def _seeds() -> None:
    op.create_table(
        "fair_seeds",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger()),
        sa.Column("server_seed", sa.Text(), nullable=False),
        sa.Column("server_seed_hash", sa.Text(), nullable=False),
        sa.Column("client_seed", sa.Text(), nullable=False),
        sa.Column("next_nonce", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("revealed_ms", sa.BigInteger()),
        sa.CheckConstraint("state IN ('active', 'revealed')", name="ck_fair_seeds_state"),
        sa.CheckConstraint(
            "(state = 'active') = (revealed_ms IS NULL)", name="ck_fair_seeds_revealed"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_fair_seeds"),
    )
    op.create_index(
        "uq_fair_seeds_guild_id",
        "fair_seeds",
        ["guild_id", "user_id"],
        unique=True,
        sqlite_where=sa.text(_ACTIVE),
        postgresql_where=sa.text(_ACTIVE),
    )


def _games() -> None:
    op.create_table(
        "games",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shown_version", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text()),
        sa.Column("seed_id", sa.Text(), nullable=False),
        sa.Column("client_seed", sa.Text(), nullable=False),
        sa.Column("nonce", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=False),
        sa.Column("moved_ms", sa.BigInteger(), nullable=False),
        sa.Column("deadline_ms", sa.BigInteger()),
        sa.CheckConstraint("status IN ('open', 'settled', 'released')", name="ck_games_status"),
        sa.CheckConstraint("(status = 'open') = (deadline_ms IS NOT NULL)", name="ck_games_over"),
        sa.CheckConstraint("slot IS NULL OR status = 'open'", name="ck_games_slot"),
        sa.CheckConstraint("shown_version <= version", name="ck_games_shown"),
        sa.ForeignKeyConstraint(["seed_id"], ["fair_seeds.id"], name="fk_games_seed_id"),
        sa.PrimaryKeyConstraint("id", name="pk_games"),
        sa.UniqueConstraint("guild_id", "key", name="uq_games_guild_id_key"),
        sa.UniqueConstraint("guild_id", "slot", name="uq_games_guild_id_slot"),
    )
    op.create_index("ix_games_seed_id", "games", ["seed_id", "status"])
    op.create_index(
        "ix_games_moved_ms",
        "games",
        ["moved_ms"],
        sqlite_where=sa.text(_UNSHOWN),
        postgresql_where=sa.text(_UNSHOWN),
    )
    op.create_index("ix_games_opened_ms", "games", ["opened_ms"])
    op.create_index(
        "ix_games_deadline_ms",
        "games",
        ["deadline_ms"],
        sqlite_where=sa.text(_WAITING),
        postgresql_where=sa.text(_WAITING),
    )
