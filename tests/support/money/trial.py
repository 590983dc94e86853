"""The trial: the real bot as processes, members at it, SIGKILL at random moments, the books."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import batched
from pathlib import Path

import msgspec
from sqlalchemy.engine import Connection
from tests.support.bot_process import BotProcess
from tests.support.money import books
from tests.support.money.gamblers import Gambler, Weather
from tests.support.money.promises import Promise

from discord_sandbox.driver import Driver, Guild
from seraphim.features.economy.public import MINT, Bank, person
from seraphim.features.economy.rules.items import Terms
from seraphim.features.economy.store.items import add_item
from seraphim.features.games.service.steps import TIMEOUT_JOB
from seraphim.features.games.store.tables import games
from seraphim.kernel.clock import SystemClock
from seraphim.kernel.db import Database, open_database
from seraphim.kernel.ids import GuildId, RoleId, UserId
from seraphim.kernel.jobs import JOBS
from seraphim.kernel.migrate import migrate
from seraphim.kernel.settings import GUILD_SETTINGS

START_COINS = 20_000
PEOPLE_A_TABLE = 10
ANSWERS_A_MEMBER = 2
"""How many answers a member has got, at most and on average of all, when the bot is killed."""
LIFE_SECONDS = 5.0
"""The longest life of a bot that answers nobody."""
LAST_SECONDS = 0.3
"""And then it lives on for at most so long, so that it dies in the middle of something."""
READY_SECONDS = 120.0
FINISH_SECONDS = 30.0
"""How long nothing may come to an end before what is left counts as stuck."""
CLICKS_AT_ONCE = 20
_VIEW_CHANNEL = 1 << 10
_HOUR_MS, _MINUTE_MS = 3_600_000, 60_000
ECONOMY = {"daily_hours": 1} | {
    f"{action}_minutes": 1 for action in ("work", "beg", "crime", "fish", "mine", "hunt")
}
PAUSES_MS = {"daily": _HOUR_MS} | dict.fromkeys(
    ("work", "beg", "crime", "fish", "mine", "hunt"), _MINUTE_MS
)
GAMES = {
    "cooldown_seconds": 0,
    "roulette_open_seconds": 10,
    "crash_join_seconds": 5,
    "race_join_seconds": 5,
    "heist_join_seconds": 5,
    "duel_accept_seconds": 10,
    "trivia_seconds": 5,
    "trivia_daily_rounds": 1000,
}


@dataclass(frozen=True, slots=True)
class Place:
    """A sandbox and a database that the bots of a trial share."""

    sandbox_url: str
    environ: dict[str, str]
    """What points a bot at the sandbox."""
    database_url: str
    folder: Path
    """For what each process keeps besides."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How hard a trial is. The same seed decides alike; the machine's timing stays its own."""

    kills: int
    members: int = 50
    processes: int = 1
    seed: int = 1
    clicking_seconds: float = 12.0
    """How long members try to end open games by clicks; rounds of many need about ten."""


