"""What may not run, and what the client asks Discord for."""

from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

import discord
import discord.gateway
import discord.http
import pytest
from tests.surfaces.conftest import House

from seraphim.kernel.feature import Feature
from seraphim.surfaces.discord.client import IntentsRefused, Listen, SeraphimClient, intents_of
from seraphim.surfaces.discord.commands import commands_of, facts_of, leaves
from seraphim.surfaces.discord.gateway_urls import pointed_at
from seraphim.surfaces.discord.guards import (
    BotLacksPermission,
    Busy,
    GuildOnly,
    InHand,
    MemberLacksPermission,
    guild_id_of,
    require_bot_permissions,
    require_permissions,
)
from seraphim.surfaces.discord.interactions import Facts
from seraphim.surfaces.discord.layout import button, option, row_view, select
from seraphim.surfaces.discord.link import DiscordLink


def interaction(**values: object) -> discord.Interaction:
    return cast("discord.Interaction", SimpleNamespace(**values))


def test_a_member_has_only_so_much_in_hand() -> None:
    in_hand = InHand(member=2, total=3)
    in_hand.enter(1)
    in_hand.enter(1)
    with pytest.raises(Busy):
        in_hand.enter(1)
    in_hand.enter(2)
    with pytest.raises(Busy):
        in_hand.enter(3)
    in_hand.leave(1)
    in_hand.enter(3)
    assert in_hand.total == 3


def test_missing_permissions_are_named() -> None:
    asking = interaction(
        permissions=discord.Permissions(send_messages=True),
        app_permissions=discord.Permissions(connect=True),
    )
    require_permissions(asking, send_messages=True)
    require_bot_permissions(asking, connect=True)
    with pytest.raises(MemberLacksPermission, match=r"Manage Guild, Ban Members"):
        require_permissions(asking, manage_guild=True, ban_members=True, send_messages=True)
    with pytest.raises(BotLacksPermission, match="Speak"):
        require_bot_permissions(asking, connect=True, speak=True)


def test_a_server_is_needed() -> None:
    assert guild_id_of(interaction(guild_id=5)) == 5
    with pytest.raises(GuildOnly):
        guild_id_of(interaction(guild_id=None))


class DirectMessage:
    """A command that came from direct messages."""

    def __init__(self) -> None:
        self.id = 1
        self.guild_id = None
        self.user = SimpleNamespace(id=7)
        self.locale = discord.Locale.american_english
        self.guild_locale = None
        self.extras: dict[str, object] = {}
        self.type = discord.InteractionType.application_command
        self.sent: list[discord.Embed] = []
        self.response = SimpleNamespace(is_done=lambda: bool(self.sent), send_message=self._send)
        self.client: object = None
        self.data: dict[str, object] = {}

    async def _send(
        self, _content: str | None, *, embed: discord.Embed, ephemeral: bool, **_: object
    ) -> None:
        assert ephemeral
        self.sent.append(embed)


async def test_a_command_in_direct_messages_is_refused_with_a_sentence(house: House) -> None:
    ran: list[str] = []

    def body(name: str) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            ran.append(name)

        return run

    asking = DirectMessage()
    asking.client = house.client
    await house.client.pipeline.run(
        cast("discord.Interaction", asking), Facts("play", "music"), body("play")
    )
    assert ran == []
    assert "on a server only" in str(asking.sent[0].description)


async def test_a_button_in_direct_messages_is_refused_with_a_sentence(house: House) -> None:
    asking = DirectMessage()
    asking.client = house.client
    asking.type = discord.InteractionType.component
    asking.data = {"custom_id": "trying:press:1"}
    await house.client.on_interaction(cast("discord.Interaction", asking))
    assert "on a server only" in str(asking.sent[0].description)
    assert "guild_only" in str(asking.sent[0].footer.text)


def test_every_command_of_these_features_asks_for_a_server(house: House) -> None:
    facts = [
        facts_of(leaf, feature)
        for feature in house.client.features
        for command in commands_of(feature)
        for leaf in leaves(command)
    ]
    assert len(facts) > 10
    assert {each.name for each in facts if not each.guild_only} == set()


def test_intents_are_what_the_features_need_and_no_more() -> None:
    features = [
        Feature("music", "Music", intents=frozenset({"voice_states"})),
        Feature("status", "Status"),
    ]
    names = {name for name, on in intents_of(features) if on}
    assert names == {"guilds", "voice_states"}


async def test_a_missing_privileged_intent_is_named(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(**_: object) -> None:
        raise discord.PrivilegedIntentsRequired(0)

    client = house.client
    monkeypatch.setattr(client, "connect", refuse)
    monkeypatch.setattr(client._connection, "_intents", discord.Intents(guilds=True, members=True))  # pyright: ignore[reportPrivateUsage]  # where discord.py keeps them
    with pytest.raises(IntentsRefused, match=r"switched on: members\."):
        await client._connect()  # pyright: ignore[reportPrivateUsage]  # the part that meets the refusal


def test_an_event_of_the_surface_cannot_be_taken_over() -> None:
    async def handle(*_: object) -> None: ...

    feature = Feature("x", "X", discord_listeners=(Listen("interaction", handle),))
    follow: Any = _Follower()
    with pytest.raises(ValueError, match="interaction"):
        follow.follow([feature])


class _Follower:
    """Only the part of the client that follows events."""

    on_interaction = None

    def follow(self, features: list[Feature]) -> None:
        SeraphimClient._follow(cast("SeraphimClient", self), features)  # pyright: ignore[reportPrivateUsage]  # the client itself needs a kernel


def test_requests_go_where_they_are_pointed_and_back() -> None:
    real = discord.http.Route.BASE
    with pointed_at("http://127.0.0.1:81", "ws://127.0.0.1:81/gateway"):
        assert discord.http.Route.BASE == "http://127.0.0.1:81/api/v10"
        assert discord.asset.Asset.BASE == "http://127.0.0.1:81/cdn"
        gateway = discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
        assert str(gateway) == "ws://127.0.0.1:81/gateway"
    with pointed_at("http://127.0.0.1:81/api/v9/", None):
        assert discord.http.Route.BASE == "http://127.0.0.1:81/api/v9"
    assert real == discord.http.Route.BASE


def test_the_link_knows_nothing_before_there_is_a_client() -> None:
    facts = DiscordLink().facts()
    assert (facts.state, facts.latency_seconds, facts.guilds) == ("starting", None, 0)


async def test_a_view_is_over_before_it_is_sent_and_keeps_its_rows() -> None:
    choice = select("a:b", [option("x" * 200, "1")])
    view = row_view([button("One", "a:c"), button("Two", "a:d")], [], [choice])
    assert view.is_finished()
    rows = view.to_components()
    assert [len(row["components"]) for row in rows] == [2, 1]
    assert len(rows[1]["components"][0]["options"][0]["label"]) == 100
    with pytest.raises(ValueError, match="5 rows"):
        row_view(*([button(str(number), f"a:{number}")] for number in range(6)))
