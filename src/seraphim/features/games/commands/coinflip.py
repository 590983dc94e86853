"""``/coinflip``."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

import discord
from discord import app_commands

from seraphim.features.games.commands.desk import Desk
from seraphim.features.games.commands.face import PlainFace, Say, Shown
from seraphim.features.games.commands.outcome import result_line, tone_of
from seraphim.features.games.commands.pictures.coin import coin_picture
from seraphim.features.games.rules.coinflip import Coinflip, expected_value
from seraphim.features.games.service.orders import View
from seraphim.features.games.service.settings import GamesSettings
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand, slash, worded
from seraphim.surfaces.discord.replies import embed
from seraphim.surfaces.pictures import paint

SIDE_NAMES = {"heads": N_("heads"), "tails": N_("tails")}


class CoinflipFace(PlainFace):
    """A coin that has fallen."""

    kind = "coinflip"
    title = N_("Coinflip")
    emoji = "🪙"

    async def paint(self, view: View, say: Say) -> Shown:
        """Show the coin and what it brought."""
        state: Coinflip = view.state
        fell = say(SIDE_NAMES[state.fell])
        called = say(SIDE_NAMES[state.called])
        won = state.fell == state.called
        line = say(
            N_("You called **{called}**. The coin shows **{fell}**."), called=called, fell=fell
        )
        shown = embed(
            f"{self.emoji} {say(self.title)}", f"{line}\n{result_line(view, say)}", tone_of(view)
        )
        picture = await paint("coinflip.png", coin_picture(state.fell, fell, won=won))
        return Shown(shown, picture=picture)

    def value(self, settings: GamesSettings) -> Fraction | None:
        """Return what a bet is worth on average."""
        return expected_value(settings.coinflip_payout_percent)

    def odds(self, settings: GamesSettings, say: Say) -> Sequence[str]:
        """Tell chance, payout and expected value."""
        percent = settings.coinflip_payout_percent
        return (
            say(N_("Heads or tails, each as likely: 1 in 2.")),
            say(N_("Called right, it pays {times} times the bet."), times=f"{percent / 100:g}"),
            say.expects(expected_value(percent)),
        )


def coinflip_command(desk: Desk) -> AnyCommand:
    """Return ``/coinflip``."""

    @slash("coinflip", N_("Call a coin: heads or tails."), free_text=("bet",))
    @app_commands.describe(
        bet=N_("How much: 250, 1.5k, half, all"), side=N_("What the coin will show")
    )
    @app_commands.choices(side=worded(SIDE_NAMES))
    async def coinflip(
        interaction: discord.Interaction, bet: str, side: Literal["heads", "tails"] = "heads"
    ) -> None:
        await desk.open(interaction, "coinflip", bet, {"side": side})

    return coinflip
