"""Roles and notices through discord.py."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import aiohttp
import discord

from seraphim.features.economy.ports import Refund, RoleOutcome
from seraphim.features.economy.rules.shop import REFUSALS, Refusal
from seraphim.kernel.ids import GuildId, RoleId, UserId
from seraphim.kernel.telemetry import get_logger
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.replies import embed

if TYPE_CHECKING:
    from seraphim.kernel.texts import Texts, Translator

_log = get_logger(__name__)
_REASON = "Bought in the shop"
# Discord, "JSON Error Codes".
_UNKNOWN_MEMBER, _UNKNOWN_ROLE, _UNKNOWN_USER, _UNKNOWN_GUILD = 10007, 10011, 10013, 10004
_MISSING_ACCESS = 50001


class DiscordRoles:
    """Implements :class:`Roles` on a client that is made after this object.

    What Discord answers decides; the client's memory only says *why* it refused.
    """

    def __init__(self, client: Callable[[], discord.Client]) -> None:
        self._client = client

    async def grant(self, guild_id: GuildId, user_id: UserId, role_id: RoleId) -> RoleOutcome:
        """Give the member the role."""
        try:
            await self._client().http.add_role(guild_id, user_id, role_id, reason=_REASON)
        except (discord.Forbidden, discord.NotFound) as error:
            return RoleOutcome(self._refusal(guild_id, role_id, error))
        return RoleOutcome()

    async def revoke(self, guild_id: GuildId, user_id: UserId, role_id: RoleId) -> RoleOutcome:
        """Take the role from the member."""
        try:
            await self._client().http.remove_role(guild_id, user_id, role_id, reason=_REASON)
        except (discord.Forbidden, discord.NotFound) as error:
            return RoleOutcome(self._refusal(guild_id, role_id, error))
        return RoleOutcome()

    async def can_grant(self, guild_id: GuildId, role_id: RoleId) -> RoleOutcome:
        """Say whether the role could be given, by what the client knows of the guild."""
        guild = self._client().get_guild(guild_id)
        role = None if guild is None else guild.get_role(role_id)
        if guild is None or role is None:
            return RoleOutcome("role_gone")
        if not guild.me.guild_permissions.manage_roles:
            return RoleOutcome("no_permission")
        if not role.is_assignable():
            return RoleOutcome("role_too_high")
        return RoleOutcome()

    def _refusal(self, guild_id: GuildId, role_id: RoleId, error: discord.HTTPException) -> Refusal:
        if error.code in {_UNKNOWN_MEMBER, _UNKNOWN_USER, _UNKNOWN_GUILD, _MISSING_ACCESS}:
            return "member_gone"
        if error.code == _UNKNOWN_ROLE:
            return "role_gone"
        guild = self._client().get_guild(guild_id)
        if guild is not None and not guild.me.guild_permissions.manage_roles:
            return "no_permission"
        if guild is not None and guild.get_role(role_id) is None:
            return "role_gone"
        return "role_too_high"


class DiscordNotices:
    """Implements :class:`Notices`: a direct message, or the channel when these are closed."""

    def __init__(self, client: Callable[[], discord.Client], texts: "Texts") -> None:
        self._client = client
        self._texts = texts

    async def role_refunded(self, refund: Refund) -> None:
        """Tell the member; what cannot be sent anywhere is logged."""
        client = self._client()
        shown = refund_embed(refund, self._translator(refund.guild_id))
        try:
            opened = await client.http.start_private_message(str(refund.user_id))
            await client.get_partial_messageable(int(opened["id"])).send(embed=shown)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _log.info("shop.refund_not_sent_directly", reason=str(error))
        else:
            return
        channel = client.get_partial_messageable(refund.channel_id, guild_id=refund.guild_id)
        try:
            await channel.send(
                f"<@{refund.user_id}>",
                embed=shown,
                allowed_mentions=discord.AllowedMentions(users=True),
            )
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _log.info("shop.refund_not_told", user_id=refund.user_id, reason=str(error))

    def _translator(self, guild_id: GuildId) -> "Translator":
        guild = self._client().get_guild(guild_id)
        locale = None if guild is None else str(guild.preferred_locale.value)
        return self._texts.translator(locale)


def refund_embed(refund: Refund, say: "Translator") -> discord.Embed:
    """Return what a member reads whose role could not be given."""
    text = say(
        N_("{item} could not be given to you. {why} Your {coins} coins are back."),
        item=f"**{refund.item}**",
        why=say(REFUSALS[refund.refusal]),
        coins=f"{refund.coins:,}",
    )
    return embed(say(N_("Money back")), text, "warn")
