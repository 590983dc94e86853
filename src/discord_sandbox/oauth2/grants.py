"""Codes and tokens, and what they allow."""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from discord_sandbox.world.models import Application, User
from discord_sandbox.world.world import World

TOKEN_SECONDS = 604_800
"""A week, as Discord's `expires_in`."""

CODE_SECONDS = 60
"""How long a code can be exchanged."""

MAX_KEPT = 10_000

SCOPES = frozenset(
    {
        "applications.commands",
        "applications.commands.permissions.update",
        "applications.commands.update",
        "bot",
        "connections",
        "email",
        "guilds",
        "guilds.join",
        "guilds.members.read",
        "identify",
        "openid",
        "role_connections.write",
        "webhook.incoming",
    }
)
"""Scopes this sandbox grants (docs: "OAuth2 Scopes"; the rest need Discord's approval)."""


@dataclass(slots=True, eq=False)
class Grant:
    """What a person (or an application itself) granted.

    Attributes:
        user: Whose account; the application's owner for client credentials.
        application: To which application.
        scopes: As granted, in the order asked.
        expires: Monotonic seconds of the sandbox's clock.
        refresh_token: None for client credentials.
    """

    user: User
    application: Application
    scopes: tuple[str, ...]
    access_token: str
    refresh_token: str | None
    expires: float


@dataclass(slots=True, eq=False)
class Code:
    """An authorization code; it works once."""

    user: User
    application: Application
    scopes: tuple[str, ...]
    redirect_uri: str
    expires: float
    challenge: str | None = None
    challenge_method: str = "plain"


class OAuthError(Exception):
    """An error of RFC 6749, section 5.2.

    Attributes:
        error: Such as ``invalid_grant``.
        description: A sentence.
        status: 401 for an unknown client, otherwise 400.
    """

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description
        self.status = status


class OAuth2:
    """All codes and tokens of a sandbox."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._codes: dict[str, Code] = {}
        self._grants: dict[str, Grant] = {}
        self._refresh: dict[str, Grant] = {}

    def issue_code(
        self,
        user: User,
        application: Application,
        scopes: Sequence[str],
        redirect_uri: str,
        *,
        challenge: str | None = None,
        challenge_method: str = "plain",
    ) -> str:
        """A code for the redirect, to be exchanged within a minute."""
        code = secrets.token_urlsafe(22)
        _bound(self._codes)
        self._codes[code] = Code(
            user,
            application,
            tuple(scopes),
            redirect_uri,
            self._now() + CODE_SECONDS,
            challenge,
            challenge_method,
        )
        return code

    def exchange(
        self, application: Application, code: str, redirect_uri: str, verifier: str | None
    ) -> Grant:
        """Exchange a code for a token.

        Raises:
            OAuthError: `invalid_grant` for a used, expired or foreign code, another redirect
                URI, or a verifier that does not fit (RFC 7636).
        """
        found = self._codes.pop(code, None)
        if found is None or found.application is not application or found.expires < self._now():
            raise OAuthError("invalid_grant", 'Invalid "code" in request.')
        if found.redirect_uri != redirect_uri:
            raise OAuthError("invalid_grant", 'Invalid "redirect_uri" in request.')
        if found.challenge is not None and not _verifies(found, verifier or ""):
            raise OAuthError("invalid_grant", 'Invalid "code_verifier" in request.')
        return self.grant(found.user, application, found.scopes)

    def code_has_challenge(self, code: str) -> bool:
        """Whether the code was asked with PKCE, so that a public client needs no secret."""
        found = self._codes.get(code)
        return found is not None and found.challenge is not None

    def grant(
        self, user: User, application: Application, scopes: Sequence[str], *, refresh: bool = True
    ) -> Grant:
        """Make a token."""
        grant = Grant(
            user,
            application,
            tuple(scopes),
            secrets.token_urlsafe(22),
            secrets.token_urlsafe(22) if refresh else None,
            self._now() + TOKEN_SECONDS,
        )
        _bound(self._grants)
        self._grants[grant.access_token] = grant
        if grant.refresh_token is not None:
            _bound(self._refresh)
            self._refresh[grant.refresh_token] = grant
        return grant

    def refresh(self, application: Application, refresh_token: str) -> Grant:
        """Exchange a refresh token for a new pair; the old pair stops working.

        Raises:
            OAuthError: `invalid_grant`.
        """
        old = self._refresh.get(refresh_token)
        if old is None or old.application is not application:
            raise OAuthError("invalid_grant", 'Invalid "refresh_token" in request.')
        self.revoke(application, refresh_token)
        return self.grant(old.user, application, old.scopes)

    def revoke(self, application: Application, token: str) -> None:
        """Revoke an access or refresh token with its counterpart; unknown ones are ignored."""
        grant = self._grants.get(token) or self._refresh.get(token)
        if grant is None or grant.application is not application:
            return
        self._grants.pop(grant.access_token, None)
        if grant.refresh_token is not None:
            self._refresh.pop(grant.refresh_token, None)

    def find_grant(self, token: str | None) -> Grant | None:
        """The grant of a bearer token, None when unknown, revoked or expired."""
        grant = self._grants.get(token or "")
        if grant is None or grant.expires < self._now():
            return None
        return grant

    def seconds_left(self, grant: Grant) -> int:
        """How long a grant still works."""
        return max(0, math.ceil(grant.expires - self._now()))

    def _now(self) -> float:
        return self._world.clock.monotonic()


def _bound(table: dict[str, Grant] | dict[str, Code]) -> None:
    while len(table) >= MAX_KEPT:
        del table[next(iter(table))]


def _verifies(code: Code, verifier: str) -> bool:
    if code.challenge_method == "S256":
        digest = hashlib.sha256(verifier.encode("ascii", "ignore")).digest()
        verifier = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return hmac.compare_digest(verifier, code.challenge or "")
