"""Playlist files of radio stations, read without trusting a line of them: M3U and PLS."""

import re
from dataclasses import dataclass

_EXTINF = re.compile(r"#EXTINF:\s*(-?\d+)[^,]*,(.*)", re.IGNORECASE)
_PLS = re.compile(r"\s*(File|Title|Length)(\d{1,5})\s*=(.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Listing:
    """One line of a playlist; ``location`` may be relative and has not been judged."""

    location: str
    title: str | None = None


def read_m3u(text: str, *, limit: int) -> tuple[Listing, ...]:
    """Return at most ``limit`` entries of an M3U file."""
    found: list[Listing] = []
    title: str | None = None
    for raw in text.splitlines():
        line = raw.strip().lstrip("\ufeff")
        if match := _EXTINF.match(line):
            title = match[2].strip() or None
        elif line and not line.startswith("#"):
            found.append(Listing(line, title))
            title = None
            if len(found) >= limit:
                break
    return tuple(found)


def read_pls(text: str, *, limit: int) -> tuple[Listing, ...]:
    """Return at most ``limit`` entries of a PLS file, in the order of their numbers."""
    files: dict[int, str] = {}
    titles: dict[int, str] = {}
    for line in text.splitlines():
        match = _PLS.match(line)
        if match is None:
            continue
        number, value = int(match[2]), match[3].strip()
        if match[1].lower() == "file" and value:
            files[number] = value
        elif match[1].lower() == "title" and value:
            titles[number] = value
    return tuple(Listing(files[n], titles.get(n)) for n in sorted(files)[:limit])
