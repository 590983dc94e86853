"""A game's message: painted by its face, finished with what all games share."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import aiohttp
import discord

from seraphim.features.games.commands.face import FEATURE, Face, Say, Shown
from seraphim.features.games.rules.errors import GameNotFound
from seraphim.features.games.service.orders import View
from seraphim.features.games.service.upkeep import NotShown
from seraphim.kernel.ids import GuildId, MessageId
from seraphim.kernel.telemetry import get_logger
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.components import custom_id
from seraphim.surfaces.discord.layout import (
    MAX_ROW_BUTTONS,
    MAX_ROWS,
    RowItem,
    SentView,
    button,
    row_view,
)
from seraphim.surfaces.discord.replies import post, revise

if TYPE_CHECKING:
    from seraphim.kernel.texts import Texts, Translator

_log = get_logger(__name__)
_SHOWN_HASH = 16
"""Characters of a hash in the footer; ``/fair`` shows all 64."""

type Symbol = Callable[[GuildId], Awaitable[str]]
"""Returns the sign of a guild's coins."""


class Screen:
    """Paints games, for interactions and without them.

    Args:
        client: Returns the Discord client, which is made after the features.
        texts: Translates into the guild's language.
        faces: How each kind looks.
        symbol: The guild's sign for coins.
    """

    def __init__(
        self,
        client: Callable[[], discord.Client],
        texts: "Texts",
        faces: Mapping[str, Face],
        symbol: Symbol,
    ) -> None:
        self._client = client
        self._texts = texts
        self._faces = faces
        self._symbol = symbol

    def face(self, kind: str) -> Face:
        """Return how a kind looks; raises GameNotFound."""
        face = self._faces.get(kind)
        if face is None:
            raise GameNotFound
        return face

    def kinds(self) -> Sequence[str]:
        """Return every kind of game, in the order of the catalogue."""
        return tuple(self._faces)

    async def say(self, guild_id: GuildId, translate: "Translator") -> Say:
        """Return the words of an answer."""
        return Say(translate, await self._symbol(guild_id))

    async def paint(self, view: View, say: Say) -> tuple[Shown, SentView]:
        """Return the message of a game and its buttons."""
        shown = await self.face(view.game.kind).paint(view, say)
        shown.embed.set_footer(text=_footer(view, say))
        rows = [row for row in shown.rows if row]
        shared = _shared_buttons(view, say)
        last = rows[-1] if rows else ()
        fits = bool(last) and len(last) + len(shared) <= MAX_ROW_BUTTONS
        if fits and _are_buttons(last) and not shown.apart:
            rows[-1] = [*last, *shared]
        elif len(rows) < MAX_ROWS:
            rows.append(shared)
        return shown, row_view(*rows)

    async def show(self, view: View) -> MessageId | None:
        """Edit the game's message, or send it when there is none.

        Returns the message's id, or None when the channel is gone or closed to us.

        Raises:
            NotShown: Discord cannot be reached.
        """
        game = view.game
        guild = self._client().get_guild(game.guild_id)
        locale = None if guild is None else str(guild.preferred_locale.value)
        say = await self.say(game.guild_id, self._texts.translator(locale))
        shown, buttons = await self.paint(view, say)
        channel = self._client().get_partial_messageable(game.channel_id, guild_id=game.guild_id)
        try:
            if game.message_id is not None:
                message = channel.get_partial_message(game.message_id)
                try:
                    await revise(
                        message,
                        embed=shown.embed,
                        content=shown.content,
                        view=buttons,
                        picture=shown.picture,
                    )
                except discord.NotFound:
                    if not game.is_open:
                        return None  # who deleted a finished game does not want it back
                else:
                    return game.message_id
            sent = await post(
                channel,
                embed=shown.embed,
                content=shown.content,
                view=buttons,
                picture=shown.picture,
            )
        except (discord.Forbidden, discord.NotFound) as error:
            _log.info("games.place_gone", channel_id=game.channel_id, reason=str(error))
            return None
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            raise NotShown(str(error)) from error
        except RuntimeError as error:
            # What aiohttp says when the bot is being stopped: the next start shows the game.
            if not self._client().is_closed():
                raise
            raise NotShown(str(error)) from error
        return MessageId(sent.id)


def _are_buttons(row: Sequence[RowItem]) -> bool:
    return all(isinstance(item, discord.ui.Button) for item in row)


def _footer(view: View, say: Say) -> str:
    game = view.game
    if view.server_seed is not None:
        return say(N_("Provably fair · seed revealed: /fair verify"))
    return say(
        N_("Provably fair · {hash}… · game {nonce}"),
        hash=view.server_seed_hash[:_SHOWN_HASH],
        nonce=game.nonce + 1,
    )


def _shared_buttons(view: View, say: Say) -> list[RowItem]:
    game = view.game
    odds = button(say(N_("Odds")), custom_id(FEATURE, "odds", game.kind), emoji="🎲")
    if game.is_open:
        return [odds]
    again = button(
        say(N_("Again")),
        custom_id(FEATURE, "again", game.id),
        style=discord.ButtonStyle.primary,
        emoji="🔁",
    )
    return [again, odds]
