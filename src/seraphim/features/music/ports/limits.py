"""Who says how much music a guild gets."""

from typing import Protocol

from seraphim.features.music.rules.limits import EVERYBODY, MusicLimits
from seraphim.kernel.ids import GuildId


class GuildLimits(Protocol):
    """Answers what a guild may have; the guild's own settings can only lower it."""

    async def limits(self, guild_id: GuildId) -> MusicLimits:
        """Return the guild's limits."""
        ...


class SameLimits:
    """The same for every guild: an installation without tiers."""

    def __init__(self, limits: MusicLimits = EVERYBODY) -> None:
        self._limits = limits

    async def limits(self, guild_id: GuildId) -> MusicLimits:
        """Return the limits all guilds share."""
        _ = guild_id
        return self._limits
