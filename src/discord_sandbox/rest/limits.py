"""Rate limits as Discord sends them (docs: topics/rate-limits).

Every route has a bucket with a limit and a window; routes with a major parameter (channel, guild,
webhook) have one bucket for each value. Across all routes a bot has 50 requests a second.
Interactions' callbacks and webhooks by token are not bound by the global limit.
"""

import hashlib
import math
from collections import OrderedDict
from dataclasses import dataclass

from discord_sandbox.rest.errors import ApiError
from discord_sandbox.rest.router import RouteDef
from discord_sandbox.world.clock import Clock

GLOBAL_LIMIT = 50
_GLOBAL_WINDOW_SECONDS = 1.0
_BUCKETS_KEPT_AT_MOST = 10_000


@dataclass(slots=True)
class _Window:
    resets_at: float
    remaining: int


class RateLimits:
    """Counts requests and refuses what is too much.

    Attributes:
        enabled: When False nothing is counted and no header is sent.
        global_limit: Requests a bot may send in a second over all routes.
    """

    def __init__(self, clock: Clock, *, enabled: bool = False) -> None:
        self.enabled = enabled
        self.global_limit = GLOBAL_LIMIT
        self._clock = clock
        self._windows: OrderedDict[tuple[str, str, int | None], _Window] = OrderedDict()
        self._global: dict[int, _Window] = {}

    def reset(self) -> None:
        """Forget all counts."""
        self._windows.clear()
        self._global.clear()

    def take(self, route: RouteDef, path: dict[str, str], bot_id: int | None) -> dict[str, str]:
        """Count one request and return its headers.

        Raises:
            ApiError: 429 with ``retry_after``; ``global`` tells which limit it was.
        """
        if not self.enabled:
            return {}
        now = self._clock.monotonic()
        if bot_id is not None and route.auth != "none":
            self._take_global(bot_id, now)
        major = "/".join(path[name] for name in route.bucket.split())
        name = bucket_name(route)
        key = (name, major, bot_id)
        window = self._windows.get(key)
        if window is None or window.resets_at <= now:
            window = _Window(now + route.window_seconds, route.limit)
            self._windows[key] = window
            self._windows.move_to_end(key)
            while len(self._windows) > _BUCKETS_KEPT_AT_MOST:
                self._windows.popitem(last=False)
        left = window.resets_at - now
        exceeded = window.remaining <= 0
        window.remaining = max(0, window.remaining - 1)
        headers = {
            "X-RateLimit-Limit": str(route.limit),
            "X-RateLimit-Remaining": str(window.remaining),
            "X-RateLimit-Reset": f"{self._clock.now().timestamp() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": name,
        }
        if exceeded:
            raise limited(left, headers | {"X-RateLimit-Scope": "user"}, everywhere=False)
        return headers

    def _take_global(self, bot_id: int, now: float) -> None:
        window = self._global.get(bot_id)
        if window is None or window.resets_at <= now:
            window = _Window(now + _GLOBAL_WINDOW_SECONDS, self.global_limit)
            self._global[bot_id] = window
        if window.remaining <= 0:
            headers = {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
            raise limited(window.resets_at - now, headers, everywhere=True)
        window.remaining -= 1


def bucket_name(route: RouteDef) -> str:
    """Return the opaque name of the route's bucket."""
    text = f"{route.method} {route.template}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def limited(after_seconds: float, headers: dict[str, str], *, everywhere: bool) -> ApiError:
    """Return the 429 of a limit that ends in ``after_seconds``."""
    return ApiError(
        429,
        0,
        "You are being rate limited.",
        extra={"retry_after": round(after_seconds, 3), "global": everywhere},
        headers=headers | {"Retry-After": str(math.ceil(after_seconds))},
    )
