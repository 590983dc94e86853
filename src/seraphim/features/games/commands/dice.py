"""``/dice``."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

import discord
from discord import app_commands

from seraphim.features.games.commands.desk import Desk
from seraphim.features.games.commands.face import PlainFace, Say, Shown
from seraphim.features.games.commands.outcome import result_line, tone_of
from seraphim.features.games.commands.pictures.dice import dice_picture
from seraphim.features.games.rules.dice import ROLLS, WAYS, Dice, expected_value, pays
from seraphim.features.games.service.orders import View
from seraphim.features.games.service.settings import GamesSettings
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand, slash, worded
from seraphim.surfaces.discord.replies import embed
from seraphim.surfaces.pictures import paint

GUESS_NAMES = {
    "under": N_("under seven"),
    "seven": N_("exactly seven"),
    "over": N_("over seven"),
    "odd": N_("an odd sum"),
    "even": N_("an even sum"),
    "doubles": N_("two alike"),
    "snake_eyes": N_("two ones"),
}


class DiceFace(PlainFace):
    """Two dice that have been thrown."""

    kind = "dice"
    title = N_("Dice")
    emoji = "🎲"

    async def paint(self, view: View, say: Say) -> Shown:
        """Show the dice and what they brought."""
        state: Dice = view.state
        line = say(
            N_("You guessed **{guess}**. The dice show **{sum}**."),
            guess=say(GUESS_NAMES[state.guess]),
            sum=sum(state.dice),
        )
        tone = tone_of(view)
        shown = embed(f"{self.emoji} {say(self.title)}", f"{line}\n{result_line(view, say)}", tone)
        picture = await paint("dice.png", dice_picture(state.dice, won=tone == "good"))
        return Shown(shown, picture=picture)

    def value(self, settings: GamesSettings) -> Fraction | None:
        """Return what a bet is worth on average."""
        return expected_value("seven", settings.dice_return_percent)

    def odds(self, settings: GamesSettings, say: Say) -> Sequence[str]:
        """Tell chance and payout of each guess."""
        percent = settings.dice_return_percent
        lines = [
            say(
                N_("**{guess}**: {ways} in {rolls}, pays {times} times the bet"),
                guess=say(GUESS_NAMES[guess]),
                ways=ways,
                rolls=ROLLS,
                times=f"{float(pays(guess, percent)):.4g}",
            )
            for guess, ways in WAYS.items()
        ]
        return (*lines, say.expects(expected_value("seven", percent)))


def dice_command(desk: Desk) -> AnyCommand:
    """Return ``/dice``."""

    @slash("dice", N_("Throw two dice and guess what they show."), free_text=("bet",))
    @app_commands.describe(
        bet=N_("How much: 250, 1.5k, half, all"), guess=N_("What the dice will show")
    )
    @app_commands.choices(guess=worded(GUESS_NAMES))
    async def dice(
        interaction: discord.Interaction,
        bet: str,
        guess: Literal["under", "seven", "over", "odd", "even", "doubles", "snake_eyes"],
    ) -> None:
        await desk.open(interaction, "dice", bet, {"guess": guess})

    return dice
