"""Which addresses a member's URL may lead to: public ones, and nothing else.

The ranges follow the IANA special-purpose registries (RFC 6890 and its updates) and add what they
do not list as private but clouds use inside (Azure's 168.63.129.16, the 6to4 relay anycast range).
Addresses that carry an IPv4 address inside an IPv6 one are judged by both.
"""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yarl import URL

from seraphim.features.music.ports import AddressRefused

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address
type Network = ipaddress.IPv4Network | ipaddress.IPv6Network

MAX_URL_CHARACTERS = 2048
_LAST_PRIVILEGED_PORT = 1023
_PORTS_BELOW_1024 = frozenset({80, 443})
_SERVICE_PORTS = frozenset(
    # Databases, queues, caches, directories and control planes: no radio station lives there.
    {1433, 1521, 2049, 2181, 2375, 2376, 2379, 2380, 3306, 3389, 4369, 5432, 5672, 5900, 5984, 6000}
    | {6379, 6443, 6667, 8500, 9042, 9092, 9200, 9300, 10250, 11211, 15672, 27017, 27018}
)
_REFUSED_NETWORKS: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",  # "this" network
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT, Alibaba's metadata service among it
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's host: a public number that is reachable only from inside
        "169.254.0.0/16",  # link-local, the metadata service of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # 6to4 relay anycast
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",  # unspecified, loopback and the old IPv4-compatible form
        "64:ff9b:1::/48",  # NAT64 into a network of the operator's own
        "100::/64",
        "2001::/23",  # Teredo, ORCHID and other protocol assignments
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_ISATAP_MARKS = frozenset({0x00005EFE, 0x02005EFE})
_NUMERIC_HOST = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+))*\.?", re.IGNORECASE)


def embedded_ipv4(address: ipaddress.IPv6Address) -> tuple[ipaddress.IPv4Address, ...]:
    """Return every IPv4 address that a gateway could take out of an IPv6 one.

    Covers IPv4-mapped (RFC 4291), 6to4 (RFC 3056), NAT64 (RFC 6052), Teredo (RFC 4380) and
    ISATAP (RFC 5214) forms.
    """
    found: list[ipaddress.IPv4Address] = []
    if address.ipv4_mapped is not None:
        found.append(address.ipv4_mapped)
    if address.sixtofour is not None:
        found.append(address.sixtofour)
    if address.teredo is not None:
        found.extend(address.teredo)
    number = int(address)
    last = ipaddress.IPv4Address(number & 0xFFFFFFFF)
    if address in _NAT64 or (number >> 32) & 0xFFFFFFFF in _ISATAP_MARKS:
        found.append(last)
    return tuple(found)


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
            raise AddressRefused("That address has no host, or carries a name and password.")
        if "%" in host:
            raise AddressRefused("That address names a network interface, which is not allowed.")
        literal = _literal(host)
        if literal is not None:
            self.check_address(literal)
        elif _NUMERIC_HOST.fullmatch(host):
            raise AddressRefused("That address hides its host behind a number. Write the name.")
        if not _is_web_port(url.port):
            raise AddressRefused("I only open web ports, such as 80, 443 or 8000.")
        return url

    def check_address(self, address: Address) -> None:
        """Refuse an address that is not on the public internet, unless the owner allows it.

        Raises:
            AddressRefused: The address is private, or carries a private one inside.
        """
        if any(address.version == network.version and address in network for network in self.allow):
            return
        inner: Sequence[Address] = ()
        if isinstance(address, ipaddress.IPv6Address):
            inner = embedded_ipv4(address)
        mapped = isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None
        if mapped:
            for candidate in inner:
                self.check_address(candidate)
            return
        if any(not _is_public(candidate) for candidate in (address, *inner)):
            raise AddressRefused(
                "That address leads into a private network, so I will not open it."
            )

    def _parse(self, text: str, base: URL | None) -> URL:
        """Parse strictly: what two parsers could read differently is refused."""
        if len(text) > MAX_URL_CHARACTERS:
            raise AddressRefused(f"That address is longer than {MAX_URL_CHARACTERS} characters.")
        if any(ord(character) <= 0x20 or character == "\\" for character in text):  # noqa: PLR2004 - up to the space
            raise AddressRefused("That address has spaces or control characters in it.")
        try:
            url = URL(text) if base is None else base.join(URL(text))
        except ValueError:
            raise AddressRefused("That is not an address I can read.") from None
        if url.scheme not in {"http", "https"}:
            raise AddressRefused("I only open http and https addresses.")
        return url


def _is_web_port(port: int | None) -> bool:
    if port is None or port in _SERVICE_PORTS:
        return False
    return port > _LAST_PRIVILEGED_PORT or port in _PORTS_BELOW_1024


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_public(address: Address) -> bool:
    if address.is_multicast or not address.is_global:
        return False
    return not any(
        address.version == network.version and address in network for network in _REFUSED_NETWORKS
    )
