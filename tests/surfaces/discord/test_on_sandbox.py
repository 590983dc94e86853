"""The real client on the local Discord: what a member sees in every case."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs
from tests.surfaces.conftest import House, OpenBot

from discord_sandbox.driver import OperationRefused, Reply
from discord_sandbox.server import Sandbox
from seraphim.surfaces.discord.client import DiscordUnreachable, LoginRefused, SeraphimClient
from seraphim.surfaces.discord.gateway_urls import pointed_at
from seraphim.surfaces.discord.rate_limit import MemoryRateLimiter


def said(reply: Reply) -> str:
    """Return the sentence of an error embed, after checking that it is one."""
    assert reply.ephemeral
    embed = reply.embeds[0]
    code, _, trace_id = embed["footer"]["text"].partition(" · ")
    assert code
    assert len(trace_id) == 16
    return str(embed["description"])


def code_of(reply: Reply) -> str:
    """Return the code in the footer of an error embed."""
    return str(reply.embeds[0]["footer"]["text"].partition(" · ")[0])


def figure(house: House, name: str, **labels: str) -> float:
    """Return a metric's value."""
    return house.kernel.metrics.registry.get_sample_value(name, labels) or 0.0


class TestErrors:
    async def test_a_business_error_is_said_to_the_member_only(self, house: House) -> None:
        alice = await house.alice()
        answer = await alice.slash("refuse")
        assert said(answer) == "I could not find that song."
        assert code_of(answer) == "not_found"
        labels = {"command": "refuse", "outcome": "refused"}
        assert figure(house, "seraphim_commands_total", **labels) == 1

    async def test_a_fault_of_ours_is_logged_once_and_reveals_nothing(self, house: House) -> None:
        alice = await house.alice()
        with capture_logs() as logs:
            answer = await alice.slash("crash")
        assert "hunter2" not in answer.text
        assert code_of(answer) == "internal"
        errors = [entry for entry in logs if entry["log_level"] == "error"]
        assert len(errors) == 1
        assert "hunter2" in str(errors[0]["exc_info"].__cause__ or errors[0]["exc_info"])
        assert (await alice.slash("hello", name="you")).content == "Hello you!"

    async def test_a_command_that_answers_nothing_still_gets_a_sentence(self, house: House) -> None:
        alice = await house.alice()
        assert code_of(await alice.slash("mute")) == "internal"

    async def test_after_a_public_deferral_an_error_is_private(self, house: House) -> None:
        alice = await house.alice()
        answer = await alice.slash("deferred")
        found = answer.message
        assert found.ephemeral
        assert "I could not find that song." in found.text
        bob = await house.guild.member("bob")
        assert [m for m in await bob.channel("general").messages() if "find" in m.text] == []


class TestSlowness:
    async def test_a_slow_command_is_deferred_by_itself(self, house: House) -> None:
        alice = await house.alice()
        asking = asyncio.create_task(alice.slash("slow"))
        await _until(lambda: figure(house, "seraphim_commands_deferred_total") == 1)
        house.trying.release.set()
        answer = await asking
        assert answer.content == "At last."

    async def test_a_slow_failure_is_private_all_the_same(self, house: House) -> None:
        alice = await house.alice()
        asking = asyncio.create_task(alice.slash("slowcrash"))
        await _until(lambda: figure(house, "seraphim_commands_deferred_total") == 1)
        house.trying.release.set()
        answer = await asking
        found = answer.message
        assert found.ephemeral
        assert "patience" in found.text

    async def test_a_slow_button_changes_its_message_later(self, house: House) -> None:
        alice = await house.alice()
        panel = await alice.slash("panel")
        await panel.click("Slow")
        house.trying.release.set()
        await panel.until(lambda message: message.content == "Pressed at last")


class TestAutocomplete:
    async def test_suggestions_arrive(self, house: House) -> None:
        alice = await house.alice()
        choices = await alice.autocomplete("hello", name="ada")
        assert choices == [{"name": "ADA", "value": "ADA"}]

    async def test_a_broken_suggestion_is_an_empty_list(self, house: House) -> None:
        alice = await house.alice()
        assert await alice.autocomplete("hello", name="break") == []


