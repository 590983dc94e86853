"""yt-dlp as the process behind :mod:`seraphim.adapters.ytdlp.worker` uses it.

Nothing is downloaded, no configuration file is read, nothing is cached on disk, and the extractor
``generic``, which opens any address whatever, is off.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final, cast

from yt_dlp import YoutubeDL
from yt_dlp.utils import YoutubeDLError

from seraphim.adapters.ytdlp.failures import classify
from seraphim.adapters.ytdlp.messages import Answer, Ask, Item, Step, Stream

_FILE: Final = "[protocol~='^https?$']"
_PIECES: Final = "[protocol^=m3u8]"
_SMALL: Final = "[acodec!=none][height<=?480]"
"""With pictures nobody sees, so few that they cost little, but with the sound of large ones."""
SOUND: Final = (
    f"bestaudio{_FILE}[acodec=opus]/bestaudio{_FILE}/bestaudio{_PIECES}"
    f"/best{_FILE}{_SMALL}/worst{_FILE}[acodec!=none]"
    f"/best{_PIECES}{_SMALL}/worst{_PIECES}[acodec!=none]"
)
"""The format that is played: sound alone before sound with pictures, whole files before pieces
(HLS), and Opus first, because it can be passed on as it is."""
_STEP: Final = 25
"""Every so many tracks of a list the bot is told."""
_MAX_HOPS: Final = 5
_MAX_DEPTH: Final = 2
"""A channel is a list of lists; deeper ones are left out."""
_HEADERS: Final = frozenset({"user-agent", "referer", "origin", "accept-language"})
"""The headers that servers ask for; cookies stay here."""
_DETAIL: Final = 500

type Info = Mapping[str, Any]


class Silence:
    """Takes what yt-dlp would print."""

    def debug(self, message: str) -> None:
        """Drop it."""

    def warning(self, message: str) -> None:
        """Drop it."""

    def error(self, message: str) -> None:
        """Drop it: the exception says it again."""


class Extraction:
    """Answers requests with yt-dlp. Everything blocks.

    Args:
        cookies: A cookie file of the owner's, or None.
    """

    def __init__(self, cookies: Path | None = None) -> None:
        self._options: dict[str, Any] = {
            "allowed_extractors": ["default", "-generic"],
            "cachedir": False,
            "cookiefile": None if cookies is None else str(cookies),
            "enable_file_urls": False,
            "extract_flat": "in_playlist",
            "extractor_retries": 1,
            "format": SOUND,
            "ignoreconfig": True,
            "logger": Silence(),
            "noprogress": True,
            "proxy": "",
            "quiet": True,
            "retries": 1,
            "skip_download": True,
            "socket_timeout": 10,
        }

    def answer(self, ask: Ask, tell: Callable[[Step], None]) -> Answer:
        """Do what is asked; whatever goes wrong becomes a classified answer."""
        try:
            options = {**self._options, "noplaylist": ask.verb != "list"}
            with YoutubeDL(cast("Any", options)) as ydl:
                return self._find(ydl, ask, tell)
        except MemoryError:
            raise
        except (YoutubeDLError, OSError, ValueError, LookupError, TypeError, AttributeError) as e:
            # An extractor whose site has changed fails in any of these ways.
            return Answer(failure=classify(e), detail=str(e)[:_DETAIL])

    def _find(self, ydl: YoutubeDL, ask: Ask, tell: Callable[[Step], None]) -> Answer:
        info = _follow(ydl, ask.query)
        if info is None:
            return Answer()
        if info.get("_type") in {"playlist", "multi_video"} or "entries" in info:
            return _list(ydl, info, ask.limit, tell)
        full = cast("Info", ydl.process_ie_result(cast("Any", info), download=False))
        item = _item(full, _stream(full))
        if item is None or (ask.verb == "open" and item.stream is None):
            return Answer(failure="unsupported", detail="no format that can be played")
        return Answer(items=[item])


def _follow(ydl: YoutubeDL, query: str, key: str | None = None) -> Info | None:
    """Extract, following what only points elsewhere; lists are not walked through yet."""
    info: Info | None = None
    for _ in range(_MAX_HOPS):
        found = ydl.extract_info(query, download=False, process=False, ie_key=cast("Any", key))
        outer, info = info, cast("Info | None", found)
        if info is None or info.get("_type") not in {"url", "url_transparent"}:
            if outer is not None and info is not None and outer.get("_type") == "url_transparent":
                said = {name: value for name, value in outer.items() if value is not None}
                info = {**info, **{k: v for k, v in said.items() if k not in {"_type", "url"}}}
            return info
        query, key = str(info["url"]), info.get("ie_key")
    return None


def _list(ydl: YoutubeDL, info: Info, limit: int, tell: Callable[[Step], None]) -> Answer:
    items: list[Item] = []
    count = info.get("playlist_count")
    total = min(int(count), limit) if isinstance(count, int) else None
    for item in islice(_items(ydl, info, 0), limit + 1):
        items.append(item)
        if len(items) % _STEP == 0:
            tell(Step(min(len(items), limit), total))
    title = _text(info, "title")
    return Answer(items=items[:limit], title=title or "", truncated=len(items) > limit)


def _items(ydl: YoutubeDL, info: Info, depth: int) -> Iterator[Item]:
    """Yield the tracks of a list in its order, page by page as the site gives them."""
    for entry in cast("Any", info.get("entries") or ()):
        if entry is None:
            continue
        is_list = entry.get("_type") in {"playlist", "multi_video"} or "entries" in entry
        if is_list and depth < _MAX_DEPTH:
            yield from _items(ydl, entry, depth + 1)
        elif not is_list and (item := _item(entry, None)) is not None:
            yield item


def _item(info: Info, stream: Stream | None) -> Item | None:
    url = _text(info, "webpage_url") or _text(info, "original_url") or _text(info, "url")
    if url is None or not url.startswith(("http://", "https://")):
        return None
    duration = info.get("duration")
    artists = cast("list[object]", info.get("artists") or info.get("creators") or [])
    artist = ", ".join(str(each) for each in artists[:3])
    artist = artist or _text(info, "artist") or _text(info, "uploader") or _text(info, "channel")
    name = _text(info, "track") or _text(info, "title") or url.rstrip("/").rsplit("/", 1)[-1]
    is_live = bool(info.get("is_live")) or info.get("live_status") == "is_live"
    return Item(
        url=url,
        title=name,
        artist=None if artist is None else artist.removesuffix(" - Topic"),
        album=_text(info, "album"),
        duration_ms=round(duration * 1000) if isinstance(duration, int | float) else None,
        artwork_url=_artwork(info),
        is_live=is_live,
        isrc=_text(info, "isrc"),
        stream=stream,
    )


def _stream(info: Info) -> Stream | None:
    chosen = info.get("requested_formats") or info.get("requested_downloads") or [info]
    url = _text(chosen[0], "url")
    if url is None or not url.startswith(("http://", "https://")):
        return None
    headers = cast("Mapping[str, str]", chosen[0].get("http_headers") or {})
    kept = {name: str(value) for name, value in headers.items() if name.lower() in _HEADERS}
    options = cast("Mapping[str, object]", chosen[0].get("downloader_options") or {})
    size = options.get("http_chunk_size")
    piece_bytes = size if isinstance(size, int) and size > 0 else 0
    return Stream(url, kept, bool(info.get("is_live")), piece_bytes)


def _artwork(info: Info) -> str | None:
    url = _text(info, "thumbnail")
    if url is None:
        shown = [each for each in info.get("thumbnails") or () if each.get("url")]
        url = str(shown[-1]["url"]) if shown else None
    return url if url is not None and url.startswith(("http://", "https://")) else None


def _text(info: Info, name: str) -> str | None:
    value = info.get(name)
    return value if isinstance(value, str) and value else None
