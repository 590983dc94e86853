"""The peer: a bot on bare discord.py with the same two commands and nothing around them.

``/probe-trivial`` answers a sentence; ``/probe-read`` reads one row of a SQLite file in a worker
thread, as a careful discord.py bot would, and answers it.
"""

import asyncio
import os
import socket
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor

import discord
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL


class BareBot(discord.Client):
    """Nothing but a client and a command tree."""

    def __init__(self, database: str) -> None:
        super().__init__(intents=discord.Intents(guilds=True), max_messages=None)
        self.tree = app_commands.CommandTree(self)
        # One thread, because one connection must not be used by two at once.
        self._reader = ThreadPoolExecutor(max_workers=1)
        self._database = sqlite3.connect(database, check_same_thread=False)
        self._database.execute("CREATE TABLE IF NOT EXISTS probe (id INTEGER PRIMARY KEY, t TEXT)")
        self._database.execute("INSERT OR REPLACE INTO probe VALUES (1, 'one row')")
        self._database.commit()

    def _one_row(self) -> str:
        return self._database.execute("SELECT t FROM probe WHERE id = ?", (1,)).fetchone()[0]

    async def setup_hook(self) -> None:
        """Register the two commands, as discord.py's own examples do."""

        @self.tree.command(name="probe-trivial", description="Answer a sentence")
        async def trivial(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("Here I am.")

        @self.tree.command(name="probe-read", description="Read a row and answer it")
        async def read(interaction: discord.Interaction) -> None:
            text = await asyncio.get_running_loop().run_in_executor(self._reader, self._one_row)
            await interaction.response.send_message(text)

        _ = trivial, read
        await self.tree.sync()

    async def on_ready(self) -> None:
        """Say so, by systemd's protocol, to whoever started this."""
        if address := os.environ.get("NOTIFY_SOCKET"):
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
                channel.sendto(b"READY=1", "\0" + address[1:])


def main() -> None:
    """Run against the addresses in the environment until killed."""
    Route.BASE = os.environ["SERAPHIM_DISCORD_API_URL"] + "/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = URL(os.environ["SERAPHIM_DISCORD_GATEWAY_URL"])
    BareBot(sys.argv[1]).run(os.environ["DISCORD_TOKEN"], log_handler=None)


if __name__ == "__main__":
    main()
