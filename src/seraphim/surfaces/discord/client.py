"""The Discord client: discord.py with the memory of a big bot in mind."""

import asyncio
import contextlib
import ssl
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast, override

import aiohttp
import discord

from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.feature import Feature
from seraphim.kernel.telemetry import get_logger
from seraphim.surfaces.discord.components import Component, Router
from seraphim.surfaces.discord.interactions import InteractionPipeline
from seraphim.surfaces.discord.link import DiscordLink, LinkState
from seraphim.surfaces.discord.metrics import SurfaceMetrics
from seraphim.surfaces.discord.rate_limit import RateLimiter
from seraphim.surfaces.discord.tree import SeraphimTree

if TYPE_CHECKING:
    from seraphim.kernel.kernel import Kernel

_log = get_logger(__name__)
_UNKNOWN_ERROR, _AUTHENTICATION_FAILED = 4000, 4004
"""Gateway close codes (Discord, "Gateway Close Event Codes")."""
GUILD_SETTLE_SECONDS = 0.25
"""How long no further guild must arrive before a shard counts as ready; discord.py waits two."""


class LoginRefused(SeraphimError):
    """Discord does not accept the token."""

    code = "discord.login_refused"
    http_status = 502
    message = (
        "Discord refused the token: it is wrong or has been revoked. Open your application at "
        "https://discord.com/developers/applications, choose Bot, press Reset Token and put the "
        "new token into DISCORD_TOKEN."
    )


class IntentsRefused(SeraphimError):
    """A privileged intent is asked for but not switched on."""

    code = "discord.intents_refused"
    http_status = 502
    message = (
        "Discord refused the connection because these privileged intents are not switched on: "
        "{intents}. Open your application at https://discord.com/developers/applications, choose "
        "Bot and switch them on."
    )


class DiscordUnreachable(SeraphimError):
    """Discord cannot be reached from this machine."""

    code = "discord.unreachable"
    http_status = 503
    message = "Discord cannot be reached: {reason}. Check the network and try again."


@dataclass(frozen=True, slots=True)
class Listen:
    """A client event a feature follows, by discord.py's name without ``on_``."""

    event: str
    handle: Callable[..., Awaitable[None]]


