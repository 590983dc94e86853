"""The table: opens games, makes moves, lets the clock move, pays.

Each use case is one transaction (:mod:`.steps`); it is answered after the commit.
"""

from collections.abc import Mapping

from seraphim.features.economy.public import Bank
from seraphim.features.games.rules.game import (
    AnyGame,
)
from seraphim.features.games.service import seeds
from seraphim.features.games.service.catalogue import BY_KIND
from seraphim.features.games.service.orders import ActOrder, OpenOrder, View
from seraphim.features.games.service.settings import GamesSettings
from seraphim.features.games.service.steps import Steps
from seraphim.features.games.store import games as store
from seraphim.features.games.store.rows import GameRow
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database, write_keyed
from seraphim.kernel.dice import Dice
from seraphim.kernel.ids import ChannelId, GuildId, Ids, MessageId
from seraphim.kernel.settings import GuildSettings


class Table:
    """The use cases of every game.

    Args:
        db: Where games are stored.
        bank: Holds stakes and pays.
        settings: The guilds' limits.
        clock: For deadlines.
        ids: For new games.
        dice: For new server seeds; never for a game's outcome.
        games: The rules by kind; the house's own by default.
    """

    def __init__(
        self,
        db: Database,
        bank: Bank,
        settings: GuildSettings,
        *,
        clock: Clock,
        ids: Ids,
        dice: Dice,
        games: Mapping[str, AnyGame] = BY_KIND,
    ) -> None:
        self._db = db
        self._settings = settings
        self._ids = ids
        self._dice = dice
        self._steps = Steps(bank, clock, ids, games)

    def rules(self, kind: str) -> AnyGame:
        """Return the rules of a kind; raises GameNotFound."""
        return self._steps.rules(kind)

    async def open(self, order: OpenOrder) -> View:
        """Open a game: read the bet, check the limits, hold the stake, draw.

        The same key again answers with the game it opened. Raises what the limits, the bank and
        the game's rules raise; then nothing has happened.
        """
        game = self.rules(order.kind)
        settings = await self._settings.get(order.guild_id, GamesSettings)
        # Made outside the unit of work, which may run twice.
        secrets = (seeds.new_secret(self._dice), seeds.new_secret(self._dice))
        return await write_keyed(
            self._db, self._steps.open, game, order, settings, self._ids.new(), secrets
        )

    async def act(self, order: ActOrder) -> View:
        """Make a move, or take a seat.

        A click that was made already answers with the game as it is. Raises GameOver, ClickTooLate,
        NotYourGame, and what the limits, the bank and the rules raise; then nothing has happened.
        """
        settings = await self._settings.get(order.guild_id, GamesSettings)
        return await write_keyed(self._db, self._steps.act, order, settings)

    async def time_out(self, game_id: str, *, early: bool = False) -> View | None:
        """Let the clock move a game whose deadline has passed; None when there is nothing to do.

        With ``early`` it moves before its deadline: for a member who will not come back.
        """
        return await self._db.write(self._steps.time_out, game_id, early=early)

    async def house_move(self, game_id: str, action: str, at_ms: int) -> View | None:
        """Make a move of the house itself (seat -1), which the rules publish; None: it is over."""
        return await self._db.write(self._steps.house_move, game_id, action, at_ms)

    async def look(self, guild_id: GuildId, game_id: str) -> View:
        """Return a game as it is; raises GameNotFound."""
        return await self._db.read(self._steps.look, guild_id, game_id)

    async def find_open(
        self, guild_id: GuildId, kind: str, channel_id: ChannelId
    ) -> GameRow | None:
        """Return the open round of a channel, for games that allow one there."""
        return await self._db.read(store.find_open_game, guild_id, kind, channel_id)

    async def set_message(self, game_id: str, message_id: MessageId) -> None:
        """Remember which message shows a game."""
        await self._db.write(store.set_message, game_id, message_id)
