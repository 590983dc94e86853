"""Pages without memory: the page number and the owner travel in the buttons' custom ids."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import discord

from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.components import Component, UnknownComponent, custom_id
from seraphim.surfaces.discord.layout import RowItem, SentView, button, row_view
from seraphim.surfaces.discord.replies import reply, update

_ANYBODY = "0"


class NotYourPages(SeraphimError):
    """Somebody else turned these pages up and wants to read them in peace."""

    code = "pages.not_yours"
    http_status = 403
    message = N_("Only the person who asked can turn these pages. Run the command yourself.")


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it is to be shown."""

    embed: discord.Embed
    number: int
    """From 1; the renderer clamps it to what exists by now."""
    pages: int
    """How many there are by now, at least 1."""
    rows: Sequence[Sequence[RowItem]] = ()
    """Further rows below the page buttons."""


type Render = Callable[[discord.Interaction, int, tuple[str, ...]], Awaitable[Page]]


class Paginator:
    """First, previous, next and last page of something that is rendered anew at every turn.

    Args:
        feature: The feature's name, first part of the custom ids.
        action: Second part; the :attr:`component` answers to it.
        render: Gets the interaction, the wanted page from 1, and the arguments given to
            :meth:`send`; returns the page, clamped to what exists.
        owner_only: Only the member who ran the command may turn the pages.
    """

    def __init__(
        self, feature: str, action: str, render: Render, *, owner_only: bool = False
    ) -> None:
        self._feature = feature
        self._action = action
        self._render = render
        self._owner_only = owner_only
        self.component = Component(feature, action, self._turn)

    async def send(
        self,
        interaction: discord.Interaction,
        *args: str | int,
        page: int = 1,
        ephemeral: bool = False,
    ) -> None:
        """Answer the interaction with a page; ``args`` come back to the renderer at every turn."""
        texts = tuple(str(arg) for arg in args)
        shown = await self._render(interaction, page, texts)
        view = self.view(shown, interaction.user.id, *texts)
        await reply(interaction, embed=shown.embed, view=view, ephemeral=ephemeral)

    async def show(self, interaction: discord.Interaction, *args: str | int, page: int = 1) -> None:
        """Turn the message the pressed component sits on into a page."""
        texts = tuple(str(arg) for arg in args)
        shown = await self._render(interaction, page, texts)
        view = self.view(shown, interaction.user.id, *texts)
        await update(interaction, embed=shown.embed, view=view)

    def view(self, page: Page, owner_id: int, *args: str) -> SentView:
        """Return the buttons of a page; a single page has none."""
        owner = str(owner_id) if self._owner_only else _ANYBODY
        return row_view(self._buttons(page, owner, args) if page.pages > 1 else (), *page.rows)

    def _buttons(self, page: Page, owner: str, args: tuple[str, ...]) -> Sequence[RowItem]:
        at_start, at_end = page.number <= 1, page.number >= page.pages
        # The position ("f", "p" ...) keeps the four custom ids distinct where two lead to one page.
        turns = (
            ("f", "⏮️", 1, at_start),
            ("p", "◀️", page.number - 1, at_start),
            ("n", "▶️", page.number + 1, at_end),
            ("l", "⏭️", page.pages, at_end),
        )
        buttons = [
            button(
                None,
                custom_id(self._feature, self._action, turn, owner, number, *args),
                emoji=emoji,
                disabled=disabled,
            )
            for turn, emoji, number, disabled in turns
        ]
        count = custom_id(self._feature, self._action, "c", owner, page.number, *args)
        buttons.insert(2, button(f"{page.number} / {page.pages}", count, disabled=True))
        return buttons

    async def _turn(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        match args:
            case (_, owner, number, *rest) if number.lstrip("-").isdecimal():
                if owner not in {_ANYBODY, str(interaction.user.id)}:
                    raise NotYourPages
                shown = await self._render(interaction, int(number), tuple(rest))
                owner_id = int(owner) if self._owner_only else 0
                view = self.view(shown, owner_id, *rest)
                await update(interaction, embed=shown.embed, view=view)
            case _:
                raise UnknownComponent