class SeraphimClient(discord.AutoShardedClient):
    """One connection to Discord for all features.

    Args:
        kernel: For texts, settings, metrics and configuration.
        features: The catalogue; commands, components, listeners and intents come from it.
        limiter: Shared with the feature that lets administrators look at it.
        link: Told about the connection, so that health can ask.
        shard_ids: Shards this process runs; all of them when None.
        shard_count: Total number of shards; Discord's recommendation when None.
    """

    def __init__(
        self,
        kernel: "Kernel",
        features: Sequence[Feature],
        *,
        limiter: RateLimiter,
        link: DiscordLink | None = None,
        shard_ids: list[int] | None = None,
        shard_count: int | None = None,
    ) -> None:
        super().__init__(
            intents=intents_of(features),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=_cached_members(features),
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=GUILD_SETTLE_SECONDS,
            enable_raw_presences=False,
            shard_count=shard_count,
            shard_ids=cast("list[int]", shard_ids),  # typed without the None it takes
        )
        self._ca_file = kernel.config.discord_ca_file
        self.texts = kernel.texts
        self.features = tuple(features)
        self.link = link or DiscordLink()
        self.surface_metrics = SurfaceMetrics(kernel.metrics)
        self._ended: asyncio.Future[None] | None = None
        self._connecting: asyncio.Task[None] | None = None
        components: list[Component] = []
        for feature in features:
            components.extend(_all_of(Component, feature.components, feature))
        self.pipeline = InteractionPipeline(
            kernel, Router(components), limiter, self.surface_metrics
        )
        self.tree = SeraphimTree(self, self.pipeline, features, kernel.texts)
        self._follow(features)
        self.link.attach(self)
        self.surface_metrics.watch(self.link)

    async def open(self, token: str) -> None:
        """Log in, make the commands known and connect; returns when all guilds are there.

        Raises:
            LoginRefused: The token is wrong or revoked.
            IntentsRefused: A privileged intent is missing.
            DiscordUnreachable: No answer from Discord.
        """
        await self._log_in(token)
        self._connecting = asyncio.create_task(self._connect(), name="discord connection")
        syncing = asyncio.create_task(self._sync_commands(), name="discord command sync")
        ready = asyncio.create_task(self.wait_until_ready(), name="discord ready")
        try:
            await asyncio.wait({self._connecting, ready}, return_when=asyncio.FIRST_COMPLETED)
            if not ready.done():
                await self._connecting
                raise DiscordUnreachable(reason="the connection was closed before it was ready")
            await syncing
        finally:
            for task in (ready, syncing):
                task.cancel()
            await asyncio.gather(ready, syncing, return_exceptions=True)

    async def closed(self) -> None:
        """Wait until the connection has ended for good.

        Raises:
            LoginRefused: The token was revoked meanwhile.
            IntentsRefused: An intent was switched off meanwhile.
            DiscordUnreachable: The connection could not be kept.
        """
        if self._connecting is not None:
            await asyncio.shield(self._connecting)

    async def shut_down(self, drain_seconds: float = 5.0, *, stays_in_voice: bool = False) -> None:
        """Take no new interactions, finish those in hand, then close the connection.

        Args:
            drain_seconds: How long those in hand may take.
            stays_in_voice: Something else goes on playing. Discord takes a bot out of its voice
                channels when it says goodbye (close code 1000 or 1001), not when its connection
                merely ends (Discord, "Gateway: Initiating a Disconnect").
        """
        await self.pipeline.drain(drain_seconds)
        if stays_in_voice:
            self._say_no_goodbye()
        await self.close()
        if self._connecting is not None:
            with contextlib.suppress(asyncio.CancelledError, SeraphimError):
                await self._connecting

    def _say_no_goodbye(self) -> None:
        """Let every shard's connection end with a code that leaves its session resumable."""
        for info in self.shards.values():
            ws = cast("Any", info)._parent.ws  # noqa: SLF001 - discord.py has no way to choose the code
            ending = ws.close

            async def end(code: int = 0, ending: Callable[..., Awaitable[None]] = ending) -> None:
                _ = code
                await ending(code=_UNKNOWN_ERROR)

            ws.close = end

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Route a pressed component or a submitted form; commands go through the tree."""
        if interaction.type in {
            discord.InteractionType.component,
            discord.InteractionType.modal_submit,
        }:
            await self.pipeline.run_component(interaction)

    @override
    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Log what a listener did not catch; the process goes on."""
        self.surface_metrics.listener_failures.add()
        _log.exception("discord listener failed", listener=event_method)

    def guild_count(self) -> int:
        """Return the number of guilds the bot is in."""
        return len(self.guilds)

    def shard_total(self) -> int:
        """Return the number of shards this process runs."""
        return len(self.shards)

    def link_state(self) -> LinkState:
        """Return how the connection is, the worst shard deciding."""
        if self.is_closed():
            return "closed"
        if not self.is_ready():
            return "starting"
        shards = self.shards.values()
        return "resuming" if any(shard.is_closed() for shard in shards) else "connected"

    async def _log_in(self, token: str) -> None:
        if self._ca_file is not None:
            # aiohttp makes its default context at import, too early for SSL_CERT_FILE.
            trusted = ssl.create_default_context()
            trusted.load_verify_locations(self._ca_file)
            self.http.connector = aiohttp.TCPConnector(limit=0, ssl=trusted)
        try:
            await self.login(token)
        except discord.LoginFailure as error:
            await self.close()
            raise LoginRefused from error
        except (aiohttp.ClientError, OSError, discord.HTTPException) as error:
            await self.close()
            raise DiscordUnreachable(reason=str(error) or type(error).__name__) from error

    async def _connect(self) -> None:
        try:
            await self.connect(reconnect=True)
        except discord.PrivilegedIntentsRequired as error:
            wanted = [name for name, on in self.intents if on and name in _PRIVILEGED]
            raise IntentsRefused(intents=", ".join(wanted)) from error
        except discord.ConnectionClosed as error:
            if error.code == _AUTHENTICATION_FAILED:
                raise LoginRefused from error
            raise DiscordUnreachable(reason=f"the gateway closed with {error.code}") from error
        except (aiohttp.ClientError, OSError, discord.GatewayNotFound) as error:
            raise DiscordUnreachable(reason=str(error) or type(error).__name__) from error

    async def _sync_commands(self) -> None:
        try:
            self.link.command_ids = await self.tree.sync_changes()
        except (discord.DiscordException, aiohttp.ClientError, OSError):
            _log.exception("discord command sync failed")

    def _follow(self, features: Sequence[Feature]) -> None:
        handlers: defaultdict[str, list[Callable[..., Awaitable[None]]]] = defaultdict(list)
        for feature in features:
            for listen in _all_of(Listen, feature.discord_listeners, feature):
                handlers[listen.event].append(listen.handle)
        for event, several in handlers.items():
            method = f"on_{event}"
            if hasattr(self, method):
                raise ValueError(f"the event {event!r} belongs to the surface")
            setattr(self, method, self._fan_out(method, several))

    def _fan_out(
        self, method: str, handlers: Sequence[Callable[..., Awaitable[None]]]
    ) -> Callable[..., Awaitable[None]]:
        async def call_each(*args: object) -> None:
            for handle in handlers:
                try:
                    await handle(*args)
                except Exception:  # noqa: BLE001  # one listener's fault is not the others'
                    await self.on_error(method, *args)

        return call_each


_PRIVILEGED = frozenset({"members", "presences", "message_content"})


def intents_of(features: Iterable[Feature]) -> discord.Intents:
    """Return the union of what the features need; ``guilds`` is always among it."""
    names = {"guilds"}.union(*(feature.intents for feature in features))
    return discord.Intents(**dict.fromkeys(sorted(names), True))


def _all_of[T](kind: type[T], values: Iterable[object], feature: Feature) -> list[T]:
    """Return the manifest's opaque values as what they must be."""
    checked: list[T] = []
    for value in values:
        if not isinstance(value, kind):
            raise TypeError(f"{feature.name}: {value!r} is not a {kind.__name__}")
        checked.append(value)
    return checked


def _cached_members(features: Iterable[Feature]) -> discord.MemberCacheFlags:
    """Keep only members who sit in voice channels, and only when a feature follows those."""
    flags = discord.MemberCacheFlags.none()
    flags.voice = "voice_states" in {name for feature in features for name in feature.intents}
    return flags
