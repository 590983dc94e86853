"""What the short links of services stand for."""

from collections.abc import Callable
from typing import Final

from yarl import URL

from seraphim.adapters.direct_http.fetcher import GuardedFetcher

_MAX_HOPS: Final = 5
_AS_PROGRAM: Final = {"User-Agent": "curl/8.0"}
"""Those who share links ask browsers to install an app first; programs get a plain redirect."""
_INSIDE: Final = ("dest", "url", "link")
"""Parameters in which a redirect to an app's page names the page that is meant."""


class ShortLinks:
    """Follows redirects, each judged before it is opened; implements :class:`LinkFollower`.

    Args:
        fetcher: Opens addresses, refusing private ones.
    """

    def __init__(self, fetcher: GuardedFetcher) -> None:
        self._fetcher = fetcher

    async def follow(self, link: str, *, until: Callable[[str], bool]) -> str:
        """Return the first address on a link's way that ``until`` accepts, or where it ends.

        Raises:
            AddressRefused: The way leads into a private network.
            SourceFailed: It cannot be followed.
        """
        for _ in range(_MAX_HOPS):
            target = await self._fetcher.find_redirect(link, headers=_AS_PROGRAM)
            if target is None:
                return link
            query = URL(target).query
            for named in (target, *(query[name] for name in _INSIDE if name in query)):
                if until(named):
                    return named
            link = target
        return link
