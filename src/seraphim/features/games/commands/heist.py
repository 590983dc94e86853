"""``/heist``."""

from collections.abc import Sequence

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
from seraphim.features.games.commands.pictures.heist import heist_picture
from seraphim.features.games.rules.heist import (
    EACH_MORE_PERCENT,
    ESCAPE_PERCENT,
    MOST_PERCENT,
    Heist,
    chance_percent,
    expected_value,
    loot_of,
)
from seraphim.features.games.service.orders import View
from seraphim.features.games.service.settings import GamesSettings
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand, slash
from seraphim.surfaces.discord.layout import SentModal
from seraphim.surfaces.discord.replies import Tone, embed
from seraphim.surfaces.pictures import paint

_ENDINGS: dict[str, tuple[str, Tone]] = {
    "loot": (N_("The vault is open and everybody is out: **{loot}** to share."), "good"),
    "escaped": (N_("An alarm! The crew drops everything and gets away with its tools."), "warn"),
    "caught": (N_("The lights go on. Everybody is caught, and the tools are gone."), "bad"),
}


class HeistFace(PlainFace):
    """A crew before the vault."""

    kind = "heist"
    title = N_("Heist")
    emoji = "🏦"

    async def paint(self, view: View, say: Say) -> Shown:
        """Show the crew, then what came of it."""
        state: Heist = view.state
        title = f"{self.emoji} {say(self.title)}"
        picture = await paint("heist.png", heist_picture(state.ending, len(state.stakes)))
        if not state.ending:
            return self._gathering(view, state, title, say, Shown(embed(), picture=picture))
        text, tone = _ENDINGS[state.ending]
        told = say(text, loot=say.coins(sum(view.payouts.values())))
        notes = {seat.number: f"**{gain_text(view, seat.number, say)}**" for seat in view.seats}
        drawn = say(
            N_("Drawn: {drawn} of 0 to 99; below {chance} opens the vault."),
            drawn=state.drawn,
            chance=chance_percent(len(state.stakes)),
        )
        text = f"{told}\n\n{seat_lines(view, say, notes)}\n-# {drawn}"
        return Shown(embed(title, text, tone), picture=picture)

    def odds(self, settings: GamesSettings, say: Say) -> Sequence[str]:
        """Tell the chances by crew and the expected value."""
        returned = settings.heist_return_percent
        crews = [
            say(
                N_("Crew of {crew}: {chance} % get the loot, {times} times each bet."),
                crew=crew,
                chance=chance_percent(crew),
                times=f"{float(loot_of(crew, returned)):.2f}",
            )
            for crew in (1, 2, 3, 4, 6)
        ]
        return (
            *crews,
            say(
                N_("Each member more adds {more} %, up to {most} %."),
                more=EACH_MORE_PERCENT,
                most=MOST_PERCENT,
            ),
            say(N_("In {percent} % the crew escapes with its bets."), percent=ESCAPE_PERCENT),
            say(N_("The loot is shared by what each has put in.")),
            say.expects(expected_value(1, returned)),
        )

    def form(self, view: View, action: str, value: str, say: Say) -> SentModal | None:
        """Ask for the bet of who joins."""
        if action != "join":
            return None
        return bet_form(view, say(N_("Join the heist")), value, say)

    def _gathering(self, view: View, state: Heist, title: str, say: Say, base: Shown) -> Shown:
        notes = {seat.number: say.coins(seat.stake) for seat in view.seats}
        text = say(
            N_("A crew gathers. The heist begins {when}, with a chance of **{chance} %**."),
            when=f"<t:{state.starts_ms // 1000}:R>",
            chance=chance_percent(len(state.stakes)),
        )
        join = move_button(
            steady(view), "join", say(N_("Join")), style=discord.ButtonStyle.success, emoji="🧰"
        )
        shown = embed(title, f"{text}\n\n{seat_lines(view, say, notes)}")
        return Shown(shown, ((join,),), base.picture)


def heist_command(desk: Desk) -> AnyCommand:
    """Return ``/heist``."""

    @slash("heist", N_("Gather a crew, or join one, and go for the vault."), free_text=("bet",))
    @app_commands.describe(bet=N_("How much: 250, 1.5k, half, all"))
    async def heist(interaction: discord.Interaction, bet: str) -> None:
        await open_or_join(desk, interaction, "heist", bet, {})

    return heist
