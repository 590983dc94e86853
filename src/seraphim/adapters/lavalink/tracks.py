"""Tracks that the nodes' own sources find: Spotify, Apple Music and others by the plugin LavaSrc.

Only words with a known prefix and pages of known services are asked for, and only while a node
says that it has the source. Other links never get here: a node would open them unguarded.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Final
from urllib.parse import urlsplit

from seraphim.adapters.lavalink.errors import NodeRefused, NodeUnreachable
from seraphim.adapters.lavalink.explain import SENTENCES, classify
from seraphim.adapters.lavalink.messages import (
    LoadFailed,
    PlaylistLoaded,
    SearchLoaded,
    TrackLoaded,
)
from seraphim.adapters.lavalink.messages import Track as NodeTrack
from seraphim.adapters.lavalink.node import Node
from seraphim.features.music.ports import Media, Progress, Reach, Resolution, SourceFailed
from seraphim.features.music.rules.track import Track

PREFIXES: Final[Mapping[str, str]] = {
    "spsearch:": "spotify",
    "amsearch:": "applemusic",
    "dzsearch:": "deezer",
    "dzisrc:": "deezer",
    "ymsearch:": "yandexmusic",
    "vksearch:": "vkmusic",
    "tdsearch:": "tidal",
    "qbsearch:": "qobuz",
    "ytsearch:": "youtube",
    "ytmsearch:": "youtube",
    "scsearch:": "soundcloud",
}
"""Search prefixes (README of LavaSrc; Lavalink, "Track Loading") and the source each belongs to."""
HOSTS: Final[Mapping[str, str]] = {
    "open.spotify.com": "spotify",
    "music.apple.com": "applemusic",
    "www.deezer.com": "deezer",
    "deezer.com": "deezer",
    "music.yandex.ru": "yandexmusic",
    "music.yandex.com": "yandexmusic",
    "tidal.com": "tidal",
    "open.qobuz.com": "qobuz",
}
_OPEN_SOURCES: Final = frozenset({"http", "local"})
"""Sources that open any address or file: never for what a member has written."""
_MAX_QUERY: Final = 500
_NO_NODE: Final = "None of the music nodes that know this service can be reached."


class LavalinkTracks:
    """Finds tracks on the nodes; implements ``TrackSource``.

    Args:
        nodes: Returns the nodes; asked anew each time, because they come and go.
    """

    name: ClassVar[str] = "lavalink"
    reach: ClassVar[Reach] = "links"

    def __init__(self, nodes: Callable[[], Sequence[Node]]) -> None:
        self._nodes = nodes

    def claims(self, query: str) -> bool:
        """Say whether a node has the source of this prefix or page."""
        source = source_of(query)
        return source is not None and self._node_with(source) is not None

    async def resolve(
        self, query: str, *, limit: int, progress: Progress | None = None
    ) -> Resolution:
        """Turn a search into its best track, a page into its tracks."""
        _ = progress  # a node answers with the whole list at once
        source = source_of(query)
        node = self._node_with(source) if source is not None else None
        if source is None or node is None:
            return Resolution(())
        try:
            result = await node.ask(node.rest.load(query))
        except (NodeUnreachable, NodeRefused) as error:
            raise SourceFailed(_NO_NODE, failure="network") from error
        match result:
            case TrackLoaded():
                return Resolution(_tracks([result.data]))
            case SearchLoaded():
                return Resolution(_tracks(result.data[:1]))
            case PlaylistLoaded():
                found = _tracks(result.data.tracks)
                title = result.data.info.name or None
                return Resolution(found[:limit], title, truncated=len(found) > limit)
            case LoadFailed():
                failure = classify(result.data.message or "")
                raise SourceFailed(SENTENCES[failure], failure=failure)
            case _:
                return Resolution(())

    async def search(self, text: str, *, limit: int) -> Sequence[Track]:
        """Find nothing: a service is too slow for what somebody is still typing."""
        _ = text, limit
        return ()

    async def open(self, track: Track) -> Media:
        """Return the node's own name for the track; raises SourceFailed.

        It was stored, so it is read again: one that leads to a file or to any address is refused.
        """
        found = await self._decoded(track.identifier)
        if found.info.source_name in _OPEN_SOURCES:
            raise SourceFailed(SENTENCES["refused"], failure="refused")
        return Media("node", track.identifier, is_stream=track.is_stream)

    async def ping(self) -> None:
        """Fine: the nodes tell of themselves."""

    async def close(self) -> None:
        """Nothing to let go of."""

    async def _decoded(self, encoded: str) -> NodeTrack:
        """Ask the nodes one after the other; those without its source refuse. Or SourceFailed."""
        refused: NodeRefused | None = None
        for node in self._nodes():
            if not node.ready:
                continue
            try:
                return await node.ask(node.rest.decode(encoded))
            except NodeRefused as error:
                refused = error
            except NodeUnreachable:
                continue
        if refused is None:
            raise SourceFailed(_NO_NODE, failure="network")
        raise SourceFailed(SENTENCES["unsupported"], failure="unsupported") from refused

    def _node_with(self, source: str) -> Node | None:
        for node in self._nodes():
            if node.ready and node.info is not None and source in node.info.source_managers:
                return node
        return None


def source_of(query: str) -> str | None:
    """Return which service a query is for, or None when it is for none that is known."""
    if len(query) > _MAX_QUERY:
        return None
    for prefix, source in PREFIXES.items():
        if query.startswith(prefix):
            return source
    try:
        parts = urlsplit(query)
    except ValueError:
        return None
    bare = parts.scheme == "https" and parts.netloc == parts.hostname
    return HOSTS.get(parts.netloc) if bare else None


def _tracks(found: Sequence[NodeTrack]) -> tuple[Track, ...]:
    return tuple(
        Track(
            source=LavalinkTracks.name,
            identifier=track.encoded,
            title=track.info.title,
            artist=track.info.author or None,
            duration_ms=None if track.info.is_stream else track.info.length,
            url=track.info.uri,
            artwork_url=track.info.artwork_url,
            is_stream=track.info.is_stream,
        )
        for track in found
        if track.info.source_name not in _OPEN_SOURCES
    )
