"""Every game there is."""

from collections.abc import Mapping

from seraphim.features.games.rules.blackjack import BlackjackGame
from seraphim.features.games.rules.coinflip import CoinflipGame
from seraphim.features.games.rules.crash import CrashGame
from seraphim.features.games.rules.dice import DiceGame
from seraphim.features.games.rules.doubleornothing import DoubleOrNothingGame
from seraphim.features.games.rules.duel import DuelGame
from seraphim.features.games.rules.game import AnyGame
from seraphim.features.games.rules.heist import HeistGame
from seraphim.features.games.rules.highlow import HighLowGame
from seraphim.features.games.rules.mysterybox import MysteryBoxGame
from seraphim.features.games.rules.race import RaceGame
from seraphim.features.games.rules.roulette import RouletteGame
from seraphim.features.games.rules.rps import RpsGame
from seraphim.features.games.rules.slots import SlotsGame
from seraphim.features.games.rules.trivia import TriviaGame

GAMES: tuple[AnyGame, ...] = (
    BlackjackGame(),
    CoinflipGame(),
    CrashGame(),
    DiceGame(),
    DoubleOrNothingGame(),
    DuelGame(),
    HeistGame(),
    HighLowGame(),
    MysteryBoxGame(),
    RaceGame(),
    RouletteGame(),
    RpsGame(),
    SlotsGame(),
    TriviaGame(),
)
BY_KIND: Mapping[str, AnyGame] = {game.kind: game for game in GAMES}
