"""``/crash``."""

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
from seraphim.features.games.commands.pictures.crash import crash_picture
from seraphim.features.games.commands.pictures.rocket import boarding_picture
from seraphim.features.games.rules.crash import ONE, Crash, Rider, expected_value, height_at
from seraphim.features.games.service.orders import View
from seraphim.features.games.service.settings import GamesSettings
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand, slash
from seraphim.surfaces.discord.layout import Field, SentModal
from seraphim.surfaces.discord.replies import embed
from seraphim.surfaces.pictures import paint

_TWICE = 200
_AUTO_CHARACTERS = 8
_TRACK = 12
"""Steps of the line that the rocket climbs while it flies."""
_TRACK_TOP = 10.0
"""Where the line ends; higher rockets are simply at its top."""


class CrashFace(PlainFace):
    """The rocket: boarding, in flight, burst."""

    kind = "crash"
    title = N_("Crash")
    emoji = "🚀"

    async def paint(self, view: View, say: Say) -> Shown:
        """Show the round at the moment of its last move."""
        state: Crash = view.state
        title = f"{self.emoji} {say(self.title)}"
        if view.game.status == "released":
            told = say(N_("I was away when it should have started. Every bet has gone back."))
            return Shown(embed(title, f"{told}\n\n{seat_lines(view, say, {})}", "warn"))
        if state.ended_at is not None:
            return await self._ended(view, state, title, say)
        if not state.is_flying:
            return await self._boarding(view, state, title, say)
        height = min(height_at(view.game.moved_ms - state.starts_ms), state.burst)
        notes = {seat: self._note(rider, height, say) for seat, rider in enumerate(state.riders)}
        text = f"# {_times(height)}\n{_track(height)}\n\n{seat_lines(view, say, notes)}"
        leave = move_button(
            steady(view),
            "leave",
            say(N_("Cash out")),
            style=discord.ButtonStyle.success,
            emoji="🪂",
        )
        return Shown(embed(title, text), ((leave,),))

    def odds(self, settings: GamesSettings, say: Say) -> Sequence[str]:
        """Tell how it bursts, the published rule for a restart, and the expected value."""
        edge = settings.crash_edge_percent
        return (
            say(N_("Where the rocket bursts is drawn before anybody boards.")),
            say(
                N_("It reaches a height with a chance of {share} % divided by the height."),
                share=100 - edge,
            ),
            say(N_("A click counts from the moment it reaches me.")),
            say(N_("At 1000.00x everybody who is still on board gets off.")),
            say(N_("If I cannot start it within a minute of its time, every bet goes back.")),
            say(
                N_(
                    "If I am restarted in mid-flight, the round ends there: who got off is paid, "
                    "who had named a height that was reached is paid, and the others get their "
                    "bets back."
                )
            ),
            say.expects(expected_value(_TWICE, edge)),
        )

    def form(self, view: View, action: str, value: str, say: Say) -> SentModal | None:
        """Ask for the bet, and where to get off without a click."""
        if action != "join":
            return None
        auto = Field(
            "auto",
            say(N_("Get off by itself at")),
            placeholder=say(N_("2 or 1.75; empty: by click")),
            required=False,
            max_length=_AUTO_CHARACTERS,
        )
        return bet_form(view, say(N_("Board the rocket")), value, say, auto)

    async def _boarding(self, view: View, state: Crash, title: str, say: Say) -> Shown:
        notes = {seat: self._boarded(rider, say) for seat, rider in enumerate(state.riders)}
        text = say(N_("Board now! It starts {when}."), when=f"<t:{state.starts_ms // 1000}:R>")
        join = move_button(
            steady(view), "join", say(N_("Board")), style=discord.ButtonStyle.primary, emoji="🎟️"
        )
        picture = await paint("crash.png", boarding_picture(len(state.riders)))
        shown = embed(title, f"{text}\n\n{seat_lines(view, say, notes)}")
        return Shown(shown, ((join,),), picture)

    def _boarded(self, rider: Rider, say: Say) -> str:
        stake = say.coins(rider.stake)
        if rider.auto is None:
            return stake
        return say(N_("{stake} · off at {height}"), stake=stake, height=_times(rider.auto))

    def _note(self, rider: Rider, height: int, say: Say) -> str:
        left = rider.left
        if left is None and rider.auto is not None and rider.auto <= height:
            left = rider.auto
        if left is None:
            return self._boarded(rider, say)
        gain = say.coins(rider.stake * left // ONE)
        return say(N_("🪂 {height} · **{coins}**"), height=_times(left), coins=gain)

    async def _ended(self, view: View, state: Crash, title: str, say: Say) -> Shown:
        height = state.ended_at or ONE
        has_burst = height >= state.burst and not state.was_interrupted
        notes: dict[int, str] = {}
        for seat, rider in enumerate(state.riders):
            gain = f"**{gain_text(view, seat, say)}**"
            notes[seat] = gain if rider.left is None else f"🪂 {_times(rider.left)} · {gain}"
        if state.was_interrupted:
            head = say(
                N_("I was restarted at {height}. Who was still on board has the bet back."),
                height=_times(height),
            )
        elif has_burst:
            head = say(N_("💥 Burst at **{height}**"), height=_times(height))
        else:
            head = say(
                N_("Everybody is off at **{height}**. It would have burst at {burst}."),
                height=_times(height),
                burst=_times(state.burst),
            )
        lefts = [rider.left for rider in state.riders if rider.left is not None]
        picture = await paint(
            "crash.png", crash_picture(height, lefts, _times(height), has_burst=has_burst)
        )
        tone = "warn" if state.was_interrupted else "bad" if has_burst else "good"
        text = f"{head}\n\n{seat_lines(view, say, notes)}"
        return Shown(embed(title, text, tone), picture=picture)


def crash_command(desk: Desk) -> AnyCommand:
    """Return ``/crash``."""

    @slash(
        "crash",
        N_("Board a rocket with the others; get off before it bursts."),
        free_text=("bet", "auto"),
    )
    @app_commands.describe(
        bet=N_("How much: 250, 1.5k, half, all"),
        auto=N_("Get off by itself at this height, such as 2 or 1.75"),
    )
    async def crash(interaction: discord.Interaction, bet: str, auto: str | None = None) -> None:
        await open_or_join(desk, interaction, "crash", bet, {"auto": auto or ""})

    return crash


def _times(height: int) -> str:
    return f"{height // ONE}.{height % ONE:02d}x"


def _track(height: int) -> str:
    """Return the line below the number: the rocket on its way to ten times the bet."""
    share = min(1.0, (height / ONE - 1) / (_TRACK_TOP - 1))
    place = round(share * _TRACK)
    return "━" * place + "🚀" + "┄" * (_TRACK - place)
