"""The token endpoints and what a bearer token can read."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from datetime import timedelta

from discord_sandbox.oauth2.grants import SCOPES, TOKEN_SECONDS, Grant, OAuthError
from discord_sandbox.rest.context import Reply, RequestContext
from discord_sandbox.rest.errors import ApiError, unauthorized
from discord_sandbox.rest.router import RouteDef, route
from discord_sandbox.wire.users import member_json, own_user_json, user_json
from discord_sandbox.wire.values import timestamp
from discord_sandbox.world.models import Application, Json
from discord_sandbox.world.permissions import compute


async def _form(ctx: RequestContext) -> Mapping[str, str]:
    """The form fields; JSON is refused, as with Discord ("must be x-www-form-urlencoded")."""
    if ctx.request.content_type != "application/x-www-form-urlencoded":
        raise OAuthError("invalid_request", "The body must be application/x-www-form-urlencoded.")
    return {key: str(value) for key, value in (await ctx.request.post()).items()}


def _client(ctx: RequestContext, form: Mapping[str, str]) -> Application:
    """The application that authenticates by HTTP Basic or in the form."""
    client_id, secret = form.get("client_id", ""), form.get("client_secret")
    header = ctx.request.headers.get("Authorization", "")
    if header.startswith("Basic "):
        try:
            decoded = base64.b64decode(header[6:], validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            decoded = ""
        client_id, _, secret = decoded.partition(":")
    application = ctx.world.applications.get(int(client_id) if client_id.isdecimal() else 0)
    if application is None:
        raise OAuthError("invalid_client", "Unknown client.", 401)
    public = secret is None and ctx.sandbox.oauth2.code_has_challenge(form.get("code", ""))
    if not public and not hmac.compare_digest(
        (secret or "").encode(), application.client_secret.encode()
    ):
        raise OAuthError("invalid_client", "Invalid client secret.", 401)
    return application


def _token_json(ctx: RequestContext, grant: Grant) -> Json:
    answer: Json = {
        "token_type": "Bearer",
        "access_token": grant.access_token,
        "expires_in": ctx.sandbox.oauth2.seconds_left(grant),
        "scope": " ".join(grant.scopes),
    }
    if grant.refresh_token is not None:
        answer["refresh_token"] = grant.refresh_token
    return answer


async def _token(ctx: RequestContext) -> Reply:
    try:
        form = await _form(ctx)
        grant = _granted(ctx, _client(ctx, form), form)
    except OAuthError as error:
        body = {"error": error.error, "error_description": error.description}
        return Reply(error.status, body)
    return Reply(200, _token_json(ctx, grant))


def _granted(ctx: RequestContext, application: Application, form: Mapping[str, str]) -> Grant:
    oauth2 = ctx.sandbox.oauth2
    match form.get("grant_type"):
        case "authorization_code":
            return oauth2.exchange(
                application,
                form.get("code", ""),
                form.get("redirect_uri", ""),
                form.get("code_verifier"),
            )
        case "refresh_token":
            return oauth2.refresh(application, form.get("refresh_token", ""))
        case "client_credentials":
            scopes = form.get("scope", "").split()
            if not scopes or not SCOPES.issuperset(scopes):
                raise OAuthError("invalid_scope", "The requested scope is invalid or unknown.")
            # "The owner's bearer token": it acts as the one who owns the application.
            return oauth2.grant(application.owner, application, scopes, refresh=False)
        case _:
            raise OAuthError("unsupported_grant_type", "Grant type must be a supported one.")


async def _revoke(ctx: RequestContext) -> Reply:
    try:
        form = await _form(ctx)
        ctx.sandbox.oauth2.revoke(_client(ctx, form), form.get("token", ""))
    except OAuthError as error:
        body = {"error": error.error, "error_description": error.description}
        return Reply(error.status, body)
    return Reply(200, {})


def bearer_grant(ctx: RequestContext, scope: str | None = None) -> Grant:
    """The grant of a request's bearer token.

    Raises:
        ApiError: 401 for no, an unknown or an expired token; 50025 without the scope.
    """
    grant = ctx.sandbox.oauth2.find_grant(ctx.bearer)
    if grant is None:
        raise unauthorized()
    if scope is not None and scope not in grant.scopes:
        raise ApiError(403, 50025, "Invalid OAuth2 access token provided")
    return grant


async def _me(ctx: RequestContext) -> Json:
    grant = bearer_grant(ctx)
    application = grant.application
    left = ctx.sandbox.oauth2.seconds_left(grant)
    answer: Json = {
        "application": {
            "id": str(application.id),
            "name": application.name,
            "icon": application.icon,
            "description": application.description,
            "type": None,
            "bot": user_json(application.bot),
            "bot_public": application.bot_public,
            "bot_require_code_grant": False,
            "verify_key": application.public_key,
            "flags": application.flags,
            "flags_new": str(application.flags),
        },
        "scopes": list(grant.scopes),
        "expires": timestamp(ctx.world.clock.now() + timedelta(seconds=min(left, TOKEN_SECONDS))),
    }
    if "identify" in grant.scopes:
        answer["user"] = user_json(grant.user)
    return answer


def own_user_by_bearer(ctx: RequestContext) -> Json:
    """`GET /users/@me` with a bearer token (scope `identify`; `email` adds the address)."""
    grant = bearer_grant(ctx, "identify")
    data = own_user_json(grant.user)
    if "email" in grant.scopes:
        data["email"] = f"{grant.user.username}@sandbox.invalid"
    else:
        data.pop("email", None)
        data.pop("verified", None)
    return data


def own_guilds_by_bearer(ctx: RequestContext) -> list[Json]:
    """`GET /users/@me/guilds` with a bearer token (scope `guilds`)."""
    grant = bearer_grant(ctx, "guilds")
    limit = ctx.query_int("limit", 200, 1, 200)
    before, after = ctx.query_id("before"), ctx.query_id("after")
    with_counts = ctx.query_flag("with_counts")
    guilds = sorted(ctx.world.guilds_of(grant.user.id), key=lambda guild: guild.id)
    if after is not None:
        guilds = [one for one in guilds if one.id > after]
    if before is not None:
        guilds = [one for one in guilds if one.id < before][-limit:]
    found: list[Json] = []
    for guild in guilds[:limit]:
        member = guild.members[grant.user.id]
        entry: Json = {
            "id": str(guild.id),
            "name": guild.name,
            "icon": guild.icon,
            "banner": guild.banner,
            "owner": guild.owner_id == grant.user.id,
            "permissions": str(compute(guild, member)),
            "features": list(guild.features),
        }
        if with_counts:
            entry["approximate_member_count"] = len(guild.members)
            entry["approximate_presence_count"] = len(guild.members)
        found.append(entry)
    return found


def own_member_by_bearer(ctx: RequestContext) -> Json:
    """`GET /users/@me/guilds/{guild_id}/member` (scope `guilds.members.read`)."""
    grant = bearer_grant(ctx, "guilds.members.read")
    member = ctx.world.find_member(ctx.id("guild_id"), grant.user.id)
    if member is None:
        raise ApiError(404, 10004, "Unknown Guild")
    return member_json(member)


ROUTES: list[RouteDef] = [
    route("POST", "/oauth2/token", auth="none", limit=50)(_token),
    route("POST", "/oauth2/token/revoke", auth="none", limit=50)(_revoke),
    route("GET", "/oauth2/@me", auth="any", limit=50)(_me),
]