class TestRateLimit:
    async def test_the_sixth_command_is_told_to_wait(self, open_bot: OpenBot) -> None:
        async with open_bot(capacity=5) as house:
            alice = await house.alice()
            for _ in range(5):
                await alice.autocomplete("hello", name="x")
                assert (await alice.slash("hello", name="you")).content == "Hello you!"
            refused = await alice.slash("hello", name="you")
            assert said(refused) == "Easy there! You can use the next command in 2 s."
            assert house.trying.calls.count("hello") == 5
            bob = await house.guild.member("bob")
            assert (await bob.slash("hello", name="bob")).content == "Hello bob!"

    async def test_buttons_count_too(self, open_bot: OpenBot) -> None:
        async with open_bot(capacity=2) as house:
            alice = await house.alice()
            panel = await alice.slash("panel")
            await panel.click("Silent")
            refused = await panel.click("Silent")
            assert "Easy there" in said(refused)
            assert house.trying.calls == ["silent"]

    async def test_an_administrator_sees_and_refills_it(self, open_bot: OpenBot) -> None:
        async with open_bot(capacity=2) as house:
            alice, ada = await house.alice(), await house.ada()
            for _ in range(2):
                await alice.slash("hello", name="you")
            shown = await ada.slash("ratelimit status", member=alice)
            assert shown.ephemeral
            assert "0 of 2" in shown.text
            assert (
                "can use commands again" in (await ada.slash("ratelimit reset", member=alice)).text
            )
            assert (await alice.slash("hello", name="you")).content == "Hello you!"

    async def test_members_are_not_offered_it(self, house: House) -> None:
        alice, ada = await house.alice(), await house.ada()
        await ada.command("ratelimit")
        assert not alice.offers("ratelimit")


class TestComponents:
    async def test_a_button_a_menu_and_a_silent_one(self, house: House) -> None:
        alice = await house.alice()
        panel = await alice.slash("panel")
        await panel.click("Silent")
        assert panel.content == "Panel"
        chosen = await panel.select("Blue")
        assert (chosen.content, chosen.ephemeral) == ("Chose b", True)
        await panel.click("Press")
        await panel.until(lambda message: message.content == "Pressed 1 by alice")
        assert house.trying.calls == ["silent"]

    async def test_a_button_nobody_knows_is_explained(self, house: House) -> None:
        alice = await house.alice()
        panel = await alice.slash("panel")
        assert "older message" in said(await panel.click("Gone"))

    async def test_a_broken_button_is_explained(self, house: House) -> None:
        alice = await house.alice()
        panel = await alice.slash("panel")
        assert code_of(await panel.click("Break")) == "internal"
        assert panel.content == "Panel"

    async def test_buttons_work_after_a_restart(self, open_bot: OpenBot) -> None:
        async with open_bot() as house:
            alice = await house.alice()
            panel = await alice.slash("panel")
        async with open_bot() as house:
            await panel.click("Press")
            await panel.until(lambda message: message.content == "Pressed 1 by alice")

    async def test_a_form_is_answered_after_a_restart(self, open_bot: OpenBot) -> None:
        async with open_bot() as house:
            alice = await house.alice()
            await alice.slash("form")
            form = await alice.modal()
            assert form.title == "About you"
        async with open_bot():
            answer = await form.submit({"name": "Ada", "why": "Because"})
            assert answer.content == "7: Ada / Because"

    async def test_nothing_that_was_sent_stays_in_memory(self, house: House) -> None:
        alice = await house.alice()
        panel = await alice.slash("panel")
        await alice.slash("form")
        await alice.slash("pages")
        await panel.click("Silent")
        store: Any = house.client._connection._view_store  # pyright: ignore[reportPrivateUsage]  # where discord.py would keep them
        assert (store._views, store._modals, store._synced_message_views) == ({}, {}, {})


class TestPages:
    async def test_they_turn_both_ways_and_stop_at_the_ends(self, house: House) -> None:
        alice = await house.alice()
        pages = await alice.slash("pages")

        async def turn(arrow: str, expected: str) -> None:
            await pages.click(arrow)
            await pages.until(lambda message: message.embeds[0]["title"] == expected)

        assert pages.embeds[0]["title"] == "letters 1"
        assert [button.get("disabled") for button in pages.message.buttons][:2] == [True, True]
        await turn("▶", "letters 2")
        await turn("⏭", "letters 5")
        assert [button.get("disabled") for button in pages.message.buttons][3:] == [True, True]
        await turn("◀", "letters 4")
        await turn("⏮", "letters 1")

    async def test_somebody_else_may_not_turn_them(self, house: House) -> None:
        alice, bob = await house.alice(), await house.guild.member("bob")
        pages = await alice.slash("pages")
        channel = bob.channel("general")
        message = await channel.wait_for(lambda message: message.id == pages.message_id)
        assert "Only the person who asked" in said(await channel.click(message, "▶"))
        assert pages.embeds[0]["title"] == "letters 1"


