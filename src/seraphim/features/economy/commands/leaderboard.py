"""``/leaderboard``: who is first, and where you are."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from seraphim.features.economy.commands.words import FEATURE, SettingsOf, signed
from seraphim.features.economy.rules.amounts import format_coins
from seraphim.features.economy.service.leaderboard import Leaderboard
from seraphim.kernel.ids import GuildId, UserId
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand, slash
from seraphim.surfaces.discord.components import Component, UnknownComponent, custom_id
from seraphim.surfaces.discord.guards import guild_id_of
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.layout import RowItem, button
from seraphim.surfaces.discord.paginator import Page, Paginator
from seraphim.surfaces.discord.replies import embed

if TYPE_CHECKING:
    from seraphim.kernel.texts import Translator

_MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}
_TITLES = {
    "coins": N_("🏆 The richest"),
    "games": N_("🎲 The luckiest at the games"),
}
_LABELS = {"coins": ("🪙", N_("Coins")), "games": ("🎲", N_("Games"))}


class LeaderboardCommands:
    """The command, its pages, and the buttons that lead to the other board."""

    def __init__(
        self, board: Leaderboard, settings: SettingsOf, boards: Sequence[str] = ("coins",)
    ) -> None:
        self._board = board
        self._settings = settings
        self._boards = tuple(boards)
        self._pages = Paginator(FEATURE, "leaderboard", self._page)

    def components(self) -> tuple[Component, ...]:
        """Return what the buttons need; a single board has none to switch to."""
        if len(self._boards) == 1:
            return (self._pages.component,)
        return self._pages.component, Component(FEATURE, "board", self._switch)

    def command(self) -> AnyCommand:
        """Return the command."""
        first = self._boards[0]

        @slash("leaderboard", N_("Who is first on this server, and where you are."))
        @app_commands.describe(board=N_("What counts"), page=N_("The page, ten members each"))
        @app_commands.choices(
            board=[app_commands.Choice(name=_LABELS[name][1], value=name) for name in self._boards]
        )
        async def leaderboard(
            interaction: discord.Interaction,
            board: str = first,
            page: app_commands.Range[int, 1, 100] = 1,
        ) -> None:
            await self._pages.send(interaction, board, page=page)

        return leaderboard

    async def _switch(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        await self._pages.show(interaction, *args)

    async def _page(
        self, interaction: discord.Interaction, number: int, args: tuple[str, ...]
    ) -> Page:
        if len(args) != 1 or args[0] not in self._boards:
            raise UnknownComponent
        name = args[0]
        guild_id, user_id = guild_id_of(interaction), UserId(interaction.user.id)
        say = translator_for(interaction, public=True)
        paint = self._games if name == "games" else self._coins
        lines, own, page, pages = await paint(guild_id, user_id, number, say)
        if not lines:
            lines = [say(N_("Nobody is here yet. You could be the first."))]
        shown = embed(say(_TITLES[name]), "\n".join(lines))
        if own:
            shown.add_field(name=say(N_("You")), value=own, inline=False)
        return Page(shown, page, pages, (self._switches(name, say),))

    async def _coins(
        self, guild_id: GuildId, user_id: UserId, number: int, say: "Translator"
    ) -> tuple[list[str], str, int, int]:
        del say
        words = await self._settings(guild_id)
        found = await self._board.coins(guild_id, user_id, number)
        lines = [
            _line(one.position, one.user_id, format_coins(one.balance, words), user_id)
            for one in found.lines
        ]
        own = found.own
        mine = f"#{own.position:,} · {format_coins(own.balance, words)}" if own else ""
        return lines, mine, found.page, found.pages

    async def _games(
        self, guild_id: GuildId, user_id: UserId, number: int, say: "Translator"
    ) -> tuple[list[str], str, int, int]:
        words = await self._settings(guild_id)
        found = await self._board.games(guild_id, user_id, number)

        def figures(won: int, played: int, net: int) -> str:
            wins = say.plural("{n} win", "{n} wins", won)
            return f"{wins} / {played:,} · {signed(net, words)}"

        lines = [
            _line(one.position, one.user_id, figures(one.won, one.played, one.net_coins), user_id)
            for one in found.lines
        ]
        own = found.own
        mine = f"#{own.position:,} · {figures(own.won, own.played, own.net_coins)}" if own else ""
        return lines, mine, found.page, found.pages

    def _switches(self, shown: str, say: "Translator") -> Sequence[RowItem]:
        if len(self._boards) == 1:
            return ()
        return tuple(
            button(
                say(_LABELS[name][1]),
                custom_id(FEATURE, "board", name),
                emoji=_LABELS[name][0],
                disabled=name == shown,
            )
            for name in self._boards
        )


def _line(position: int, user_id: UserId, figures: str, reader_id: UserId) -> str:
    place = _MEDALS.get(position) or f"`#{position:,}`"
    mark = " ◂" if user_id == reader_id else ""
    return f"{place} <@{user_id}> — **{figures}**{mark}"
