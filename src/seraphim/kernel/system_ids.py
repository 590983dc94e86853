"""New identifiers from the system's clock and its secure random source."""

import secrets
import time
from uuid import UUID


class SystemIds:
    """UUID version 7 from the system's clock and its secure random source."""

    def new(self) -> str:
        """Return a UUIDv7: 48 bits of Unix milliseconds, then 74 random bits."""
        milliseconds = time.time_ns() // 1_000_000
        value = milliseconds << 80 | secrets.randbits(80)
        value = value & ~(0xF << 76) | 0x7 << 76
        value = value & ~(0x3 << 62) | 0x2 << 62
        return str(UUID(int=value))