class TestConnection:
    async def test_a_wrong_token_says_what_to_do(self, open_bot: OpenBot) -> None:
        token = "MTAwMDAwMDAwMDAwMDAwMDAw.GAAAAA.wrong-wrong-wrong-wrong-wrong-wrong-wr"
        with pytest.raises(LoginRefused, match="Reset Token"):
            async with open_bot(token=token):
                pass

    async def test_a_token_revoked_meanwhile_ends_the_connection(self, house: House) -> None:
        house.sandbox.faults.revoke_token()
        with pytest.raises(LoginRefused):
            async with asyncio.timeout(20):
                await house.client.closed()
        assert house.client.link.facts().state == "closed"

    async def test_no_discord_at_all_is_said(self, house: House) -> None:
        with pointed_at("http://127.0.0.1:9", None):
            client = SeraphimClient(house.kernel, [], limiter=MemoryRateLimiter(house.kernel.clock))
            with pytest.raises(DiscordUnreachable, match="cannot be reached"):
                await client.open("MTAw.a.b")

    async def test_it_is_ready_with_its_guilds(self, house: House) -> None:
        facts = house.client.link.facts()
        assert (facts.state, facts.guilds, facts.shards) == ("connected", 1, 1)

    async def test_a_dropped_gateway_comes_back_and_answers(self, house: House) -> None:
        alice = await house.alice()
        house.sandbox.faults.drop_gateway()
        await _until(lambda: house.client.link.facts().state == "connected")
        assert (await alice.slash("hello", name="you")).content == "Hello you!"

    async def test_an_event_that_comes_twice_runs_the_command_once(self, house: House) -> None:
        alice = await house.alice()
        house.sandbox.faults.disorder_dispatches("duplicate", "INTERACTION_CREATE")
        await alice.slash("hello", name="you")
        name = "seraphim_discord_duplicate_interactions_total"
        await _until(lambda: figure(house, name) == 1)
        assert house.trying.calls == ["hello"]

    async def test_a_listener_that_fails_ends_nothing(self, house: House) -> None:
        await house.guild.create_channel("new-room")
        await _until(lambda: "channel new-room" in house.trying.calls)
        name = "seraphim_discord_listener_failures_total"
        await _until(lambda: figure(house, name) == 1)
        alice = await house.alice()
        assert (await alice.slash("hello", name="you")).content == "Hello you!"

    async def test_going_down_finishes_what_is_in_hand_and_takes_nothing_new(
        self, house: House
    ) -> None:
        alice, bob = await house.alice(), await house.guild.member("bob")
        asking = asyncio.create_task(alice.slash("slow"))
        await _until(lambda: figure(house, "seraphim_commands_deferred_total") == 1)
        stopping = asyncio.create_task(house.client.shut_down())
        await asyncio.sleep(0)
        assert "restarting" in said(await bob.slash("hello", name="bob"))
        house.trying.release.set()
        assert (await asking).content == "At last."
        await stopping


class Requests:
    """What was asked of the REST API."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.seen: list[tuple[str, str]] = []
        sandbox.observers.append(self)

    def on_exchange(  # the sandbox's protocol
        self,
        method: str,
        template: str | None,
        path: str,
        status: int,
        request_body: bytes | None,
        response_body: bytes | None,
        content_type: str,
    ) -> None:
        """Take note."""
        del template, status, request_body, response_body, content_type
        self.seen.append((method, path.rpartition("/")[2]))


class TestCommandSync:
    async def test_commands_are_told_once_and_then_only_when_they_changed(
        self, open_bot: OpenBot, sandbox: Sandbox
    ) -> None:
        requests = Requests(sandbox)
        async with open_bot() as house:
            first = house.client.link.command_ids
        assert ("PUT", "commands") in requests.seen
        requests.seen.clear()
        async with open_bot() as house:
            assert house.client.link.command_ids == first
        assert ("GET", "commands") in requests.seen
        assert ("PUT", "commands") not in requests.seen

    async def test_a_changed_description_is_told(self, house: House, sandbox: Sandbox) -> None:
        requests = Requests(sandbox)
        command: Any = house.client.tree.get_command("hello")
        command.description = "Say hello, nicely."
        await house.client.tree.sync_changes()
        assert ("PUT", "commands") in requests.seen
        ada = await house.ada()
        offered = await ada.command("hello")
        assert offered["description"] == "Say hello, nicely."

    async def test_commands_are_for_servers_only(self, house: House) -> None:
        alice = await house.alice()
        payload = await house.client.tree.payload()
        assert {tuple(command["contexts"]) for command in payload} == {(0,)}
        user = house.client.user
        assert user is not None
        direct = await alice.dm(str(user.id))
        with pytest.raises(OperationRefused):
            await alice.slash("hello", name="you", channel=direct)


async def _until(condition: Callable[[], bool]) -> None:
    """Wait for something the client counts, which no event announces."""
    async with asyncio.timeout(10):
        while not condition():  # a counter has no event to wait for
            await asyncio.sleep(0.005)
