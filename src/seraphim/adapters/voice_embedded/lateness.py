"""How late packets left, over the last minute or so, in bounded memory."""

from collections import deque

_BUCKET_SECONDS = 0.000_1
_BUCKETS_A_SECOND = 10_000
_BUCKETS = 2_000
_KEPT = 6


class Lateness:
    """A histogram in steps of 0.1 ms up to 200 ms, over a ring of periods.

    Written by the pacer's thread only; reading from another thread may miss the latest packets.

    Args:
        period_seconds: How long one part of the ring collects before the next takes over.
    """

    def __init__(self, *, period_seconds: float = 10.0) -> None:
        self._period = period_seconds
        self._ring: deque[list[int]] = deque([[0] * (_BUCKETS + 1)], maxlen=_KEPT)
        self._current = self._ring[0]
        self._turn_at = float("-inf")

    def record(self, seconds: float, count: int = 1) -> None:
        """Count ``count`` packets that left ``seconds`` after their due time."""
        bucket = int(seconds * _BUCKETS_A_SECOND)
        if 0 <= bucket < _BUCKETS:
            self._current[bucket] += count
        else:
            self._current[0 if bucket < 0 else _BUCKETS] += count

    def turn(self, now: float) -> None:
        """Move on to the next period when this one is over (monotonic seconds)."""
        if now < self._turn_at:
            return
        if self._turn_at != float("-inf"):
            self._current = [0] * (_BUCKETS + 1)
            self._ring.append(self._current)
        self._turn_at = now + self._period

    def reset(self) -> None:
        """Forget everything; a benchmark calls it after the start-up."""
        self._current = [0] * (_BUCKETS + 1)
        self._ring = deque([self._current], maxlen=_KEPT)

    def quantile_ms(self, share: float) -> float:
        """Return the lateness (ms) that ``share`` (0..1) of the packets did not exceed."""
        merged = [sum(column) for column in zip(*tuple(self._ring), strict=True)]
        total = sum(merged)
        if total == 0:
            return 0.0
        wanted = share * total
        seen = 0
        for bucket, count in enumerate(merged):
            seen += count
            if seen >= wanted:
                return (bucket + 1) * _BUCKET_SECONDS * 1000
        return (_BUCKETS + 1) * _BUCKET_SECONDS * 1000
