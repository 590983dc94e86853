"""Songs of the library that go with another one, by what the files say of themselves."""

import zlib
from collections.abc import Iterator

from seraphim.adapters.library.scan import Catalogue, Song
from seraphim.features.music.ports import Likeness, Recommendation
from seraphim.features.music.rules.track import Track


def recommend(
    catalogue: Catalogue, track: Track, *, limit: int, order: int
) -> list[Recommendation]:
    """Return at most ``limit`` songs of each likeness; ``order`` decides which. Blocking.

    A track that is not in the library has the genre of its artist's first song here.
    """
    itself = catalogue.songs.get(track.identifier)
    if itself is not None and itself.track.source != track.source:
        itself = None
    artist, album = _folded(track.artist), _folded(track.album)
    genre = "" if itself is None else _folded(itself.genre)
    if not genre and artist:
        same = (song for song in catalogue.songs.values() if _folded(song.track.artist) == artist)
        genre = next((_folded(song.genre) for song in same if song.genre), "")
    left: dict[Likeness, int] = {"artist": limit, "album": limit, "genre": limit}
    found: list[Recommendation] = []
    for song in _mixed(catalogue, order):
        other = song.track
        if song is itself:
            continue
        shared: tuple[tuple[Likeness, str, str | None, str], ...] = (
            ("artist", artist, other.artist, other.artist or ""),
            ("album", album, other.album, other.album or ""),
            ("genre", genre, song.genre, song.genre),
        )
        for likeness, wanted, value, shown in shared:
            if wanted and left[likeness] and _folded(value) == wanted:
                left[likeness] -= 1
                found.append(Recommendation(other, likeness, shown))
    return found


def _mixed(catalogue: Catalogue, order: int) -> Iterator[Song]:
    """Yield the songs in an order that looks random and is the same for the same number."""
    names = sorted(catalogue.songs, key=lambda name: zlib.crc32(f"{order} {name}".encode()))
    return (catalogue.songs[name] for name in names)


def _folded(text: str | None) -> str:
    return " ".join((text or "").split()).casefold()
