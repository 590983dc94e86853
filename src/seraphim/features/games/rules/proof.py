"""The public record of a finished game, and what it proves."""

from dataclasses import dataclass
from typing import Literal

import msgspec

from seraphim.features.games.rules.fair import FairStream, hash_of
from seraphim.features.games.rules.game import AnyGame, Move, Opening, replay
from seraphim.kernel.errors import SeraphimError

FORMAT = 1
MAX_BYTES = 1_000_000
MAX_MOVES = 10_000


class Proof(msgspec.Struct, frozen=True):
    """Everything that is needed to play a game again; it names no member."""

    kind: str
    game: str
    server_seed: str
    server_seed_hash: str
    client_seed: str
    nonce: int
    opening: Opening
    moves: list[Move]
    ending: Literal["settled", "released"]
    stakes: list[int]
    """Coins each seat put in, by seat."""
    payouts: list[int]
    """Coins each seat got, by seat."""
    draws: list[tuple[int, int, int]] = []
    """``low, high, value`` of each draw, for those who check the stream alone."""
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Verdict:
    """What playing a game again has shown; no findings means that it was fair."""

    findings: tuple[str, ...]
    draws: tuple[tuple[int, int, int], ...] = ()
    stakes: tuple[int, ...] = ()
    payouts: tuple[int, ...] = ()

    @property
    def is_fair(self) -> bool:
        """Whether everything is as recorded."""
        return not self.findings


def verify(proof: Proof, game: AnyGame) -> Verdict:
    """Play a recorded game again and compare."""
    findings: list[str] = []
    if hash_of(proof.server_seed) != proof.server_seed_hash:
        findings.append("The server seed is not the one whose hash was published.")
    if len(proof.moves) > MAX_MOVES:
        return Verdict((*findings, "The record has more moves than any game."))
    stream = FairStream(proof.server_seed, proof.client_seed, proof.nonce)
    try:
        played = replay(game, proof.opening, proof.moves, stream)
    except (SeraphimError, ValueError, ArithmeticError, LookupError, TypeError) as error:
        return Verdict((*findings, f"The record cannot be played: {error}"))
    seats = len(proof.stakes)
    stakes = tuple(played.stakes.get(seat, 0) for seat in range(seats))
    paid = played.step.payouts or {}
    payouts = tuple(paid.get(seat, 0) for seat in range(seats))
    ending = "released" if played.step.released else "settled"
    if not played.step.is_over:
        findings.append("The game is not over after the recorded moves.")
    elif ending != proof.ending:
        findings.append(f"The game should have ended as {ending}, not as {proof.ending}.")
    if list(stakes) != proof.stakes or max(played.stakes) >= seats:
        findings.append(f"The stakes should be {list(stakes)}, not {proof.stakes}.")
    if list(payouts) != proof.payouts or (paid and max(paid) >= seats):
        findings.append(f"The payouts should be {list(payouts)}, not {proof.payouts}.")
    if proof.draws and [tuple(draw) for draw in proof.draws] != played.draws:
        findings.append("The recorded draws are not those of the stream.")
    return Verdict(tuple(findings), tuple(played.draws), stakes, payouts)
