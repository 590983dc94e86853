"""How every game looks, and the commands that open them."""

from collections.abc import Mapping

from seraphim.features.games.commands.blackjack import BlackjackFace, blackjack_command
from seraphim.features.games.commands.coinflip import CoinflipFace, coinflip_command
from seraphim.features.games.commands.crash import CrashFace, crash_command
from seraphim.features.games.commands.desk import Desk
from seraphim.features.games.commands.dice import DiceFace, dice_command
from seraphim.features.games.commands.doubleornothing import (
    DoubleOrNothingFace,
    doubleornothing_command,
)
from seraphim.features.games.commands.duel import DuelFace, duel_command
from seraphim.features.games.commands.face import Face
from seraphim.features.games.commands.heist import HeistFace, heist_command
from seraphim.features.games.commands.highlow import HighLowFace, highlow_command
from seraphim.features.games.commands.mysterybox import MysteryBoxFace, mysterybox_command
from seraphim.features.games.commands.race import RaceFace, race_command
from seraphim.features.games.commands.roulette import RouletteFace, roulette_command
from seraphim.features.games.commands.rps import RpsFace, rps_command
from seraphim.features.games.commands.slots import SlotsFace, slots_command
from seraphim.features.games.commands.triviabet import TriviaFace, trivia_command
from seraphim.surfaces.discord.commands import AnyCommand

FACES: tuple[Face, ...] = (
    BlackjackFace(),
    CoinflipFace(),
    CrashFace(),
    DiceFace(),
    DoubleOrNothingFace(),
    DuelFace(),
    HeistFace(),
    HighLowFace(),
    MysteryBoxFace(),
    RaceFace(),
    RouletteFace(),
    RpsFace(),
    SlotsFace(),
    TriviaFace(),
)
BY_KIND: Mapping[str, Face] = {face.kind: face for face in FACES}


def game_commands(desk: Desk) -> tuple[AnyCommand, ...]:
    """Return the command of every game."""
    return (
        blackjack_command(desk),
        coinflip_command(desk),
        crash_command(desk),
        dice_command(desk),
        doubleornothing_command(desk),
        duel_command(desk),
        heist_command(desk),
        highlow_command(desk),
        mysterybox_command(desk),
        race_command(desk),
        roulette_command(desk),
        rps_command(desk),
        slots_command(desk),
        trivia_command(desk),
    )
