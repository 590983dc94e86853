"""``/duel``."""

from collections.abc import Sequence

import discord
from discord import app_commands

from seraphim.features.games.commands.crowd import (
    called,
    gain_text,
    member_of,
    other_member,
    steady,
)
from seraphim.features.games.commands.desk import Desk
from seraphim.features.games.commands.face import PlainFace, Say, Shown, move_button
from seraphim.features.games.commands.pictures.duel import duel_picture
from seraphim.features.games.rules.duel import Duel, expected_value
from seraphim.features.games.service.orders import View
from seraphim.features.games.service.settings import GamesSettings
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand, slash
from seraphim.surfaces.discord.replies import embed
from seraphim.surfaces.pictures import paint

_ENDINGS = {
    "declined": N_("{other} has declined. Nobody loses anything."),
    "withdrawn": N_("{opener} has withdrawn the challenge."),
    "expired": N_("{other} did not answer in time. The bet has gone back."),
}


class DuelFace(PlainFace):
    """A challenge, and the three exchanges."""

    kind = "duel"
    title = N_("Duel")
    emoji = "⚔️"

    async def paint(self, view: View, say: Say) -> Shown:
        """Show the challenge or the fight."""
        state: Duel = view.state
        opener, other = member_of(view, 0, say), member_of(view, 1, say)
        title = f"{self.emoji} {say(self.title)}"
        if not state.ending:
            text = say(
                N_(
                    "{opener} challenges {other} for **{stake}** each.\n"
                    "The time to answer ends {until}."
                ),
                opener=opener,
                other=other,
                stake=say.coins(state.stake),
                until=f"<t:{state.until_ms // 1000}:R>",
            )
            buttons = (
                move_button(
                    steady(view),
                    "accept",
                    say(N_("Accept")),
                    style=discord.ButtonStyle.success,
                    emoji="⚔️",
                ),
                move_button(
                    steady(view), "decline", say(N_("Decline")), style=discord.ButtonStyle.danger
                ),
            )
            picture = await paint("duel.png", duel_picture((), None))
            return Shown(embed(title, text), (buttons,), picture, **called(view, 1))
        if state.ending != "fought":
            text = say(_ENDINGS[state.ending], opener=opener, other=other)
            return Shown(embed(title, text, "warn"))
        return await self._fought(view, state, title, say)

    def odds(self, settings: GamesSettings, say: Say) -> Sequence[str]:
        """Tell the rules, the fee and the expected value."""
        return (
            say(N_("Three exchanges, each a fair coin; who lands two hits wins.")),
            say(
                N_("The winner takes both bets less a fee of {percent} %."),
                percent=settings.duel_fee_percent,
            ),
            say(N_("A challenge that is not accepted in time goes back whole.")),
            say.expects(expected_value(settings.duel_fee_percent)),
        )

    async def _fought(self, view: View, state: Duel, title: str, say: Say) -> Shown:
        winner = 0 if state.winner == 0 else 1
        lines = [
            say(N_("{number}. {member} lands a hit."), number=n, member=member_of(view, seat, say))
            for n, seat in enumerate(state.hits, 1)
        ]
        lines.append(
            say(
                N_("🏆 **{winner} wins {prize}** against {loser}."),
                winner=member_of(view, winner, say),
                prize=say.coins(view.payouts.get(winner, 0)),
                loser=member_of(view, 1 - winner, say),
            )
        )
        both = " · ".join(
            f"{member_of(view, seat, say)} {gain_text(view, seat, say)}" for seat in (0, 1)
        )
        picture = await paint("duel.png", duel_picture(state.hits, winner))
        return Shown(embed(title, "\n".join([*lines, both]), "good"), picture=picture)


def duel_command(desk: Desk) -> AnyCommand:
    """Return ``/duel``."""

    @slash("duel", N_("Challenge a member: both bet, one takes it all."), free_text=("bet",))
    @app_commands.describe(
        user=N_("Whom you challenge"), bet=N_("How much each bets: 250, 1.5k, half, all")
    )
    async def duel(interaction: discord.Interaction, user: discord.User, bet: str) -> None:
        invited = other_member(interaction, user)
        await desk.open(interaction, "duel", bet, invited=(invited,))

    return duel
