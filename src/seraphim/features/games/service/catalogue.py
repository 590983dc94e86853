"""Every game there is."""

from collections.abc import Mapping

from seraphim.features.games.rules.coinflip import CoinflipGame
from seraphim.features.games.rules.errors import GameNotFound
from seraphim.features.games.rules.game import AnyGame

GAMES: tuple[AnyGame, ...] = (CoinflipGame(),)
BY_KIND: Mapping[str, AnyGame] = {game.kind: game for game in GAMES}


def game_of(kind: str) -> AnyGame:
    """Return the rules of a kind of game.

    Raises:
        GameNotFound: There are none (any more).
    """
    game = BY_KIND.get(kind)
    if game is None:
        raise GameNotFound
    return game
