"""The words of a song: timed lines, pages, and which of several texts is the right one.

Timed lines come as LRC (https://en.wikipedia.org/wiki/LRC_(file_format)): ``[mm:ss.xx]`` before
each line, several stamps before a line that is repeated, and tags such as ``[offset:+250]``.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from seraphim.features.music.rules.choosing import song_name
from seraphim.features.music.rules.text import MAX_NAME, clean, escape
from seraphim.features.music.rules.track import Track
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.marks import N_

MAX_LINES = 2_000
MAX_CHARACTERS = 100_000
"""Of a text; what is longer is cut: the longest song has a tenth of it."""
MAX_LINE = 160
PAGE_CHARACTERS = 1_200
BEFORE, AFTER = 2, 5
"""Lines shown before and after the one of now."""
LEAD_MS = 400
"""How much earlier a line is shown, because an edit takes its time to everybody's screen."""
LENGTH_TOLERANCE_MS = 8_000
"""A text for a recording whose length differs by more is for another one."""
_STAMP = re.compile(r"\[(\d{1,3}):(\d{1,2})(?:[.:](\d{1,3}))?\]")
_OFFSET = re.compile(r"^\s*\[offset:\s*([+-]?\d{1,7})\s*\]\s*$", re.IGNORECASE)
_WORD_STAMP = re.compile(r"<\d{1,3}:\d{1,2}(?:[.:]\d{1,3})?>")
_ADDITIONS = re.compile(
    r"\s*[\(\[][^\)\]]*\b(official|video|audio|lyrics?|visuali[sz]er|hd|4k|m/?v)\b[^\)\]]*[\)\]]",
    re.IGNORECASE,
)
_DASH = re.compile(r"\s+[-\u2013\u2014|]\s+")
_MIN_LIKENESS = 0.5

type Stage = Literal["live", "over", "let_go"]
"""Following the song; the song is over; not followed any longer."""


class NoLyrics(SeraphimError):
    """Nobody has written the words down."""

    code = "music.no_lyrics"
    http_status = 404
    message = N_("I found no words for {song}.")


@dataclass(frozen=True, slots=True)
class Words:
    """What a service knows of one recording."""

    identifier: str
    """Finds it again at the same service."""
    title: str
    artist: str | None = None
    album: str | None = None
    duration_ms: int | None = None
    timed: str | None = None
    """LRC."""
    plain: str | None = None
    is_instrumental: bool = False
    credit: str = "lrclib.net"
    """Where they are from, for those who read them."""

    @property
    def has_text(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.timed or self.plain or self.is_instrumental)


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """One line, and when it is sung."""

    at_ms: int
    text: str
    """Empty where nobody sings."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a message with timed words shows at a moment; texts are escaped."""

    title: str
    artist: str | None
    before: tuple[str, ...]
    now: str | None
    """The line that is sung; None before the first one, and when the song is not followed."""
    after: tuple[str, ...]
    stage: Stage = "live"
    credit: str = "lrclib.net"


def read_lrc(text: str) -> tuple[Line, ...]:
    """Return the timed lines in their order; what cannot be read is left out.

    A positive offset shows the lines earlier, as players do.
    """
    offset_ms = 0
    lines: list[Line] = []
    for raw in text[:MAX_CHARACTERS].splitlines():
        if tag := _OFFSET.match(raw):
            offset_ms = int(tag[1])
            continue
        stamps: list[int] = []
        rest = raw.strip()
        while stamp := _STAMP.match(rest):
            stamps.append(_milliseconds(stamp))
            rest = rest[stamp.end() :].lstrip()
        words = clean(_WORD_STAMP.sub("", rest), MAX_LINE)
        lines.extend(Line(at_ms, words) for at_ms in stamps)
        if len(lines) >= MAX_LINES:
            break
    shifted = (Line(max(0, line.at_ms - offset_ms), line.text) for line in lines[:MAX_LINES])
    return tuple(sorted(shifted, key=lambda line: line.at_ms))


def index_at(lines: Sequence[Line], position_ms: int) -> int:
    """Return the index of the line that is sung at a position, -1 before the first."""
    return bisect_right(lines, position_ms + LEAD_MS, key=lambda line: line.at_ms) - 1


