"""What is checked before a command or component may run, and the errors that say so."""

from collections.abc import Iterable

import discord

from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import GuildId
from seraphim.kernel.texts import N_


class GuildOnly(SeraphimError):
    """The command works on a server only."""

    code = "guild_only"
    http_status = 400
    message = N_("This works on a server only, not in direct messages.")


class FeatureOff(SeraphimError):
    """The guild's administrators have switched the feature off."""

    code = "feature_off"
    http_status = 403
    message = N_("{feature} is switched off on this server.")


class MemberLacksPermission(SeraphimError):
    """The member lacks Discord permissions."""

    code = "missing_permissions"
    http_status = 403
    message = N_("You need these permissions for that: {permissions}.")


class BotLacksPermission(SeraphimError):
    """The bot lacks Discord permissions."""

    code = "bot_missing_permissions"
    http_status = 403
    message = N_(
        "I lack these permissions here: {permissions}. Ask an administrator to grant them."
    )


class Busy(SeraphimError):
    """More is in hand than may be."""

    code = "busy"
    http_status = 503
    message = N_("I am still working on your last commands. One moment, please.")


class Restarting(SeraphimError):
    """The bot is going down and takes nothing new."""

    code = "restarting"
    http_status = 503
    message = N_("I am just restarting. Try again in a few seconds.")


def guild_id_of(interaction: discord.Interaction) -> GuildId:
    """Return the guild the interaction comes from.

    Raises:
        GuildOnly: It comes from direct messages.
    """
    if interaction.guild_id is None:
        raise GuildOnly
    return GuildId(interaction.guild_id)


def require_permissions(interaction: discord.Interaction, **wanted: bool) -> None:
    """Check the member's permissions as Discord computed them for this very interaction.

    Args:
        interaction: Who asks, and where.
        wanted: discord.py's permission names, such as ``manage_guild=True``.

    Raises:
        MemberLacksPermission: At least one is missing; names them.
    """
    missing = _missing(interaction.permissions, wanted)
    if missing:
        raise MemberLacksPermission(permissions=_named(missing))


def require_bot_permissions(interaction: discord.Interaction, **wanted: bool) -> None:
    """Check what the bot itself may do in the interaction's channel.

    Raises:
        BotLacksPermission: At least one is missing; names them.
    """
    missing = _missing(interaction.app_permissions, wanted)
    if missing:
        raise BotLacksPermission(permissions=_named(missing))


class InHand:
    """Counts what is being worked on, in total and for each member, and refuses beyond a bound."""

    def __init__(self, *, member: int = 4, total: int = 2000) -> None:
        self._member_limit = member
        self._total_limit = total
        self._members: dict[int, int] = {}
        self.total = 0

    def enter(self, user_id: int) -> None:
        """Count one more.

        Raises:
            Busy: The member, or everybody together, has too much in hand already.
        """
        mine = self._members.get(user_id, 0)
        if mine >= self._member_limit or self.total >= self._total_limit:
            raise Busy
        self._members[user_id] = mine + 1
        self.total += 1

    def leave(self, user_id: int) -> None:
        """Count one less."""
        mine = self._members.get(user_id, 0) - 1
        self.total -= 1
        if mine > 0:
            self._members[user_id] = mine
        else:
            self._members.pop(user_id, None)


def _missing(held: discord.Permissions, wanted: dict[str, bool]) -> list[str]:
    return [name for name, needed in wanted.items() if needed and not getattr(held, name)]


def _named(permissions: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ").title() for name in permissions)
