"""The peer: a bot on bare discord.py with four commands of an economy on raw sqlite3.

``/bare-balance``, ``/bare-give``, ``/bare-claim`` and ``/bare-coinflip`` do the least that keeps
the coins right: one thread, one transaction a command, ``synchronous=FULL``, the answer after the
COMMIT. There are no escrows, no idempotency, no statement, no fair dice and no pictures.
"""

import asyncio
import os
import random
import socket
import sqlite3
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import discord
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

START_COINS = 1_000_000
_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE accounts (user INTEGER PRIMARY KEY, coins INTEGER NOT NULL CHECK (coins >= 0));
CREATE TABLE claims (user INTEGER PRIMARY KEY, at REAL NOT NULL);
CREATE TABLE moves (id INTEGER PRIMARY KEY, user INTEGER NOT NULL, coins INTEGER NOT NULL);
"""
_PAY = (
    "INSERT INTO accounts VALUES (?, ?) "
    "ON CONFLICT (user) DO UPDATE SET coins = coins + ? RETURNING coins"
)


class Purse:
    """The coins, in one thread's hands."""

    def __init__(self, path: str) -> None:
        self._database = sqlite3.connect(path, check_same_thread=False)
        self._database.executescript(_SCHEMA)

    def balance(self, user: int) -> int:
        """Return what a member has."""
        row = self._database.execute(
            "SELECT coins FROM accounts WHERE user = ?", (user,)
        ).fetchone()
        return START_COINS if row is None else row[0]

    def give(self, user: int, other: int, coins: int) -> int:
        """Move coins between members; returns what the giver has left."""
        with self._database:
            left = self._move(user, -coins)
            self._move(other, coins)
        return left

    def claim(self, user: int) -> int:
        """Pay a wage."""
        with self._database:
            self._database.execute(
                "INSERT OR REPLACE INTO claims VALUES (?, ?)", (user, time.time())
            )
            return self._move(user, random.randint(50, 150))

    def coinflip(self, user: int, bet: int) -> int:
        """Flip a coin."""
        with self._database:
            return self._move(user, bet if random.random() < 0.5 else -bet)

    def _move(self, user: int, coins: int) -> int:
        self._database.execute("INSERT INTO moves (user, coins) VALUES (?, ?)", (user, coins))
        row = self._database.execute(_PAY, (user, START_COINS + coins, coins)).fetchone()
        return row[0]


class BareEconomy(discord.Client):
    """Nothing but a client, a command tree and a purse."""

    def __init__(self, database: str) -> None:
        super().__init__(intents=discord.Intents(guilds=True), max_messages=None)
        self.tree = app_commands.CommandTree(self)
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._purse = Purse(database)

    async def _answer(
        self, interaction: discord.Interaction, work: Callable[..., int], *arguments: int
    ) -> None:
        loop = asyncio.get_running_loop()
        coins = await loop.run_in_executor(self._thread, work, interaction.user.id, *arguments)
        await interaction.response.send_message(embed=discord.Embed(description=f"**{coins:,}**"))

    async def setup_hook(self) -> None:
        """Register the commands."""
        purse = self._purse

        @self.tree.command(name="bare-balance", description="How many coins you have")
        async def balance(interaction: discord.Interaction) -> None:
            await self._answer(interaction, purse.balance)

        @self.tree.command(name="bare-give", description="Give coins")
        async def give(interaction: discord.Interaction, user: discord.User, amount: int) -> None:
            await self._answer(interaction, purse.give, user.id, amount)

        @self.tree.command(name="bare-claim", description="Work")
        async def claim(interaction: discord.Interaction) -> None:
            await self._answer(interaction, purse.claim)

        @self.tree.command(name="bare-coinflip", description="Flip a coin")
        async def coinflip(interaction: discord.Interaction, bet: int) -> None:
            await self._answer(interaction, purse.coinflip, bet)

        _ = balance, give, claim, coinflip
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
    BareEconomy(sys.argv[1]).run(os.environ["DISCORD_TOKEN"], log_handler=None)


if __name__ == "__main__":
    main()
