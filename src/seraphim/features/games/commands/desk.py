"""The desk: takes commands and clicks to the table and shows what came of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import aiohttp
import discord

from seraphim.features.games.commands.face import FEATURE, NO_VALUE, Face, Say
from seraphim.features.games.commands.screen import Screen
from seraphim.features.games.rules.errors import ClickTooLate, GameNotFound, GameOver, NotYourGame
from seraphim.features.games.rules.game import Plain
from seraphim.features.games.rules.instant import Instant
from seraphim.features.games.service.limits import highest_bet
from seraphim.features.games.service.orders import ActOrder, OpenOrder, View
from seraphim.features.games.service.settings import GamesSettings
from seraphim.features.games.service.table import Table
from seraphim.features.games.service.upkeep import Upkeep
from seraphim.features.games.store.rows import GameRow
from seraphim.kernel.clock import Clock
from seraphim.kernel.ids import ChannelId, MessageId, UserId
from seraphim.kernel.settings import GuildSettings
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.components import (
    Component,
    ComponentHandler,
    UnknownComponent,
    modal_values,
    selected,
)
from seraphim.surfaces.discord.failures import is_already_answered
from seraphim.surfaces.discord.guards import guild_id_of
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.layout import row_view
from seraphim.surfaces.discord.replies import embed, open_modal, reply, update

_BET = "bet"


@dataclass(frozen=True, slots=True)
class _Click:
    """What a custom id says, and when it arrived."""

    game_id: str
    version: int
    action: str
    value: str
    at_ms: int


class Desk:
    """What every game's command and buttons do."""

    def __init__(
        self,
        table: Table,
        screen: Screen,
        upkeep: Upkeep,
        settings: GuildSettings,
        clock: Clock,
    ) -> None:
        self._table = table
        self._screen = screen
        self._upkeep = upkeep
        self._settings = settings
        self._clock = clock

    def components(self, faces: Sequence[Face]) -> tuple[Component, ...]:
        """Return one component for the moves of each game that has any, and the two all share."""
        kinds = [face.kind for face in faces]
        moving = [kind for kind in kinds if not isinstance(self._table.rules(kind), Instant)]
        moves = tuple(Component(FEATURE, kind, self._mover()) for kind in moving)
        return (
            *moves,
            Component(FEATURE, "again", self._again),
            Component(FEATURE, "odds", self._odds),
        )

    async def open(
        self,
        interaction: discord.Interaction,
        kind: str,
        bet: str | None,
        options: Mapping[str, Plain] | None = None,
        *,
        invited: tuple[UserId, ...] = (),
    ) -> View:
        """Open a game as the answer to a command; ``bet`` as typed."""
        order = OpenOrder(
            key=str(interaction.id),
            guild_id=guild_id_of(interaction),
            channel_id=ChannelId(interaction.channel_id or 0),
            user_id=UserId(interaction.user.id),
            kind=kind,
            at_ms=self._clock.now_ms(),
            bet=bet,
            options=options or {},
            invited=invited,
        )
        view = await self._table.open(order)
        await self._answer(interaction, view)
        return view

    async def act(
        self,
        interaction: discord.Interaction,
        game_id: str,
        action: str,
        *,
        version: int | None = None,
        bet: str | None = None,
        options: Mapping[str, Plain] | None = None,
        on_message: bool = True,
        at_ms: int | None = None,
    ) -> View:
        """Make a move, and show it on the message that was clicked.

        With ``on_message=False`` the interaction did not come from the game's message (a command
        that joins a round): the message is edited, and the caller answers the interaction.
        ``at_ms`` is when the server received it, by default now.
        """
        received_ms = self._clock.now_ms() if at_ms is None else at_ms
        order = ActOrder(
            key=str(interaction.id),
            guild_id=guild_id_of(interaction),
            channel_id=ChannelId(interaction.channel_id or 0),
            user_id=UserId(interaction.user.id),
            game_id=game_id,
            action=action,
            at_ms=received_ms,
            version=version,
            bet=bet,
            options=options or {},
        )
        try:
            view = await self._table.act(order)
        except (ClickTooLate, GameOver):
            await self._catch_up(order)
            raise
        if on_message:
            await self._update(interaction, view)
        else:
            await self._upkeep.refresh(view)
        return view

    async def find_open(self, interaction: discord.Interaction, kind: str) -> GameRow | None:
        """Return the open round of the channel, for games that allow one there."""
        channel_id = ChannelId(interaction.channel_id or 0)
        return await self._table.find_open(guild_id_of(interaction), kind, channel_id)

    async def say(self, interaction: discord.Interaction, *, public: bool = False) -> Say:
        """Return the words for an answer to this interaction."""
        translate = translator_for(interaction, public=public)
        return await self._screen.say(guild_id_of(interaction), translate)

    async def _answer(self, interaction: discord.Interaction, view: View) -> None:
        say = await self.say(interaction, public=True)
        shown, buttons = await self._screen.paint(view, say)
        try:
            await reply(
                interaction,
                embed=shown.embed,
                content=shown.content,
                view=buttons,
                picture=shown.picture,
                pings=shown.pings,
            )
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            # The bet lies on the table, and some games give little time: the repair, which comes
            # once a minute, would be too late for who has twenty seconds.
            if view.game.is_open and not is_already_answered(error):
                await self._upkeep.refresh(view)
            raise
        if view.game.is_open:
            message = await interaction.original_response()
            await self._table.set_message(view.game.id, MessageId(message.id))
        self._upkeep.mark(view.game.id, view.game.version)
        await self._whisper(interaction, view)

    async def _update(self, interaction: discord.Interaction, view: View) -> None:
        say = await self.say(interaction, public=True)
        shown, buttons = await self._screen.paint(view, say)
        await update(
            interaction,
            embed=shown.embed,
            content=shown.content,
            view=buttons,
            picture=shown.picture,
        )
        self._upkeep.mark(view.game.id, view.game.version)
        await self._whisper(interaction, view)

    async def _whisper(self, interaction: discord.Interaction, view: View) -> None:
        say = await self.say(interaction)
        face = self._screen.face(view.game.kind)
        aside = await face.aside(view, UserId(interaction.user.id), say)
        if aside is not None:
            await reply(
                interaction,
                embed=aside.embed,
                content=aside.content,
                view=row_view(*aside.rows),
                picture=aside.picture,
                ephemeral=True,
            )

    async def _catch_up(self, order: ActOrder) -> None:
        """Show the game as it is, where a lost answer has left its message behind."""
        view = await self._table.look(order.guild_id, order.game_id)
        if view.game.shown_version < view.game.version:
            await self._upkeep.refresh(view)

    def _mover(self) -> ComponentHandler:
        async def move(interaction: discord.Interaction, args: tuple[str, ...]) -> None:
            at_ms = self._clock.now_ms()
            match args:
                case (game_id, version, action, value) if version.isdecimal():
                    click = _Click(game_id, int(version), action, value, at_ms)
                    await self._move(interaction, click)
                case _:
                    raise UnknownComponent

        return move

    async def _move(self, interaction: discord.Interaction, click: "_Click") -> None:
        value = click.value
        options: dict[str, Plain] = {} if value == NO_VALUE else {"value": value}
        bet: str | None = None
        if interaction.type is discord.InteractionType.modal_submit:
            typed = modal_values(interaction)
            bet = typed.pop(_BET, None)
            options |= typed
        else:
            chosen = selected(interaction)
            if chosen:
                value = chosen[0]
                options |= {"value": value, "values": list(chosen)}
            view = await self._table.look(guild_id_of(interaction), click.game_id)
            say = await self.say(interaction)
            form = self._screen.face(view.game.kind).form(view, click.action, value, say)
            if form is not None and view.game.is_open:
                await open_modal(interaction, form)
                return
        await self.act(
            interaction,
            click.game_id,
            click.action,
            version=click.version,
            bet=bet,
            options=options,
            at_ms=click.at_ms,
        )

    async def _again(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        if len(args) != 1:
            raise UnknownComponent
        view = await self._table.look(guild_id_of(interaction), args[0])
        if view.opener != interaction.user.id:
            raise NotYourGame
        opening = view.game.opening
        invited = tuple(
            seat.user_id for seat in view.seats[1 : opening.invited + 1] if seat.user_id is not None
        )
        bet = str(opening.stake) if opening.stake else None
        await self.open(interaction, view.game.kind, bet, opening.options, invited=invited)

    async def _odds(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        if len(args) != 1:
            raise UnknownComponent
        await self.show_odds(interaction, args[0])

    async def show_odds(self, interaction: discord.Interaction, kind: str) -> None:
        """Tell the member a game's rules and odds on this guild's terms.

        Raises:
            GameNotFound: There is no such game.
        """
        face = self._screen.face(kind)
        settings = await self._settings.get(guild_id_of(interaction), GamesSettings)
        say = await self.say(interaction)
        lines = list(face.odds(settings, say))
        if not lines:
            raise GameNotFound
        limits = say(
            N_("Bets here: {low} to {high}."),
            low=say.coins(min(settings.min_bet, highest_bet(settings, kind))),
            high=say.coins(highest_bet(settings, kind)),
        )
        title = f"{face.emoji} {say(face.title)}"
        shown = embed(title, "\n".join([*(f"- {line}" for line in lines), "", f"-# {limits}"]))
        await reply(interaction, embed=shown, ephemeral=True)
