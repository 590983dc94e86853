"""What a game looks like: the one thing each game says for itself on Discord."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

import discord

from seraphim.features.economy.public import format_number
from seraphim.features.games.service.orders import View
from seraphim.features.games.service.settings import GamesSettings
from seraphim.kernel.ids import UserId
from seraphim.kernel.marks import N_
from seraphim.surfaces.discord.components import custom_id
from seraphim.surfaces.discord.layout import RowItem, SentModal, SentView, button
from seraphim.surfaces.pictures import Picture

if TYPE_CHECKING:
    from discord import ui

    from seraphim.kernel.texts import Translator

FEATURE = "games"
NO_VALUE = "-"


@dataclass(frozen=True, slots=True)
class Say:
    """The words of one answer: a language and the guild's coins."""

    translate: "Translator"
    symbol: str

    def __call__(self, message: str, **parameters: object) -> str:
        """Return a text translated and filled in."""
        return self.translate(message, **parameters)

    def coins(self, amount: int) -> str:
        """Return ``1,250 ✨``."""
        return f"{format_number(amount)} {self.symbol}"

    def expects(self, value: Fraction) -> str:
        """Return the line about what a bet is worth on average: ``-0.025`` is 2.5 % lost."""
        percent = f"{float(value) * 100:+.2f}"
        return self(N_("On average a bet of 100 changes by {percent}."), percent=percent)


@dataclass(frozen=True, slots=True)
class Shown:
    """A game's message."""

    embed: discord.Embed
    rows: Sequence[Sequence[RowItem]] = ()
    picture: Picture | None = None
    content: str | None = None
    pings: Sequence[UserId] = ()
    """Who is told when the message is sent for the first time; ``content`` mentions them."""
    apart: bool = False
    """Whether "Again" and "Odds" get a row of their own in any case."""


class Face(Protocol):
    """How one kind of game is painted."""

    kind: str
    title: str
    """A message id, such as ``N_("Coinflip")``."""
    emoji: str

    async def paint(self, view: View, say: Say) -> Shown:
        """Return the game's message. The desk adds footer, "Again" and "Odds"."""
        ...

    def odds(self, settings: GamesSettings, say: Say) -> Sequence[str]:
        """Return the rules, what it pays and the expected value on this guild's terms, in lines."""
        ...

    def value(self, settings: GamesSettings) -> Fraction | None:
        """Return what a bet is worth on average on these terms; None where it depends on play."""
        ...

    def form(self, view: View, action: str, value: str, say: Say) -> SentModal | None:
        """Return a form that a button opens before anything happens; None for other buttons.

        Its custom id is :func:`move_id`; a field named ``bet`` is read as an amount of coins.
        """
        ...

    async def aside(self, view: View, user_id: UserId, say: Say) -> Shown | None:
        """Return what only the member who has just moved sees besides the message."""
        ...


class PlainFace:
    """What most games do not need."""

    def value(self, settings: GamesSettings) -> Fraction | None:
        """It depends on how the members play."""
        del settings
        return None

    def form(self, view: View, action: str, value: str, say: Say) -> SentModal | None:
        """No button asks anything."""
        del view, action, value, say
        return None

    async def aside(self, view: View, user_id: UserId, say: Say) -> Shown | None:
        """Nothing is secret."""
        del view, user_id, say
        return None


def move_id(view: View, action: str, value: str | int = NO_VALUE) -> str:
    """Return the custom id of a move: ``games:<kind>:<game>:<version>:<action>:<value>``."""
    game = view.game
    return custom_id(FEATURE, game.kind, game.id, game.version, action, value)


def move_button(
    view: View,
    action: str,
    label: str | None,
    *,
    value: str | int = NO_VALUE,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    emoji: str | None = None,
    disabled: bool = False,
) -> "ui.Button[SentView]":
    """Return a button that makes a move; ``value`` arrives in the move's options as ``value``."""
    return button(label, move_id(view, action, value), style=style, emoji=emoji, disabled=disabled)
