"""A discord.py client in a local Discord, and the backend under test on it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
from tests.support.local_discord import local_discord

from discord_sandbox.server import Sandbox
from discord_sandbox.voice.taps import VoiceFrame, VoiceTap
from seraphim.adapters.voice_embedded import EmbeddedVoice, Tuning
from seraphim.features.music.ports import AudioEvent
from seraphim.kernel.ids import ChannelId, GuildId

WAIT_SECONDS = 10


@dataclass
class Room:
    """A voice channel of the sandbox with the bot's backend, and an ear in it."""

    sandbox: Sandbox
    client: discord.Client
    voice: EmbeddedVoice
    guild_id: GuildId
    music: ChannelId
    lounge: ChannelId
    events: asyncio.Queue[AudioEvent] = field(default_factory=asyncio.Queue[AudioEvent])

    async def event[E](self, kind: type[E]) -> E:
        """Return the next event, which must be of this kind."""
        event = await asyncio.wait_for(self.events.get(), WAIT_SECONDS)
        assert isinstance(event, kind), event
        return event

    def listen(self, channel_id: ChannelId | None = None) -> VoiceTap:
        """Open an ear in a channel (the music channel)."""
        return self.sandbox.voice.listen(channel_id or self.music)


async def hear(tap: VoiceTap, count: int, *, silence: bool = True) -> list[VoiceFrame]:
    """Return the next ``count`` frames, without frames of silence if so wished."""
    frames: list[VoiceFrame] = []
    async with asyncio.timeout(WAIT_SECONDS + count * 0.02):
        while len(frames) < count:
            frame = await tap.get()
            if silence or not frame.silent:
                frames.append(frame)
    return frames


@pytest.fixture
async def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    """The seeded guild, a connected client, and nobody in a channel yet."""
    async with local_discord(tmp_path / "sandbox") as sandbox:
        assert sandbox.seeded is not None
        seeded = sandbox.seeded
        monkeypatch.setattr(Route, "BASE", f"{sandbox.url}/api/v10")
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(sandbox.gateway.url))
        connector = aiohttp.TCPConnector(ssl=sandbox.voice.client_context())
        client = discord.Client(
            intents=discord.Intents(guilds=True, voice_states=True), connector=connector
        )
        await client.login(seeded.application.token)
        ready = asyncio.ensure_future(client.wait_for("ready", timeout=WAIT_SECONDS))
        running = asyncio.create_task(client.connect())
        await ready
        voice = EmbeddedVoice(lambda: client, tuning=Tuning(connect_seconds=8))
        guild = seeded.guild
        room = Room(
            sandbox,
            client,
            voice,
            GuildId(guild.id),
            ChannelId(guild.channel_named("Music").id),
            ChannelId(guild.channel_named("Lounge").id),
        )
        voice.subscribe(room.events.put)
        yield room
        await voice.close()
        await client.close()
        await asyncio.wait_for(running, WAIT_SECONDS)
