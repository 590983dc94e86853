"""Which network addresses are public, and which only seem to be.

The ranges follow the IANA special-purpose registries (RFC 6890 and its updates) and add what they
do not list as private but clouds use inside (Azure's 168.63.129.16, the 6to4 relay anycast range).
Addresses that carry an IPv4 address inside an IPv6 one are judged by both.
"""

import ipaddress
from collections.abc import Iterable

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address
type Network = ipaddress.IPv4Network | ipaddress.IPv6Network

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


def may_be_reached(address: Address, allow: Iterable[Network] = ()) -> bool:
    """Say whether an address is on the public internet, or in a network that is allowed anyway."""
    if any(address.version == network.version and address in network for network in allow):
        return True
    if isinstance(address, ipaddress.IPv4Address):
        return _is_public(address)
    inner = embedded_ipv4(address)
    if address.ipv4_mapped is not None:
        return all(may_be_reached(candidate, allow) for candidate in inner)
    return all(_is_public(candidate) for candidate in (address, *inner))


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


def _is_public(address: Address) -> bool:
    if address.is_multicast or not address.is_global:
        return False
    return not any(
        address.version == network.version and address in network for network in _REFUSED_NETWORKS
    )
