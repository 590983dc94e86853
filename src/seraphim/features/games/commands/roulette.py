"""``/roulette``: a table in the channel."""

from collections.abc import Sequence
from fractions import Fraction

import discord
from discord import app_commands

from seraphim.features.games.commands.crowd import steady
from seraphim.features.games.commands.desk import Desk
from seraphim.features.games.commands.face import PlainFace, Say, Shown, move_button, move_id
from seraphim.features.games.commands.outcome import signed
from seraphim.features.games.commands.pictures.roulette import roulette_picture
from seraphim.features.games.rules.errors import RoundOpen
from seraphim.features.games.rules.roulette import (
    POCKETS,
    SPACES,
    Roulette,
    colour_of,
    expected_value,
    pays,
    space_of,
)
from seraphim.features.games.service.orders import View
from seraphim.features.games.service.settings import GamesSettings
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand, slash
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.layout import Field, RowItem, SentModal, modal, option, select
from seraphim.surfaces.discord.replies import embed, reply
from seraphim.surfaces.pictures import paint

_NAMES = {
    "red": N_("red"),
    "black": N_("black"),
    "odd": N_("odd"),
    "even": N_("even"),
    "low": N_("1 to 18"),
    "high": N_("19 to 36"),
    "dozen1": N_("first dozen"),
    "dozen2": N_("second dozen"),
    "dozen3": N_("third dozen"),
    "column1": N_("first column"),
    "column2": N_("second column"),
    "column3": N_("third column"),
}
_COLOURS = {"red": "🔴", "black": "⚫", "green": "🟢"}
_COLOUR_NAMES = {"red": N_("red"), "black": N_("black"), "green": N_("zero")}
_LINES = 15
_MAX_CHOICES = 25


class RouletteFace(PlainFace):
    """The table with everybody's bets, and the wheel."""

    kind = "roulette"
    title = N_("Roulette")
    emoji = "🎡"

    async def paint(self, view: View, say: Say) -> Shown:
        """Show the table."""
        state: Roulette = view.state
        chips: dict[str, list[int]] = {}
        for chip in state.chips:
            chips.setdefault(chip.space, []).append(chip.seat)
        picture = await paint("roulette.png", roulette_picture(chips, state.pocket))
        title = f"{self.emoji} {say(self.title)}"
        if state.pocket is None:
            when = f"<t:{state.spins_ms // 1000}:R>"
            lines = [say(N_("Place your bets. The wheel turns {when}."), when=when)]
            shown = embed(title, "\n".join([*lines, *_bets(view, say)]))
            return Shown(shown, self._rows(view, say), picture)
        colour = colour_of(state.pocket)
        fell = say(
            N_("{mark} The ball lies in **{pocket}** ({colour})."),
            mark=_COLOURS[colour],
            pocket=state.pocket,
            colour=say(_COLOUR_NAMES[colour]),
        )
        tone = "good" if sum(view.payouts.values()) > sum(view.stakes.values()) else "info"
        shown = embed(title, "\n".join([fell, *_results(view, say)]), tone)
        return Shown(shown, picture=picture)

    def value(self, settings: GamesSettings) -> Fraction | None:
        """Return what a bet is worth on average."""
        del settings
        return expected_value("red")

    def odds(self, settings: GamesSettings, say: Say) -> Sequence[str]:
        """Tell what each kind of space pays."""
        rows = (
            (N_("a number"), "17"),
            (N_("a dozen or column"), "dozen1"),
            (N_("red, black, odd, even or a half"), "red"),
        )
        lines = [
            say(
                N_("**{space}**: {ways} in {pockets}, pays {times} times the bet"),
                space=say(name),
                ways=len(SPACES[space]),
                pockets=POCKETS,
                times=pays(space),
            )
            for name, space in rows
        ]
        turns = say(
            N_("The wheel turns {seconds} seconds after the first bet, or when its owner says so."),
            seconds=settings.roulette_open_seconds,
        )
        return (*lines, turns, say.expects(expected_value("red")))

    def form(self, view: View, action: str, value: str, say: Say) -> SentModal | None:
        """Ask for the amount, and for the number where none was chosen."""
        view = steady(view)
        amount = Field("bet", say(N_("Your bet")), placeholder="250, 1.5k, half", max_length=20)
        if action == "number":
            number = Field("space", say(N_("Number from 0 to 36")), max_length=2)
            return modal(move_id(view, "bet"), say(N_("Bet on a number")), number, amount)
        if action == "space" and value in SPACES:
            title = say(N_("Bet on {space}"), space=name_of(value, say))
            return modal(move_id(view, "bet", value), title, amount)
        return None

    def _rows(self, shown: View, say: Say) -> Sequence[Sequence[RowItem]]:
        view = steady(shown)
        options = [option(say(name), space) for space, name in _NAMES.items() if space in _REST]
        menu = select(
            move_id(view, "space", "menu"), options, placeholder=say(N_("Bet on another space"))
        )
        quick = [
            move_button(view, "space", say(_NAMES[space]), value=space, emoji=_COLOURS.get(space))
            for space in ("red", "black")
        ]
        quick.append(move_button(view, "number", say(N_("Number")), emoji="🔢"))
        quick.append(
            move_button(view, "spin", say(N_("Turn the wheel")), style=discord.ButtonStyle.success)
        )
        return (quick, (menu,))


