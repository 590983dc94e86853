"""Opens a member's URL without letting it reach anything that is not public.

The name is resolved here, every answer is judged, and the connection goes to exactly the addresses
that were judged (no second look-up that could answer differently). Redirects are followed by hand,
each one judged like the first. Nothing is decompressed, so a small answer cannot become a large
one.
"""

import asyncio
import ipaddress
import socket
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import cast, override
from urllib.parse import unquote

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from seraphim.adapters.direct_http.body import (
    FetchLimits,
    GuardedBody,
    content_length,
    too_large,
)
from seraphim.adapters.direct_http.icy import IcyBody, interval_of
from seraphim.adapters.direct_http.policy import AddressPolicy
from seraphim.features.music.ports import AddressRefused, FailureClass, SourceFailed
from seraphim.kernel.marks import N_

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FAILURES: Mapping[int, tuple[FailureClass, str]] = {
    401: ("login", N_("That address asks for a login.")),
    403: ("login", N_("The server does not let me open that address (403).")),
    404: ("removed", N_("There is nothing at that address (404).")),
    410: ("removed", N_("What was at that address has been removed (410).")),
    451: ("region", N_("That address is blocked for legal reasons (451).")),
}


class CheckedResolver(AbstractResolver):
    """Answers only with addresses the policy accepts; one bad answer spoils the name.

    A name that resolves to a public and a private address is an attack or a broken set-up; both
    are refused.
    """

    def __init__(self, policy: AddressPolicy, inner: AbstractResolver | None = None) -> None:
        self._policy = policy
        self._inner: AbstractResolver = inner or aiohttp.ThreadedResolver()

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Resolve and judge; raises AddressRefused, or OSError when the name does not exist."""
        answers = await self._inner.resolve(host, port, family)
        for answer in answers:
            self._policy.check_address(ipaddress.ip_address(answer["host"]))
        return answers

    @override
    async def close(self) -> None:
        """Let the inner resolver go."""
        await self._inner.close()


class LiveTitles:
    """What the open streams say they play, by the address that was asked for."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}
        self._open: Counter[str] = Counter()
        self._followers: list[Callable[[str], None]] = []

    def find(self, url: str) -> str | None:
        """Return what a stream plays; None when it is not open or has said nothing."""
        return self._said.get(url)

    def follow(self, follower: Callable[[str], None]) -> None:
        """Call ``follower`` with the address of each stream that says something new."""
        self._followers.append(follower)

    def listen(self, url: str) -> Callable[[str | None], None]:
        """Return what a stream that has just been opened hands its titles to."""
        self._open[url] += 1

        def tell(title: str | None) -> None:
            if title is None:
                self._open[url] -= 1
                if self._open[url] <= 0:  # several guilds may hear the same station
                    del self._open[url]
                    self._said.pop(url, None)
                return
            self._said[url] = title
            for follower in self._followers:
                follower(url)

        return tell


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole answer."""

    data: bytes
    url: str
    """The address that answered, after every redirect."""
    headers: Mapping[str, str]


class GuardedFetcher:
    """Opens http(s) URLs for members; implements :class:`HttpFetcher`.

    Args:
        policy: Which addresses may be reached.
        limits: Sizes and times.
        resolver: Looks names up; the system's by default. Its answers are judged as well.
    """

    def __init__(
        self,
        policy: AddressPolicy | None = None,
        *,
        limits: FetchLimits | None = None,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self.policy = policy or AddressPolicy()
        self.limits = limits or FetchLimits()
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None
        self.titles = LiveTitles()

    async def open(
        self,
        url: str,
        *,
        endless: bool = False,
        headers: Mapping[str, str] | None = None,
        max_bytes: int | None = None,
    ) -> GuardedBody:
        """Answer once the headers are there.

        Args:
            url: What a member typed.
            endless: A live stream: no size limit, and it is asked to say what it plays.
            headers: Further request headers, a ``Range`` for instance.
            max_bytes: A limit of its own; the limit for files by default.

        Raises:
            AddressRefused: The URL or one it redirects to is not public.
            SourceFailed: It cannot be reached, answers with an error, is compressed or too large.
        """
        target = self.policy.check_url(url)
        wanted = {**({"Icy-MetaData": "1"} if endless else {}), **(headers or {})}
        for _ in range(self.limits.max_redirects + 1):
            response = await self._request(target, wanted)
            if response.status not in _REDIRECTS:
                most = None if endless else max_bytes or self.limits.max_bytes
                return self._accept(response, url, most, endless=endless)
            location = response.headers.get("Location", "")
            response.close()
            if not location:
                raise SourceFailed(N_("The server redirects to nowhere."), failure="network")
            target = self.policy.check_url(location, base=target)
        raise SourceFailed(N_("The server redirects in circles."), failure="network")

    async def find_redirect(
        self, url: str, *, headers: Mapping[str, str] | None = None
    ) -> str | None:
        """Return where an address redirects to, judged, or None when it does not.

        Raises:
            AddressRefused: The URL, or the one it redirects to, is not public.
            SourceFailed: It cannot be reached, or answers with an error.
        """
        target = self.policy.check_url(url)
        response = await self._request(target, headers or {})
        location = response.headers.get("Location", "")
        try:
            if response.status in _REDIRECTS and location:
                return str(self.policy.check_url(location, base=target))
            _check_status(response)
        finally:
            response.close()
        return None

    async def read_whole(
        self,
        url: str,
        *,
        max_bytes: int,
        seconds: float,
        headers: Mapping[str, str] | None = None,
    ) -> "Whole":
        """Return all that is behind an address.

        Args:
            url: An absolute address.
            max_bytes: More than this is refused.
            seconds: How long all of it may take.
            headers: Further request headers.

        Raises:
            AddressRefused: The URL or one it redirects to is not public.
            SourceFailed: It cannot be reached, answers with an error, is too large or too slow.
        """
        try:
            async with asyncio.timeout(seconds):
                body = await self.open(url, headers=headers, max_bytes=max_bytes)
                try:
                    return Whole(await body.read_up_to(max_bytes + 1), body.url, body.headers)
                finally:
                    await body.close()
        except TimeoutError:
            raise SourceFailed(
                N_("The server did not answer in time."), failure="network"
            ) from None

    async def close(self) -> None:
        """Close every connection; the fetcher opens new ones when it is used again."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _request(self, url: URL, headers: Mapping[str, str]) -> aiohttp.ClientResponse:
        sent = {"Accept-Encoding": "identity", "Accept": "*/*", **headers}
        try:
            async with asyncio.timeout(self.limits.first_byte_seconds):
                response = await self._open_session().get(url, allow_redirects=False, headers=sent)
        except TimeoutError:
            raise SourceFailed(
                N_("The server did not answer in time."), failure="network"
            ) from None
        except aiohttp.ClientConnectorDNSError:
            raise SourceFailed(N_("I could not find that server."), failure="network") from None
        except aiohttp.ClientConnectorCertificateError:
            raise SourceFailed(
                N_("That server's certificate is not valid."), failure="network"
            ) from None
        except (aiohttp.ClientError, OSError, ValueError):
            raise SourceFailed(N_("I could not reach that server."), failure="network") from None
        try:
            self._check_peer(response)
        except AddressRefused:
            response.close()
            raise
        return response

    def _check_peer(self, response: aiohttp.ClientResponse) -> None:
        """Judge the address that was really connected to: a last line, should all others fail."""
        connection = response.connection
        if connection is None or connection.transport is None:
            return  # the answer has already ended; its address was judged when it was resolved
        peer = cast("tuple[object, ...] | None", connection.transport.get_extra_info("peername"))
        if peer:
            self.policy.check_address(ipaddress.ip_address(str(peer[0]).split("%")[0]))

    def _accept(
        self, response: aiohttp.ClientResponse, url: str, max_bytes: int | None, *, endless: bool
    ) -> GuardedBody:
        try:
            _check_answer(response, max_bytes)
        except SourceFailed:
            response.close()
            raise
        interval = interval_of(response) if endless else None
        if interval is None:
            return GuardedBody(response, max_bytes=max_bytes, limits=self.limits)
        tell = self.titles.listen(url)
        return IcyBody(response, interval=interval, limits=self.limits, tell=tell)

    def _open_session(self) -> aiohttp.ClientSession:
        """Make the session inside a running loop, on first use."""
        if self._session is None:
            connector = aiohttp.TCPConnector(
                resolver=CheckedResolver(self.policy, self._resolver),
                use_dns_cache=False,  # each connection is made to what has just been judged
                force_close=True,
                limit=256,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,  # a proxy from the environment would do its own look-up
                auto_decompress=False,
                timeout=aiohttp.ClientTimeout(
                    total=None,
                    sock_connect=self.limits.connect_seconds,
                    sock_read=self.limits.idle_seconds,
                ),
                headers={"User-Agent": "Seraphim/0.1 (self-hosted Discord bot)"},
                max_line_size=8190,
                max_field_size=8190,
                read_bufsize=64 * 1024,
            )
        return self._session


def file_name(url: str) -> str:
    """Return the last part of a URL's path as a person would read it, or its host."""
    parsed = URL(url)
    name = ""
    with suppress(ValueError):
        name = unquote(parsed.path.rstrip("/").rsplit("/", 1)[-1]).strip()
    return name or parsed.host or url


def _check_status(response: aiohttp.ClientResponse) -> None:
    if response.status not in {200, 206}:
        failure, reason = _FAILURES.get(
            response.status, ("network", N_("The server answered with an error ({status})."))
        )
        raise SourceFailed(reason, failure=failure, status=response.status)


def _check_answer(response: aiohttp.ClientResponse, max_bytes: int | None) -> None:
    _check_status(response)
    if response.headers.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
        raise SourceFailed(
            N_("The server sends compressed data I did not ask for."), failure="refused"
        )
    length = content_length(response.headers)
    if max_bytes is not None and length is not None and length > max_bytes:
        raise too_large(max_bytes)
