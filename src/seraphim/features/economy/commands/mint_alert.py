"""Says in a channel that more coins came into being than the server wants."""

from collections.abc import Callable

import discord

from seraphim.features.economy.commands.administration import WordsOf
from seraphim.features.economy.rules.amounts import format_coins
from seraphim.features.economy.service.supply import MintAlert, Tell
from seraphim.kernel.texts import N_, Texts
from seraphim.surfaces.discord.replies import embed, post


def alerts_in(client: Callable[[], discord.Client], texts: Texts, words: WordsOf) -> Tell:
    """Return the function that says an alert in its channel, in the server's language."""

    async def tell(alert: MintAlert) -> None:
        guild = client().get_guild(alert.guild_id)
        channel = guild.get_channel_or_thread(alert.channel_id) if guild is not None else None
        if guild is None or not isinstance(channel, discord.abc.Messageable):
            raise LookupError("the channel of the alert is gone")
        translate = texts.translator(str(guild.preferred_locale.value))
        named = await words(alert.guild_id)
        text = translate(
            N_(
                "{created} new coins came into being in the last {hours} hours; "
                "this server's bound is {bound}. Look at {command}."
            ),
            created=f"**{format_coins(alert.created, named)}**",
            hours=alert.hours,
            bound=format_coins(alert.bound, named),
            command="`/eco supply`",
        )
        await post(channel, embed=embed(translate(N_("Many new coins")), text, "warn"))

    return tell
