"""Whether two tracks of different services are the same recording.

A song is known by the number of its recording (ISRC) where both sides tell it, and else by
artist, title and length together. A live recording, a remix or a karaoke version is another
recording, however alike its title is.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Final

from rapidfuzz import fuzz

from seraphim.features.music.rules.track import Track

TOLERANCE_MS: Final = 12_000
"""How much longer or shorter the same recording may be: silence, a spoken word, another mastering.
"""
_TITLE_SCORE: Final = 82.0
_SURE_TITLE_SCORE: Final = 92.0
"""Asked for where there is no artist to compare."""
_ARTIST_SCORE: Final = 80.0
_SAME_RECORDING: Final = 200.0

type Key = tuple[str, str]
"""A track's source and identifier."""

_VERSIONS: Final = {
    name: re.compile(rf"\b(?:{words})\b")
    for name, words in {
        "live": r"live (?:at|from|in|on|session|version|performance|acoustic)|in concert|en vivo",
        "remix": r"remix(?:ed)?|rmx|bootleg|mash ?up|flip|rework(?:ed)?|vip mix|club mix|dub mix",
        "cover": r"cover(?:ed)?|tribute|in the style of|made famous by|originally performed",
        "karaoke": r"karaoke|sing along|singalong",
        "instrumental": r"instrumental|backing track|no vocals|minus one",
        "fast": r"sped ?up|speed(?:ed)? ?up|nightcore",
        "slow": r"slowed|daycore|chopped and screwed|reverb",
        "acoustic": r"acoustic|unplugged|stripped|piano version",
        "demo": r"demo",
        "extended": r"extended|\d+ hours?|1h|looped?",
        "8d": r"8d|16d",
        "a cappella": r"a ?cappella|acapella|vocals only",
        "orchestral": r"orchestral|symphonic version|string quartet",
        "lofi": r"lo ?fi",
        "reaction": r"reaction|tutorial|lesson|how to play",
    }.items()
}
_BRACKET_VERSIONS: Final = {"live": re.compile(r"\blive\b"), "mix": re.compile(r"\bmix\b")}
_DASH_VERSIONS: Final = {
    "live": re.compile(r"^live(?: \d{4})?$"),
    "mix": re.compile(r"^(?:[\w ]* )?mix$"),
}
"""Words that mark a version only where they stand aside: in brackets, or alone after a dash."""
_PLACE: Final = re.compile(r"\b(?:live|acoustic) (?:at|from|in|on) .*$")
_PHRASES: Final = re.compile(
    r"\b(?:official )?(?:music|lyrics?) video\b|\bofficial (?:video|audio)\b"
)
_QUOTES: Final = str.maketrans({"\u300c": " - ", "\u300e": " - ", "\u300d": " ", "\u300f": " "})
"""Titles from Japan often stand in corner brackets after the artist."""
_ASIDE: Final = re.compile(r"[(\[{]([^)\]}]*)[)\]}]|\s[-\u2013\u2014|~]\s([^-\u2013\u2014|~]*)$")
_NOISE: Final = re.compile(
    r"\b(?:official|music|video|audio|lyrics?|visuali[sz]er|hd|hq|4k|uhd|remaster(?:ed)?|explicit|"
    r"m v|mv|clip|full song|with lyrics|high quality|original mix|album version|single version|"
    r"topic|vevo|stereo|mono|deluxe|bonus track|from the .* soundtrack)\b"
)
_GUESTS: Final = re.compile(r"\b(?:feat|ft|featuring|with)\b\.?\s.*$")
_BETWEEN_ARTISTS: Final = re.compile(
    r"\s*(?:,|;|/|&|\+|\bx\b|\band\b|\bfeat\b|\bft\b|\bvs\b)\.?\s*"
)
_CHANNEL: Final = re.compile(r"(?<=.)(?:vevo|official|music|channel|tv)+$")
"""What artists add to their names on video sites."""
_DASH: Final = re.compile(r"\s+[-\u2013\u2014|~]\s+|:\s+")


def score(wanted: Track, candidate: Track) -> float | None:
    """Return how surely both are the same recording (more is surer), or None when they are not."""
    if versions_of(wanted) != versions_of(candidate):
        return None
    mixes = _remix(wanted), _remix(candidate)
    if all(mixes) and fuzz.token_set_ratio(*mixes) < _TITLE_SCORE:
        return None
    if wanted.isrc and candidate.isrc and wanted.isrc.upper() == candidate.isrc.upper():
        return _SAME_RECORDING
    apart_ms = _apart_ms(wanted, candidate)
    if apart_ms is not None and apart_ms > TOLERANCE_MS:
        return None
    closeness = 0.0 if apart_ms is None else 10.0 * (1 - apart_ms / TOLERANCE_MS)
    found: list[float] = []
    for title, artist in _readings(wanted):
        for other_title, other_artist in _readings(candidate):
            alike = _title_score(title, other_title)
            if artist and other_artist:
                artists = _artist_score(artist, other_artist)
                if alike >= _TITLE_SCORE and artists >= _ARTIST_SCORE:
                    found.append(0.6 * alike + 0.3 * artists + closeness)
            elif alike >= _SURE_TITLE_SCORE and apart_ms is not None:
                found.append(0.6 * alike + closeness)
    return max(found, default=None)


