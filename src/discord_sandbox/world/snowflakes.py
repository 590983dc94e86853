"""Snowflakes, Discord's ids (docs: reference, "Snowflakes")."""

from datetime import UTC, datetime, timedelta

from discord_sandbox.world.clock import Clock

DISCORD_EPOCH_MS = 1_420_070_400_000
_DISCORD_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
MAX_SNOWFLAKE = 2**63 - 1


def at(moment: datetime, increment: int = 0) -> int:
    """Return the snowflake of ``moment`` with the given low 22 bits."""
    return int((moment - _DISCORD_EPOCH) / timedelta(milliseconds=1)) << 22 | increment


def moment_of(snowflake: int) -> datetime:
    """Return when ``snowflake`` was made."""
    return _DISCORD_EPOCH + timedelta(milliseconds=snowflake >> 22)


def parse(text: str) -> int | None:
    """Return ``text`` as a snowflake, or None if it is not one."""
    if not text.isascii() or not text.isdecimal():
        return None
    value = int(text)
    return value if value <= MAX_SNOWFLAKE else None


class SnowflakeSource:
    """Makes ids that only grow, even when the clock goes back."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def new(self) -> int:
        """Return an id larger than every one before it."""
        self._last = max(self._last + 1, at(self._clock.now()))
        return self._last
