"""The voice client that leaves the sending to the shared pacer."""

# As in connection.py: parts of discord.py without a public hook are replaced, its version pinned.
# pyright: reportPrivateUsage=false
# ruff: noqa: SLF001

import asyncio
import contextlib
from typing import Any, Final, override

import discord
from discord.voice_state import VoiceConnectionState

from seraphim.adapters.voice_embedded.connection import Observer, QuietConnection
from seraphim.adapters.voice_embedded.wire import AES_GCM, XCHACHA

_LEAVE_SECONDS: Final = 3.0


class SharedVoiceClient(discord.VoiceClient):
    """A voice client whose packets come from the shared pacer.

    Args:
        client: The Discord client.
        channel: The channel to join.
        observer: Who is told what becomes of the connection.
    """

    supported_modes: tuple[Any, ...] = (AES_GCM, XCHACHA)

    def __init__(
        self, client: discord.Client, channel: discord.abc.Connectable, observer: Observer
    ) -> None:
        self.observer = observer
        self._thrown_out = False
        super().__init__(client, channel)

    @override
    def create_connection_state(self) -> VoiceConnectionState:
        return QuietConnection(self)

    @override
    async def on_voice_state_update(self, data: Any) -> None:
        if data["channel_id"] is None and not self._connection._expecting_disconnect:
            self._thrown_out = True
        await super().on_voice_state_update(data)

    @override
    def send_audio_packet(self, data: bytes, *, encode: bool = True) -> None:
        """Refuse: the wire sends, and no nonce may be used twice with a key (NIST SP 800-38D)."""
        _ = data, encode
        raise discord.ClientException("the shared pacer sends for this connection")

    @override
    def cleanup(self) -> None:
        super().cleanup()
        self.observer.connection_gone(thrown_out=self._thrown_out)


async def hang_up(client: SharedVoiceClient) -> None:
    """Leave, whatever Discord says to it, within three seconds."""
    with contextlib.suppress(TimeoutError, OSError, discord.DiscordException):
        async with asyncio.timeout(_LEAVE_SECONDS):
            await client.disconnect(force=True)
