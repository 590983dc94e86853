"""Seeds and proofs: what a member may see, choose and check."""

from dataclasses import dataclass

from sqlalchemy.engine import Connection

from seraphim.features.games.rules.errors import (
    GameNotFound,
    GameStillOpen,
    SeedInUse,
    SeedStillSecret,
)
from seraphim.features.games.rules.fair import FairStream, check_client_seed, hash_of
from seraphim.features.games.rules.game import replay
from seraphim.features.games.rules.proof import Proof, Verdict, verify
from seraphim.features.games.service import seeds
from seraphim.features.games.service.table import Table
from seraphim.features.games.store import games as game_store
from seraphim.features.games.store import seeds as store
from seraphim.features.games.store import totals as totals_store
from seraphim.features.games.store.rows import Seed
from seraphim.features.games.store.totals import Past
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database
from seraphim.kernel.dice import Dice
from seraphim.kernel.ids import GuildId, Ids, UserId


@dataclass(frozen=True, slots=True)
class Rotation:
    """A seed that is public now, and the hash of the next."""

    revealed: Seed
    next: Seed


@dataclass(frozen=True, slots=True)
class Checked:
    """A game's public record, and what playing it again has shown."""

    proof: Proof
    verdict: Verdict


class Fairness:
    """The use cases of ``/fair``."""

    def __init__(self, db: Database, table: Table, clock: Clock, ids: Ids, dice: Dice) -> None:
        self._db = db
        self._table = table
        self._clock = clock
        self._ids = ids
        self._dice = dice

    async def seed(
        self, guild_id: GuildId, user_id: UserId, client_seed: str | None = None
    ) -> Seed:
        """Return the member's seed (made when there is none), with a new client seed if given.

        Raises:
            ClientSeedUnusable: It has other characters than letters, digits, - and _.
        """
        wanted = None if client_seed is None else check_client_seed(client_seed)
        secret = seeds.new_secret(self._dice)
        return await self._db.write(self._seed, guild_id, user_id, wanted, secret)

    async def rotate(self, guild_id: GuildId, user_id: UserId) -> Rotation:
        """Make the member's server seed public and promise a new one.

        Raises:
            SeedInUse: An open game still draws from it.
        """
        secrets = (seeds.new_secret(self._dice), seeds.new_secret(self._dice))
        return await self._db.write(self._rotate, guild_id, user_id, secrets)

    async def check(self, guild_id: GuildId, game_id: str) -> Checked:
        """Return a finished game's record and play it again.

        Raises:
            GameNotFound: There is no such game here.
            GameStillOpen: It is not over.
            SeedStillSecret: Its seed is still in use; rotate it first.
        """
        proof = await self._db.read(self._proof, guild_id, game_id)
        return Checked(proof, verify(proof, self._table.rules(proof.kind)))

    async def list_recent(self, guild_id: GuildId, user_id: UserId, limit: int) -> list[Past]:
        """Return the member's newest games, to choose from."""
        return await self._db.read(totals_store.list_past, guild_id, user_id, offset=0, limit=limit)

    def _seed(
        self,
        conn: Connection,
        guild_id: GuildId,
        user_id: UserId,
        wanted: str | None,
        secret: str,
    ) -> Seed:
        now_ms = self._clock.now_ms()
        found = seeds.member_seed(conn, guild_id, user_id, secret, self._ids, now_ms)
        if wanted is not None and wanted != found.client_seed:
            store.set_client_seed(conn, found.id, wanted)
        return store.find_active(conn, guild_id, user_id) or found

    def _rotate(
        self, conn: Connection, guild_id: GuildId, user_id: UserId, secrets: tuple[str, str]
    ) -> Rotation:
        now_ms = self._clock.now_ms()
        old = seeds.member_seed(conn, guild_id, user_id, secrets[0], self._ids, now_ms)
        if store.has_open_game(conn, old.id):
            raise SeedInUse
        store.reveal(conn, old.id, now_ms)
        made = Seed(
            id=self._ids.new(),
            guild_id=guild_id,
            user_id=user_id,
            server_seed=secrets[1],
            server_seed_hash=hash_of(secrets[1]),
            client_seed=old.client_seed,
            next_nonce=0,
            state="active",
        )
        store.insert_seed(conn, made, now_ms)
        return Rotation(old, made)

    def _proof(self, conn: Connection, guild_id: GuildId, game_id: str) -> Proof:
        row = game_store.find_game(conn, game_id, guild_id=guild_id)
        seed = None if row is None else store.find_seed(conn, row.seed_id)
        if row is None or seed is None:
            raise GameNotFound
        if row.status == "open":
            raise GameStillOpen
        if seed.state != "revealed":
            raise SeedStillSecret(hash=seed.server_seed_hash)
        moves = game_store.list_moves(conn, game_id)
        seats = game_store.list_seats(conn, game_id)
        stream = FairStream(seed.server_seed, row.client_seed, row.nonce)
        played = replay(self._table.rules(row.kind), row.opening, moves, stream)
        return Proof(
            kind=row.kind,
            game=row.id,
            server_seed=seed.server_seed,
            server_seed_hash=seed.server_seed_hash,
            client_seed=row.client_seed,
            nonce=row.nonce,
            opening=row.opening,
            moves=moves,
            ending=row.status,
            stakes=[seat.stake for seat in seats],
            payouts=[seat.payout for seat in seats],
            draws=played.draws,
        )
