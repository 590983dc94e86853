"""``/daily``, ``/work``, ``/beg``, ``/crime``, ``/fish``, ``/mine`` and ``/hunt``."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import discord

from seraphim.features.economy.commands.words import (
    SettingsOf,
    account_embed,
    add_figures,
    earner_of,
    key_of,
    signed,
)
from seraphim.features.economy.rules.catches import (
    ANIMALS,
    COLOURS,
    FISH,
    ORES,
    RARITIES,
    Catch,
    percent_of,
)
from seraphim.features.economy.rules.stories import STORIES
from seraphim.features.economy.service.earning import Earned, Earning
from seraphim.features.economy.service.settings import EconomySettings
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand, slash
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.replies import Tone, reply

if TYPE_CHECKING:
    from seraphim.kernel.texts import Translator

_DESCRIPTIONS: Mapping[str, str] = {
    "daily": N_("Take your coins of the day; days in a row pay more."),
    "work": N_("Work for an honest wage."),
    "beg": N_("Ask the street for a little help."),
    "crime": N_("Try your luck on the wrong side of the law."),
    "fish": N_("Cast a line and see what bites."),
    "mine": N_("Dig for ores and gems."),
    "hunt": N_("Go out hunting; not every hunt succeeds."),
}
_FOUND: Mapping[str, tuple[Sequence[Catch], str]] = {
    "fish": (FISH, N_("🎣 You caught **{catch}**!")),
    "mine": (ORES, N_("⛏️ You dug up **{catch}**!")),
    "hunt": (ANIMALS, N_("🏹 You brought home **{catch}**!")),
}
_FLAMES = 7


def earning_commands(earning: Earning, settings: SettingsOf) -> tuple[AnyCommand, ...]:
    """Return a command for each way to earn."""
    return tuple(
        _command(action, description, earning, settings)
        for action, description in _DESCRIPTIONS.items()
    )


def _command(action: str, description: str, earning: Earning, settings: SettingsOf) -> AnyCommand:
    @slash(action, description)
    async def run(interaction: discord.Interaction) -> None:
        who = earner_of(interaction)
        earned = await earning.earn(who, action, key_of(interaction))
        words = await settings(who.guild_id)
        say = translator_for(interaction, public=True)
        await reply(interaction, embed=paint_earned(earned, interaction.user, words, say))

    return run


def paint_earned(
    earned: Earned,
    user: discord.User | discord.Member,
    words: EconomySettings,
    say: "Translator",
) -> discord.Embed:
    """Return the embed that tells what somebody has earned or lost."""
    lines = [_story(earned, words, say)]
    if earned.coins:
        lines.append(f"## {signed(earned.coins, words)}")
    elif not earned.success:
        lines.append(say(N_("You lost nothing but time.")))
    if earned.boost_percent != 100:  # noqa: PLR2004 - per cent: nothing was added
        lines.append(say(N_("🚀 A booster made it {percent} %."), percent=earned.boost_percent))
    tone: Tone = "good" if earned.success else "bad" if earned.coins else "warn"
    shown = account_embed(user, "\n".join(lines), tone)
    catches, found = _catch(earned)
    if found is not None:
        shown.colour = discord.Colour(COLOURS[found.rarity])
        mark, rarity = RARITIES[found.rarity]
        chance = say(N_("{percent} % of finds"), percent=percent_of(found, catches))
        shown.set_footer(text=f"{mark} {say(rarity)} · {chance}")
    add_figures(shown, say, words, balance=earned.balance, again_ms=earned.again_ms)
    if earned.streak:
        flames = "🔥" * min(earned.streak, _FLAMES)
        days = say.plural("{n} day in a row", "{n} days in a row", earned.streak)
        shown.add_field(name=say(N_("Streak")), value=f"{flames} {days}")
    return shown


def _story(earned: Earned, words: EconomySettings, say: "Translator") -> str:
    if earned.action == "daily":
        return say(N_("🎁 Here are your {coins} of the day."), coins=words.currency_name)
    if earned.action not in _FOUND:
        return say(STORIES.get(earned.what, earned.what))
    _, found = _catch(earned)
    if found is None:
        return say(N_("🍃 Something rustled, and it was gone. You come home with empty hands."))
    _, sentence = _FOUND[earned.action]
    return say(sentence, catch=f"{say(found.title)} {found.emoji}")


def _catch(earned: Earned) -> tuple[Sequence[Catch], Catch | None]:
    """Return what was found, and what could have been."""
    catches, _ = _FOUND.get(earned.action, ((), ""))
    return catches, next((catch for catch in catches if catch.name == earned.what), None)
