"""Which messages are gone: Discord's events and its answers to requests overtake each other.

A controller may be deleted before the request that sent it has been answered, and an edit may find
it missing before the event says so. Either way somebody has thrown it away, and means goodbye.
"""

from collections import OrderedDict
from collections.abc import Iterable

from seraphim.kernel.ids import MessageId

REMEMBERED = 2048
"""Messages; far more than are deleted while one request is under way."""


class Deletions:
    """Remembers what was deleted, and what was sent in place of a message that was not there."""

    def __init__(self) -> None:
        self._deleted: OrderedDict[MessageId, None] = OrderedDict()
        self._replaced: OrderedDict[MessageId, MessageId] = OrderedDict()

    def note(self, message_ids: Iterable[MessageId]) -> None:
        """Note an event of deleted messages."""
        for message_id in message_ids:
            self._deleted[message_id] = None
        while len(self._deleted) > REMEMBERED:
            self._deleted.popitem(last=False)

    def knows(self, message_id: MessageId) -> bool:
        """Say whether a message is known to be deleted."""
        return message_id in self._deleted

    def replaced(self, missing: MessageId, by: MessageId) -> None:
        """Note that a message was not there any more, and another one was sent instead."""
        self._replaced[missing] = by
        while len(self._replaced) > REMEMBERED:
            self._replaced.popitem(last=False)

    def meant(self, message_ids: Iterable[MessageId]) -> set[MessageId]:
        """Return deleted messages together with what has been sent in place of them."""
        meant = set(message_ids)
        return meant | {self._replaced[one] for one in meant if one in self._replaced}
