"""The SSRF table: which addresses a member's URL may lead to."""

import ipaddress

import pytest

from seraphim.adapters.direct_http import AddressPolicy
from seraphim.features.music.ports import AddressRefused

REFUSED_URLS = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.0.0.1.:80/",
    "http://0/",
    "http://0.0.0.0/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://127.0.0.01/",
    "http://10.0.0.8/",
    "http://100.64.0.1/",
    "http://100.100.100.200/latest/meta-data/",
    "http://168.63.129.16/",
    "http://169.254.169.254/latest/meta-data/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.0.0.192/",
    "http://192.168.1.1/",
    "http://198.18.0.1/",
    "http://203.0.113.9/",
    "http://224.0.0.1/",
    "http://239.255.255.250:1900/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::ffff:169.254.169.254]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b::10.0.0.1]/",
    "http://[64:ff9b:1::808:808]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:a9fe:a9fe::]/",
    "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
    "http://[2606:4700::5efe:10.0.0.1]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fec0::1]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[ff02::1]/",
    "http://[2001:db8::1]/",
]

REFUSED_FORMS = [
    "file:///etc/passwd",
    "ftp://example.com/a.mp3",
    "gopher://example.com/",
    "data:audio/mpeg;base64,AAAA",
    "javascript:alert(1)",
    "http://",
    "https:///song.mp3",
    "http://user:secret@example.com/a.mp3",
    "http://user@example.com/",
    "http://example.com:22/",
    "http://example.com:25/",
    "http://example.com:6379/",
    "http://example.com:2375/",
    "http://example.com:99999/",
    "http://exa mple.com/",
    "http://example.com\\@127.0.0.1/",
    "http://example.com/\r\nHost: internal",
    "http://[::1/",
    "https://example.com/" + "a" * 9000,
]

ACCEPTED = [
    "http://93.184.216.34/a.mp3",
    "https://example.com/a.mp3",
    "https://example.com:8443/stream",
    "http://radio.example.com:8000/live",
    "https://[2606:4700:4700::1111]/a.ogg",
    "https://exämple.com/lied.mp3",
    "http://[64:ff9b::808:808]/a.mp3",
]


@pytest.mark.parametrize("url", [*REFUSED_URLS, *REFUSED_FORMS])
def test_what_is_not_public_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        AddressPolicy().check_url(url)


@pytest.mark.parametrize("url", ACCEPTED)
def test_what_is_public_is_accepted(url: str) -> None:
    assert AddressPolicy().check_url(url).host


@pytest.mark.parametrize("target", ["//127.0.0.1/x", "http://[::1]/", "file:///etc/passwd"])
def test_relative_references_are_judged_by_where_they_lead(target: str) -> None:
    policy = AddressPolicy()
    base = policy.check_url("https://example.com/list/a.m3u")

    with pytest.raises(AddressRefused):
        policy.check_url(target, base=base)
    assert str(policy.check_url("b.mp3", base=base)) == "https://example.com/list/b.mp3"


def test_networks_the_owner_allows_may_be_reached() -> None:
    policy = AddressPolicy.parse(["127.0.0.0/8"])

    assert policy.check_url("http://127.0.0.1:8000/a.mp3")
    policy.check_address(ipaddress.ip_address("::ffff:127.0.0.1"))
    with pytest.raises(AddressRefused):
        policy.check_url("http://10.0.0.1/a.mp3")


def test_a_network_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"127\.0\.0"):
        AddressPolicy.parse(["127.0.0.0/99"])


@pytest.mark.parametrize(
    "written",
    [
        "http://example.org/v/expire%2Cip/a%3Db/x+y?sparams=a%2Cb%2f&sig=A%3D%3D&q=a+b%20c",
        "http://example.org:8000/a;b=c/(d)?x=[1]&y='z'",
        f"https://example.org/{'a' * 7000}",
    ],
)
def test_what_a_server_has_signed_is_sent_as_it_was_written(written: str) -> None:
    policy = AddressPolicy()
    assert str(policy.check_url(written)) == written
    base = policy.check_url("http://example.org/b%2Cd/list.m3u8?x=%2C")
    assert str(policy.check_url(written, base=base)) == written
    assert str(policy.check_url("one%2Ctwo?z=%2C", base=base)) == (
        "http://example.org/b%2Cd/one%2Ctwo?z=%2C"
    )


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("http://EXAMPLE.org/x", "http://example.org/x"),
        ("http://example.org/a/../b", "http://example.org/b"),
        ("http://example.org/\u00fc?q=\u00e4", "http://example.org/%C3%BC?q=%C3%A4"),
        ("http://b\u00fccher.example/{x}", "http://xn--bcher-kva.example/%7Bx%7D"),
        ("http://example.org/100%", "http://example.org/100%25"),
    ],
)
def test_what_cannot_be_sent_as_it_was_written_is_put_right(written: str, sent: str) -> None:
    assert str(AddressPolicy().check_url(written)) == sent


def test_an_address_longer_than_any_server_takes_is_refused() -> None:
    with pytest.raises(AddressRefused, match="8000"):
        AddressPolicy().check_url("http://example.org/" + "a" * 8000)
