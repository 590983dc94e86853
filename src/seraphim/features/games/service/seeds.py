"""Server seeds: made in secret, promised by their hash, revealed once nothing depends on them."""

from sqlalchemy.engine import Connection

from seraphim.features.games.rules.fair import hash_of
from seraphim.features.games.store import seeds as store
from seraphim.features.games.store.rows import Seed
from seraphim.kernel.dice import Dice
from seraphim.kernel.ids import GuildId, Ids, UserId

SECRET_BYTES = 32
CLIENT_SEED_CHARACTERS = 16


def new_secret(dice: Dice) -> str:
    """Return a new server seed: URL-safe text of 256 random bits."""
    return dice.token(SECRET_BYTES)


def member_seed(
    conn: Connection,
    guild_id: GuildId,
    user_id: UserId,
    secret: str,
    ids: Ids,
    now_ms: int,
) -> Seed:
    """Return a member's active seed, locked; made of ``secret`` when there is none yet.

    The lock makes two openings of one member run one after the other.
    """
    found = store.find_active(conn, guild_id, user_id, to_change=True)
    if found is not None:
        return found
    # A first client seed that the member did not choose is worth no secrecy: the hash's beginning.
    client_seed = hash_of(f"client:{secret}")[:CLIENT_SEED_CHARACTERS]
    made = Seed(ids.new(), guild_id, user_id, secret, hash_of(secret), client_seed, 0, "active")
    store.insert_seed(conn, made, now_ms)
    found = store.find_active(conn, guild_id, user_id, to_change=True)
    if found is None:
        raise RuntimeError("the seed that was just stored is gone")
    return found


def round_seed(seed_id: str, guild_id: GuildId, secret: str, game_id: str) -> Seed:
    """Return the seed of one shared round; its client seed is the game's id, nobody's choice."""
    return Seed(seed_id, guild_id, None, secret, hash_of(secret), game_id, 0, "active")


def lock_member(conn: Connection, guild_id: GuildId, user_id: UserId) -> None:
    """Let two steps of one member run one after the other, where the member has a seed."""
    store.find_active(conn, guild_id, user_id, to_change=True)
