"""``/gamehistory``: what a member has played, and what it adds up to."""

import discord
from discord import app_commands

from seraphim.features.games.commands.face import FEATURE, Say
from seraphim.features.games.commands.outcome import signed
from seraphim.features.games.commands.screen import Screen
from seraphim.features.games.service.history import History, HistoryPage
from seraphim.features.games.store.totals import Past
from seraphim.kernel.ids import UserId
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand, slash
from seraphim.surfaces.discord.components import Component, UnknownComponent
from seraphim.surfaces.discord.guards import guild_id_of
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.paginator import Page, Paginator
from seraphim.surfaces.discord.replies import embed


class HistoryCommands:
    """The command and its pages."""

    def __init__(self, history: History, screen: Screen) -> None:
        self._history = history
        self._screen = screen
        self._pages = Paginator(FEATURE, "history", self._page)

    def components(self) -> tuple[Component, ...]:
        """Return what the page buttons need."""
        return (self._pages.component,)

    def command(self) -> AnyCommand:
        """Return the command."""

        @slash("gamehistory", N_("Games played, newest first, and what they add up to."))
        @app_commands.describe(user=N_("Whose games; yours by default"))
        async def gamehistory(
            interaction: discord.Interaction, user: discord.User | None = None
        ) -> None:
            await self._pages.send(interaction, (user or interaction.user).id)

        return gamehistory

    async def _page(
        self, interaction: discord.Interaction, number: int, args: tuple[str, ...]
    ) -> Page:
        if not args or not args[0].isdecimal():
            raise UnknownComponent
        guild_id, user_id = guild_id_of(interaction), UserId(int(args[0]))
        found = await self._history.page(guild_id, user_id, number)
        say = await self._screen.say(guild_id, translator_for(interaction, public=True))
        lines = [_total_line(found, say), ""]
        lines += [self._line(past, say) for past in found.games]
        if not found.games:
            lines.append(say(N_("No games yet. /coinflip is a beginning.")))
        title = f"🎲 {say(N_('Games'))}"
        shown = embed(title, "\n".join([f"<@{user_id}>", *lines]))
        return Page(shown, found.number, found.pages)

    def _line(self, past: Past, say: Say) -> str:
        face = self._screen.face(past.kind)
        when = f"<t:{past.seated_ms // 1000}:R>"
        name = f"{face.emoji} {say(face.title)}"
        if past.status == "open":
            return say(N_("{name} · {stake} at stake · {when}"), name=name, when=when,
                       stake=say.coins(past.stake))  # fmt: skip
        if past.status == "released":
            return say(N_("{name} · called off · {when}"), name=name, when=when)
        return f"{name} · **{signed(past.payout - past.stake, say)}** · {when}"


def _total_line(page: HistoryPage, say: Say) -> str:
    totals = page.totals
    if totals is None:
        return say(N_("Nothing finished yet."))
    return say(
        N_("{played} finished, {won} won · {net} in all · best {best}"),
        played=f"{totals.played:,}",
        won=f"{totals.won:,}",
        net=signed(totals.net, say),
        best=signed(totals.best, say),
    )
