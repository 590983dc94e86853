"""``/slots``."""

from collections.abc import Sequence
from fractions import Fraction

import discord
from discord import app_commands

from seraphim.features.games.commands.desk import Desk
from seraphim.features.games.commands.face import PlainFace, Say, Shown
from seraphim.features.games.commands.outcome import result_line, tone_of
from seraphim.features.games.commands.pictures.slots import slots_picture
from seraphim.features.games.rules.game import PERCENT
from seraphim.features.games.rules.slots import THREE, TWO_CHERRIES, Slots, expected_value
from seraphim.features.games.service.orders import View
from seraphim.features.games.service.settings import GamesSettings
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand, slash
from seraphim.surfaces.discord.replies import embed
from seraphim.surfaces.pictures import paint

EMOJI = {"cherry": "🍒", "lemon": "🍋", "bell": "🔔", "star": "⭐", "gem": "💎", "seven": "7️⃣"}


class SlotsFace(PlainFace):
    """Three reels that have stopped."""

    kind = "slots"
    title = N_("Slots")
    emoji = "🎰"

    async def paint(self, view: View, say: Say) -> Shown:
        """Show the reels and what they brought."""
        state: Slots = view.state
        reels = " ".join(EMOJI[name] for name in state.reels)
        shown = embed(
            f"{self.emoji} {say(self.title)}",
            f"{reels}\n{result_line(view, say)}",
            tone_of(view),
        )
        percent = view.game.opening.terms["payout_percent"]
        won = state.hundredths > 0
        caption = say(N_("No luck this time"))
        if won:
            times = f"{state.hundredths * float(str(percent)) / PERCENT / PERCENT:g}"
            caption = say(N_("{times} times the bet"), times=times)
        picture = await paint("slots.png", slots_picture(state.reels, caption, won=won))
        return Shown(shown, picture=picture)

    def value(self, settings: GamesSettings) -> Fraction | None:
        """Return what a bet is worth on average."""
        return expected_value(settings.slots_payout_percent)

    def odds(self, settings: GamesSettings, say: Say) -> Sequence[str]:
        """Tell the table of payouts."""
        percent = settings.slots_payout_percent
        pays = [(f"{EMOJI[name] * 3}", hundredths) for name, hundredths in THREE.items()]
        pays.append((EMOJI["cherry"] * 2, TWO_CHERRIES))
        lines = [
            say(
                N_("{symbols} pays {times} times the bet"),
                symbols=symbols,
                times=f"{hundredths * percent / PERCENT / PERCENT:g}",
            )
            for symbols, hundredths in pays
        ]
        return (*lines, say.expects(expected_value(percent)))


def slots_command(desk: Desk) -> AnyCommand:
    """Return ``/slots``."""

    @slash("slots", N_("Turn three reels."), free_text=("bet",))
    @app_commands.describe(bet=N_("How much: 250, 1.5k, half, all"))
    async def slots(interaction: discord.Interaction, bet: str) -> None:
        await desk.open(interaction, "slots", bet)

    return slots