def best(
    wanted: Track, candidates: Iterable[Track], *, refused: Collection[Key] = ()
) -> Track | None:
    """Return the candidate that is the wanted recording most surely, or None when none is.

    Args:
        wanted: What should be played.
        candidates: What a search found, best first: the first of equals is taken.
        refused: Tracks that must not be chosen, because they have failed.
    """
    chosen: Track | None = None
    highest = 0.0
    for candidate in candidates:
        if (candidate.source, candidate.identifier) in refused or candidate.is_stream:
            continue
        found = score(wanted, candidate)
        if found is not None and found > highest:
            chosen, highest = candidate, found
    return chosen


def words_for(track: Track) -> str:
    """Return what to search for to find a track elsewhere."""
    title, artist = _readings(track)[0]
    versions = sorted(versions_of(track) - {"remix"})
    words = [artist.split(",")[0], title, _remix(track), *versions]
    return " ".join(" ".join(words).split())


def versions_of(track: Track) -> frozenset[str]:
    """Return what makes the track another recording than the plain one: live, remix, karaoke."""
    title = _plain(track.title)
    found = {name for name, words in _VERSIONS.items() if words.search(_flat(title))}
    # Who sings is a version too: the channels of karaoke and tribute bands say so in their names.
    artist = _flat(_plain(track.artist or ""))
    found |= {name for name in ("karaoke", "cover") if _VERSIONS[name].search(artist)}
    for aside in _ASIDE.finditer(title):
        found |= _aside_versions(aside)
    if "remix" in found or re.search(r"\boriginal mix\b", _flat(title)):
        found.discard("mix")
    return frozenset(found)


def _remix(track: Track) -> str:
    """Return what the title says about whose remix it is; empty for none."""
    for aside in _ASIDE.finditer(_plain(track.title)):
        part = _flat(aside[1] or aside[2] or "")
        if _VERSIONS["remix"].search(part):
            return part
    return ""


def _readings(track: Track) -> list[tuple[str, str]]:
    """Return the ways in which title and artist can be read: ``Artist - Title`` may be a title."""
    title, artist = _plain(track.title), _plain(track.artist or "")
    found = [(_bare(title), _flat(_NOISE.sub(" ", _flat(artist))))]
    parts = _DASH.split(title, maxsplit=1)
    if len(parts) == 2 and all(parts):  # noqa: PLR2004 - before and after the dash
        found.append((_bare(parts[1]), _flat(_GUESTS.sub("", parts[0]))))
    return [(words, by) for words, by in found if words] or [(_flat(title), _flat(artist))]


def _bare(title: str) -> str:
    """Return a title without what stands aside and says nothing about the song itself."""

    def keep(aside: re.Match[str]) -> str:
        part = _flat(aside[1] or aside[2] or "")
        is_version = any(words.search(part) for words in _VERSIONS.values())
        is_noise = _NOISE.search(part) or re.match(r"(?:feat|ft|featuring|with|prod)\b", part)
        return " " if is_version or _aside_versions(aside) or is_noise else aside[0]

    shorter = _ASIDE.sub(keep, title)
    flat = _PHRASES.sub(" ", _PLACE.sub(" ", _flat(_GUESTS.sub("", shorter))))
    for words in _VERSIONS.values():
        flat = words.sub(" ", flat)
    return " ".join(flat.split()) or _flat(title)


def _aside_versions(aside: re.Match[str]) -> set[str]:
    """Return the versions that something aside names."""
    kinds = _DASH_VERSIONS if aside[1] is None else _BRACKET_VERSIONS
    part = _flat(aside[1] or aside[2] or "")
    return {name for name, words in kinds.items() if words.search(part)}


def _title_score(one: str, other: str) -> float:
    if _numbers(one) != _numbers(other):
        return 0.0
    return max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other))


def _artist_score(one: str, other: str) -> float:
    """Compare artists: one of several is enough, because services list guests differently."""
    mine, theirs = _artists(one), _artists(other)
    together = fuzz.ratio(one.replace(" ", ""), other.replace(" ", ""))
    return max([together, *(fuzz.ratio(a, b) for a in mine for b in theirs)])


def _artists(text: str) -> list[str]:
    parts = [part.removeprefix("the ") for part in _BETWEEN_ARTISTS.split(text) if part]
    return [_CHANNEL.sub("", part.replace(" ", "")) for part in parts]


def _numbers(title: str) -> frozenset[str]:
    return frozenset(re.findall(r"\d+", title))


def _apart_ms(one: Track, other: Track) -> int | None:
    if one.duration_ms is None or other.duration_ms is None:
        return None
    return abs(one.duration_ms - other.duration_ms)


def _plain(text: str) -> str:
    """Return a text in lower case, without accents, its punctuation kept."""
    decomposed = unicodedata.normalize("NFKD", text[:300].translate(_QUOTES))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return bare.casefold().replace("\u2019", "'")


def _flat(text: str) -> str:
    """Return only the letters and digits of a text, and what parts artists, with single blanks."""
    kept = "".join(c if c.isalnum() or c in "&,+/" else "" if c == "'" else " " for c in text)
    return " ".join(kept.split())
