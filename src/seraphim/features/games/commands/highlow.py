"""``/highlow``."""

from collections.abc import Sequence
from fractions import Fraction

import discord
from discord import app_commands

from seraphim.features.games.commands.desk import Desk
from seraphim.features.games.commands.face import PlainFace, Say, Shown, move_button
from seraphim.features.games.commands.outcome import result_line, tone_of
from seraphim.features.games.commands.pictures.highlow import highlow_picture
from seraphim.features.games.rules.highlow import (
    MAX_GUESSES,
    HighLow,
    expected_value,
    pays,
    ways,
)
from seraphim.features.games.service.orders import View
from seraphim.features.games.service.settings import GamesSettings
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand, slash
from seraphim.surfaces.discord.layout import RowItem
from seraphim.surfaces.discord.replies import embed
from seraphim.surfaces.pictures import paint


class HighLowFace(PlainFace):
    """A row of cards and the next call."""

    kind = "highlow"
    title = N_("High or low")
    emoji = "🃏"

    async def paint(self, view: View, say: Say) -> Shown:
        """Show the cards, the pot and what each call would pay."""
        state: HighLow = view.state
        title = f"{self.emoji} {say(self.title)}"
        is_open = view.game.is_open
        drawn = highlow_picture(state.cards, waiting=is_open, pot=state.pot)
        picture = await paint("highlow.png", drawn)
        if is_open:
            asked = say(
                N_("In the pot: **{pot}**. Is the next card higher or lower? Equal loses."),
                pot=say.coins(state.pot),
            )
            return Shown(embed(title, asked), (self._buttons(view, say),), picture)
        right = len(state.guesses) if state.taken else len(state.guesses) - 1
        line = say.translate.plural("{n} card called right.", "{n} cards called right.", right)
        shown = embed(title, f"{line}\n{result_line(view, say)}", tone_of(view))
        return Shown(shown, picture=picture)

    def value(self, settings: GamesSettings) -> Fraction | None:
        """Return what a bet is worth on average."""
        return expected_value(settings.highlow_keep_percent, 1)

    def odds(self, settings: GamesSettings, say: Say) -> Sequence[str]:
        """Tell the payouts by the open card."""
        keep = settings.highlow_keep_percent
        return (
            say(N_("The next card comes from a whole deck; the ace is the lowest. Equal loses.")),
            say(
                N_(
                    "A right call multiplies the pot by {percent} % of what would be fair: after "
                    "a 7 by {seven}, “higher” after an ace by {ace}."
                ),
                percent=keep,
                seven=f"{float(pays(6, 'higher', keep)):.4g}",
                ace=f"{float(pays(0, 'higher', keep)):.4g}",
            ),
            say(N_("After {count} right calls the pot is paid out."), count=MAX_GUESSES),
            say(N_("Without a move for ten minutes, the pot is taken for you.")),
            say.expects(expected_value(keep, 1)),
        )

    def _buttons(self, view: View, say: Say) -> list[RowItem]:
        state: HighLow = view.state
        card = state.cards[-1]
        calls = (("higher", N_("Higher"), "⬆️"), ("lower", N_("Lower"), "⬇️"))
        row: list[RowItem] = []
        for call, name, emoji in calls:
            count = ways(card, call)
            label = say(name)
            if count:
                label += f" · {float(pays(card, call, state.keep_percent)):.3g}x"
            row.append(
                move_button(
                    view,
                    call,
                    label,
                    emoji=emoji,
                    style=discord.ButtonStyle.primary,
                    disabled=not count,
                )
            )
        take = say(N_("Take {pot}"), pot=say.coins(state.pot))
        row.append(
            move_button(
                view,
                "take",
                take,
                emoji="💰",
                style=discord.ButtonStyle.success,
                disabled=not state.guesses,
            )
        )
        return row


def highlow_command(desk: Desk) -> AnyCommand:
    """Return ``/highlow``."""

    @slash("highlow", N_("Is the next card higher or lower?"), free_text=("bet",))
    @app_commands.describe(bet=N_("How much: 250, 1.5k, half, all"))
    async def highlow(interaction: discord.Interaction, bet: str) -> None:
        await desk.open(interaction, "highlow", bet)

    return highlow
