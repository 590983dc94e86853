"""What the answers of the economy have in common."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import discord

from seraphim.features.economy.rules.amounts import format_coins
from seraphim.features.economy.service.earning import Earner
from seraphim.features.economy.service.settings import EconomySettings
from seraphim.kernel.ids import GuildId, UserId
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.guards import guild_id_of
from seraphim.surfaces.discord.replies import Tone, embed

if TYPE_CHECKING:
    from seraphim.kernel.texts import Translator

FEATURE = "economy"
type SettingsOf = Callable[[GuildId], Awaitable[EconomySettings]]


def earner_of(interaction: discord.Interaction) -> Earner:
    """Return who runs a command; raises GuildOnly in direct messages."""
    return Earner(guild_id_of(interaction), UserId(interaction.user.id))


def key_of(interaction: discord.Interaction) -> str:
    """Return the idempotency key of an interaction."""
    return str(interaction.id)


def moment(at_ms: int) -> str:
    """Return a Discord timestamp that counts down in the reader's language."""
    return f"<t:{-(-at_ms // 1000)}:R>"


def signed(coins: int, words: EconomySettings) -> str:
    """Return ``+100 ✨`` or ``-50 ✨``, with a real minus sign."""
    sign = "+" if coins >= 0 else "\N{MINUS SIGN}"
    return f"{sign}{format_coins(abs(coins), words)}"


def account_embed(
    user: discord.User | discord.Member, text: str, tone: Tone = "info"
) -> discord.Embed:
    """Return an embed with the member's name and picture above it."""
    shown = embed(None, text, tone)
    shown.set_author(name=user.display_name, icon_url=user.display_avatar.url)
    return shown


def add_figures(
    shown: discord.Embed,
    say: "Translator",
    words: EconomySettings,
    *,
    balance: int,
    again_ms: int | None = None,
) -> None:
    """Add the new balance, and when the same can be done again."""
    shown.add_field(name=say(N_("Balance")), value=f"**{format_coins(balance, words)}**")
    if again_ms is not None:
        shown.add_field(name=say(N_("Again")), value=moment(again_ms))
