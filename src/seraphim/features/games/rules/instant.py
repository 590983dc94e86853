"""Games that are over as soon as they are opened: one bet, the draws, the payout."""

from seraphim.features.games.rules.errors import MoveNotPossible
from seraphim.features.games.rules.fair import FairStream
from seraphim.features.games.rules.game import Move, Step
from seraphim.kernel.marks import N_


class Instant[S]:
    """What all of them share; a game adds ``kind``, ``state_type``, ``terms`` and ``open``."""

    shared = False
    versioned = True
    joins: frozenset[str] = frozenset()
    one_a_channel = False

    def act(self, state: S, move: Move, stream: FairStream) -> Step[S]:
        """Nothing follows the draw."""
        del state, move, stream
        raise MoveNotPossible(reason=N_("This game is over already."))

    def timeout(self, state: S, at_ms: int, stream: FairStream) -> Step[S]:
        """Never happens: the opening is the end."""
        del at_ms, stream
        return Step(state, released=True)
