"""Typed identifiers, and the source of new ones.

Discord's ids are snowflakes (64-bit integers); ours are UUID version 7 strings (RFC 9562), which
sort by the time they were made, so that an index on them grows at one end
(:mod:`seraphim.kernel.system_ids`).
"""

from typing import NewType, Protocol

GuildId = NewType("GuildId", int)
UserId = NewType("UserId", int)
ChannelId = NewType("ChannelId", int)
MessageId = NewType("MessageId", int)
RoleId = NewType("RoleId", int)
InteractionId = NewType("InteractionId", int)


class Ids(Protocol):
    """Makes identifiers that nobody has used before."""

    def new(self) -> str:
        """Return a new identifier; later ones sort after earlier ones (to the millisecond)."""
        ...


class SequenceIds:
    """Predictable identifiers for tests: ``prefix-1``, ``prefix-2`` ..."""

    def __init__(self, prefix: str = "id") -> None:
        self._prefix = prefix
        self._last = 0

    def new(self) -> str:
        """Return the next identifier of the sequence."""
        self._last += 1
        return f"{self._prefix}-{self._last}"
