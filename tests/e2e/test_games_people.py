"""The games people play together, on a whole bot: who clicks what, what they see and own."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from discord_sandbox.driver import Guild, Member, MessageView, OperationRefused
from discord_sandbox.driver.replies import Reply
from discord_sandbox.server import Sandbox
from seraphim.app.lifecycle import Bot, running
from seraphim.features.economy.public import MINT, Bank, person
from seraphim.features.games.rules import crash
from seraphim.features.games.rules.trivia_bank import QUESTIONS
from seraphim.features.games.service.pilot import CrashPilot
from seraphim.features.games.service.settings import GamesSettings
from seraphim.kernel.config import load_config
from seraphim.kernel.ids import GuildId, UserId

START = 1_000
QUICK = {
    "cooldown_seconds": 0,
    "crash_join_seconds": 5,
    "race_join_seconds": 5,
    "heist_join_seconds": 5,
    "trivia_seconds": 5,
    "duel_accept_seconds": 10,
}


class House:
    """A bot that can be stopped and started again on the same data."""

    def __init__(self, environ: dict[str, str], guild: Guild) -> None:
        self._environ = environ
        self.guild_id = GuildId(int(guild.id))
        self._running: AbstractAsyncContextManager[Bot] | None = None
        self.bot: Bot

    async def open(self) -> None:
        """Start the bot."""
        self._running = running(load_config(self._environ, None))
        self.bot = await self._running.__aenter__()

    async def close(self) -> None:
        """Stop the bot in good order."""
        if self._running is not None:
            await self._running.__aexit__(None, None, None)
            self._running = None

    async def restart(self) -> None:
        """Stop it, start it."""
        await self.close()
        await self.open()

    async def change(self, **changes: object) -> None:
        """Change the guild's settings of games."""
        await self.bot.kernel.settings.change(
            self.guild_id, GamesSettings, changes, actor_id=UserId(1), source="test"
        )

    async def give(self, member: Member, coins: int = START) -> None:
        """Mint coins for a member."""
        user_id = UserId(int(member.id))
        kernel = self.bot.kernel
        await kernel.db.write(
            Bank(kernel.clock).transfer, self.guild_id, MINT, person(user_id), coins,
            key=f"test:{user_id}", kind="test",
        )  # fmt: skip

    async def has(self, member: Member) -> int:
        """Return what a member holds."""
        kernel = self.bot.kernel
        bank = Bank(kernel.clock)
        return await kernel.db.read(bank.balance, self.guild_id, UserId(int(member.id)))


@pytest.fixture
async def house(sandbox: Sandbox, tmp_path: Path, guild: Guild) -> AsyncIterator[House]:
    """The bot in this process, with short waits."""
    assert sandbox.seeded is not None
    opened = House(
        {
            "DISCORD_TOKEN": sandbox.seeded.application.token,
            "SERAPHIM_DISCORD_API_URL": sandbox.url,
            "SERAPHIM_DISCORD_GATEWAY_URL": sandbox.gateway.url,
            "SERAPHIM_DISCORD_CA_FILE": str(sandbox.voice.ca_file),
            "SERAPHIM_WEB_PORT": "0",
            "SERAPHIM_DATA_DIR": str(tmp_path / "data"),
            "SERAPHIM_COMMAND_RATE_LIMIT": "1000",
            "SERAPHIM_LOG_LEVEL": "error",
        },
        guild,
    )
    await opened.open()
    await opened.change(**QUICK)
    yield opened
    await opened.close()


@pytest.fixture
async def alice(house: House, guild: Guild) -> Member:
    """A member with coins."""
    return await _member(house, guild, "alice")


@pytest.fixture
async def bob(house: House, guild: Guild) -> Member:
    """Another."""
    return await _member(house, guild, "bob")


async def _member(house: House, guild: Guild, name: str) -> Member:
    member = await guild.member(name)
    member.use("general")
    await house.give(member)
    return member


async def seen(member: Member, reply: Reply) -> MessageView:
    """Return the game's message as another member sees it."""
    wanted = reply.message.id
    return await member.channel("general").wait_for(lambda message: message.id == wanted)


