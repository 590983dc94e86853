"""What the links of the services name."""

import re
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import parse_qs, urlsplit

type Kind = Literal["track", "album", "playlist", "artist"]


@dataclass(frozen=True, slots=True)
class Named:
    """Something a service has."""

    kind: Kind
    id: str
    storefront: str | None = None
    """Apple's country, where the link says it."""


SPOTIFY_HOSTS: Final = frozenset(
    {"open.spotify.com", "play.spotify.com", "spotify.link", "spotify.app.link"}
)
APPLE_HOSTS: Final = frozenset({"music.apple.com", "itunes.apple.com", "geo.music.apple.com"})
DEEZER_HOSTS: Final = frozenset(
    {"www.deezer.com", "deezer.com", "link.deezer.com", "deezer.page.link", "dzr.page.link"}
)

_SPOTIFY: Final = re.compile(
    r"/(?:intl-[a-z]{2}(?:-[a-z]{2})?/)?(?:embed/)?(?:user/[^/]+/)?"
    r"(track|album|playlist|artist)/([A-Za-z0-9]{22})/?",
)
_SPOTIFY_URI: Final = re.compile(r"spotify:(?:(track|album|playlist|artist):)?([A-Za-z0-9]{22})")
_APPLE: Final = re.compile(
    r"/([a-z]{2})/(album|song|playlist|artist)/(?:[^/]+/)?((?:pl\.)?[A-Za-z0-9.-]{1,64})/?"
)
_APPLE_OWN: Final = re.compile(r"applemusic:(\d{1,20})")
_DEEZER: Final = re.compile(
    r"/(?:[a-z]{2}(?:-[a-z]{2})?/)?(track|album|playlist|artist)/(\d{1,20})/?"
)
_DEEZER_OWN: Final = re.compile(r"deezer:(\d{1,20})")
_KINDS: Final[dict[str, Kind]] = {
    "track": "track",
    "song": "track",
    "album": "album",
    "playlist": "playlist",
    "artist": "artist",
}


def host_of(query: str) -> str | None:
    """Return the host of a web address in lower case; None for anything else."""
    if not query.startswith(("http://", "https://")):
        return None
    try:
        return (urlsplit(query).hostname or "").lower() or None
    except ValueError:
        return None


def read_spotify(query: str) -> Named | None:
    """Read a link or URI of Spotify (Web API, "Spotify URIs and IDs")."""
    found = _SPOTIFY_URI.fullmatch(query)
    if found is None and host_of(query) in SPOTIFY_HOSTS:
        found = _SPOTIFY.fullmatch(urlsplit(query).path)
    return None if found is None else Named(_KINDS[found[1] or "track"], found[2])


def read_apple(query: str) -> Named | None:
    """Read a link of Apple Music; a song in an album is named by the parameter ``i``."""
    if found := _APPLE_OWN.fullmatch(query):
        return Named("track", found[1])
    if host_of(query) not in APPLE_HOSTS:
        return None
    parts = urlsplit(query)
    found = _APPLE.fullmatch(parts.path)
    if found is None:
        return None
    song = parse_qs(parts.query).get("i", [""])[0]
    if found[2] == "album" and song.isascii() and song.isdigit():
        return Named("track", song, found[1])
    return Named(_KINDS[found[2]], found[3], found[1])


def read_deezer(query: str) -> Named | None:
    """Read a link of Deezer."""
    if found := _DEEZER_OWN.fullmatch(query):
        return Named("track", found[1])
    if host_of(query) not in DEEZER_HOSTS:
        return None
    found = _DEEZER.fullmatch(urlsplit(query).path)
    return None if found is None else Named(_KINDS[found[1]], found[2])
