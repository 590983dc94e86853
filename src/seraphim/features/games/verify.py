"""Verify a finished game from its public record: ``python -m seraphim.features.games.verify``.

Usage::

    python -m seraphim.features.games.verify game.json     # the file that /fair verify gives
    python -m seraphim.features.games.verify - < game.json

Prints what was drawn and paid, and FAIR or NOT FAIR. The exit code is 0 when the game was fair, 1
when it was not, 2 when the record cannot be read. It needs no bot, no database and no network.
"""

import sys
from pathlib import Path
from typing import TextIO

import msgspec

from seraphim.features.games.rules.proof import MAX_BYTES, Proof, verify
from seraphim.features.games.service.catalogue import BY_KIND

FAIR, NOT_FAIR, UNREADABLE = 0, 1, 2


def main(arguments: list[str], out: TextIO) -> int:
    """Verify the record in the named file (``-``: standard input); returns the exit code."""
    if len(arguments) != 1:
        out.write(f"{__doc__}\n")
        return UNREADABLE
    try:
        data = _read(arguments[0])
        proof = msgspec.json.decode(data, type=Proof)
    except (OSError, msgspec.DecodeError) as error:
        out.write(f"The record cannot be read: {error}\n")
        return UNREADABLE
    game = BY_KIND.get(proof.kind)
    if game is None:
        out.write(f"There is no game named {proof.kind}.\n")
        return UNREADABLE
    verdict = verify(proof, game)
    out.write(f"Game {proof.game}: {proof.kind}\n")
    out.write(f"Server seed hash {proof.server_seed_hash}\n")
    out.write(f"Client seed {proof.client_seed}, nonce {proof.nonce}\n")
    out.writelines(
        f"Draw {number}: {value} of {low} to {high}\n"
        for number, (low, high, value) in enumerate(verdict.draws, 1)
    )
    out.writelines(
        f"Seat {seat}: put in {stake}, got {payout}\n"
        for seat, (stake, payout) in enumerate(zip(verdict.stakes, verdict.payouts, strict=True))
    )
    out.writelines(f"{finding}\n" for finding in verdict.findings)
    out.write("FAIR\n" if verdict.is_fair else "NOT FAIR\n")
    return FAIR if verdict.is_fair else NOT_FAIR


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(MAX_BYTES)
    with Path(name).open("rb") as file:
        return file.read(MAX_BYTES)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdout))
