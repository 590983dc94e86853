"""Commands of the economy a second through the sandbox, from the member's click to the answer.

``balance`` reads, ``give`` moves coins between two members, ``claim`` is each earning command once
a member, ``coinflip`` opens and settles a game and draws its picture. They are asked by 1, 16 and
32 members, each in a channel of their own and waiting for the answer before the next command.
Beside it, in turns, a bare discord.py bot that does the least on raw sqlite3
(``support/bare_economy.py``). The last line is JSON.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import Connection
from support.arena import ROOT, Arena, open_arena, run_contender
from support.bare_economy import START_COINS

from discord_sandbox.driver import Driver, Guild, Member
from discord_sandbox.driver.options import slash_options
from discord_sandbox.driver.replies import wait_for_answer
from seraphim.features.economy.public import MINT, Bank, person
from seraphim.kernel.clock import SystemClock
from seraphim.kernel.db import open_database
from seraphim.kernel.ids import GuildId, UserId
from seraphim.kernel.migrate import migrate
from seraphim.kernel.settings import GUILD_SETTINGS

sys.path.insert(0, str(ROOT))  # the servers belong to the tests

from tests.support.servers import PostgresServer

CLAIMS = ("daily", "work", "beg", "crime", "fish", "mine", "hunt")
COMMANDS = ("balance", "give", "claim", "coinflip")
CROWDS = (1, 16, 32)
BOTS = ("seraphim", "bare")
ROUNDS = 2
ALONE = 8
"""Members who claim one after the other, for figures of one at a time."""
_VIEW_CHANNEL = 1 << 10
_BARE = str(ROOT / "benchmarks" / "support" / "bare_economy.py")

type Times = dict[tuple[str, str, int], list[float]]
"""Milliseconds by bot, command and number of members."""
type Ask = Callable[[Member, int], Awaitable[None]]


class Fair:
    """Members, and what they ask of both bots."""

    def __init__(self, guild: Guild, members: Sequence[Member], each: int) -> None:
        self._guild = guild
        self._members = list(members)
        self._each = each
        self._claimed: defaultdict[str, int] = defaultdict(int)
        self.times: Times = defaultdict(list)
        self.rates: Times = defaultdict(list)

    async def measure(self, bot: str, command: str, people: int) -> None:
        """Let so many members use a command of one bot at once."""
        each = len(CLAIMS) if command == "claim" else self._each if people > 1 else 2 * self._each
        asking = self._members[:people]
        if command == "claim":  # nobody can claim twice: each round has its own members
            first, count = self._claimed[bot], max(people, ALONE)
            asking = self._members[first : first + count]
            self._claimed[bot] += count
        times = self.times[bot, command, people]
        since = time.perf_counter()
        if people == 1:
            for one in asking:
                await self._ask(bot, command, one, each, times)
        else:
            await asyncio.gather(*(self._ask(bot, command, one, each, times) for one in asking))
        seconds = time.perf_counter() - since
        self.rates[bot, command, people].append(each * len(asking) / seconds)

    async def _ask(
        self, bot: str, command: str, member: Member, each: int, times: list[float]
    ) -> None:
        other = self._members[(self._members.index(member) + 1) % len(self._members)]
        options: dict[str, object] = {}
        if command == "give":
            options = {"user": other, "amount": 1}
        elif command == "coinflip":
            options = {"bet": 10}
        for number in range(each):
            name = command if bot == "seraphim" else f"bare-{command}"
            if name == "claim":  # each of them once
                name = CLAIMS[number % len(CLAIMS)]
            typed = bot == "seraphim"
            values = {k: str(v) if typed and isinstance(v, int) else v for k, v in options.items()}
            times.append(await _use(member, name, values))


async def _use(member: Member, name: str, values: dict[str, object]) -> float:
    """Use a command and return the milliseconds until its answer was seen."""
    found = await member.command(name)
    options = slash_options(found, name, values)
    channel_id = member.channel(member.name).id
    since = time.perf_counter()
    asked = await member.connection.ask(
        "slash", channel_id=channel_id, command_id=found["id"], options=options
    )
    answer = await wait_for_answer(member.connection, asked["interaction_id"], name)
    milliseconds = (time.perf_counter() - since) * 1000
    if answer.ephemeral:
        raise RuntimeError(f"/{name} was refused: {answer.text}")
    member.connection.events.clear()
    member.connection.messages.clear()
    return milliseconds


async def _seat(guild: Guild, name: str) -> Member:
    """Let a member join, with a channel that nobody else sees: others need not be told."""
    member = await guild.create_member(name)
    channel = await guild.create_channel(name)
    everyone = await guild.role("@everyone")
    await guild.overwrite(channel, everyone, deny=_VIEW_CHANNEL, member=False)
    await guild.overwrite(channel, member, allow=_VIEW_CHANNEL)
    return member


async def _prepare(url: str, guild_id: int, members: Sequence[Member]) -> None:
    await migrate(url)
    db = await open_database(url)
    try:
        await db.write(_furnish, GuildId(guild_id), [UserId(int(one.id)) for one in members])
    finally:
        await db.close()


def _furnish(conn: Connection, guild_id: GuildId, members: Sequence[UserId]) -> None:
    bank = Bank(SystemClock())
    for user_id in members:
        bank.transfer(
            conn, guild_id, MINT, person(user_id), START_COINS, key=f"start:{user_id}", kind="start"
        )
    conn.execute(
        GUILD_SETTINGS.insert().values(
            guild_id=guild_id, feature="games", version=1, body='{"cooldown_seconds": 0}',
            updated_ms=0,
        )
    )  # fmt: skip


async def _run(arena: Arena, url: str, each: int) -> Fair:
    async with Driver.connect(arena.url, timeout=60) as driver:
        guild = await driver.guild()
        bare = await driver.create_application("bare")
        await guild.add_bot(bare)
        members = [await _seat(guild, f"member{n}") for n in range(ROUNDS * 64)]
        await _prepare(url, arena.guild_id, members)
        fair = Fair(guild, members, each)
        environ = arena.environ(
            arena.token,
            SERAPHIM_DATABASE_URL=url,
            SERAPHIM_COMMAND_RATE_LIMIT="1000",
            SERAPHIM_COMMAND_RATE_WINDOW_SECONDS="0.1",
        )
        async with (
            run_contender(["-m", "seraphim", "run"], environ, arena.folder / "seraphim"),
            run_contender([_BARE, "bare.db"], arena.environ(bare["token"]), arena.folder / "bare"),
        ):
            for name in ("balance", "bare-balance"):
                await asyncio.gather(*(one.command(name, timeout=30) for one in members))
            for bot in BOTS:  # the first of everything warms up
                for command in ("balance", "give", "coinflip"):
                    await fair.measure(bot, command, 1)
            fair.times.clear()
            fair.rates.clear()
            for number in range(ROUNDS):
                for people in CROWDS:
                    for command in COMMANDS:
                        for bot in BOTS if number % 2 else reversed(BOTS):
                            await fair.measure(bot, command, people)
        return fair


def _summary(fair: Fair, bot: str, command: str, people: int) -> dict[str, float]:
    cuts = statistics.quantiles(fair.times[bot, command, people], n=100, method="inclusive")
    return {
        "p50_ms": round(cuts[49], 2),
        "p95_ms": round(cuts[94], 2),
        "p99_ms": round(cuts[98], 2),
        "per_second": round(statistics.median(fair.rates[bot, command, people]), 1),
    }


def _show(fair: Fair) -> None:
    table = Table(title="The economy through the sandbox, from click to answer")
    for column in ("command", "members", "bot", "p50 ms", "p95 ms", "p99 ms", "a second"):
        table.add_column(column, justify="left" if column in {"command", "bot"} else "right")
    for command in COMMANDS:
        for people in CROWDS:
            for bot in BOTS:
                row = _summary(fair, bot, command, people)
                table.add_row(command, str(people), bot, *(f"{v:.1f}" for v in row.values()))
    Console().print(table)


def main() -> None:
    """Measure, print a table, and end with one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--each", type=int, default=20, help="commands of each kind a member")
    options = parser.parse_args()

    async def measure() -> Fair:
        with tempfile.TemporaryDirectory() as name:
            folder, server = Path(name), None
            url = f"sqlite:///{folder / 'seraphim.db'}"
            if options.engine == "postgres":
                server = PostgresServer()
                server.start()
                url = server.url(await server.create())
            try:
                async with open_arena(folder) as arena:
                    return await _run(arena, url, options.each)
            finally:
                if server is not None:
                    server.remove()

    fair = asyncio.run(measure())
    _show(fair)
    figures = {
        bot: {
            command: {str(people): _summary(fair, bot, command, people) for people in CROWDS}
            for command in COMMANDS
        }
        for bot in BOTS
    }
    print(json.dumps({"engine": options.engine, **figures}))


if __name__ == "__main__":
    main()
