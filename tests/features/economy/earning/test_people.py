"""Whom a command can mean: people who are here, and nobody else."""

from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from seraphim.features.economy.commands.people import other_person
from seraphim.features.economy.rules.members import HasLeft, IsBot, IsYourself

ME, OTHER = 1001, 1002


def user_of(user_id: int, *, bot: bool = False) -> discord.User:
    """A user as Discord resolves one who is no member."""
    data: Any = {
        "id": str(user_id),
        "username": "somebody",
        "discriminator": "0",
        "avatar": None,
        "bot": bot,
    }
    return discord.User(state=cast("Any", None), data=data)


def member_of(user_id: int) -> discord.Member:
    """A member of the server."""
    member = cast("Any", object.__new__(discord.Member))
    member._user = user_of(user_id)
    return member


@pytest.fixture
def asked() -> discord.Interaction:
    return cast("discord.Interaction", SimpleNamespace(user=user_of(ME)))


def test_a_member_is_meant(asked: discord.Interaction) -> None:
    assert other_person(asked, member_of(OTHER)) == OTHER


def test_oneself_is_not_somebody_else(asked: discord.Interaction) -> None:
    with pytest.raises(IsYourself):
        other_person(asked, member_of(ME))


def test_a_bot_is_no_person(asked: discord.Interaction) -> None:
    with pytest.raises(IsBot):
        other_person(asked, user_of(OTHER, bot=True))


def test_who_has_left_is_named(asked: discord.Interaction) -> None:
    with pytest.raises(HasLeft, match=f"<@{OTHER}> is not on this server"):
        other_person(asked, user_of(OTHER))
