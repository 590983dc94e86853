"""What a REST handler is given: who asks, for what, with which body."""

import contextlib
import urllib.parse
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import msgspec
from aiohttp import web

from discord_sandbox.rest.errors import (
    ApiError,
    invalid,
    missing_access,
    missing_permissions,
    unknown,
)
from discord_sandbox.world.bodies import Upload
from discord_sandbox.world.constants import ALL_PERMISSIONS, Permission
from discord_sandbox.world.models import Application, Channel, Guild, Json, Member, Message, User
from discord_sandbox.world.permissions import can_view, compute
from discord_sandbox.world.snowflakes import parse
from discord_sandbox.world.world import World

if TYPE_CHECKING:
    from discord_sandbox.rest.router import RouteDef
    from discord_sandbox.server import Sandbox

_JSON = msgspec.json.Decoder()
_REASON_AT_MOST = 512
# docs: reference, "Uploading Files": 10 MiB a file without boosts, 25 MiB a request.
_BODY_AT_MOST = 25 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """A handler's answer with a status of its own.

    Attributes:
        status: The HTTP status.
        body: JSON, or None for an empty body.
    """

    status: int
    body: object = None


class RequestContext:
    """One request."""

    __slots__ = (
        "_body",
        "_bot",
        "_uploads",
        "bearer",
        "path",
        "request",
        "route",
        "sandbox",
        "template",
        "world",
    )

    def __init__(
        self,
        sandbox: "Sandbox",
        request: web.Request,
        route: "RouteDef",
        path: dict[str, str],
        bot: Application | None,
        bearer: str | None = None,
    ) -> None:
        self.sandbox = sandbox
        self.world: World = sandbox.world
        self.request = request
        self.route = route
        self.path = path
        self.bearer = bearer
        self._bot = bot
        self._body: object = msgspec.UNSET
        self._uploads: list[Upload] = []

    # -- who ------------------------------------------------------------------------------------

    @property
    def application(self) -> Application:
        """The application whose bot asks; routes without a token must not ask for it."""
        if self._bot is None:
            raise ApiError(401, 0, "401: Unauthorized")
        return self._bot

    @property
    def find_application(self) -> Application | None:
        """The application whose bot asks, or None on a route that needs no token."""
        return self._bot

    @property
    def user(self) -> User:
        """The bot user who asks."""
        return self.application.bot

    @property
    def reason(self) -> str | None:
        """The audit log reason of the ``X-Audit-Log-Reason`` header."""
        sent = self.request.headers.get("X-Audit-Log-Reason")
        if not sent:
            return None
        reason = urllib.parse.unquote(sent)
        if len(reason) > _REASON_AT_MOST:
            raise invalid(
                "reason", "BASE_TYPE_MAX_LENGTH", f"Must be {_REASON_AT_MOST} or fewer in length."
            )
        return reason

    # -- path and query -------------------------------------------------------------------------

    def id(self, name: str) -> int:
        """Return a snowflake of the path; 50035 if it is none."""
        text = self.path[name]
        value = parse(text)
        if value is None:
            raise invalid(name, "NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.')
        return value

    def query_int(self, name: str, default: int, lowest: int, highest: int) -> int:
        """Return a bounded number of the query; 50035 outside its bounds."""
        text = self.request.query.get(name)
        if text is None:
            return default
        try:
            value = int(text)
        except ValueError:
            raise invalid(name, "NUMBER_TYPE_COERCE", f'Value "{text}" is not int.') from None
        if value < lowest:
            raise invalid(
                name, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {lowest}."
            )
        if value > highest:
            raise invalid(
                name, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {highest}."
            )
        return value

    def query_id(self, name: str) -> int | None:
        """Return a snowflake of the query, or None."""
        text = self.request.query.get(name)
        if text is None:
            return None
        value = parse(text)
        if value is None:
            raise invalid(name, "NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.')
        return value

    def query_flag(self, name: str) -> bool:
        """Return a boolean of the query; absent is False."""
        return self.request.query.get(name, "").lower() in {"1", "true"}

    # -- body -----------------------------------------------------------------------------------

    async def body(self) -> object:
        """Return the JSON body, of a multipart request its ``payload_json``; None if empty.

        Raises:
            ApiError: 50109 for what is no JSON, 40005 when it is too large.
        """
        if self._body is msgspec.UNSET:
            if self.request.content_type.startswith("multipart/"):
                self._body = await self._read_multipart()
            else:
                self._body = self._decode(await self.request.read())
        return self._body

    async def json(self) -> Json:
        """Return the body as an object; an empty body is an empty object."""
        data = await self.body()
        if data is None:
            return {}
        if not isinstance(data, dict):
            raise invalid("", "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return cast("Json", data)

    async def json_list(self) -> list[Json]:
        """Return the body as a list of objects."""
        data = await self.body()
        if not isinstance(data, list):
            raise invalid("", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        items = cast("list[object]", data)
        for index, item in enumerate(items):
            if not isinstance(item, dict):
                raise invalid(
                    str(index), "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType"
                )
        return cast("list[Json]", items)

    async def uploads(self) -> list[Upload]:
        """Return the files of a multipart body."""
        await self.body()
        return self._uploads

    @property
    def sent_body(self) -> object:
        """The decoded body as far as the handler read it (for observers); None if it did not."""
        return None if self._body is msgspec.UNSET else self._body

    @staticmethod
    def _decode(raw: bytes) -> object:
        if not raw:
            return None
        try:
            return _JSON.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise ApiError(400, 50109, "The request body contains invalid JSON.") from None

    async def _read_multipart(self) -> object:
        try:
            form = await self.request.post()
        except ValueError as problem:
            raise ApiError(400, 50035, "Invalid Form Body") from problem
        payload: object = None
        plain: Json = {}
        for name, value in form.items():
            if isinstance(value, web.FileField):
                content = value.file.read()
                index = 0
                with contextlib.suppress(ValueError):
                    index = int(name.removeprefix("files[").removesuffix("]"))
                self._uploads.append(Upload(index, value.filename, content, value.content_type))
            elif name == "payload_json":
                text = value if isinstance(value, str) else bytes(value).decode()
                payload = self._decode(text.encode())
            elif isinstance(value, str):
                plain[name] = value
        return payload if payload is not None else plain or None

    # -- things of the world --------------------------------------------------------------------

    def guild(self, name: str = "guild_id") -> Guild:
        """Return the guild of the path, which the bot must be in; 10004 otherwise."""
        guild = self.world.guilds.get(self.id(name))
        if guild is None:
            raise unknown(10004)
        if self._bot is not None and self._bot.bot.id not in guild.members:
            raise missing_access()
        return guild

    def own_member(self, guild: Guild) -> Member:
        """Return the bot's member; 50001 when it is not in the guild."""
        member = guild.members.get(self.user.id)
        if member is None:
            raise missing_access()
        return member

    def member(self, guild: Guild, name: str = "user_id") -> Member:
        """Return the member of the path; 10013 for no user, 10007 for no member."""
        user_id = self.user.id if self.path.get(name) == "@me" else self.id(name)
        member = guild.members.get(user_id)
        if member is None:
            raise unknown(10007 if user_id in self.world.users else 10013)
        return member

    def channel(self, name: str = "channel_id", need: int = 0) -> Channel:
        """Return the channel of the path, visible to the bot; 10003, 50001 or 50013 otherwise."""
        channel = self.world.channels.get(self.id(name))
        if channel is None:
            raise unknown(10003)
        self.require(channel, need)
        return channel

    def require(self, channel: Channel, need: int = 0) -> None:
        """Raise 50001 when the bot cannot see the channel, 50013 when it lacks ``need``."""
        guild = channel.guild
        if guild is None:
            if all(each.id != self.user.id for each in channel.recipients):
                raise missing_access()
            return
        member = guild.members.get(self.user.id)
        if member is None:
            raise missing_access()
        if member.id == guild.owner_id:
            return
        bits = compute(guild, member, channel, now=self.world.clock.now())
        if not bits & Permission.VIEW_CHANNEL:
            raise missing_access()
        if channel.type == 12 and not can_view(guild, member.id, channel):  # noqa: PLR2004 - private thread
            raise missing_access()
        if bits & need != need:
            raise missing_permissions()

    def permissions_in(self, channel: Channel) -> int:
        """Return the bot's permission bits in the channel (everything in a direct message)."""
        if channel.guild is None:
            return ALL_PERMISSIONS
        member = channel.guild.members.get(self.user.id)
        if member is None:
            return 0
        return compute(channel.guild, member, channel, now=self.world.clock.now())

    def require_in_guild(self, guild: Guild, need: int) -> Member:
        """Return the bot's member; 50013 when it lacks ``need`` in the guild."""
        member = self.own_member(guild)
        bits = compute(guild, member, now=self.world.clock.now())
        if bits & need != need:
            raise missing_permissions()
        return member

    def message(self, channel: Channel, name: str = "message_id") -> Message:
        """Return the message of the path; 10008 when the channel has it not (or not for bots)."""
        message = channel.messages.get(self.id(name))
        if message is None or message.ephemeral_for is not None:
            raise unknown(10008)
        return message
