"""The authorize page: be a member, look at what is asked, approve or deny."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from aiohttp import web

from discord_sandbox.oauth2.grants import SCOPES
from discord_sandbox.world.constants import Permission
from discord_sandbox.world.models import Application, Guild, User
from discord_sandbox.world.permissions import compute

if TYPE_CHECKING:
    from discord_sandbox.server import Sandbox

_SCOPE_TEXTS = {
    "identify": "See your name and avatar",
    "email": "See your email address",
    "guilds": "Know what servers you are in",
    "guilds.members.read": "See your roles in your servers",
    "guilds.join": "Join servers for you",
    "connections": "See your connected accounts",
    "bot": "Add a bot to a server",
    "applications.commands": "Create commands in a server",
}


class BadRequest(Exception):
    """A request that cannot be sent back to the application, only shown."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an application asks for."""

    application: Application
    scopes: tuple[str, ...]
    redirect_uri: str | None
    state: str | None
    permissions: int
    guild_id: str | None
    challenge: str | None
    challenge_method: str


def attach(app: web.Application, sandbox: Sandbox) -> None:
    """Answer `/oauth2/authorize`."""
    page = AuthorizePage(sandbox)
    app.router.add_get("/oauth2/authorize", page.show)
    app.router.add_post("/oauth2/authorize", page.decide)


class AuthorizePage:
    """Shows what is asked, and takes the decision."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def show(self, request: web.Request) -> web.Response:
        """The page itself."""
        try:
            asked = self._read(request.query)
        except BadRequest as problem:
            return _page("Something is wrong", f"<p>{html.escape(str(problem))}</p>", 400)
        return _page(
            f"{asked.application.name} wants to access your account",
            _form(asked, self._people(), self._sandbox.world.guilds.values(), request.query_string),
        )

    async def decide(self, request: web.Request) -> web.Response:
        """Approve or deny, as a member: form fields `member`, `decision`, `guild_id`."""
        form = {key: str(value) for key, value in (await request.post()).items()}
        try:
            asked = self._read(request.query)
            user = self._member(form.get("member", ""))
            if form.get("decision") == "approve":
                return self._approve(asked, user, form)
        except BadRequest as problem:
            return _page("Something is wrong", f"<p>{html.escape(str(problem))}</p>", 400)
        refused = {
            "error": "access_denied",
            "error_description": "The resource owner or authorization server denied the request",
        }
        return _return(asked, refused)

    def _approve(self, asked: Asked, user: User, form: Mapping[str, str]) -> web.Response:
        world = self._sandbox.world
        more: dict[str, str] = {}
        if "bot" in asked.scopes:
            guild = self._guild(asked.guild_id or form.get("guild_id", ""), user)
            world.install_application(guild, asked.application, asked.permissions)
            more = {"guild_id": str(guild.id), "permissions": str(asked.permissions)}
        if asked.redirect_uri is None:
            return _page("Authorized", f"<p>{html.escape(asked.application.name)} was added.</p>")
        code = self._sandbox.oauth2.issue_code(
            user,
            asked.application,
            asked.scopes,
            asked.redirect_uri,
            challenge=asked.challenge,
            challenge_method=asked.challenge_method,
        )
        return _return(asked, {"code": code, **more})

    def _read(self, query: Mapping[str, str]) -> Asked:
        world = self._sandbox.world
        client_id = query.get("client_id", "")
        application = world.applications.get(int(client_id) if client_id.isdecimal() else 0)
        if application is None:
            raise BadRequest("There is no application with this client_id.")
        scopes = tuple(dict.fromkeys(query.get("scope", "").split()))
        unknown = set(scopes) - SCOPES
        if not scopes or unknown:
            raise BadRequest(f"The requested scope is invalid, unknown, or malformed: {unknown}")
        only_bot = set(scopes) <= {"bot", "applications.commands"}
        redirect_uri = query.get("redirect_uri")
        if redirect_uri is None and not only_bot:
            raise BadRequest("A redirect_uri is needed.")
        if redirect_uri is not None and redirect_uri not in application.redirect_uris:
            raise BadRequest("This redirect_uri is not registered with the application.")
        if query.get("response_type", "code") != "code":
            raise BadRequest("Only response_type=code is supported here.")
        method = query.get("code_challenge_method", "plain")
        if method not in ("plain", "S256"):
            raise BadRequest("code_challenge_method must be S256 or plain.")
        permissions = query.get("permissions", "0")
        return Asked(
            application,
            scopes,
            redirect_uri,
            query.get("state"),
            int(permissions) if permissions.isdecimal() else 0,
            query.get("guild_id"),
            query.get("code_challenge"),
            method,
        )

    def _people(self) -> list[User]:
        return [user for user in self._sandbox.world.users.values() if not user.bot]

    def _member(self, text: str) -> User:
        user = self._sandbox.world.users.get(int(text) if text.isdecimal() else 0)
        if user is None or user.bot:
            raise BadRequest("There is no such person.")
        return user

    def _guild(self, text: str, user: User) -> Guild:
        guild = self._sandbox.world.guilds.get(int(text) if text.isdecimal() else 0)
        member = guild.members.get(user.id) if guild is not None else None
        if guild is None or member is None:
            raise BadRequest("Choose a server that you are in.")
        if not compute(guild, member) & Permission.MANAGE_GUILD:
            raise BadRequest("Only members who can manage the server can add a bot to it.")
        return guild


def _return(asked: Asked, values: Mapping[str, str]) -> web.Response:
    """Back to the application, with the state it gave."""
    if asked.redirect_uri is None:
        return _page("Cancelled", "<p>Nothing was granted.</p>")
    query = {**values} | ({"state": asked.state} if asked.state is not None else {})
    glue = "&" if "?" in asked.redirect_uri else "?"
    return web.Response(
        status=302, headers={"Location": f"{asked.redirect_uri}{glue}{urlencode(query)}"}
    )


def _form(asked: Asked, people: list[User], guilds: Iterable[Guild], query: str) -> str:
    scopes = "".join(
        f"<li>{html.escape(_SCOPE_TEXTS.get(scope, scope))}</li>" for scope in asked.scopes
    )
    members = "".join(
        f'<option value="{user.id}">{html.escape(user.name)}</option>' for user in people[:200]
    )
    chooser = ""
    if "bot" in asked.scopes and asked.guild_id is None:
        servers = "".join(
            f'<option value="{guild.id}">{html.escape(guild.name)}</option>' for guild in guilds
        )
        chooser = f'<label>Add to server<select name="guild_id">{servers}</select></label>'
    return f"""
