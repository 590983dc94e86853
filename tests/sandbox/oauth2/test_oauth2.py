"""OAuth2 from the authorize page to the bearer token."""

import base64
import hashlib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from tests.support.spec_check import SpecCheck

from discord_sandbox.seed import Seeded
from discord_sandbox.server import Sandbox
from discord_sandbox.world.clock import MovableClock

REDIRECT = "http://127.0.0.1:9/callback"


def by_code(code: str, **more: str) -> dict[str, str]:
    """The form that exchanges a code."""
    return {
        "grant_type": "authorization_code",
        "redirect_uri": REDIRECT,
        "code": code,
        **more,
    }


class Exchange:
    """An application and a browser."""

    def __init__(self, session: aiohttp.ClientSession, sandbox: Sandbox, seeded: Seeded) -> None:
        self._session = session
        self.sandbox = sandbox
        self.seeded = seeded
        self.application = seeded.application
        self.application.redirect_uris = [REDIRECT]
        self.check = SpecCheck()

    def query(self, **more: str) -> dict[str, str]:
        return {
            "client_id": str(self.application.id),
            "response_type": "code",
            "redirect_uri": REDIRECT,
            "scope": "identify guilds",
            "state": "the state",
            **more,
        }

    async def page(self, **more: str) -> tuple[int, str]:
        url = f"{self.sandbox.url}/oauth2/authorize"
        async with self._session.get(url, params=self.query(**more)) as response:
            return response.status, await response.text()

    async def decide(self, decision: str, member: str = "alice", **more: str) -> dict[str, str]:
        """What comes back in the redirect's query."""
        form = {"member": str(self.seeded.people[member].id), "decision": decision}
        url = f"{self.sandbox.url}/oauth2/authorize"
        async with self._session.post(
            url, params=self.query(**more), data=form, allow_redirects=False
        ) as response:
            assert response.status == 302, await response.text()
            location = response.headers["Location"]
        assert location.startswith(REDIRECT)
        return {key: values[0] for key, values in parse_qs(urlsplit(location).query).items()}

    async def token(
        self, fields: Mapping[str, str], *, basic: bool = False, secret: bool = True
    ) -> Any:
        """Status and answer of the token endpoint."""
        form = dict(fields)
        headers = self.basic() if basic else None
        if not basic:
            form["client_id"] = str(self.application.id)
            if secret:
                form["client_secret"] = self.application.client_secret
        url = f"{self.sandbox.url}/api/oauth2/token"
        async with self._session.post(url, data=form, headers=headers) as response:
            return response.status, await response.json()

    def basic(self) -> dict[str, str]:
        """The application's HTTP Basic authentication."""
        pair = f"{self.application.id}:{self.application.client_secret}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    async def revoke(self, token: str) -> int:
        url = f"{self.sandbox.url}/api/oauth2/token/revoke"
        form = {"token": token}
        async with self._session.post(url, data=form, headers=self.basic()) as response:
            return response.status

    async def read(self, path: str, token: str) -> Any:
        """Status and answer of a GET with a bearer token."""
        url = f"{self.sandbox.url}/api/v10{path}"
        headers = {"Authorization": f"Bearer {token}"}
        async with self._session.get(url, headers=headers) as response:
            self.check.exchange("GET", path, response.status, await response.read())
            return response.status, await response.json()

    async def put(self, path: str, token: str, body: object) -> int:
        """Status of a PUT with a bearer token."""
        url = f"{self.sandbox.url}/api/v10{path}"
        headers = {"Authorization": f"Bearer {token}"}
        async with self._session.put(url, json=body, headers=headers) as response:
            self.check.exchange("PUT", path, response.status, await response.read())
            return response.status

    async def logged_in(self, **more: str) -> Any:
        """A token for alice."""
        code = (await self.decide("approve", **more))["code"]
        status, answer = await self.token(by_code(code))
        assert status == 200, answer
        return answer


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def oauth(tmp_path: Path, clock: MovableClock) -> AsyncIterator[Exchange]:
    async with (
        Sandbox(clock=clock, data_dir=tmp_path) as sandbox,
        aiohttp.ClientSession() as session,
    ):
        assert sandbox.seeded is not None
        exchange = Exchange(session, sandbox, sandbox.seeded)
        yield exchange
        exchange.check.verdict()


async def test_a_person_logs_in_and_the_application_reads_who_and_where(oauth: Exchange) -> None:
    status, page = await oauth.page()
    assert status == 200
    assert "Alice" in page
    back = await oauth.decide("approve")
    assert back["state"] == "the state"
    status, answer = await oauth.token(by_code(back["code"]))
    assert status == 200
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 604_800)
    assert answer["scope"] == "identify guilds"
    _, user = await oauth.read("/users/@me", answer["access_token"])
    assert user["username"] == "alice"
    assert "email" not in user
    _, guilds = await oauth.read("/users/@me/guilds", answer["access_token"])
    assert [(one["name"], one["owner"]) for one in guilds] == [("Seraphim Playground", False)]
    _, me = await oauth.read("/oauth2/@me", answer["access_token"])
    assert me["user"]["username"] == "alice"
    assert me["scopes"] == ["identify", "guilds"]


