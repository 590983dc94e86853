"""``/doubleornothing``."""

from collections.abc import Sequence
from fractions import Fraction

import discord
from discord import app_commands

from seraphim.features.games.commands.desk import Desk
from seraphim.features.games.commands.face import PlainFace, Say, Shown, move_button
from seraphim.features.games.commands.outcome import result_line, tone_of
from seraphim.features.games.commands.pictures.ladder import ladder_picture
from seraphim.features.games.rules.doubleornothing import (
    MAX_DOUBLINGS,
    DoubleOrNothing,
    expected_value,
)
from seraphim.features.games.service.orders import View
from seraphim.features.games.service.settings import GamesSettings
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand, slash
from seraphim.surfaces.discord.replies import embed
from seraphim.surfaces.pictures import paint


class DoubleOrNothingFace(PlainFace):
    """A ladder of doublings."""

    kind = "doubleornothing"
    title = N_("Double or nothing")
    emoji = "⚖️"

    async def paint(self, view: View, say: Say) -> Shown:
        """Show how far the ladder was climbed."""
        state: DoubleOrNothing = view.state
        title = f"{self.emoji} {say(self.title)}"
        fallen = bool(state.throws) and state.throws[-1] > state.win_percent
        climbed = len(state.throws) - fallen
        steps = [state.stake << step for step in range(1, MAX_DOUBLINGS + 1)]
        drawn = ladder_picture(
            steps, climbed, fallen=fallen, throw=state.throws[-1], limit=state.win_percent
        )
        picture = await paint("ladder.png", drawn)
        threw = say(
            N_("You threw **{throw}**; up to {limit} doubles."),
            throw=state.throws[-1],
            limit=state.win_percent,
        )
        if not view.game.is_open:
            shown = embed(title, f"{threw}\n{result_line(view, say)}", tone_of(view))
            return Shown(shown, picture=picture)
        pot = say(N_("In the pot: **{pot}**. Again, or take it?"), pot=say.coins(state.pot))
        buttons = (
            move_button(
                view,
                "double",
                say(N_("Double to {pot}"), pot=say.coins(2 * state.pot)),
                style=discord.ButtonStyle.primary,
                emoji="⏫",
            ),
            move_button(
                view,
                "take",
                say(N_("Take {pot}"), pot=say.coins(state.pot)),
                emoji="💰",
                style=discord.ButtonStyle.success,
            ),
        )
        return Shown(embed(title, f"{threw}\n{pot}"), (buttons,), picture)

    def value(self, settings: GamesSettings) -> Fraction | None:
        """Return what a bet is worth on average."""
        return expected_value(settings.doubleornothing_win_percent, 1)

    def odds(self, settings: GamesSettings, say: Say) -> Sequence[str]:
        """Tell the chance of a doubling."""
        percent = settings.doubleornothing_win_percent
        return (
            say(N_("Each throw is a number from 1 to 100; up to {limit} doubles."), limit=percent),
            say(N_("The first throw comes with the bet.")),
            say(N_("After {count} doublings the pot is paid out."), count=MAX_DOUBLINGS),
            say(N_("Without a move for ten minutes, the pot is taken for you.")),
            say.expects(expected_value(percent, 1)),
        )


def doubleornothing_command(desk: Desk) -> AnyCommand:
    """Return ``/doubleornothing``."""

    @slash("doubleornothing", N_("Double the pot with each throw, or lose it."), free_text=("bet",))
    @app_commands.describe(bet=N_("How much: 250, 1.5k, half, all"))
    async def doubleornothing(interaction: discord.Interaction, bet: str) -> None:
        await desk.open(interaction, "doubleornothing", bet)

    return doubleornothing
