"""What answers for a service whose key is missing: it says which setting would help."""

from collections.abc import Sequence
from typing import ClassVar

from seraphim.adapters.catalogues.links import APPLE_HOSTS, DEEZER_HOSTS, SPOTIFY_HOSTS, host_of
from seraphim.features.music.ports import Media, Progress, Reach, Resolution, SourceFailed
from seraphim.features.music.rules.track import Track
from seraphim.kernel.marks import N_


class UnsetSpotify:
    """Spotify without an application of the owner's."""

    name: ClassVar[str] = "spotify"
    reach: ClassVar[Reach] = "links"
    service: ClassVar[str] = "Spotify"
    settings: ClassVar[str] = "SERAPHIM_SPOTIFY_CLIENT_ID and SERAPHIM_SPOTIFY_CLIENT_SECRET"
    hosts: ClassVar[frozenset[str]] = SPOTIFY_HOSTS

    def claims(self, query: str) -> bool:
        """Claim the service's links, so that nobody takes them for a web page."""
        return host_of(query.strip()) in self.hosts

    async def resolve(
        self, query: str, *, limit: int, progress: Progress | None = None
    ) -> Resolution:
        """Refuse, naming the settings."""
        _ = query, limit, progress
        raise self._missing()

    async def search(self, text: str, *, limit: int) -> Sequence[Track]:
        """Refuse, naming the settings: only who names this source asks it."""
        _ = text, limit
        raise self._missing()

    async def open(self, track: Track) -> Media:
        """Refuse: a song that was queued while the key was set."""
        _ = track
        raise self._missing()

    async def ping(self) -> None:
        """Fine: what is not set up is not in trouble."""

    async def close(self) -> None:
        """Nothing to let go of."""

    def _missing(self) -> SourceFailed:
        reason = N_("I can read {service} only once this bot's owner has set {settings}.")
        return SourceFailed(
            reason, failure="unsupported", service=self.service, settings=self.settings
        )


class UnsetAppleMusic(UnsetSpotify):
    """Apple Music without a developer token."""

    name: ClassVar[str] = "applemusic"
    service: ClassVar[str] = "Apple Music"
    settings: ClassVar[str] = "SERAPHIM_APPLE_MUSIC_TOKEN"
    hosts: ClassVar[frozenset[str]] = APPLE_HOSTS


class UnsetDeezer(UnsetSpotify):
    """Deezer, switched off."""

    name: ClassVar[str] = "deezer"
    service: ClassVar[str] = "Deezer"
    settings: ClassVar[str] = "SERAPHIM_DEEZER"
    hosts: ClassVar[frozenset[str]] = DEEZER_HOSTS
