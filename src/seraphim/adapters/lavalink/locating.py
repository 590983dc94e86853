"""Under which identifier a node finds a medium."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from seraphim.adapters.lavalink.relay import Relay
from seraphim.features.music.ports import Media

type CheckedUrl = Callable[[str], Awaitable[str]]
"""Judges a member's URL as the fetcher would (form, names, redirects) and returns the one to use;
raises AddressRefused or SourceFailed."""


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
        check_url: Given to let nodes fetch members' URLs themselves, after this check. A node looks
            the name up again and follows redirects, so the relay is safer.
    """

    def __init__(
        self,
        relay: Relay,
        *,
        shared: SharedFolder | None = None,
        check_url: CheckedUrl | None = None,
    ) -> None:
        self._relay = relay
        self._shared = shared
        self._check_url = check_url

    async def identifier(self, media: Media) -> str:
        """Return what to send; raises AddressRefused or SourceFailed."""
        if media.kind == "file":
            return self._shared_path(media.location) or self._relay.url_of(media)
        if self._check_url is None:
            return self._relay.url_of(media)
        return await self._check_url(media.location)

    def _shared_path(self, location: str) -> str | None:
        shared = self._shared
        if shared is None:
            return None
        path = Path(location)
        if not path.is_relative_to(shared.here):
            return None
        return str(PurePosixPath(shared.there, *path.relative_to(shared.here).parts))