def sheet(words: Words, lines: Sequence[Line], index: int, stage: Stage = "live") -> Sheet:
    """Return what is shown while line ``index`` is sung."""
    start = max(0, index - BEFORE)
    end = max(index, 0) + AFTER + 1 if index >= 0 else AFTER + 1
    now = _shown(lines[index]) if index >= 0 and stage == "live" else None
    first_after = index + 1 if now is not None else max(index, 0)
    return Sheet(
        title=escape(words.title),
        artist=escape(words.artist, MAX_NAME) if words.artist else None,
        before=tuple(_shown(line) for line in lines[start : max(index, 0)]),
        now=now,
        after=tuple(_shown(line) for line in lines[first_after:end]),
        stage=stage,
        credit=words.credit,
    )


def whole_text(words: Words) -> str:
    """Return the words without times; empty for an instrumental."""
    if words.plain:
        return words.plain[:MAX_CHARACTERS]
    return "\n".join(line.text for line in read_lrc(words.timed or ""))


def pages_of(text: str, limit: int = PAGE_CHARACTERS) -> list[str]:
    """Return the text, escaped, in pages that end between verses where they can; at least one."""
    pages: list[str] = [""]
    for verse in re.split(r"\n\s*\n", text.replace("\r", "").strip()):
        lines = [escape(line, MAX_LINE) for line in verse.split("\n")[:MAX_LINES]]
        block = "\n".join(lines)
        if pages[-1] and len(pages[-1]) + len(block) + 2 > limit:
            pages.append("")
        if len(block) <= limit:
            pages[-1] = f"{pages[-1]}\n\n{block}" if pages[-1] else block
            continue
        for line in lines:
            if pages[-1] and len(pages[-1]) + len(line) + 1 > limit:
                pages.append("")
            pages[-1] = f"{pages[-1]}\n{line}" if pages[-1] else line
    return pages


def asked_as(track: Track) -> tuple[str, str | None]:
    """Return title and artist as a service knows them.

    The title of a video is often "Artist - Title (Official Video)", and its artist a channel.
    """
    title = _ADDITIONS.sub("", track.title).strip() or track.title
    parts = _DASH.split(title, maxsplit=1)
    if len(parts) == 2 and (track.artist is None or _overlap(parts[0], track.artist) > 0):  # noqa: PLR2004 - artist and title
        return parts[1].strip(), parts[0].strip()
    artist = re.sub(r"\s+- Topic$", "", track.artist) if track.artist else None
    return title, artist


def best_match(track: Track, found: Iterable[Words]) -> Words | None:
    """Return the words that belong to a track: like its name, as long as it, timed rather than not.

    Returns None when none is alike: the wrong words are worse than none.
    """
    title, artist = asked_as(track)
    best: tuple[float, Words] | None = None
    for words in found:
        if not words.has_text:
            continue
        likeness = _overlap(f"{artist or ''} {title}", f"{words.artist or ''} {words.title}")
        if artist is None:
            likeness = max(likeness, _overlap(title, words.title))
        if likeness < _MIN_LIKENESS:
            continue
        score = likeness + (0.3 if words.timed else 0.0)
        if track.duration_ms is not None and words.duration_ms is not None:
            apart_ms = abs(track.duration_ms - words.duration_ms)
            if apart_ms > LENGTH_TOLERANCE_MS:
                continue
            score += 0.3 * (1 - apart_ms / LENGTH_TOLERANCE_MS)
        if best is None or score > best[0]:
            best = score, words
    return None if best is None else best[1]


def _milliseconds(stamp: re.Match[str]) -> int:
    fraction = (stamp[3] or "").ljust(3, "0")
    return (int(stamp[1]) * 60 + int(stamp[2])) * 1000 + int(fraction)


def _shown(line: Line) -> str:
    return escape(line.text, MAX_LINE) if line.text else "♪"


def _overlap(one: str, other: str) -> float:
    """Return which share of their words two names have in common (Jaccard's index)."""
    left, right = (
        set(song_name(Track("", "", text)).split()) if text.strip() else set[str]()
        for text in (one, other)
    )
    return len(left & right) / len(left | right) if left and right else 0.0
