"""``/lyrics``: the words of a song, in time with it or in pages."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord import app_commands

from seraphim.features.music.commands.caller import caller_of, guild_command
from seraphim.features.music.commands.paint import FEATURE
from seraphim.features.music.rules.lyrics import Sheet, Words, pages_of, whole_text
from seraphim.features.music.rules.picture import clock_time
from seraphim.features.music.rules.text import MAX_NAME, clean, escape
from seraphim.features.music.service import Music
from seraphim.features.music.service.lyrics import MAX_QUERY, Found, Lyrics
from seraphim.kernel.ids import ChannelId, GuildId, MessageId
from seraphim.kernel.telemetry import get_logger
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand
from seraphim.surfaces.discord.components import Component, UnknownComponent, custom_id, selected
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.layout import RowItem, SentView, button, option, row_view, select
from seraphim.surfaces.discord.paginator import Page, Paginator
from seraphim.surfaces.discord.replies import embed, reply, revise

if TYPE_CHECKING:
    from seraphim.kernel.texts import Texts, Translator

_log = get_logger(__name__)
_LABEL = 100
_CREDIT = N_("Words from {where}")


class LyricsCommands:
    """The command, the controller's button, the pages and the menu of what was found.

    Args:
        music: Knows what plays.
        lyrics: Finds the words and follows the song.
    """

    def __init__(self, music: Music, lyrics: Lyrics) -> None:
        self._music = music
        self._lyrics = lyrics
        self._pages = Paginator(FEATURE, "words", self._page)

    def command(self) -> AnyCommand:
        """Return the command."""

        @guild_command(
            "lyrics", N_("The words of the song, line by line as it plays."), free_text=("query",)
        )
        @app_commands.describe(query=N_("Another song: its title, its artist, or a line of it"))
        async def lyrics(
            interaction: discord.Interaction,
            query: app_commands.Range[str, 1, MAX_QUERY] | None = None,
        ) -> None:
            if query is None:
                await self._show_now(interaction)
            else:
                await self._show_found(interaction, await self._lyrics.search(query))

        return lyrics

    def components(self) -> tuple[Component, ...]:
        """Return the pages, the controller's button, the menu and the button for the whole text."""
        return (
            self._pages.component,
            Component(FEATURE, "lyrics", self._press),
            Component(FEATURE, "wholewords", self._show_whole),
            Component(FEATURE, "foundwords", self._choose),
        )

    async def _press(self, interaction: discord.Interaction, _: tuple[str, ...]) -> None:
        caller = caller_of(interaction)
        player = await self._music.look(caller.guild_id)
        current = player.queue.current
        known = (
            None if current is None else self._lyrics.message_of(caller.guild_id, current.entry_id)
        )
        if known is None:
            await self._show_now(interaction)
            return
        say = translator_for(interaction)
        where = (
            f"https://discord.com/channels/{known.guild_id}/{known.channel_id}/{known.message_id}"
        )
        text = say(N_("🎤 The words are over there already: {where}"), where=where)
        await reply(interaction, embed=embed(None, text), ephemeral=True)

    async def _show_now(self, interaction: discord.Interaction) -> None:
        caller = caller_of(interaction)
        found = await self._lyrics.of_now(await self._music.look(caller.guild_id))
        if found.sheet is None:
            await self._pages.send(interaction, found.words.identifier)
            return
        say = translator_for(interaction, public=True)
        shown, view = paint_sheet(found.sheet, found.words.identifier, say)
        await reply(interaction, embed=shown, view=view)
        await self._follow(interaction, caller.guild_id, found)

    async def _follow(
        self, interaction: discord.Interaction, guild_id: GuildId, found: Found
    ) -> None:
        sent = await interaction.original_response()
        channel_id, message_id = ChannelId(sent.channel.id), MessageId(sent.id)
        await self._lyrics.follow(guild_id, channel_id, message_id, found)

    async def _show_found(self, interaction: discord.Interaction, found: Sequence[Words]) -> None:
        say = translator_for(interaction, public=True)
        page = _page_of(found[0], 1, say)
        rows = [] if len(found) == 1 else [[_menu(found, say)]]
        view = self._pages.view(
            Page(page.embed, page.number, page.pages, rows), 0, found[0].identifier
        )
        await reply(interaction, embed=page.embed, view=view)

    async def _choose(self, interaction: discord.Interaction, _: tuple[str, ...]) -> None:
        chosen = selected(interaction)
        if not chosen:
            raise UnknownComponent
        await self._pages.show(interaction, chosen[0])

    async def _show_whole(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        if not args:
            raise UnknownComponent
        await self._pages.send(interaction, args[0], ephemeral=True)

    async def _page(
        self, interaction: discord.Interaction, number: int, args: tuple[str, ...]
    ) -> Page:
        if not args:
            raise UnknownComponent
        words = await self._lyrics.get(args[0])
        page = _page_of(words, number, translator_for(interaction, public=True))
        return Page(page.embed, page.number, page.pages, _menu_of(interaction.message))


class DiscordBoard:
    """Implements :class:`LyricsBoard` on a client that is made after this object.

    Args:
        client: Returns the client; called at each use.
        texts: Translates into the guild's language.
    """

    def __init__(self, client: Callable[[], discord.Client], texts: "Texts") -> None:
        self._client = client
        self._texts = texts

    async def show(
        self,
        guild_id: GuildId,
        channel_id: ChannelId,
        message_id: MessageId,
        sheet: Sheet,
        words_id: str,
    ) -> bool:
        """Edit the message; False when it is gone or may not be edited any more."""
        client = self._client()
        guild = client.get_guild(guild_id)
        locale = None if guild is None else str(guild.preferred_locale.value)
        shown, view = paint_sheet(sheet, words_id, self._texts.translator(locale))
        channel = client.get_partial_messageable(channel_id, guild_id=guild_id)
        try:
            await revise(channel.get_partial_message(message_id), embed=shown, view=view)
        except (discord.NotFound, discord.Forbidden) as error:
            _log.info("music.lyrics_gone", channel_id=channel_id, reason=str(error))
            return False
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _log.warning("music.lyrics_not_shown", channel_id=channel_id, reason=str(error))
        return True


def paint_sheet(sheet: Sheet, words_id: str, say: "Translator") -> tuple[discord.Embed, SentView]:
    """Return the message that shows the words in time: the line of now stands out."""
    lines = [f"-# {line}" for line in sheet.before]
    if sheet.now is not None:
        lines.append(f"### {sheet.now}")
    lines.extend(sheet.after)
    shown = embed(f"🎤 {sheet.title}", "\n".join(lines) or "♪")
    if sheet.artist:
        shown.set_author(name=sheet.artist)
    footer = {
        "live": _CREDIT,
        "over": N_("The song is over. Words from {where}"),
        "let_go": N_("I no longer follow the song here. Words from {where}"),
    }[sheet.stage]
    shown.set_footer(text=say(footer, where=sheet.credit))
    whole = button(say(N_("All the words")), custom_id(FEATURE, "wholewords", words_id), emoji="📄")
    return shown, row_view([whole])


def _page_of(words: Words, number: int, say: "Translator") -> Page:
    text = whole_text(words)
    pages = pages_of(text) if text else [say(N_("🎻 An instrumental: nobody sings."))]
    number = min(max(1, number), len(pages))
    shown = embed(f"🎤 {escape(words.title)}", pages[number - 1])
    if words.artist:
        shown.set_author(name=clean(words.artist, MAX_NAME))
    shown.set_footer(text=say(_CREDIT, where=words.credit))
    return Page(shown, number, len(pages))


def _menu_of(message: discord.Message | None) -> list[list[RowItem]]:
    """Return the menu of other songs that the message has already: it stays while pages turn."""
    target = custom_id(FEATURE, "foundwords")
    for row in [] if message is None else message.components:
        for part in row.children if isinstance(row, discord.ActionRow) else ():
            if isinstance(part, discord.SelectMenu) and part.custom_id == target:
                return [[select(target, part.options, placeholder=part.placeholder)]]
    return []


def _menu(found: Sequence[Words], say: "Translator") -> discord.ui.Select[SentView]:
    options = [
        option(
            clean(words.title, _LABEL) or "♪",
            words.identifier,
            description=clean(
                " · ".join(
                    part
                    for part in (
                        words.artist or "",
                        words.album or "",
                        "" if words.duration_ms is None else clock_time(words.duration_ms),
                    )
                    if part
                ),
                _LABEL,
            ),
        )
        for words in found
    ]
    return select(custom_id(FEATURE, "foundwords"), options, placeholder=say(N_("Another song")))
