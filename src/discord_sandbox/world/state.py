"""The world's tables, its ids, and the stream of what happens in it."""

import base64
import hashlib
from collections.abc import Callable, Iterator

from discord_sandbox.world.clock import Clock, SystemClock
from discord_sandbox.world.models import (
    Application,
    Channel,
    Dispatch,
    Guild,
    Invite,
    Json,
    Member,
    Message,
    User,
    Webhook,
)
from discord_sandbox.world.snowflakes import SnowflakeSource

type Sink = Callable[[Dispatch], None]


class WorldState:
    """Everything there is; touched only on the server's event loop.

    Attributes:
        base_url: Where the server answers (``http://127.0.0.1:1234``), without a slash at the end;
            set when it starts, and part of every attachment's address.
        channels: Every channel and thread of every guild, and the direct-message channels.
        messages_by_attachment: Which message holds an attachment (for the CDN), by attachment id.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock: Clock = clock or SystemClock()
        self.base_url = "http://127.0.0.1"
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.applications: dict[int, Application] = {}
        self.invites: dict[str, Invite] = {}
        self.webhooks: dict[int, Webhook] = {}
        self.attachments: dict[int, StoredFile] = {}
        self.avatars: dict[str, StoredFile] = {}
        self.tokens: dict[str, Application] = {}
        self._snowflakes = SnowflakeSource(self.clock)
        self._sinks: list[Sink] = []
        self._revocation_sinks: list[Callable[[Application], None]] = []

    # -- events ---------------------------------------------------------------------------------

    def emit(self, dispatch: Dispatch) -> None:
        """Hand one event to every subscriber, in the order of their subscription."""
        for sink in tuple(self._sinks):
            sink(dispatch)

    def subscribe(self, sink: Sink) -> Callable[[], None]:
        """Have ``sink`` called with every event from now on; returns how to stop it."""
        self._sinks.append(sink)

        def unsubscribe() -> None:
            if sink in self._sinks:
                self._sinks.remove(sink)

        return unsubscribe

    def on_token_revoked(self, sink: Callable[[Application], None]) -> None:
        """Have ``sink`` called when an application's token stops working."""
        self._revocation_sinks.append(sink)

    # -- ids and times --------------------------------------------------------------------------

    def new_id(self) -> int:
        """Return a new snowflake, larger than every one before."""
        return self._snowflakes.new()

    # -- finding things -------------------------------------------------------------------------

    def bot_by_token(self, token: str) -> Application | None:
        """Return the application of a bot token; None if it is unknown or revoked."""
        return self.tokens.get(token)

    def find_member(self, guild_id: int, user_id: int) -> Member | None:
        """Return the member, or None."""
        guild = self.guilds.get(guild_id)
        return None if guild is None else guild.members.get(user_id)

    def find_message(self, channel_id: int, message_id: int) -> Message | None:
        """Return the message, or None."""
        channel = self.channels.get(channel_id)
        return None if channel is None else channel.messages.get(message_id)

    def guilds_of(self, user_id: int) -> Iterator[Guild]:
        """Yield the guilds the user is a member of."""
        return (guild for guild in self.guilds.values() if user_id in guild.members)

    # -- accounts -------------------------------------------------------------------------------

    def create_user(
        self,
        username: str,
        *,
        global_name: str | None = None,
        user_id: int | None = None,
        locale: str = "en-US",
        bot: bool = False,
    ) -> User:
        """Make an account (of a person, unless ``bot``)."""
        user = User(
            id=user_id or self.new_id(),
            username=username,
            global_name=global_name,
            locale=locale,
            bot=bot,
        )
        if bot:
            user.discriminator = f"{user.id % 9000 + 1000:04d}"
        self.users[user.id] = user
        return user

    def create_application(
        self,
        name: str,
        *,
        owner: User | None = None,
        application_id: int | None = None,
    ) -> Application:
        """Make an application with its bot user and token.

        The token's first segment is the base64 of the id, as Discord's is; the rest depends on
        the id alone, so that a seeded application has the same token on every start.
        """
        number = application_id or self.new_id()
        bot = self.create_user(name, user_id=number, bot=True)
        if owner is None:
            owner = self.create_user(f"{name.lower().replace(' ', '_')}_owner")
        application = Application(
            id=number,
            name=name,
            bot=bot,
            owner=owner,
            token=make_token(number, 0),
            public_key=_digest(number, "public key"),
            client_secret=_digest(number, "client secret")[:32],
        )
        self.applications[number] = application
        self.tokens[application.token] = application
        return application

    def revoke_token(self, application: Application) -> None:
        """Make the application's token stop working, as a reset in the portal does."""
        if self.tokens.pop(application.token, None) is None:
            return
        for sink in tuple(self._revocation_sinks):
            sink(application)

    def reset_token(self, application: Application) -> str:
        """Revoke the application's token and give it a new one, which is returned."""
        self.revoke_token(application)
        application.token = make_token(application.id, self.new_id())
        self.tokens[application.token] = application
        return application.token

    def dm_channel(self, one: User, other: User) -> Channel:
        """Return the direct-message channel of two users; made when they have none."""
        known = one.dm_channel_ids.get(other.id)
        if known is not None:
            return self.channels[known]
        channel = Channel(id=self.new_id(), type=1, recipients=[one, other])
        self.channels[channel.id] = channel
        one.dm_channel_ids[other.id] = other.dm_channel_ids[one.id] = channel.id
        return channel

    def dispatch(
        self,
        name: str,
        data: Json,
        guild: Guild | None = None,
        *,
        channel: Channel | None = None,
        only: frozenset[int] | None = None,
    ) -> None:
        """Emit an event; shorthand for building the :class:`Dispatch`."""
        self.emit(
            Dispatch(
                name,
                data,
                None if guild is None else guild.id,
                None if channel is None else channel.id,
                only,
            )
        )


class StoredFile:
    """Bytes that the CDN serves."""

    __slots__ = ("content", "content_type", "filename")

    def __init__(self, content: bytes, content_type: str, filename: str) -> None:
        self.content = content
        self.content_type = content_type
        self.filename = filename


def make_token(application_id: int, salt: int) -> str:
    """Return a bot token, ``base64(id).time.secret``."""
    first = base64.urlsafe_b64encode(str(application_id).encode()).decode().rstrip("=")
    secret = _digest(application_id, f"token {salt}")
    return f"{first}.Sandbx.{secret[:38]}"


def _digest(application_id: int, purpose: str) -> str:
    return hashlib.sha256(f"discord_sandbox {purpose} {application_id}".encode()).hexdigest()
