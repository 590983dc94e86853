"""How every game looks, and the commands that open them."""

from collections.abc import Mapping

from seraphim.features.games.commands.coinflip import CoinflipFace, coinflip_command
from seraphim.features.games.commands.desk import Desk
from seraphim.features.games.commands.face import Face
from seraphim.surfaces.discord.commands import AnyCommand

FACES: tuple[Face, ...] = (CoinflipFace(),)
BY_KIND: Mapping[str, Face] = {face.kind: face for face in FACES}


def game_commands(desk: Desk) -> tuple[AnyCommand, ...]:
    """Return the command of every game."""
    return (coinflip_command(desk),)
