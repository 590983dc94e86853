"""Which addresses a member's URL may lead to: public ones, and nothing else."""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin

from yarl import URL

from seraphim.features.music.ports import AddressRefused
from seraphim.features.music.rules.addresses import Address, Network, may_be_reached
from seraphim.kernel.marks import N_

MAX_URL_CHARACTERS = 8000
"""What every server has to accept (RFC 9110, section 4.1); signed addresses come close to it."""
_LAST_PRIVILEGED_PORT = 1023
_PORTS_BELOW_1024 = frozenset({80, 443})
_SERVICE_PORTS = frozenset(
    # Databases, queues, caches, directories and control planes: no radio station lives there.
    {1433, 1521, 2049, 2181, 2375, 2376, 2379, 2380, 3306, 3389, 4369, 5432, 5672, 5900, 5984, 6000}
    | {6379, 6443, 6667, 8500, 9042, 9092, 9200, 9300, 10250, 11211, 15672, 27017, 27018}
)
_PLAIN = re.compile(r"(?:[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*")
"""The characters of an address that is written as RFC 3986 demands, and no fragment."""
_NUMERIC_HOST = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+))*\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """Judges URLs and the addresses they resolve to.

    Attributes:
        allow: Networks that may be reached although they are not public. Empty unless the owner
            of the installation says otherwise (``SERAPHIM_HTTP_ALLOW``).
    """

    allow: tuple[Network, ...] = ()

    @classmethod
    def parse(cls, networks: Iterable[str]) -> "AddressPolicy":
        """Build a policy from texts such as ``127.0.0.0/8``; raises ValueError on a bad one."""
        return cls(tuple(ipaddress.ip_network(text.strip()) for text in networks if text.strip()))

    def check_url(self, text: str, *, base: URL | None = None) -> URL:
        """Return the URL when its form may be opened; its addresses still need checking.

        Args:
            text: What a member typed, or what a redirect or a playlist named.
            base: What a relative reference is relative to.

        Raises:
            AddressRefused: The scheme, host, port or length is not acceptable.
        """
        url = self._parse(text, base)
        host = url.host or ""
        if not host or url.user is not None or url.password is not None:
            raise AddressRefused(N_("That address has no host, or carries a name and password."))
        if "%" in host:
            raise AddressRefused(
                N_("That address names a network interface, which is not allowed.")
            )
        literal = _literal(host)
        if literal is not None:
            self.check_address(literal)
        elif _NUMERIC_HOST.fullmatch(host):
            raise AddressRefused(N_("That address hides its host behind a number. Write the name."))
        if not _is_web_port(url.port):
            raise AddressRefused(N_("I only open web ports, such as 80, 443 or 8000."))
        return url

    def check_address(self, address: Address) -> None:
        """Refuse an address that is not on the public internet, unless the owner allows it.

        Raises:
            AddressRefused: The address is private, or carries a private one inside.
        """
        if not may_be_reached(address, self.allow):
            raise AddressRefused(
                N_("That address leads into a private network, so I will not open it.")
            )

    def _parse(self, text: str, base: URL | None) -> URL:
        """Parse strictly: what two parsers could read differently is refused."""
        if len(text) > MAX_URL_CHARACTERS:
            raise AddressRefused(
                N_("That address is longer than {limit} characters."), limit=MAX_URL_CHARACTERS
            )
        if any(ord(character) <= 0x20 or character == "\\" for character in text):  # noqa: PLR2004 - up to the space
            raise AddressRefused(N_("That address has spaces or control characters in it."))
        try:
            url = URL(text) if base is None else base.join(URL(text))
        except ValueError:
            raise AddressRefused(N_("That is not an address I can read.")) from None
        if url.scheme not in {"http", "https"}:
            raise AddressRefused(N_("I only open http and https addresses."))
        return _as_written(text, base, url)


def _as_written(text: str, base: URL | None, judged: URL) -> URL:
    """Return the URL with its path and query to the letter, if they can be sent as they are.

    Servers that sign addresses may sign how they are written: ``%2C`` must not become a comma.
    """
    if not _PLAIN.fullmatch(text):
        return judged
    try:
        exact = URL(text if base is None else urljoin(str(base), text), encoded=True)
    except ValueError:
        return judged
    same = (exact.scheme, exact.raw_host, exact.port, exact.user, exact.password)
    wanted = (judged.scheme, judged.raw_host, judged.port, judged.user, judged.password)
    if same != wanted or exact.fragment or exact.path != judged.path:
        return judged
    return exact


def _is_web_port(port: int | None) -> bool:
    if port is None or port in _SERVICE_PORTS:
        return False
    return port > _LAST_PRIVILEGED_PORT or port in _PORTS_BELOW_1024


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
