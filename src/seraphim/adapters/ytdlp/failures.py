"""Which class of failure an exception of yt-dlp is."""

from collections.abc import Mapping, Sequence
from typing import Final

from yt_dlp.networking.exceptions import HTTPError, TransportError
from yt_dlp.utils import (
    ExtractorError,
    GeoRestrictedError,
    UnsupportedError,
    UserNotLive,
    YoutubeDLError,
)

from seraphim.features.music.ports import FailureClass

_CLASSES: Final[tuple[tuple[type[BaseException], FailureClass], ...]] = (
    (GeoRestrictedError, "region"),
    (UserNotLive, "removed"),
    (UnsupportedError, "unsupported"),
)
_STATUS: Final[Mapping[int, FailureClass]] = {
    401: "login",
    403: "login",
    404: "removed",
    410: "removed",
    451: "region",
}
_WORDS: Final[tuple[tuple[FailureClass, tuple[str, ...]], ...]] = (
    (
        "unsupported",
        ("requested format", "unsupported url", "no video formats", "no suitable extractor"),
    ),
    ("drm", ("drm protected", "drm-protected", "is protected by drm")),
    ("age", ("confirm your age", "age-restricted", "age restricted", "inappropriate for some")),
    ("region", ("geo restriction", "geo-restrict", "in your country", "your location", "region")),
    (
        "login",
        (
            "sign in",
            "log in",
            "login",
            "--cookies",
            "registered users",
            "members-only",
            "subscribers",
            "premium",
            "purchase",
        ),
    ),
    (
        "removed",
        (
            "unavailable",
            "not available",
            "has been removed",
            "been deleted",
            "been terminated",
            "private video",
            "is private",
            "does not exist",
            "not found",
            "no longer",
            "404",
        ),
    ),
)
"""yt-dlp says most things in words only; they are looked for in this order."""
_NETWORK: Final = ("timed out", "unable to download", "connection", "unable to connect")
_REFUSED: Final = "address refused"
"""The fence's own words (``guard.py``)."""


def classify(error: BaseException) -> FailureClass:
    """Return the class of what yt-dlp, or the fence around it, raised."""
    chain = _causes(error)
    words = " ".join(str(one).lower() for one in chain)
    if _REFUSED in words:
        return "refused"
    return _by_class(chain) or _by_status(chain) or _by_words(words) or _by_transport(chain, words)


def _by_class(chain: Sequence[BaseException]) -> FailureClass | None:
    for kind, failure in _CLASSES:
        if any(isinstance(one, kind) for one in chain):
            return failure
    return None


def _by_words(words: str) -> FailureClass | None:
    for failure, marks in _WORDS:
        if any(mark in words for mark in marks):
            return failure
    return None


def _by_status(chain: Sequence[BaseException]) -> FailureClass | None:
    for one in chain:
        if isinstance(one, HTTPError):
            return _STATUS.get(one.status, "network")
    return None


def _by_transport(chain: Sequence[BaseException], words: str) -> FailureClass:
    if any(isinstance(one, TransportError | TimeoutError | ConnectionError) for one in chain):
        return "network"
    return "network" if any(mark in words for mark in _NETWORK) else "unknown"


def _causes(error: BaseException) -> list[BaseException]:
    """Return an exception and what lies below it: yt-dlp wraps its errors in several ways."""
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting and len(found) < 10:  # noqa: PLR2004 - no chain of sense is longer
        one = waiting.pop(0)
        if not isinstance(one, BaseException) or one in found:
            continue
        found.append(one)
        waiting += [one.__cause__, one.__context__]
        if isinstance(one, ExtractorError):
            waiting.append(one.cause)
        if isinstance(one, YoutubeDLError) and (info := getattr(one, "exc_info", None)):
            waiting.append(info[1])
    return found
