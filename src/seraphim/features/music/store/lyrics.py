"""Messages that follow a song with its words: one a guild, so that a restart goes on with it."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from seraphim.kernel.db import metadata
from seraphim.kernel.db.upsert import insert_into
from seraphim.kernel.ids import ChannelId, GuildId, MessageId

music_lyrics = sa.Table(
    "music_lyrics",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("channel_id", sa.BigInteger, nullable=False),
    sa.Column("message_id", sa.BigInteger, nullable=False),
    sa.Column("entry_id", sa.String(64), nullable=False),
    sa.Column("words_id", sa.String(32), nullable=False),
    sa.Column("until_ms", sa.BigInteger, nullable=False),
)
MAX_FOLLOWED = 5_000


@dataclass(frozen=True, slots=True)
class Followed:
    """A message, the entry whose words it shows, and until when."""

    guild_id: GuildId
    channel_id: ChannelId
    message_id: MessageId
    entry_id: str
    words_id: str
    until_ms: int


def keep_followed(conn: Connection, followed: Followed) -> None:
    """Remember a guild's message in place of the one before."""
    values = {
        "channel_id": followed.channel_id,
        "message_id": followed.message_id,
        "entry_id": followed.entry_id,
        "words_id": followed.words_id,
        "until_ms": followed.until_ms,
    }
    conn.execute(
        insert_into(conn, music_lyrics)
        .values(guild_id=followed.guild_id, **values)
        .on_conflict_do_update(index_elements=["guild_id"], set_=values)
    )


def forget_followed(conn: Connection, guild_id: GuildId, message_id: MessageId) -> None:
    """Forget a message that follows nothing any more."""
    c = music_lyrics.c
    conn.execute(sa.delete(music_lyrics).where(c.guild_id == guild_id, c.message_id == message_id))


def list_followed(conn: Connection) -> list[Followed]:
    """Return every message that followed a song when the last process ended."""
    rows = conn.execute(sa.select(music_lyrics).limit(MAX_FOLLOWED)).mappings()
    return [
        Followed(
            GuildId(int(row["guild_id"])),
            ChannelId(int(row["channel_id"])),
            MessageId(int(row["message_id"])),
            row["entry_id"],
            row["words_id"],
            int(row["until_ms"]),
        )
        for row in rows
    ]
