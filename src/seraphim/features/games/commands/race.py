"""``/race``."""

from collections.abc import Sequence
from typing import Literal

import discord
from discord import app_commands

from seraphim.features.games.commands.crowd import (
    bet_form,
    gain_text,
    open_or_join,
    seat_lines,
    steady,
)
from seraphim.features.games.commands.desk import Desk
from seraphim.features.games.commands.face import PlainFace, Say, Shown, move_button
from seraphim.features.games.commands.pictures.race import race_picture
from seraphim.features.games.rules.race import RACERS, Race, expected_value, pays
from seraphim.features.games.service.orders import View
from seraphim.features.games.service.settings import GamesSettings
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand, slash, worded
from seraphim.surfaces.discord.layout import SentModal
from seraphim.surfaces.discord.replies import embed
from seraphim.surfaces.pictures import paint

RACER_NAMES = {
    "comet": N_("Comet"),
    "falcon": N_("Falcon"),
    "stag": N_("Stag"),
    "hare": N_("Hare"),
    "snail": N_("Snail"),
}
_EMOJI = {"comet": "☄️", "falcon": "🦅", "stag": "🦌", "hare": "🐇", "snail": "🐌"}
_MEDALS = ("🥇", "🥈", "🥉")


class RaceFace(PlainFace):
    """The track: the book, five pictures of the race, the finish."""

    kind = "race"
    title = N_("Race")
    emoji = "🏁"

    async def paint(self, view: View, say: Say) -> Shown:
        """Show the track as it is."""
        state: Race = view.state
        title = f"{self.emoji} {say(self.title)}"
        places = state.frames[state.shown - 1] if state.shown else (0,) * len(RACERS)
        names = [say(RACER_NAMES[racer]) for racer in RACERS]
        winner = list(RACERS).index(state.places[0]) if state.is_finished else None
        picture = await paint("race.png", race_picture(names, places, winner))
        if state.is_finished:
            return Shown(self._finish(view, state, title, say), picture=picture)
        notes = self._bets(state, say)
        if state.shown:
            text = say(N_("They are running!"))
            shown = embed(title, f"{text}\n\n{seat_lines(view, say, notes)}")
            return Shown(shown, picture=picture)
        text = say(
            N_("Bet on a racer. They start {when}."), when=f"<t:{state.starts_ms // 1000}:R>"
        )
        shown = embed(title, f"{text}\n\n{seat_lines(view, say, notes)}")
        buttons = [
            move_button(
                steady(view),
                "join",
                f"{say(RACER_NAMES[racer])} {float(pays(racer, state.return_percent)):.2f}x",
                value=racer,
                emoji=_EMOJI[racer],
            )
            for racer in RACERS
        ]
        return Shown(shown, (buttons,), picture)

    def odds(self, settings: GamesSettings, say: Say) -> Sequence[str]:
        """Tell each racer's chance and payout, and the expected value."""
        returned = settings.race_return_percent
        racers = [
            say(
                N_("{racer} wins {chance} % of the races and pays {times} times the bet."),
                racer=f"{_EMOJI[racer]} {say(RACER_NAMES[racer])}",
                chance=chance,
                times=f"{float(pays(racer, returned)):.2f}",
            )
            for racer, chance in RACERS.items()
        ]
        return (
            *racers,
            say(
                N_("A fraction of a coin is decided by the draw, so every racer is worth the same.")
            ),
            say.expects(expected_value("comet", returned)),
        )

    def form(self, view: View, action: str, value: str, say: Say) -> SentModal | None:
        """Ask how much, once a racer is pressed."""
        if action != "join" or value not in RACERS:
            return None
        title = say(N_("Bet on {racer}"), racer=say(RACER_NAMES[value]))
        return bet_form(view, title, value, say)

    def _bets(self, state: Race, say: Say) -> dict[int, str]:
        return {
            seat: f"{_EMOJI[bet.racer]} {say(RACER_NAMES[bet.racer])} · {say.coins(bet.stake)}"
            for seat, bet in enumerate(state.bets)
        }

    def _finish(self, view: View, state: Race, title: str, say: Say) -> discord.Embed:
        podium = " ".join(
            f"{medal} {_EMOJI[racer]} {say(RACER_NAMES[racer])}"
            for medal, racer in zip(_MEDALS, state.places, strict=False)
        )
        notes = {
            seat: f"{_EMOJI[bet.racer]} · **{gain_text(view, seat, say)}**"
            for seat, bet in enumerate(state.bets)
        }
        someone = any(view.payouts.values())
        text = f"{podium}\n\n{seat_lines(view, say, notes)}"
        return embed(title, text, "good" if someone else "bad")


def race_command(desk: Desk) -> AnyCommand:
    """Return ``/race``."""

    @slash("race", N_("Bet on a racer; several bet on the same race."), free_text=("bet",))
    @app_commands.describe(
        bet=N_("How much: 250, 1.5k, half, all"), racer=N_("Who will win; the likelier, the less")
    )
    @app_commands.choices(racer=worded(RACER_NAMES))
    async def race(
        interaction: discord.Interaction,
        bet: str,
        racer: Literal["comet", "falcon", "stag", "hare", "snail"],
    ) -> None:
        await open_or_join(desk, interaction, "race", bet, {"value": racer})

    return race
