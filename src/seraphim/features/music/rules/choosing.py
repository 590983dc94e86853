"""Which song plays by itself when the queue has run out: pure scoring, chance is an argument."""

import math
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from seraphim.features.music.rules.player import MAX_FAILURES, Autoplay, Player
from seraphim.features.music.rules.text import clean
from seraphim.features.music.rules.track import Track

type Why = Literal["similar", "artist", "album", "genre", "together", "liked"]
"""Recommended by the source; of one artist, album or genre; played close together here; often
played to the end here."""

NEVER_AGAIN_WITHIN = 50
"""The songs played last that are never chosen."""
MAX_CANDIDATES = 400
_WHYS: tuple[Why, ...] = get_args(Why.__value__)
_WEIGHTS: Mapping[Autoplay, Mapping[Why, float]] = {
    "off": {},
    "similar": {
        "similar": 4, "together": 4, "artist": 2, "genre": 2, "album": 1, "liked": 0.2,
    },
    "artist": {
        "artist": 8, "album": 2, "similar": 0.1, "together": 0.1, "genre": 0.1, "liked": 0.02,
    },
    "genre": {
        "genre": 8, "similar": 0.3, "together": 0.2, "artist": 0.5, "album": 0.2, "liked": 0.02,
    },
    "mixed": {
        "similar": 2, "together": 2, "artist": 1.5, "genre": 2, "album": 1, "liked": 2.5,
    },
}  # fmt: skip
"""What a reason is worth in each mode; the small ones keep the music going where nothing fits."""
_LONG_MS = 12 * 60_000
_SHORT_MS = 45_000
_ODD_LENGTH = 0.2
"""An hour-long mix or a jingle is rarely what should follow a song."""
_SKIPPED = 0.5
"""Each time a song was skipped here halves its chance, down to an eighth."""
_MAX_SKIPS = 3
_ADDITIONS = re.compile(
    r"[\(\[][^\)\]]*(official|video|audio|lyrics?|visuali[sz]er|hd|4k|remaster(ed)?)[^\)\]]*[\)\]]",
    re.IGNORECASE,
)
_MAX_DETAIL = 80


@dataclass(frozen=True, slots=True)
class Candidate:
    """A song that could follow, and why."""

    track: Track
    why: Why
    detail: str = ""
    """The artist, the album, the genre, or the song it goes with; shown to the listeners."""
    times: int = 1
    """How often the reason holds: played together so often, played to its end so often."""
    skipped: int = 0
    """How often the guild skipped it."""


def may_follow(player: Player) -> bool:
    """Say whether the player should choose a song by itself now that the queue has run out.

    After three failures in a row it waits for somebody: the choice would most likely fail too.
    """
    queue = player.queue
    if player.autoplay == "off" or not player.is_here or queue.current or queue.upcoming:
        return False
    last = queue.history[-MAX_FAILURES:]
    return bool(last) and not all(past.outcome == "failed" for past in last)


def choose(
    candidates: Iterable[Candidate], *, mode: Autoplay, recent: Collection[Track], share: float
) -> Candidate | None:
    """Return one of the candidates, or None when none may follow.

    Args:
        candidates: May hold a song several times, each with a reason; the best reason is kept.
        mode: How the guild wants it.
        recent: What was played last; none of it is chosen, nor another copy of the same song.
        share: A number from 0 (included) to 1 (excluded), drawn by the caller.
    """
    scored = rank(candidates, mode=mode, recent=recent)
    mark = share * sum(score for score, _ in scored)
    for score, candidate in scored:
        mark -= score
        if mark < 0:
            return candidate
    return scored[-1][1] if scored else None


def rank(
    candidates: Iterable[Candidate], *, mode: Autoplay, recent: Collection[Track]
) -> list[tuple[float, Candidate]]:
    """Return what may follow with its score, best first; a song's reasons add up."""
    identities = {_identity(track) for track in recent}
    names = {song_name(track) for track in recent}
    found: dict[str, tuple[float, float, Candidate]] = {}
    for candidate in candidates:
        track = candidate.track
        name = song_name(track)
        if track.is_stream or _identity(track) in identities or name in names:
            continue
        score = _score(candidate, mode)
        if score <= 0:
            continue
        total, best, kept = found.get(name, (0.0, 0.0, candidate))
        found[name] = (total + score, max(best, score), candidate if score > best else kept)
    ranked = sorted(
        ((total, candidate) for total, _, candidate in found.values()),
        key=lambda each: (-each[0], each[1].track.source, each[1].track.identifier),
    )
    return ranked[:MAX_CANDIDATES]


def song_name(track: Track) -> str:
    """Return artist and title folded together: the same for two copies of a song.

    A video's title often begins with the artist and ends with "(Official Video)".
    """
    text = f"{track.artist or ''} {_ADDITIONS.sub(' ', track.title)}"
    folded = unicodedata.normalize("NFKD", text).casefold()
    words = re.findall(r"\w+", "".join(c for c in folded if not unicodedata.combining(c)))
    if not words:
        return f"{track.source} {track.identifier}"
    return " ".join(sorted(set(words)))


def write_reason(candidate: Candidate) -> str:
    """Return the reason as it is stored with the entry."""
    return f"{candidate.why}:{clean(candidate.detail, _MAX_DETAIL)}"


def read_reason(stored: str | None) -> tuple[Why, str] | None:
    """Return why an entry was chosen and the detail; None when somebody asked for it."""
    why, colon, detail = (stored or "").partition(":")
    if not colon or why not in _WHYS:
        return None
    return why, detail


def _score(candidate: Candidate, mode: Autoplay) -> float:
    weight = _WEIGHTS[mode].get(candidate.why, 0.0)
    score = weight * (1 + math.log2(max(1, candidate.times)))
    length = candidate.track.duration_ms
    if length is not None and not _SHORT_MS <= length <= _LONG_MS:
        score *= _ODD_LENGTH
    return score * _SKIPPED ** min(candidate.skipped, _MAX_SKIPS)


def _identity(track: Track) -> tuple[str, str]:
    return track.source, track.identifier


def is_allowed(track: Track, *, max_track_minutes: int, sources: Sequence[str]) -> bool:
    """Say whether the guild's settings let this track into its queue."""
    if sources and track.source not in sources:
        return False
    return track.duration_ms is None or track.duration_ms <= max_track_minutes * 60_000