_REST = [space for space in _NAMES if space not in {"red", "black"}]


def name_of(space: str, say: Say) -> str:
    """Return a space as a person calls it."""
    name = _NAMES.get(space)
    return space if name is None else say(name)


def roulette_command(desk: Desk) -> AnyCommand:
    """Return ``/roulette``."""

    @slash("roulette", N_("Bet on the wheel; several bets, one spin."), free_text=("bet",))
    @app_commands.describe(
        bet=N_("How much: 250, 1.5k, half, all"),
        space=N_("A number from 0 to 36, a colour, odd, even, a half, dozen or column"),
    )
    async def roulette(interaction: discord.Interaction, bet: str, space: str) -> None:
        chosen = space_of(space)
        try:
            await desk.open(interaction, "roulette", bet, {"space": chosen})
        except RoundOpen:
            found = await desk.find_open(interaction, "roulette")
            if found is None:
                raise
        else:
            return
        options = {"value": chosen}
        await desk.act(interaction, found.id, "bet", bet=bet, options=options, on_message=False)
        say = await desk.say(interaction)
        placed = say(N_("Your bet on {space} is on the table."), space=name_of(chosen, say))
        await reply(interaction, embed=embed(None, placed, "good"), ephemeral=True)

    @roulette.autocomplete("space")
    async def spaces(
        interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        translate = translator_for(interaction)
        known = [(translate(name), space) for space, name in _NAMES.items()]
        known += [(str(number), str(number)) for number in range(POCKETS)]
        wanted = typed.strip().casefold()
        found = [
            app_commands.Choice(name=name, value=space)
            for name, space in known
            if wanted in name.casefold() or wanted == space
        ]
        return found[:_MAX_CHOICES]

    del spaces
    return roulette


def _bets(view: View, say: Say) -> list[str]:
    state: Roulette = view.state
    lines = [
        f"<@{view.member(chip.seat) or 0}>: {say.coins(chip.coins)} · {name_of(chip.space, say)}"
        for chip in state.chips[-_LINES:]
    ]
    more = len(state.chips) - _LINES
    if more > 0:
        lines.insert(0, say(N_("… and {more} earlier bets"), more=more))
    return lines


def _results(view: View, say: Say) -> list[str]:
    lines: list[str] = []
    for seat in sorted(view.seats, key=lambda one: one.stake - one.payout)[:_LINES]:
        gain = signed(seat.payout - seat.stake, say)
        put = say(N_("put in {stake}"), stake=say.coins(seat.stake))
        lines.append(f"<@{seat.user_id or 0}>: **{gain}** ({put})")
    return lines
