"""What the surface reads out of commands, and which it refuses."""

import discord
import pytest
from discord import app_commands

from seraphim.kernel.feature import Feature
from seraphim.surfaces.discord.commands import (
    AnyCommand,
    commands_of,
    entries,
    facts_of,
    faults,
    slash,
)
from seraphim.surfaces.discord.components import Component


def feature_with(*commands: object, components: tuple[object, ...] = ()) -> Feature:
    return Feature(name="games", summary="Games", commands=commands, components=components)


def good() -> AnyCommand:
    @slash("roll", "Roll dice.", private=True, cost=2, free_text=("comment",))
    @app_commands.describe(sides="How many sides", comment="What for")
    async def roll(interaction: discord.Interaction, sides: int, comment: str = "") -> None: ...

    return roll


def test_a_complete_command_has_no_faults() -> None:
    assert faults([feature_with(good())]) == []


def test_a_command_or_option_without_description_is_found() -> None:
    @slash("bare", "")
    async def bare(interaction: discord.Interaction, number: int) -> None: ...

    assert faults([feature_with(bare)]) == [
        "/bare has no description",
        "/bare: the option number has no description",
    ]


def test_a_text_option_without_suggestions_is_found() -> None:
    @slash("play", "Play something.")
    @app_commands.describe(query="What to play")
    async def play(interaction: discord.Interaction, query: str) -> None: ...

    assert faults([feature_with(play)]) == [
        "/play: the option query has no autocomplete or choices"
    ]

    @play.autocomplete("query")
    async def _(_interaction: discord.Interaction, _typed: str) -> list[app_commands.Choice[str]]:
        return []

    assert faults([feature_with(play)]) == []


def test_the_same_name_twice_is_found() -> None:
    assert faults([feature_with(good()), feature_with(good())]) == ["/roll is defined twice"]


def test_an_administrators_command_in_direct_messages_is_found() -> None:
    @slash("ban", "Ban.")
    @app_commands.default_permissions(ban_members=True)
    @app_commands.allowed_contexts(guilds=True, dms=True)
    async def ban(interaction: discord.Interaction) -> None: ...

    assert faults([feature_with(ban)]) == ["/ban asks for permissions but works in direct messages"]


def test_a_component_of_another_feature_is_found() -> None:
    async def handle(_interaction: discord.Interaction, _args: tuple[str, ...]) -> None: ...

    feature = feature_with(components=(Component("music", "skip", handle),))
    assert faults([feature]) == ["a component of games says it belongs to music"]


def test_what_is_no_command_is_refused() -> None:
    with pytest.raises(TypeError, match="games"):
        commands_of(feature_with("roll"))


def test_the_pipeline_learns_the_traits_of_a_command() -> None:
    roll = good()
    facts = facts_of(roll, feature_with(roll))
    assert (facts.name, facts.feature, facts.cost) == ("roll", "games", 2)
    assert facts.private
    assert facts.guild_only


def test_help_lists_commands_of_groups_and_menus() -> None:
    group = app_commands.Group(
        name="dice",
        description="Dice",
        default_permissions=discord.Permissions(manage_guild=True),
    )
    group.add_command(good())

    @app_commands.context_menu(name="Quote")
    async def quote(interaction: discord.Interaction, message: discord.Message) -> None: ...

    listed = entries([feature_with(group, quote)])
    assert [(entry.name, entry.kind) for entry in listed] == [
        ("dice roll", "slash"),
        ("Quote", "message"),
    ]
    assert listed[0].needs_permissions == ("manage_guild",)
    assert listed[0].options == (("sides", "How many sides", True), ("comment", "What for", False))
