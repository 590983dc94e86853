"""Tells a member how far a long list is, in the answer they are waiting for."""

import asyncio

import discord

from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.replies import defer, embed, reply, update

SHOWN_ABOVE = 50
"""Shorter lists are there before anybody could read about them."""


class Loading:
    """Edits the deferred answer while a list is loaded; call it with how far that is.

    An edit begins only when the one before has arrived, so that Discord sets the pace.

    Args:
        interaction: The command that waits.
        ephemeral: Only the member sees it, in their own language.
    """

    def __init__(self, interaction: discord.Interaction, *, ephemeral: bool = False) -> None:
        self._interaction = interaction
        self._ephemeral = ephemeral
        self._edit: asyncio.Task[None] | None = None

    def __call__(self, done: int, total: int | None) -> None:
        """Show that ``done`` tracks of ``total`` (None: nobody knows) have been loaded."""
        if max(done, total or 0) <= SHOWN_ABOVE:
            return
        if self._edit is None or self._edit.done():
            self._edit = asyncio.create_task(self._show(done, total), name="music-loading")

    async def finish(self, shown: discord.Embed) -> None:
        """Give the command's answer, in place of what was shown meanwhile."""
        if self._edit is None:
            await reply(self._interaction, embed=shown, ephemeral=self._ephemeral)
            return
        await self.settle()
        await update(self._interaction, embed=shown)

    async def settle(self) -> None:
        """Wait for the last edit, so that it does not overtake the answer."""
        if self._edit is not None:
            await asyncio.wait([self._edit])

    async def _show(self, done: int, total: int | None) -> None:
        say = translator_for(self._interaction, public=not self._ephemeral)
        text = N_("Loading the list: {done} songs so far …")
        if total is not None:
            text = N_("Loading the list: {done} of {total} songs …")
        try:
            await defer(self._interaction, ephemeral=self._ephemeral)
            await update(self._interaction, embed=embed(None, say(text, done=done, total=total)))
        except discord.HTTPException:
            return  # the answer itself will say whatever there is to say
