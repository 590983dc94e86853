"""From a custom id to its handler."""

from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from seraphim.surfaces.discord.components import (
    Component,
    Router,
    UnknownComponent,
    custom_id,
    modal_values,
    selected,
)


async def nothing(_interaction: discord.Interaction, _args: tuple[str, ...]) -> None:
    return None


def interaction_with(data: dict[str, Any]) -> discord.Interaction:
    return cast("discord.Interaction", SimpleNamespace(data=data))


def test_a_custom_id_comes_back_as_component_and_arguments() -> None:
    skip = Component("music", "skip", nothing)
    router = Router([skip, Component("music", "back", nothing)])
    assert router.route(custom_id("music", "skip", 7, "x")) == (skip, ("7", "x"))
    assert router.route("music:skip") == (skip, ())


@pytest.mark.parametrize("raw", ["", "music", "music:gone:1", "gone:skip", ":::"])
def test_a_custom_id_nobody_answers_to_is_said(raw: str) -> None:
    router = Router([Component("music", "skip", nothing)])
    with pytest.raises(UnknownComponent):
        router.route(raw)


def test_two_components_for_one_custom_id_are_refused() -> None:
    with pytest.raises(ValueError, match="music:skip"):
        Router([Component("music", "skip", nothing), Component("music", "skip", nothing)])


def test_a_custom_id_discord_would_refuse_is_refused_here() -> None:
    with pytest.raises(ValueError, match="100"):
        custom_id("music", "skip", "x" * 100)
    with pytest.raises(ValueError, match="colon"):
        custom_id("music", "skip", "a:b")


def test_modal_answers_are_found_in_labels_and_in_rows() -> None:
    in_label = {"type": 18, "component": {"type": 4, "custom_id": "name", "value": "Ada"}}
    in_row = {"type": 1, "components": [{"type": 4, "custom_id": "age", "value": None}]}
    found = modal_values(interaction_with({"components": [in_label, in_row]}))
    assert found == {"name": "Ada", "age": ""}


def test_selected_values_are_read_and_may_be_missing() -> None:
    assert selected(interaction_with({"values": ["a", "b"]})) == ("a", "b")
    assert selected(interaction_with({})) == ()
