"""Under which identifier a node finds a medium."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from seraphim.adapters.lavalink.relay import (
    Fetcher,
    Relay,
    check_head,
    is_stream_list,
    take_head,
)
from seraphim.features.music.ports import Media, SourceFailed


@dataclass(frozen=True, slots=True)
class SharedFolder:
    """A folder that the bot and the nodes both see."""

    here: Path
    there: str
    """The same folder as the nodes see it."""


class Locator:
    """Turns media into identifiers.

    Args:
        relay: Serves what nodes cannot reach or must not reach by themselves.
        shared: The library as the nodes see it; its files play on while the bot restarts.
        fetcher: Given to let nodes fetch members' URLs themselves, once it has opened them: form,
            names, redirects and the first bytes have been judged. Streams in pieces (HLS) go
            through the relay all the same. A node looks the name up again
            and follows what it finds then, so the relay is safer.
    """

    def __init__(
        self,
        relay: Relay,
        *,
        shared: SharedFolder | None = None,
        fetcher: Fetcher | None = None,
    ) -> None:
        self._relay = relay
        self._shared = shared
        self._fetcher = fetcher

    async def identifier(self, media: Media) -> str:
        """Return what to send; raises AddressRefused or SourceFailed."""
        if media.kind == "node":
            raise SourceFailed("This music node cannot play it.", failure="unsupported")
        if media.kind == "file":
            return self._shared_path(media.location) or self._relay.url_of(media)
        if self._fetcher is None or media.headers or media.piece_bytes:
            return self._relay.url_of(media)
        body = await self._fetcher.open(media.location, endless=True)
        try:
            head = await take_head(body)
            if is_stream_list(head):  # a node would follow what is in it
                return self._relay.url_of(media)
            check_head(head, is_stream=media.is_stream)
            return body.url
        finally:
            await body.close()

    def _shared_path(self, location: str) -> str | None:
        shared = self._shared
        if shared is None:
            return None
        path = Path(location)
        if not path.is_relative_to(shared.here):
            return None
        return str(PurePosixPath(shared.there, *path.relative_to(shared.here).parts))
