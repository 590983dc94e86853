"""From an exception to a sentence."""

from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest
from discord import app_commands

from seraphim.features.music.rules.errors import NotPlaying
from seraphim.kernel.errors import InvalidInput, NotFound
from seraphim.kernel.texts import Texts
from seraphim.surfaces.discord import failures


def http_error(kind: type[discord.HTTPException], status: int, code: int) -> discord.HTTPException:
    response = cast("Any", SimpleNamespace(status=status, reason="No"))
    return kind(response, {"code": code, "message": "No"})


def invoked(original: Exception) -> app_commands.CommandInvokeError:
    command = cast("Any", SimpleNamespace(name="play", qualified_name="play"))
    return app_commands.CommandInvokeError(command, original)


def test_a_business_error_is_told_as_it_is() -> None:
    error = NotFound(what="that song")
    assert failures.explain(invoked(error)) is error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (invoked(ZeroDivisionError()), "internal"),
        (RuntimeError("bug"), "internal"),
        (app_commands.CommandNotFound("gone", []), "command_changed"),
        (app_commands.CheckFailure("no"), "not_allowed"),
        (app_commands.BotMissingPermissions(["speak"]), "bot_missing_permissions"),
        (invoked(http_error(discord.Forbidden, 403, 50013)), "no_access"),
        (invoked(http_error(discord.DiscordServerError, 503, 0)), "unavailable"),
    ],
)
def test_every_other_error_becomes_a_sentence(error: Exception, code: str) -> None:
    assert failures.explain(error).code == code


def test_only_a_fault_of_ours_belongs_into_the_log() -> None:
    assert isinstance(failures.explain(invoked(KeyError("x"))), failures.Unexpected)
    assert not isinstance(failures.explain(NotFound(what="x")), failures.Unexpected)


def test_an_expired_interaction_is_known_by_its_code() -> None:
    assert failures.is_expired(http_error(discord.NotFound, 404, 10062))
    assert failures.is_expired(http_error(discord.HTTPException, 401, 50027))
    assert not failures.is_expired(http_error(discord.NotFound, 404, 10003))


def test_a_second_answer_is_known_by_its_code() -> None:
    assert failures.is_already_answered(http_error(discord.HTTPException, 400, 40060))
    assert not failures.is_already_answered(ValueError())


def test_what_discord_says_is_known_inside_a_command_too() -> None:
    """discord.py wraps what a command raises."""
    late = invoked(http_error(discord.NotFound, 404, 10062))
    second = invoked(http_error(discord.HTTPException, 400, 40060))
    assert failures.is_expired(late)
    assert not failures.is_expired(second)
    assert failures.is_answered_elsewhere(second)
    assert not failures.is_answered_elsewhere(late)


def test_answering_twice_oneself_is_a_fault() -> None:
    twice = discord.InteractionResponded(cast("Any", SimpleNamespace()))
    assert failures.is_already_answered(twice)
    assert not failures.is_answered_elsewhere(twice)


def test_the_embed_holds_sentence_code_and_trace() -> None:
    shown = failures.error_embed(NotFound(what="it"), "abc123", Texts().translator("en-US"))
    assert shown.description == "I could not find it."
    assert shown.footer.text == "not_found · abc123"


def test_a_reason_is_a_sentence_that_is_translated_too() -> None:
    german = Texts().translator("de")
    reason = NotPlaying.message
    shown = failures.error_embed(InvalidInput(reason=reason), "t", german)
    assert german(reason) != reason
    assert shown.description == german(reason)


def test_nothing_of_an_unexpected_error_reaches_the_member() -> None:
    told = failures.explain(invoked(RuntimeError("password is hunter2")))
    shown = failures.error_embed(told, "t", Texts().translator("en-US"))
    assert "hunter2" not in str(shown.to_dict())
