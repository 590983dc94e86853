"""``/mysterybox``."""

from collections.abc import Sequence
from fractions import Fraction

import discord
from discord import app_commands

from seraphim.features.games.commands.desk import Desk
from seraphim.features.games.commands.face import PlainFace, Say, Shown, move_button
from seraphim.features.games.commands.outcome import result_line, tone_of
from seraphim.features.games.commands.pictures.boxes import boxes_picture
from seraphim.features.games.rules.game import PERCENT
from seraphim.features.games.rules.mysterybox import BOXES, CONTENTS, MysteryBox, expected_value
from seraphim.features.games.service.orders import View
from seraphim.features.games.service.settings import GamesSettings
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand, slash
from seraphim.surfaces.discord.layout import RowItem
from seraphim.surfaces.discord.replies import embed
from seraphim.surfaces.pictures import paint


class MysteryBoxFace(PlainFace):
    """Three boxes, closed or open."""

    kind = "mysterybox"
    title = N_("Mystery box")
    emoji = "🎁"

    async def paint(self, view: View, say: Say) -> Shown:
        """Show the boxes."""
        state: MysteryBox = view.state
        title = f"{self.emoji} {say(self.title)}"
        if state.opened is None:
            asked = say(
                N_("Your bet: {stake}. Choose a box; in ten minutes the first one opens itself."),
                stake=say.coins(state.stake),
            )
            picture = await paint("boxes.png", boxes_picture(None, None))
            return Shown(embed(title, asked), (self._buttons(view, say),), picture)
        times = [_times(hundredths, state.percent) for hundredths in state.boxes]
        line = say(
            N_("Box {number} holds **{times} times** your bet."),
            number=state.opened + 1,
            times=times[state.opened],
        )
        shown = embed(title, f"{line}\n{result_line(view, say)}", tone_of(view))
        labels = [f"{each}x" for each in times]
        picture = await paint("boxes.png", boxes_picture(labels, state.opened))
        return Shown(shown, picture=picture)

    def value(self, settings: GamesSettings) -> Fraction | None:
        """Return what a bet is worth on average."""
        return expected_value(settings.mysterybox_payout_percent)

    def odds(self, settings: GamesSettings, say: Say) -> Sequence[str]:
        """Tell what a box can hold."""
        percent = settings.mysterybox_payout_percent
        lines = [
            say(
                N_("{weight} in 100 boxes hold {times} times the bet"),
                weight=weight,
                times=_times(hundredths, percent),
            )
            for hundredths, weight in CONTENTS
        ]
        return (*lines, say.expects(expected_value(percent)))

    def _buttons(self, view: View, say: Say) -> list[RowItem]:
        return [
            move_button(
                view,
                "box",
                say(N_("Box {number}"), number=number + 1),
                value=number,
                style=discord.ButtonStyle.primary,
            )
            for number in range(BOXES)
        ]


def mysterybox_command(desk: Desk) -> AnyCommand:
    """Return ``/mysterybox``."""

    @slash("mysterybox", N_("Open one of three boxes."), free_text=("bet",))
    @app_commands.describe(bet=N_("How much: 250, 1.5k, half, all"))
    async def mysterybox(interaction: discord.Interaction, bet: str) -> None:
        await desk.open(interaction, "mysterybox", bet)

    return mysterybox


def _times(hundredths: int, percent: int) -> str:
    return f"{hundredths * percent / PERCENT / PERCENT:g}"