async def test_a_denied_request_comes_back_as_access_denied(oauth: Exchange) -> None:
    back = await oauth.decide("deny")
    assert (back["error"], back["state"]) == ("access_denied", "the state")


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": "1"},
        {"redirect_uri": "http://evil.example/"},
        {"scope": "identify everything"},
        {"scope": ""},
        {"response_type": "token"},
    ],
)
async def test_what_cannot_be_trusted_is_shown_and_not_sent_back(
    oauth: Exchange, wrong: dict[str, str]
) -> None:
    status, page = await oauth.page(**wrong)
    assert status == 400
    assert "Authorize" not in page


async def test_a_code_works_once_for_a_minute_and_its_own_redirect(
    oauth: Exchange, clock: MovableClock
) -> None:
    async def code() -> str:
        return (await oauth.decide("approve"))["code"]

    used = await code()
    assert (await oauth.token(by_code(used)))[0] == 200
    assert (await oauth.token(by_code(used)))[1]["error"] == "invalid_grant"
    elsewhere = by_code(await code(), redirect_uri="http://127.0.0.1:9/other")
    assert (await oauth.token(elsewhere))[1]["error"] == "invalid_grant"
    late = await code()
    clock.advance(61)
    assert (await oauth.token(by_code(late)))[1]["error"] == "invalid_grant"


async def test_pkce_replaces_the_secret_and_checks_the_verifier(oauth: Exchange) -> None:
    verifier = "v" * 43
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    asked = {"code_challenge": challenge, "code_challenge_method": "S256"}
    code = (await oauth.decide("approve", **asked))["code"]
    wrong = await oauth.token(by_code(code, code_verifier="w" * 43), secret=False)
    assert wrong[1]["error"] == "invalid_grant"
    code = (await oauth.decide("approve", **asked))["code"]
    right = await oauth.token(by_code(code, code_verifier=verifier), secret=False)
    assert right[0] == 200
    plain = (await oauth.decide("approve"))["code"]
    assert (await oauth.token(by_code(plain), secret=False))[0] == 401


async def test_tokens_are_refreshed_expire_and_are_revoked(
    oauth: Exchange, clock: MovableClock
) -> None:
    first = await oauth.logged_in()
    status, second = await oauth.token(
        {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}, basic=True
    )
    assert status == 200
    assert (await oauth.read("/users/@me", first["access_token"]))[0] == 401
    assert (await oauth.read("/users/@me", second["access_token"]))[0] == 200
    assert await oauth.revoke(second["access_token"]) == 200
    assert (await oauth.read("/users/@me", second["access_token"]))[0] == 401
    third = await oauth.logged_in()
    clock.advance(604_801)
    assert (await oauth.read("/users/@me", third["access_token"]))[0] == 401


async def test_scopes_limit_what_is_read(oauth: Exchange) -> None:
    narrow = await oauth.logged_in(scope="identify")
    assert (await oauth.read("/users/@me/guilds", narrow["access_token"]))[0] == 403
    wide = await oauth.logged_in(scope="identify email guilds.members.read")
    _, user = await oauth.read("/users/@me", wide["access_token"])
    assert user["email"] == "alice@sandbox.invalid"
    guild_id = oauth.seeded.guild.id
    _, member = await oauth.read(f"/users/@me/guilds/{guild_id}/member", wide["access_token"])
    assert member["user"]["username"] == "alice"


async def test_client_credentials_and_what_the_endpoint_refuses(oauth: Exchange) -> None:
    status, answer = await oauth.token(
        {"grant_type": "client_credentials", "scope": "identify applications.commands.update"},
        basic=True,
    )
    assert status == 200
    assert "refresh_token" not in answer
    assert (await oauth.token({"grant_type": "password"}))[1]["error"] == "unsupported_grant_type"
    assert (await oauth.token({"grant_type": "client_credentials"}, secret=False))[0] == 401
    status, answer = await oauth.token({"grant_type": "client_credentials", "scope": "unknown"})
    assert (status, answer["error"]) == (400, "invalid_scope")


async def test_a_bot_is_added_by_who_manages_the_server(oauth: Exchange) -> None:
    world = oauth.sandbox.world
    oauth.application = world.create_application("Second")
    oauth.application.redirect_uris = [REDIRECT]
    guild = oauth.seeded.guild
    asked = {"scope": "bot", "permissions": "8", "guild_id": str(guild.id)}
    with pytest.raises(AssertionError, match="manage the server"):
        await oauth.decide("approve", **asked)
    assert oauth.application.bot.id not in guild.members
    back = await oauth.decide("approve", member="ada", **asked)
    assert back["guild_id"] == str(guild.id)
    assert oauth.application.bot.id in guild.members


async def test_command_permissions_are_set_with_a_bearer_token_of_who_manages(
    oauth: Exchange,
) -> None:
    application, guild = oauth.application, oauth.seeded.guild
    commands = oauth.sandbox.interactions.commands
    command, _ = commands.create(application.id, None, {"name": "ping", "description": "x"})
    scope = {"scope": "applications.commands.permissions.update"}
    overwrite = {"id": str(guild.id), "type": 1, "permission": False}
    path = f"/applications/{application.id}/guilds/{guild.id}/commands/{command.id}/permissions"

    async def put(member: str) -> int:
        code = (await oauth.decide("approve", member=member, **scope))["code"]
        _, token = await oauth.token(by_code(code))
        return await oauth.put(path, token["access_token"], {"permissions": [overwrite]})

    assert await put("alice") == 403
    assert commands.permissions(application.id, guild.id, command.id) is None
    assert await put("ada") == 200
    assert commands.permissions(application.id, guild.id, command.id) == [overwrite]
