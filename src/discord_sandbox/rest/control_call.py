"""One request to the control API, and the things its path names."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from aiohttp import web

from discord_sandbox.rest.checks import Body
from discord_sandbox.rest.errors import unknown
from discord_sandbox.world.models import Application, Channel, Guild, Member, Role, User
from discord_sandbox.world.snowflakes import parse

if TYPE_CHECKING:
    from discord_sandbox.server import Sandbox

type ControlHandler = Callable[["Call"], Awaitable[object]]
type ControlRoute = tuple[str, str, ControlHandler]


class Call:
    """One request to the control API."""

    def __init__(self, sandbox: "Sandbox", request: web.Request, body: Body) -> None:
        self.sandbox = sandbox
        self.world = sandbox.world
        self.request = request
        self.body = body

    def _id(self, name: str) -> int:
        return parse(self.request.match_info[name]) or 0

    @property
    def guild(self) -> Guild:
        """The guild of the path."""
        guild = self.world.guilds.get(self._id("guild_id"))
        if guild is None:
            raise unknown(10004)
        return guild

    @property
    def channel(self) -> Channel:
        """The channel of the path."""
        channel = self.world.channels.get(self._id("channel_id"))
        if channel is None:
            raise unknown(10003)
        return channel

    @property
    def application(self) -> Application:
        """The application of the path."""
        application = self.world.applications.get(self._id("application_id"))
        if application is None:
            raise unknown(10002)
        return application

    @property
    def user(self) -> User:
        """The account of the path."""
        user = self.world.users.get(self._id("user_id"))
        if user is None:
            raise unknown(10013)
        return user

    def member(self, guild: Guild) -> Member:
        """Return the member of the path."""
        member = guild.members.get(self._id("user_id"))
        if member is None:
            raise unknown(10007)
        return member

    def role(self, guild: Guild) -> Role:
        """Return the role of the path."""
        role = guild.roles.get(self._id("role_id"))
        if role is None:
            raise unknown(10011)
        return role
