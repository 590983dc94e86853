"""``/rps``."""

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
from seraphim.features.games.commands.outcome import result_line, tone_of
from seraphim.features.games.commands.pictures.rps import rps_picture, rps_waiting_picture
from seraphim.features.games.rules.rps import THROWS, Rps, expected_value
from seraphim.features.games.service.orders import View
from seraphim.features.games.service.settings import GamesSettings
from seraphim.kernel.ids import UserId
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand, slash
from seraphim.surfaces.discord.layout import RowItem
from seraphim.surfaces.discord.replies import Tone, embed
from seraphim.surfaces.pictures import paint

_NAMES = {"rock": N_("Rock"), "paper": N_("Paper"), "scissors": N_("Scissors")}
_EMOJI = {"rock": "✊", "paper": "✋", "scissors": "✌️"}
_RELEASED = {
    "declined": N_("{other} has declined. Nobody loses anything."),
    "withdrawn": N_("{opener} has withdrawn. Nobody loses anything."),
    "expired": N_("{other} did not throw in time. The bet has gone back."),
}


class RpsFace(PlainFace):
    """Two fists; what is in them stays hidden until both have thrown."""

    kind = "rps"
    title = N_("Rock, paper, scissors")
    emoji = "✊"

    async def paint(self, view: View, say: Say) -> Shown:
        """Show who has thrown; what, only at the end."""
        state: Rps = view.state
        title = f"{self.emoji} {say(self.title)}"
        if state.ending == "thrown":
            return await self._thrown(view, state, title, say)
        names = {"opener": member_of(view, 0, say), "other": self._other(view, state, say)}
        if state.ending:
            return Shown(embed(title, say(_RELEASED[state.ending], **names), "warn"))
        stake = say.coins(state.stake)
        text = say(N_("{opener} against {other} for **{stake}**."), stake=stake, **names)
        until = say(N_("The time to throw ends {until}."), until=f"<t:{state.until_ms // 1000}:R>")
        ready = [
            say(N_("{member} has thrown."), member=member_of(view, seat, say))
            for seat, throw in enumerate(state.throws)
            if throw is not None
        ]
        shown = embed(title, "\n".join([text, until, *ready]))
        thrown = [throw is not None for throw in state.throws]
        picture = await paint("rps.png", rps_waiting_picture(thrown))
        to_come = {} if state.is_against_house or state.throws[1] else called(view, 1)
        return Shown(shown, (self._buttons(view, state, say),), picture, **to_come)

    def odds(self, settings: GamesSettings, say: Say) -> Sequence[str]:
        """Tell the rules and the expected value."""
        percent = settings.rps_win_percent
        return (
            say(N_("Rock beats scissors, scissors beat paper, paper beats rock.")),
            say(N_("A win pays {times} times the bet, a tie gives it back."), times=percent / 100),
            say(N_("My throw is one fair draw: no throw against it is better than another.")),
            say(N_("Between two members both throws stay hidden; one that is missing is drawn.")),
            say.expects(expected_value(percent)),
        )

    async def aside(self, view: View, user_id: UserId, say: Say) -> Shown | None:
        """Tell a member what they have thrown, while nobody else may know."""
        state: Rps = view.state
        seat = view.seat_of(user_id)
        if seat is None or state.ending or state.throws[seat.number] is None:
            return None
        throw = str(state.throws[seat.number])
        text = say(
            N_("You have thrown {throw}. Nobody sees it until both have thrown."),
            throw=f"{_EMOJI[throw]} **{say(_NAMES[throw])}**",
        )
        return Shown(embed(None, text, "good"))

    async def _thrown(self, view: View, state: Rps, title: str, say: Say) -> Shown:
        mine, theirs = str(state.throws[0]), str(state.throws[1])
        picture = await paint("rps.png", rps_picture(mine, theirs, state.winner))
        lines = [
            self._throw_line(name, throw, say, drawn=drawn and not house)
            for name, throw, drawn, house in (
                (member_of(view, 0, say), mine, state.is_drawn[0], False),
                (self._other(view, state, say), theirs, state.is_drawn[1], state.is_against_house),
            )
        ]
        if state.is_against_house:
            lines.append(result_line(view, say))
            return Shown(embed(title, "\n".join(lines), tone_of(view)), picture=picture)
        tone: Tone = "good"
        if state.winner is None:
            lines.append(
                say(N_("A tie: both get their bet of {stake} back."), stake=say.coins(state.stake))
            )
            tone = "warn"
        else:
            winner = member_of(view, state.winner, say)
            lines.append(say(N_("🏆 **{winner} wins.**"), winner=winner))
            lines.append(
                " · ".join(
                    f"{member_of(view, seat, say)} {gain_text(view, seat, say)}" for seat in (0, 1)
                )
            )
        return Shown(embed(title, "\n".join(lines), tone), picture=picture)

    def _throw_line(self, name: str, throw: str, say: Say, *, drawn: bool) -> str:
        shown = f"{_EMOJI[throw]} **{say(_NAMES[throw])}**"
        if drawn:
            return say(N_("{member}: {throw} (drawn, none came in time)"), member=name, throw=shown)
        return say(N_("{member}: {throw}"), member=name, throw=shown)

    def _buttons(self, view: View, state: Rps, say: Say) -> Sequence[RowItem]:
        throws: list[RowItem] = [
            move_button(
                steady(view),
                "throw",
                say(_NAMES[throw]),
                value=throw,
                emoji=_EMOJI[throw],
                style=discord.ButtonStyle.primary,
            )
            for throw in THROWS
        ]
        if not state.is_against_house and state.throws[1] is None:
            throws.append(
                move_button(
                    steady(view), "decline", say(N_("Decline")), style=discord.ButtonStyle.danger
                )
            )
        return throws

    def _other(self, view: View, state: Rps, say: Say) -> str:
        return say(N_("the house")) if state.is_against_house else member_of(view, 1, say)


def rps_command(desk: Desk) -> AnyCommand:
    """Return ``/rps``."""

    @slash("rps", N_("Rock, paper, scissors: against me or a member."), free_text=("bet",))
    @app_commands.describe(
        bet=N_("How much: 250, 1.5k, half, all"), user=N_("Whom you challenge; me if nobody")
    )
    async def rps(
        interaction: discord.Interaction, bet: str, user: discord.User | None = None
    ) -> None:
        invited = () if user is None else (other_member(interaction, user),)
        await desk.open(interaction, "rps", bet, invited=invited)

    return rps
