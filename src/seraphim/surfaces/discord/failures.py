"""From an exception to a sentence: what the member reads, and what the log keeps."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from seraphim.kernel.errors import NotAllowed, SeraphimError, Unavailable
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.guards import BotLacksPermission
from seraphim.surfaces.discord.replies import embed

if TYPE_CHECKING:
    from seraphim.kernel.texts import Translator

# Discord, "JSON Error Codes".
_UNKNOWN_INTERACTION = 10062
_UNKNOWN_WEBHOOK = 10015
_INVALID_WEBHOOK_TOKEN = 50027
_ALREADY_ACKNOWLEDGED = 40060


class CommandChanged(SeraphimError):
    """Discord still shows a command this version no longer has, or has differently."""

    code = "command_changed"
    http_status = 404
    message = N_("This command has changed. Reload Discord (Ctrl+R) and try again.")


class NoAccess(BotLacksPermission):
    """Discord refused something to the bot without naming a permission."""

    code = "no_access"
    message = N_("Discord does not let me do that here. Ask an administrator to check my rights.")


class Unreadable(SeraphimError):
    """An option's value cannot be turned into what the command takes."""

    code = "unreadable"
    http_status = 422
    message = N_("I cannot use “{value}” here.")


class Unexpected(SeraphimError):
    """A fault of ours."""


def cause_of(error: BaseException) -> BaseException:
    """Return what a command raised, without the wrapping that discord.py puts around it."""
    return error.original if isinstance(error, app_commands.CommandInvokeError) else error


def is_expired(error: BaseException) -> bool:
    """Return whether Discord no longer takes an answer: 3 s to the first, 15 min to the last."""
    error = cause_of(error)
    return isinstance(error, discord.HTTPException) and error.code in {
        _UNKNOWN_INTERACTION,
        _UNKNOWN_WEBHOOK,
        _INVALID_WEBHOOK_TOKEN,
    }


def is_already_answered(error: BaseException) -> bool:
    """Return whether somebody has acknowledged this interaction before."""
    error = cause_of(error)
    return isinstance(error, discord.InteractionResponded) or (
        isinstance(error, discord.HTTPException) and error.code == _ALREADY_ACKNOWLEDGED
    )


def is_answered_elsewhere(error: BaseException) -> bool:
    """Return whether another process has answered: both have the event during a rolling restart."""
    return is_already_answered(error) and not isinstance(
        cause_of(error), discord.InteractionResponded
    )


def explain(error: BaseException) -> SeraphimError:  # noqa: PLR0911  # one line a kind of error
    """Return what to tell the member; :class:`Unexpected` means that it belongs into the log."""
    error = cause_of(error)
    match error:
        case SeraphimError():
            return error
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return CommandChanged()
        case app_commands.TransformerError():
            return _unreadable(error)
        case app_commands.BotMissingPermissions():
            return BotLacksPermission(permissions=", ".join(error.missing_permissions))
        case app_commands.CheckFailure():
            return NotAllowed()
        case discord.Forbidden():
            return NoAccess(permissions="")
        case discord.DiscordServerError():
            return Unavailable(what="Discord")
        case _:
            return Unexpected()


def _unreadable(error: app_commands.TransformerError) -> SeraphimError:
    if isinstance(error.__cause__, SeraphimError):
        return error.__cause__
    return Unreadable(value=str(error.value)[:100])


def sentence_of(error: SeraphimError, translate: "Translator") -> str:
    """Return the error as the member reads it; a ``reason`` is a sentence to translate itself."""
    parameters = error.parameters
    reason = parameters.get("reason")
    if isinstance(reason, str):
        parameters = {**parameters, "reason": translate(reason, **parameters)}
    return translate(error.message, **parameters)


def error_embed(error: SeraphimError, trace_id: str, translate: "Translator") -> discord.Embed:
    """Return the embed a member sees: the sentence, and below it the code and the trace id."""
    shown = embed(None, sentence_of(error, translate), "bad")
    shown.set_footer(text=f"{error.code} · {trace_id}" if trace_id else error.code)
    return shown