def gain(message: MessageView, member: Member) -> int:
    """Read what a message says a member has won (or lost) off its list."""
    found = re.search(rf"<@{member.id}>[^\n]*?\*?\*?([+\u2212±])([\d,]+) ✨", message.text)
    assert found is not None, message.text
    return int(found[2].replace(",", "")) * (-1 if found[1] == "\N{MINUS SIGN}" else 1)


def is_over(message: MessageView) -> bool:
    """Whether a game's message shows its end."""
    return message.find_button("Again") is not None


async def click_twice(member: Member, message: MessageView, button: str) -> None:
    """Press a button twice in the same instant; the second press may find it gone already."""
    click = member.channel("general").click
    done = await asyncio.gather(
        click(message, button), click(message, button), return_exceptions=True
    )
    assert all(isinstance(one, Reply | OperationRefused) for one in done), done
    assert any(isinstance(one, Reply) for one in done)


async def open_hand(alice: Member) -> Reply:
    """Open rounds of blackjack until one is not over at once, by a natural."""
    while True:
        shown = await alice.slash("blackjack", bet="10")
        if not is_over(shown.message):
            return shown


async def test_blackjack_is_played_by_who_opened_it_and_by_nobody_else(
    house: House, alice: Member, bob: Member
) -> None:
    shown = await open_hand(alice)
    before = await house.has(alice)
    wrong = await bob.channel("general").click(await seen(bob, shown), "Stand")
    assert wrong.ephemeral
    assert "not your game" in wrong.text
    assert not is_over(shown.message)
    await click_twice(alice, shown.message, "Stand")
    done = shown
    assert is_over(done.message)
    balance = await house.has(alice)
    assert balance - before in {0, 10, 20}
    assert f"Balance: {balance:,} ✨" in done.text
    assert await house.has(alice) == balance
    again = await done.click("Again")
    assert again.message.id != done.message.id


async def test_a_hand_goes_on_after_a_restart(house: House, alice: Member) -> None:
    shown = await open_hand(alice)
    held = await house.has(alice)
    await house.restart()
    assert await house.has(alice) == held
    done = await shown.click("Stand")
    assert is_over(done.message)
    assert await house.has(alice) - held in {0, 10, 20}


async def test_a_duel_is_fought_by_the_two_it_is_about(
    house: House, alice: Member, bob: Member, guild: Guild
) -> None:
    for wrong in (alice.id, str(house.bot.wiring.client.application_id)):
        refused = await alice.slash("duel", user=wrong, bet="100")
        assert refused.ephemeral
    shown = await alice.slash("duel", user=bob, bet="100")
    assert (await house.has(alice), await house.has(bob)) == (START - 100, START)
    ada = await guild.member("ada")
    assert (await ada.channel("general").click(await seen(ada, shown), "Accept")).ephemeral
    assert (await shown.click("Accept")).ephemeral, "the challenger cannot accept"
    message = await seen(bob, shown)
    await click_twice(bob, message, "Accept")
    done = await shown.until(is_over)
    purse = {await house.has(alice), await house.has(bob)}
    assert purse == {START + 92, START - 100}
    assert {gain(done, alice), gain(done, bob)} == {92, -100}
    assert done.attachments


@pytest.mark.parametrize("command", ["duel", "rps"])
async def test_who_is_challenged_is_told_and_nobody_else_ever(
    house: House, alice: Member, bob: Member, command: str
) -> None:
    shown = await alice.slash(command, user=bob, bet="10")
    assert [user["id"] for user in shown.message.data["mentions"]] == [bob.id]
    await bob.channel("general").click(await seen(bob, shown), "Decline")
    declined = await shown.until(lambda message: "has declined" in message.text)
    assert declined.content == ""
    against_the_house = await alice.slash("rps", bet="10")
    assert against_the_house.message.data["mentions"] == []
    assert house.bot.wiring.client.is_ready()


async def test_a_question_whose_answer_was_lost_is_shown_at_once(
    house: House, alice: Member, sandbox: Sandbox
) -> None:
    """Twenty seconds to answer leave no time for the repair of every minute."""
    channel = alice.channel("general")
    sandbox.faults.fail_route("POST", "/interactions/*/callback", 404, times=1)
    await alice.slash("triviabet", bet="10")
    asked = await channel.wait_for(lambda one: one.find_button("🇦") is not None, timeout=4)
    answered = await channel.click(asked, "🇦")
    assert "The answer is" in answered.text
    assert await house.has(alice) != START


