"""discord.py's side: no voice connection, only what Discord says about one, passed on."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, override

import discord

from seraphim.adapters.lavalink.messages import VoiceState

type VoiceRoom = discord.VoiceChannel | discord.StageChannel


@dataclass(slots=True)
class Credentials:
    """The four things a node needs, as far as Discord has said them."""

    channel_id: int | None = None
    session_id: str | None = None
    token: str | None = None
    endpoint: str | None = None

    def clear(self) -> None:
        """Forget them: Discord has the bot in no channel."""
        self.channel_id = self.session_id = self.token = self.endpoint = None

    def complete(self) -> VoiceState | None:
        """Return them when all four are there."""
        if not (self.channel_id and self.session_id and self.token and self.endpoint):
            return None
        return VoiceState(
            token=self.token,
            endpoint=self.endpoint,
            session_id=self.session_id,
            channel_id=str(self.channel_id),
        )


class VoiceObserver(Protocol):
    """Who follows a guild's voice; called on the event loop."""

    credentials: Credentials

    def voice_changed(self, *, server: bool) -> None:
        """Tell of new credentials; ``server``: a new voice server or token is among them."""
        ...

    def voice_ended(self) -> None:
        """Tell that Discord has the bot in no channel any more."""
        ...


class ForwardedVoice(discord.VoiceProtocol):
    """Collects the voice updates of one guild.

    Args:
        client: The Discord client.
        channel: The channel to join.
        observer: Gets the credentials.
        is_in: The bot is in the channel already: nothing is asked of Discord.
    """

    def __init__(
        self,
        client: discord.Client,
        channel: discord.abc.Connectable,
        observer: VoiceObserver,
        *,
        is_in: bool = False,
    ) -> None:
        super().__init__(client, channel)
        self._observer = observer
        self._is_in = is_in
        self._servers = 0
        """Counts voice servers that Discord has named."""
        self._waiting: list[tuple[Callable[[], bool], asyncio.Event]] = []

    @property
    def room(self) -> VoiceRoom:
        """The channel the bot was last asked into, or moved to."""
        channel = self.channel
        if not isinstance(channel, discord.VoiceChannel | discord.StageChannel):
            raise TypeError("bots join the voice channels of guilds only")
        return channel

    @override
    async def on_voice_state_update(self, data: Any, /) -> None:
        credentials = self._observer.credentials
        channel_id = data["channel_id"]
        if channel_id is None:
            credentials.clear()
            self._news()
            self._observer.voice_ended()
            return
        changed = (credentials.channel_id, credentials.session_id) != (
            int(channel_id),
            data["session_id"],
        )
        credentials.channel_id, credentials.session_id = int(channel_id), data["session_id"]
        # The channel's own guild may be of a gateway session that is over.
        channel = self.client.get_channel(int(channel_id))
        if isinstance(channel, discord.VoiceChannel | discord.StageChannel):
            self.channel = channel
        self._news()
        if changed:
            self._observer.voice_changed(server=False)

    @override
    async def on_voice_server_update(self, data: Any, /) -> None:
        credentials = self._observer.credentials
        credentials.token = data["token"]
        # Without an endpoint the server is gone, and another update will name the next one.
        credentials.endpoint = data.get("endpoint")
        self._servers += 1
        self._news()
        if credentials.endpoint:
            self._observer.voice_changed(server=True)

    @override
    async def connect(
        self,
        *,
        timeout: float,
        reconnect: bool,
        self_deaf: bool = False,
        self_mute: bool = False,
    ) -> None:
        _ = reconnect, self_deaf, self_mute
        if self._is_in:
            return
        try:
            await self.enter(self.room, timeout_seconds=timeout)
        except BaseException:
            self.cleanup()  # the library forgets only a connection that was too slow
            raise

    async def enter(self, room: VoiceRoom, *, timeout_seconds: float) -> None:
        """Ask to be let in, and wait until all four credentials are there.

        Raises:
            TimeoutError: Discord did not say so in time.
        """
        credentials = self._observer.credentials
        before = self._servers
        self.channel = room

        def arrived() -> bool:
            complete = credentials.complete()
            return (
                complete is not None
                and credentials.channel_id == room.id
                and self._servers != before
            )

        await room.guild.change_voice_state(channel=room, self_deaf=True)
        await self._wait(arrived, timeout_seconds)

    async def exit(self, *, timeout_seconds: float) -> None:
        """Ask to be out, and wait until Discord says so; raises TimeoutError."""
        await self.room.guild.change_voice_state(channel=None)
        await self._wait(lambda: self._observer.credentials.channel_id is None, timeout_seconds)

    @override
    async def disconnect(self, *, force: bool) -> None:
        """Only forget it: who leaves is decided by the player (see ``LavalinkAudio.close``)."""
        _ = force
        self.cleanup()

    async def _wait(self, condition: Callable[[], bool], seconds: float) -> None:
        if condition():
            return
        waiter = (condition, asyncio.Event())
        self._waiting.append(waiter)
        try:
            async with asyncio.timeout(seconds):
                await waiter[1].wait()
        finally:
            self._waiting.remove(waiter)

    def _news(self) -> None:
        for condition, arrived in self._waiting:
            if condition():
                arrived.set()
