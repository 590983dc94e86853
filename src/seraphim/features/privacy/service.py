"""Asks every feature what it knows of a member, and to forget it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import msgspec

from seraphim.kernel.audit import AuditEntry, record
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database
from seraphim.kernel.feature import Feature
from seraphim.kernel.ids import GuildId, Ids, UserId


@runtime_checkable
class ExplainsErasure(Protocol):
    """A feature's privacy that says what stays when a member is forgotten."""

    stays: str
    """One sentence, marked for translation."""


@dataclass(frozen=True, slots=True)
class Part:
    """A feature that knows something of members."""

    feature: str
    stays: str
    """What stays after an erasure; empty when nothing does."""


class MemberData:
    """The use cases behind ``/data``."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        ids: Ids,
        catalogue: Callable[[], Sequence[Feature]],
    ) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids
        self._catalogue = catalogue

    def parts(self) -> list[Part]:
        """Return the features that know something of members."""
        found: list[Part] = []
        for feature in self._catalogue():
            privacy = feature.privacy
            if privacy is not None:
                stays = privacy.stays if isinstance(privacy, ExplainsErasure) else ""
                found.append(Part(feature.name, stays))
        return found

    async def export(self, guild_id: GuildId, user_id: UserId) -> bytes:
        """Return everything stored of a member on a server, as indented JSON in UTF-8."""
        known: dict[str, Mapping[str, object]] = {}
        for feature in self._catalogue():
            if feature.privacy is not None:
                known[feature.name] = await feature.privacy.export(guild_id, user_id)
        body = {
            "server": str(guild_id),
            "member": str(user_id),
            "exported_ms": self._clock.now_ms(),
            "features": known,
        }
        return msgspec.json.format(msgspec.json.encode(body), indent=2)

    async def erase(self, guild_id: GuildId, user_id: UserId) -> None:
        """Make every feature forget a member; one that refuses stops it with its reason.

        Those that build on others come first: an open game is ended while its player still has an
        account. What was forgotten before the refusal stays forgotten: asking again does the rest.
        The audit log notes that it happened, not who asked.
        """
        for feature in reversed(self._catalogue()):
            if feature.privacy is not None:
                await feature.privacy.erase(guild_id, user_id)
        entry = AuditEntry(
            id=self._ids.new(),
            at_ms=self._clock.now_ms(),
            guild_id=guild_id,
            actor_id=None,
            action="privacy.erase",
            subject="member",
            before=None,
            after=None,
            source="discord",
        )
        await self._db.write(record, entry)
