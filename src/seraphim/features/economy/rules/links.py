"""Links to the ledger's export that nobody can make up, and that run out.

A token is ``guild.format.from_ms.until_ms.expires_ms.signature``; the signature is HMAC-SHA-256
(RFC 2104) over everything before its dot, base64url without padding.
"""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from seraphim.features.economy.rules.exporting import FORMATS, ExportFormat
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import GuildId
from seraphim.kernel.marks import N_

LEDGER_PATH = "/economy/ledger"
"""Where the file is, with the token as ``?token=``."""
MAX_TOKEN = 300
_FIELDS = 5


class LinkInvalid(SeraphimError):
    """Nobody signed this link."""

    code = "economy.link_invalid"
    http_status = 403
    message = N_("This link is not valid. Ask for a new one with /eco export.")


class LinkExpired(SeraphimError):
    """The link was valid once."""

    code = "economy.link_expired"
    http_status = 410
    message = N_("This link has run out. Ask for a new one with /eco export.")


@dataclass(frozen=True, slots=True)
class LedgerLink:
    """What a link gives access to: a guild's transfers between two moments."""

    guild_id: GuildId
    form: ExportFormat
    since_ms: int
    until_ms: int
    expires_ms: int


def sign(link: LedgerLink, key: str) -> str:
    """Return the token of a link."""
    body = ".".join(
        map(str, (link.guild_id, link.form, link.since_ms, link.until_ms, link.expires_ms))
    )
    return f"{body}.{_signature(body, key)}"


def verify(token: str, key: str, now_ms: int) -> LedgerLink:
    """Return what a token gives access to.

    Raises:
        LinkInvalid: It was not signed with this key.
        LinkExpired: It was, but its time is over.
    """
    body, _, signature = token.rpartition(".")
    expected = _signature(body, key)
    genuine = len(token) <= MAX_TOKEN and hmac.compare_digest(
        expected.encode(), signature.encode("utf-8", "replace")
    )
    fields = body.split(".")
    if not genuine or len(fields) != _FIELDS or fields[1] not in FORMATS:
        raise LinkInvalid
    numbers = [int(field) for at, field in enumerate(fields) if at != 1]
    link = LedgerLink(GuildId(numbers[0]), fields[1], numbers[1], numbers[2], numbers[3])
    if now_ms >= link.expires_ms:
        raise LinkExpired
    return link


def _signature(body: str, key: str) -> str:
    digest = hmac.new(key.encode(), body.encode("utf-8", "replace"), sha256).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
