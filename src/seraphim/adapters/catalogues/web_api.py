"""Asks a service's JSON API: patiently where it asks for patience, and never for long."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

import aiohttp
import msgspec

from seraphim.features.music.ports import FailureClass, SourceFailed
from seraphim.kernel.clock import Clock
from seraphim.kernel.marks import N_
from seraphim.kernel.telemetry import get_logger

_log = get_logger(__name__)

MAX_BYTES: Final = 8 * 1024 * 1024
MAX_TRIES: Final = 4
LONGEST_WAIT_SECONDS: Final = 20.0
"""A member does not wait longer for a service that is asked too often."""
_SECONDS: Final = 10.0
_AT_ONCE: Final = 4
_UNAUTHORIZED: Final = 401
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500
_FAILURES: Final[Mapping[int, tuple[FailureClass, str]]] = {
    400: ("unsupported", N_("{service} does not understand that link.")),
    401: ("login", N_("{service} does not accept this bot's key. Its owner has to look at it.")),
    403: ("login", N_("{service} does not show that to bots.")),
    404: ("removed", N_("{service} does not know that, or it is private.")),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer means that says so in its body and not in its status."""

    failure: FailureClass | None = None
    is_too_many: bool = False


class WebApi:
    """One service's API.

    Args:
        service: Its name in sentences.
        base_url: Where it is, without a slash at the end.
        clock: Paces repetitions.
        authorize: Returns the headers that identify the bot; told whether the last ones were
            refused.
        judge: Reads errors out of answers whose status is 200.
    """

    def __init__(
        self,
        service: str,
        base_url: str,
        clock: Clock,
        *,
        authorize: Callable[[bool], Awaitable[Mapping[str, str]]] | None = None,
        judge: Callable[[object], Verdict] | None = None,
    ) -> None:
        self.service = service
        self._base_url = base_url.rstrip("/")
        self._clock = clock
        self._authorize = authorize
        self._judge = judge
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._session: aiohttp.ClientSession | None = None

    async def get[T](self, path: str, kind: type[T], **query: str | int) -> T:
        """Return an answer as ``kind``.

        Args:
            path: Below the API's address; a whole address of a next page is taken as well.
            kind: A msgspec type; what it does not name is ignored.
            query: The parameters.

        Raises:
            SourceFailed: It cannot be reached, refuses, or answers something else.
        """
        if path.startswith(("http://", "https://")):
            if not path.startswith(f"{self._base_url}/"):
                raise self.failed("unknown", N_("{service} answered something unexpected."))
            path = path.removeprefix(self._base_url)
        async with self._turn:
            body = await self._ask(path, {name: str(value) for name, value in query.items()})
        try:
            return msgspec.convert(body, kind, strict=False)
        except msgspec.ValidationError as error:
            _log.warning("catalogue.unexpected_answer", service=self.service, reason=str(error))
            sentence = N_("{service} answered something unexpected.")
            raise self.failed("unknown", sentence) from error

    def failed(self, failure: FailureClass, sentence: str) -> SourceFailed:
        """Return an error whose sentence may name the ``{service}``."""
        return SourceFailed(sentence, failure=failure, service=self.service)

    def not_there(self) -> SourceFailed:
        """Return the error for what the service does not know."""
        return self.failed(*_FAILURES[404])

    async def post_form(
        self, url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> tuple[int, object]:
        """Send a form to any address and return status and answer; raises SourceFailed."""
        try:
            async with (
                asyncio.timeout(_SECONDS),
                self._open_session().post(url, data=dict(form), headers=headers) as response,
            ):
                return response.status, await _read(response)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise self._unreachable() from error

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _ask(self, path: str, query: Mapping[str, str]) -> object:
        refused = False
        for attempt in range(MAX_TRIES):
            headers: Mapping[str, str] = {}
            if self._authorize is not None:
                headers = await self._authorize(refused)
            try:
                status, body, wait = await self._once(path, query, headers)
            except (aiohttp.ClientError, OSError, ValueError) as error:
                if attempt + 1 == MAX_TRIES:
                    raise self._unreachable() from error
                await self._clock.sleep(0.5 * 2**attempt)
                continue
            verdict = Verdict()
            if status < 300 and self._judge is not None:  # noqa: PLR2004 - an answer and no error
                verdict = self._judge(body)
            if status == _TOO_MANY or verdict.is_too_many:
                pause = wait if wait is not None else float(2**attempt)
                if pause > LONGEST_WAIT_SECONDS:
                    break
                await self._clock.sleep(pause)
            elif status == _UNAUTHORIZED and self._authorize is not None and not refused:
                refused = True
            elif status >= _SERVER_ERROR:
                await self._clock.sleep(0.5 * 2**attempt)
            else:
                self._check(status, verdict)
                return body
        raise self.failed(
            "network", N_("{service} is asked too much right now. Try again in a minute.")
        )

    async def _once(
        self, path: str, query: Mapping[str, str], headers: Mapping[str, str]
    ) -> tuple[int, object, float | None]:
        async with (
            asyncio.timeout(_SECONDS),
            self._open_session().get(
                self._base_url + path, params=query, headers=headers, allow_redirects=False
            ) as response,
        ):
            return response.status, await _read(response), _retry_after(response)

    def _check(self, status: int, verdict: Verdict) -> None:
        if verdict.failure is not None:
            sentence = next((s for f, s in _FAILURES.values() if f == verdict.failure), "")
            raise self.failed(
                verdict.failure, sentence or N_("{service} answered something unexpected.")
            )
        if status >= 300:  # noqa: PLR2004 - redirects are no answer either
            failure, sentence = _FAILURES.get(
                status, ("unknown", N_("{service} answered something unexpected."))
            )
            raise self.failed(failure, sentence)

    def _unreachable(self) -> SourceFailed:
        return self.failed("network", N_("{service} cannot be reached right now."))

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=_SECONDS),
                headers={"User-Agent": "Seraphim/0.1 (self-hosted Discord bot)"},
            )
        return self._session


async def _read(response: aiohttp.ClientResponse) -> object:
    """Return an answer's JSON, None where there is none; raises ValueError when it is huge."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > MAX_BYTES:
            raise ValueError("the answer is too large")
    try:
        return msgspec.json.decode(bytes(body))
    except msgspec.DecodeError:
        return None


def _retry_after(response: aiohttp.ClientResponse) -> float | None:
    text = response.headers.get("Retry-After", "").strip()
    return float(text) if text.isascii() and text.isdigit() else None