@dataclass
class Verdict:
    """What came of a trial; the four lists and counts below ``acknowledged`` must be empty or 0."""

    kills: int = 0
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list[str])
    coins_created: int = 0
    games_stuck: list[str] = field(default_factory=list[str])
    claims_paid_twice: list[str] = field(default_factory=list[str])
    faults: list[str] = field(default_factory=list[str])
    """Why coins were created; games that were not paid by their rules."""
    answers: int = 0
    refusals: int = 0
    games_resumed: int = 0
    """Open games at the last crash that went on by a member's click."""
    games_timed_out: int = 0
    """The others, which the clock ended."""
    restart_seconds: list[float] = field(default_factory=list[float])
    complaints: list[str] = field(default_factory=list[str])
    """Lines that the bots have logged as errors."""
    seconds: float = 0.0

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost, made, stuck or paid twice."""
        return not (
            self.lost
            or self.coins_created
            or self.games_stuck
            or self.claims_paid_twice
            or self.faults
        )


async def run_trial(
    place: Place, plan: Plan, told: Callable[[str], None] = lambda _: None
) -> Verdict:
    """Run a trial; ``told`` hears how it goes, a line at a time."""
    began = time.monotonic()
    trial = _Trial(place, plan, told)
    async with Driver.connect(place.sandbox_url, timeout=30) as driver:
        await trial.prepare(await driver.guild())
        try:
            await trial.run()
        finally:
            await trial.close()
    trial.verdict.seconds = time.monotonic() - began
    return trial.verdict


class _Trial:
    def __init__(self, place: Place, plan: Plan, told: Callable[[str], None]) -> None:
        self._place = place
        self._plan = plan
        self._tell = told
        self._dice = random.Random(plan.seed)  # noqa: S311 - a trial can be repeated
        self._weather = Weather()
        self._promises: list[Promise] = []
        self._checked = 0
        self._gamblers: list[Gambler] = []
        self._guild_id = GuildId(0)
        self._bots = [self._bot(number) for number in range(plan.processes)]
        self.verdict = Verdict()

    def _bot(self, number: int) -> BotProcess:
        folder = self._place.folder / f"bot{number}"
        environ = {
            **self._place.environ,
            "SERAPHIM_DATABASE_URL": self._place.database_url,
            "SERAPHIM_DATA_DIR": str(folder / "data"),
            "SERAPHIM_WEB_PORT": "0",
            "SERAPHIM_COMMAND_RATE_LIMIT": "1000",
            "SERAPHIM_COMMAND_RATE_WINDOW_SECONDS": "0.1",
            "SERAPHIM_LOG_LEVEL": "error",
        }
        bot = BotProcess(environ, folder)
        bot.ready_seconds = READY_SECONDS
        return bot

    # -- before ---------------------------------------------------------------------------------

    async def prepare(self, guild: Guild) -> None:
        """Make members, channels and a database with coins and a shop; start the bots."""
        self._guild_id = GuildId(int(guild.id))
        everyone = await guild.role("@everyone")
        tables = -(-self._plan.members // PEOPLE_A_TABLE)
        for table in range(tables):
            channel = await guild.create_channel(f"table-{table}")
            seats = await guild.create_role(f"Table {table}")
            await guild.overwrite(channel, everyone, deny=_VIEW_CHANNEL, member=False)
            await guild.overwrite(channel, seats, allow=_VIEW_CHANNEL, member=False)
            await self._seat(guild, table, seats)
        knight = RoleId(int(await guild.create_role("Knight")))
        await migrate(self._place.database_url)
        async with self._database() as db:
            members = [UserId(one.user_id) for one in self._gamblers]
            await db.write(_furnish, self._guild_id, members, knight)
        await asyncio.gather(*(bot.start() for bot in self._bots))
        await asyncio.gather(*(one.member.command("slots") for one in self._gamblers))

    async def _seat(self, guild: Guild, table: int, role_id: str) -> None:
        friends: list[Gambler] = []
        left = min(PEOPLE_A_TABLE, self._plan.members - len(self._gamblers))
        for _ in range(left):
            number = len(self._gamblers)
            member = await guild.create_member(f"member{number}", roles=[role_id])
            dice = random.Random(f"{self._plan.seed}:{number}")  # noqa: S311 - as above
            gambler = Gambler(member, friends, dice, self._weather, self._promises)
            gambler.table = table
            friends.append(gambler)
            self._gamblers.append(gambler)

    @asynccontextmanager
    async def _database(self) -> AsyncGenerator[Database]:
        # Opened only while it is looked at: after a crash, the bot itself must recover it.
        db = await open_database(self._place.database_url)
        try:
            yield db
        finally:
            await db.close()

    # -- the trial ------------------------------------------------------------------------------

    async def run(self) -> None:
        """Let members act while bots die; then look whether everything can be brought to an end."""
        living = [asyncio.create_task(one.live()) for one in self._gamblers]
        self._weather.fair.set()
        try:
            while self.verdict.kills < self._plan.kills:
                await self._live()
                await self._crash()
                await self._check(everything=False)
                self._tell(
                    f"{self.verdict.kills} kills: {len(self._promises)} promises, "
                    f"{len(self.verdict.lost)} lost, "
                    f"back in {self.verdict.restart_seconds[-1]:.1f} s"
                )
        finally:
            self._weather.over = True
            self._weather.fair.set()
            await asyncio.wait(living, timeout=15)
            for task in living:
                task.cancel()
            ended = await asyncio.gather(*living, return_exceptions=True)
        for end in ended:
            if isinstance(end, Exception):
                raise end
        await self._finish()
        await self._check(everything=True)
        self.verdict.acknowledged = len(self._promises)
        self.verdict.answers = self._answers()
        self.verdict.refusals = sum(one.refusals for one in self._gamblers)

    async def _live(self) -> None:
        """Let members act until so many answers have come, and a moment more.

        Counted in answers and not in seconds, so that a slow machine does not make it harmless.
        """
        wanted = self._answers() + self._dice.randint(1, ANSWERS_A_MEMBER * self._plan.members)
        until = time.monotonic() + LIFE_SECONDS
        while self._answers() < wanted and time.monotonic() < until:
            await asyncio.sleep(0.01)
        await asyncio.sleep(self._dice.uniform(0, LAST_SECONDS))

    def _answers(self) -> int:
        return sum(one.answers for one in self._gamblers)

    async def _crash(self) -> None:
        """Kill one bot (now and then all of them) without a warning, and start it again."""
        dying = [self._dice.choice(self._bots)]
        if self._dice.random() < 0.2:
            dying = list(self._bots)
        calm = asyncio.create_task(self._calm(len(dying) < len(self._bots)))
        for bot in dying:
            bot.kill()
            self.verdict.kills += 1
        self._weather.crashes += 1
        await self._restart(dying)
        calm.cancel()
        self._weather.fair.set()

    async def _calm(self, survivors: bool) -> None:  # noqa: FBT001 - a task's argument
        """Let members wait while no bot is there.

        Those that survive serve everybody for a while. Then the members take a breath, or a start
        beside a bot that uses all there is of the machine would take half a minute.
        """
        if survivors:
            await self._live()
        self._weather.fair.clear()

    async def _restart(self, bots: Sequence[BotProcess]) -> None:
        since = time.monotonic()
        for bot in bots:
            await bot.wait()
        await asyncio.gather(*(bot.start() for bot in bots))
        self.verdict.restart_seconds.append(time.monotonic() - since)
        self._weather.fair.set()

    async def _check(self, *, everything: bool) -> None:
        """Hold the promises since the last check (or all of them) against the books."""
        since = 0 if everything else self._checked
        fresh = self._promises[since:]
        self._checked = len(self._promises)
        findings = books.Findings()
        async with self._database() as db:
            lost = await db.read(books.check_promises, fresh)
            await db.read(books.check_sums, findings)
            if everything:
                twice = await db.read(books.count_claims_paid_twice, PAUSES_MS)
                self.verdict.claims_paid_twice = twice
                self.verdict.faults += await db.read(books.check_games)
        self.verdict.lost += [one for one in lost if one not in self.verdict.lost]
        self.verdict.coins_created = max(self.verdict.coins_created, findings.created)
        self.verdict.faults += [one for one in findings.faults if one not in self.verdict.faults]

    # -- after ----------------------------------------------------------------------------------

    async def _finish(self) -> None:
        """Bring every open game to its end: by a click of a player, or else by the clock."""
        by_id = {one.user_id: one for one in self._gamblers}
        left = await self._open_games()
        self._tell(f"{len(left)} games are open at the end")
        begun = {game for game, *_ in left}
        patience = time.monotonic() + self._plan.clicking_seconds
        while left and time.monotonic() < patience:
            moved: list[bool] = []
            for some in batched(left, CLICKS_AT_ONCE):
                moved += await asyncio.gather(
                    *(
                        by_id[members[-1]].finish(str(message), str(channel))
                        for _, message, channel, members in some
                        if message is not None and members
                    )
                )
                if time.monotonic() > patience:
                    break
            if not any(moved):
                await asyncio.sleep(0.2)
            left = await self._open_games()
        self.verdict.games_resumed = len(begun - {game for game, *_ in left})
        self.verdict.games_timed_out = len(left)
        await self._let_the_clock_run()

    async def _let_the_clock_run(self) -> None:
        """Make every deadline due, start the bots anew, and wait until nothing is open."""
        for bot in self._bots:
            await bot.stop()
        async with self._database() as db:
            await db.write(_make_due)
        await self._restart(self._bots)
        open_now = await self._unfinished()
        until = time.monotonic() + FINISH_SECONDS
        while open_now and time.monotonic() < until:
            await asyncio.sleep(0.2)
            still = await self._unfinished()
            if len(still) < len(open_now):
                until = time.monotonic() + FINISH_SECONDS
            open_now = still
        self.verdict.games_stuck = open_now

    async def _open_games(self) -> list[tuple[str, int | None, int, list[int]]]:
        async with self._database() as db:
            return await db.read(books.list_open_games)

    async def _unfinished(self) -> list[str]:
        async with self._database() as db:
            return await db.read(books.list_unfinished)

    async def close(self) -> None:
        """End the bots, and keep what they complained about."""
        for bot in self._bots:
            await bot.stop()
            self.verdict.complaints += [line for line in bot.output if "error" in line.lower()]


def _furnish(
    conn: Connection, guild_id: GuildId, members: Sequence[UserId], knight: RoleId
) -> None:
    """Give everybody coins, fill the shelves, and shorten the waits."""
    clock = SystemClock()
    bank, now_ms = Bank(clock), clock.now_ms()
    for user_id in members:
        bank.transfer(
            conn, guild_id, MINT, person(user_id), START_COINS, key=f"start:{user_id}", kind="start"
        )
    # Few of the rarity: several want the last one at once.
    add_item(conn, guild_id, Terms("Gem", "collectible", 10), None, now_ms)
    add_item(conn, guild_id, Terms("Rarity", "collectible", 30), len(members) // 4, now_ms)
    add_item(conn, guild_id, Terms("Knight", "role", 50, role_id=knight), None, now_ms)
    for feature, values in (("economy", ECONOMY), ("games", GAMES)):
        body = msgspec.json.encode(values).decode()
        conn.execute(
            GUILD_SETTINGS.insert().values(
                guild_id=guild_id, feature=feature, version=1, body=body, updated_ms=now_ms
            )
        )


def _make_due(conn: Connection) -> None:
    conn.execute(games.update().where(games.c.status == "open").values(deadline_ms=1))
    # What a killed bot had in hand is free again once its claim has run out.
    conn.execute(JOBS.update().where(JOBS.c.state == "waiting").values(claimed_until_ms=0))
    due = JOBS.c.kind == TIMEOUT_JOB
    conn.execute(JOBS.update().where(due, JOBS.c.state == "waiting").values(run_at_ms=1))
