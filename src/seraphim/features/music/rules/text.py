"""Texts from files and strangers, made fit to be shown: no control characters, no mentions."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

MAX_TITLE = 200
MAX_NAME = 120
_SCAN = 4096
"""How much of a text is looked at: a tag may hold a megabyte."""
_MARKDOWN = re.compile(r"([\\`*_~|<\[\]]|^[#>-])")
"""What means something anywhere, and what does only at the start of a line."""
_JOINERS = frozenset("‌‍")
"""Zero-width joiners: several scripts and emoji need them, and they hide nothing."""


@dataclass(frozen=True, slots=True)
class Tags:
    """What a file says about itself, cleaned and bounded."""

    title: str
    artist: str | None = None
    album: str | None = None


def clean(text: str, limit: int = MAX_TITLE) -> str:
    """Return one line without control, direction or private characters, at most ``limit`` long."""
    visible = "".join(_visible(character) for character in text[:_SCAN])
    line = " ".join(visible.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def escape(text: str, limit: int = MAX_TITLE) -> str:
    """Return ``text`` cleaned and safe inside Discord markdown.

    Markdown loses its meaning, and mentions (``@everyone``, ``<@1>``) are broken by a zero-width
    space, so that nobody is pinged even where a client would parse them.
    """
    escaped = _MARKDOWN.sub(r"\\\1", clean(text, limit))
    return escaped.replace("@", "@\u200b").replace("<", "<\u200b")


def read_tags(metadata: Mapping[str, str], fallback: str) -> Tags:
    """Take title, artist and album out of a container's tags, whose names vary in case.

    Args:
        metadata: The tags as the container has them.
        fallback: The title of a file that has none (its name).
    """
    tags = {name.lower(): value for name, value in metadata.items()}
    artist = tags.get("artist") or tags.get("album_artist") or tags.get("author") or ""
    return Tags(
        title=clean(tags.get("title", "")) or clean(fallback) or "Untitled",
        artist=clean(artist, MAX_NAME) or None,
        album=clean(tags.get("album", ""), MAX_NAME) or None,
    )


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    if category in {"Cf", "Co", "Cs", "Cn"} and character not in _JOINERS:
        return ""
    return character
