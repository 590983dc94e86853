"""A bot of a few lines on unmodified discord.py: joins a channel and plays given packets.

Run as a program with SSL_CERT_FILE set, as a self-hoster would. Arguments: API URL,
gateway URL, token, guild id, channel id, and `once` or `forever`.
"""

import asyncio
import itertools
import sys

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

PACKETS = [bytes([0xFC, number % 251]) * (20 + number % 40) for number in range(50)]


class Packets(discord.AudioSource):
    """Opus packets that are ready, once or for ever."""

    def __init__(self, *, forever: bool) -> None:
        self._left = itertools.cycle(PACKETS) if forever else iter(PACKETS)

    def read(self) -> bytes:
        """The next packet, empty at the end."""
        return next(self._left, b"")

    def is_opus(self) -> bool:
        """Nothing is to be encoded."""
        return True


async def play(client: discord.Client, guild_id: int, channel_id: int, *, forever: bool) -> None:
    """Join, play everything, leave."""
    guild = client.get_guild(guild_id)
    assert guild is not None
    channel = guild.get_channel(channel_id)
    assert isinstance(channel, discord.VoiceChannel)
    voice = await channel.connect()
    loop = asyncio.get_running_loop()
    finished: asyncio.Future[Exception | None] = loop.create_future()
    voice.play(
        Packets(forever=forever),
        after=lambda error: loop.call_soon_threadsafe(finished.set_result, error),
    )
    error = await finished
    if error is not None:
        sys.exit(f"the player failed: {error!r}")
    await voice.disconnect()


def main() -> None:
    """Run the bot."""
    api, gateway, token, guild_id, channel_id, length = sys.argv[1:]
    Route.BASE = api
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
    intents = discord.Intents(guilds=True, voice_states=True)
    client = discord.Client(intents=intents, guild_ready_timeout=0.1)

    @client.event
    async def on_ready() -> None:
        await play(client, int(guild_id), int(channel_id), forever=length == "forever")
        await client.close()

    client.run(token, log_handler=None)


if __name__ == "__main__":
    main()