async def test_a_duel_that_is_declined_or_forgotten_gives_the_bet_back(
    house: House, alice: Member, bob: Member
) -> None:
    shown = await alice.slash("duel", user=bob, bet="100")
    await bob.channel("general").click(await seen(bob, shown), "Decline")
    await shown.until(lambda message: "declined" in message.text)
    forgotten = await alice.slash("duel", user=bob, bet="100")
    await house.restart()
    await forgotten.until(lambda message: "did not answer" in message.text, timeout=20)
    assert await house.has(alice) == START


async def test_a_crew_shares_what_a_heist_brings(house: House, alice: Member, bob: Member) -> None:
    shown = await alice.slash("heist", bet="100")
    joined = await bob.slash("heist", bet="50")
    assert joined.ephemeral
    assert "You are in with **50 ✨**" in joined.text
    again = await bob.slash("heist", bet="50")
    assert "in the crew already" in again.text
    opened = await shown.click("Join")
    assert opened.modal is not None
    assert "in the crew already" in (await opened.modal.submit({"bet": "20"})).text
    assert (await house.has(alice), await house.has(bob)) == (START - 100, START - 50)
    done = await shown.until(is_over, timeout=20)
    for member, stake in ((alice, 100), (bob, 50)):
        won = gain(done, member)
        assert await house.has(member) == START + won
        assert won in {-stake, 0, stake * 85 // 40 - stake, -(-stake * 85 // 40) - stake}


async def test_a_heist_planned_before_a_restart_happens_after_it(
    house: House, alice: Member
) -> None:
    shown = await alice.slash("heist", bet="100")
    await house.restart()
    done = await shown.until(is_over, timeout=20)
    assert await house.has(alice) == START + gain(done, alice)


async def test_a_race_is_bet_on_run_and_paid(
    house: House, alice: Member, bob: Member, guild: Guild
) -> None:
    shown = await alice.slash("race", bet="100", racer="comet")
    message = await seen(bob, shown)
    opened = await bob.channel("general").click(message, "🐌")
    assert opened.modal is not None
    await opened.modal.submit({"bet": "50"})
    await shown.until(lambda one: f"<@{bob.id}> · 🐌 Snail · 50 ✨" in one.text)
    await shown.until(lambda one: "running" in one.text, timeout=20)
    ada = await _member(house, guild, "ada")
    late = await ada.slash("race", bet="10", racer="hare")
    assert "no more bets" in late.text
    await house.restart()
    done = await shown.until(is_over, timeout=30)
    assert done.attachments
    won = {alice: gain(done, alice), bob: gain(done, bob)}
    assert won[alice] in {-100, 216, 217}
    assert won[bob] in {-50, 425}
    for member, coins in won.items():
        assert await house.has(member) == START + coins


async def test_throws_of_two_members_stay_hidden_until_both_have_thrown(
    house: House, alice: Member, bob: Member
) -> None:
    shown = await alice.slash("rps", bet="100", user=bob)
    mine = await shown.click("Rock")
    whisper = await mine.followup()
    assert whisper.ephemeral
    assert "You have thrown ✊ **Rock**" in whisper.text
    message = await seen(bob, shown)
    assert f"<@{alice.id}> has thrown" in message.text
    assert "✊ **Rock**" not in message.text
    assert await house.has(bob) == START, "nothing is held before the throw"
    await house.restart()
    await bob.channel("general").click(message, "Paper")
    done = await shown.until(is_over)
    assert "✊ **Rock**" in done.text
    assert "✋ **Paper**" in done.text
    assert (await house.has(alice), await house.has(bob)) == (START - 100, START + 90)


async def test_a_throw_against_the_house_is_paid_at_once(house: House, alice: Member) -> None:
    shown = await alice.slash("rps", bet="100")
    done = await shown.click("Scissors")
    assert is_over(done.message)
    assert await house.has(alice) - START in {-100, 0, 90}


async def test_an_answer_is_paid_once_and_silence_loses(
    house: House, alice: Member, bob: Member
) -> None:
    shown = await alice.slash("triviabet", bet="100", category="food", difficulty="easy")
    asked = shown.message
    question = next(one for one in QUESTIONS if one.text in asked.text)
    label = question.answers[0]
    assert (await bob.channel("general").click(await seen(bob, shown), label)).ephemeral
    await click_twice(alice, asked, label)
    assert await house.has(alice) == START + 35
    assert is_over(shown.message)
    silent = await alice.slash("triviabet", bet="100")
    await silent.until(lambda message: "No answer came in time" in message.text, timeout=20)
    assert await house.has(alice) == START - 65


async def test_knowledge_is_bounded_by_bet_and_by_day(house: House, alice: Member) -> None:
    await house.change(trivia_daily_rounds=2, trivia_seconds=300)
    dear = await alice.slash("triviabet", bet="251")
    assert dear.ephemeral
    assert "250" in dear.text
    first = await alice.slash("triviabet", bet="10")
    await first.click("🇦")
    shown = await alice.slash("triviabet", bet="10")
    await shown.click("🇦")
    third = await alice.slash("triviabet", bet="10")
    assert third.ephemeral
    last = await shown.click("Again")
    assert last.ephemeral, "not by the button either"


def burst_at(height: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every rocket from now on burst at this height (hundredths)."""

    def burst(_draw: int, _edge_percent: int) -> int:
        return height

    monkeypatch.setattr(crash, "burst_of", burst)


async def test_riders_get_off_and_are_paid_for_the_moment_of_their_click(
    house: House, alice: Member, bob: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    burst_at(140, monkeypatch)
    shown = await alice.slash("crash", bet="100")
    joined = await bob.slash("crash", bet="50", auto="1.2")
    assert joined.ephemeral
    await shown.until(lambda one: f"<@{bob.id}> · 50 ✨ · off at 1.20x" in one.text)
    flying = await shown.until(lambda one: one.find_button("Cash out") is not None, timeout=20)
    await click_twice(alice, flying, "Cash out")
    await shown.until(lambda one: f"<@{alice.id}> · 🪂" in one.text)
    stranger = await bob.slash("crash", bet="10")
    assert "has left" in stranger.text or "on board already" in stranger.text
    done = await shown.until(is_over, timeout=20)
    assert "It would have burst at 1.40x" in done.text
    assert gain(done, bob) == 10
    assert 0 <= gain(done, alice) <= 20
    assert await house.has(bob) == START + 10
    assert await house.has(alice) == START + gain(done, alice)


async def test_who_stays_on_board_goes_down_with_the_rocket(
    house: House, alice: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    burst_at(115, monkeypatch)
    shown = await alice.slash("crash", bet="100")
    done = await shown.until(is_over, timeout=20)
    assert "Burst at **1.15x**" in done.text
    assert await house.has(alice) == START - 100


async def test_a_restart_in_mid_flight_pays_what_was_reached_and_gives_back_the_rest(
    house: House, alice: Member, bob: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    burst_at(100_000, monkeypatch)
    shown = await alice.slash("crash", bet="100")
    await bob.slash("crash", bet="50", auto="1.01")
    await shown.until(lambda one: "🪂" in one.text, timeout=20)
    await house.restart()
    done = await shown.until(is_over, timeout=20)
    assert "I was restarted" in done.text
    assert (gain(done, alice), await house.has(alice)) == (0, START)
    assert await house.has(bob) in {START, START + 1}


async def test_a_rocket_whose_bot_was_killed_is_ended_when_it_is_back(
    house: House, alice: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    burst_at(100_000, monkeypatch)
    shown = await alice.slash("crash", bet="100")
    await shown.until(lambda one: one.find_button("Cash out") is not None, timeout=20)
    monkeypatch.setattr(CrashPilot, "stop", _killed)  # nothing is settled on the way down
    await house.restart()
    done = await shown.until(is_over, timeout=20)
    assert "I was restarted" in done.text
    assert await house.has(alice) == START


async def _killed(pilot: CrashPilot) -> None:
    for task in list(pilot._flights.values()):
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