<p>{html.escape(asked.application.description)}</p>
<ul>{scopes}</ul>
<form method="post" action="?{html.escape(query)}">
  <label>Log in as<select name="member">{members}</select></label>
  {chooser}
  <div class="row">
    <button name="decision" value="deny">Cancel</button>
    <button name="decision" value="approve" class="main">Authorize</button>
  </div>
</form>"""


_STYLE = """
body{margin:0;min-height:100vh;display:grid;place-items:center;background:#1e1f22;color:#dbdee1;
font:16px/1.5 system-ui,sans-serif}main{background:#313338;border-radius:8px;padding:24px;
box-sizing:border-box;width:min(440px,94vw)}h1{font-size:1.25rem;margin:0 0 8px}
label{display:block;margin:12px 0}select{display:block;width:100%;padding:10px;margin-top:4px;
border-radius:4px;border:0;background:#1e1f22;color:inherit;font:inherit}
.row{display:flex;justify-content:space-between;margin-top:20px}
button{padding:10px 20px;border:0;border-radius:4px;background:#4e5058;color:#fff;font:inherit;
cursor:pointer}button.main{background:#5865f2}"""


def _page(title: str, body: str, status: int = 200) -> web.Response:
    text = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}'
        '</title><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main><h1>{html.escape(title)}</h1>{body}</main>"
        "</body></html>"
    )
    return web.Response(text=text, status=status, content_type="text/html")
