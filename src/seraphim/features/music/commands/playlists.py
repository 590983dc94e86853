"""``/playlist``: save, load, list, show, delete, rename, share, import, export."""

import io
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from seraphim.features.music.commands.added import added_embed
from seraphim.features.music.commands.answers import say
from seraphim.features.music.commands.caller import caller_of
from seraphim.features.music.commands.loading import Loading
from seraphim.features.music.commands.paint import FEATURE
from seraphim.features.music.commands.playlist_pages import contents_pages, list_pages
from seraphim.features.music.rules.errors import PlaylistFileUnclear
from seraphim.features.music.rules.playlists import MAX_FILE_BYTES, MAX_NAME, write_file
from seraphim.features.music.rules.text import clean, escape
from seraphim.features.music.service.playlists import Playlists, Saved
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import traits
from seraphim.surfaces.discord.components import Component, custom_id
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.layout import button, row_view
from seraphim.surfaces.discord.replies import defer, embed, reply, update

if TYPE_CHECKING:
    from seraphim.kernel.texts import Translator

type Choice = app_commands.Choice[str]
_MISSING_SHOWN = 5


class PlaylistCommands:
    """The group and what its buttons do."""

    def __init__(self, playlists: Playlists) -> None:
        self._playlists = playlists
        self._lists = list_pages(playlists)
        self._contents = contents_pages(playlists)

    def group(self) -> app_commands.Group:
        """Return the commands."""
        group = app_commands.Group(
            name="playlist",
            description=N_("Lists of songs that you keep."),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=False, private_channel=False
            ),
        )
        self._add_saving(group)
        self._add_reading(group)
        self._add_changing(group)
        self._add_files(group)
        return group

    def components(self) -> tuple[Component, ...]:
        """Return what answers to the buttons."""

        async def restore(interaction: discord.Interaction, args: tuple[str, ...]) -> None:
            playlist = await self._playlists.restore(
                caller_of(interaction), args[0] if args else ""
            )
            translate = translator_for(interaction)
            text = translate(N_("↩ “{name}” is back."), name=escape(playlist.name))
            await update(interaction, embed=embed(None, text, "good"))

        return (
            self._lists.component,
            self._contents.component,
            Component(FEATURE, "undelete", restore),
        )

    async def _suggest(self, interaction: discord.Interaction, current: str) -> list[Choice]:
        if interaction.guild_id is None:
            return []
        caller = caller_of(interaction)
        typed = current.strip().casefold()
        found = [
            app_commands.Choice(
                name=f"{clean(one.name, MAX_NAME)} · {one.count} ♪"
                + ("" if one.owner_id == caller.user_id else " · 👥"),
                value=one.playlist_id,
            )
            for one in await self._playlists.list_all(caller)
            if typed in one.name.casefold()
        ]
        return found[:25]

    def _add_saving(self, group: app_commands.Group) -> None:
        @group.command(
            name="save",
            description=N_("Keep what plays and waits as a playlist."),
            extras=dict(traits(free_text=("name",))),
        )
        @app_commands.describe(name=N_("Its name; your own list of that name is replaced"))
        async def save(
            interaction: discord.Interaction, name: app_commands.Range[str, 1, MAX_NAME]
        ) -> None:
            saved = await self._playlists.save(caller_of(interaction), name)
            translate = translator_for(interaction)
            shown = embed(None, _saved_text(saved, translate), "good")
            await reply(interaction, embed=shown, ephemeral=True)

        @group.command(name="load", description=N_("Put a playlist's songs into the queue."))
        @app_commands.describe(name=N_("One of yours, or one that is shared here"))
        @app_commands.autocomplete(name=self._suggest)
        async def load(
            interaction: discord.Interaction, name: app_commands.Range[str, 1, 100]
        ) -> None:
            _, added = await self._playlists.load(caller_of(interaction), name)
            translate = translator_for(interaction, public=True)
            await reply(interaction, embed=added_embed(added, translate))

    def _add_reading(self, group: app_commands.Group) -> None:
        @group.command(name="list", description=N_("Your playlists, and those that are shared."))
        async def list_all(interaction: discord.Interaction) -> None:
            await self._lists.send(interaction, ephemeral=True)

        @group.command(name="show", description=N_("The songs of a playlist."))
        @app_commands.describe(name=N_("One of yours, or one that is shared here"))
        @app_commands.autocomplete(name=self._suggest)
        async def show(
            interaction: discord.Interaction, name: app_commands.Range[str, 1, 100]
        ) -> None:
            playlist = await self._playlists.show(caller_of(interaction), name)
            await self._contents.send(interaction, playlist.playlist_id, ephemeral=True)

    def _add_changing(self, group: app_commands.Group) -> None:
        @group.command(name="delete", description=N_("Take a playlist away."))
        @app_commands.describe(name=N_("One of yours"))
        @app_commands.autocomplete(name=self._suggest)
        async def delete(
            interaction: discord.Interaction, name: app_commands.Range[str, 1, 100]
        ) -> None:
            caller = caller_of(interaction)
            playlist = await self._playlists.delete(caller, name)
            translate = translator_for(interaction)
            text = translate(N_("🗑 “{name}” is deleted."), name=escape(playlist.name))
            undo = button(
                translate(N_("Undo")),
                custom_id(FEATURE, "undelete", playlist.playlist_id),
                emoji="↩️",
            )
            rows = [undo] if playlist.owner_id == caller.user_id else []
            shown = embed(None, text, "good")
            await reply(interaction, embed=shown, view=row_view(rows), ephemeral=True)

        @group.command(
            name="rename",
            description=N_("Give a playlist another name."),
            extras=dict(traits(free_text=("to",))),
        )
        @app_commands.describe(name=N_("One of yours"), to=N_("Its new name"))
        @app_commands.autocomplete(name=self._suggest)
        async def rename(
            interaction: discord.Interaction,
            name: app_commands.Range[str, 1, 100],
            to: app_commands.Range[str, 1, MAX_NAME],
        ) -> None:
            now = await self._playlists.rename(caller_of(interaction), name, to)
            text = N_("✏ The playlist is called “{name}” now.")
            await say(interaction, text, ephemeral=True, name=escape(now))

        @group.command(name="share", description=N_("Let everybody here load it, or only you."))
        @app_commands.describe(name=N_("One of yours"))
        @app_commands.autocomplete(name=self._suggest)
        async def share(
            interaction: discord.Interaction, name: app_commands.Range[str, 1, 100]
        ) -> None:
            before = await self._playlists.toggle_shared(caller_of(interaction), name)
            text = N_("👥 Everybody here can load “{name}” now: /playlist load.")
            if before.is_shared:
                text = N_("🔒 Only you can load “{name}” now.")
            await say(interaction, text, ephemeral=before.is_shared, name=escape(before.name))

    def _add_files(self, group: app_commands.Group) -> None:
        @group.command(
            name="import",
            description=N_("Make a playlist of a file."),
            extras=dict(traits(private=True, free_text=("name",))),
        )
        @app_commands.describe(
            file=N_("From /playlist export, an M3U, or a text with one song or address a line"),
            name=N_("Its name; the file's own if you do not say"),
        )
        async def import_file(
            interaction: discord.Interaction,
            file: discord.Attachment,
            name: app_commands.Range[str, 1, MAX_NAME] | None = None,
        ) -> None:
            if file.size > MAX_FILE_BYTES:
                raise PlaylistFileUnclear
            await defer(interaction, ephemeral=True)
            content = await file.read()
            loading = Loading(interaction, ephemeral=True)
            try:
                saved = await self._playlists.import_file(
                    caller_of(interaction), content, name, loading
                )
            except BaseException:
                await loading.settle()
                raise
            is_whole = not (saved.missing or saved.not_searched or saved.truncated)
            text = _saved_text(saved, translator_for(interaction))
            await loading.finish(embed(None, text, "good" if is_whole else "warn"))

        @group.command(name="export", description=N_("Get a playlist as a file."))
        @app_commands.describe(name=N_("One of yours, or one that is shared here"))
        @app_commands.autocomplete(name=self._suggest)
        async def export(
            interaction: discord.Interaction, name: app_commands.Range[str, 1, 100]
        ) -> None:
            playlist = await self._playlists.show(caller_of(interaction), name)
            file_name = "".join(c if c.isalnum() else "-" for c in playlist.name) or "playlist"
            file = discord.File(io.BytesIO(write_file(playlist)), f"{file_name}.json")
            translate = translator_for(interaction)
            text = N_("📄 “{name}” as a file. /playlist import reads it, here or elsewhere.")
            shown = embed(None, translate(text, name=escape(playlist.name)), "good")
            await reply(interaction, embed=shown, files=[file], ephemeral=True)


def _saved_text(saved: Saved, say: "Translator") -> str:
    songs = say.plural("{n} song", "{n} songs", saved.count)
    text = N_("💾 Saved “{name}” with {songs}.")
    if saved.replaced:
        text = N_("💾 “{name}” is replaced; it holds {songs} now.")
    lines = [say(text, name=escape(saved.name), songs=songs)]
    if saved.truncated:
        longer = N_("A playlist holds {limit} songs here; these are the first.")
        lines.append(say(longer, limit=saved.limit))
    if saved.not_searched:
        left = say.plural(
            "{n} more line was not looked for: there were too many.",
            "{n} more lines were not looked for: there were too many.",
            saved.not_searched,
        )
        lines.append(left)
    if saved.missing:
        found = say.plural(
            "{n} line was not found:", "{n} lines were not found:", len(saved.missing)
        )
        lines += [found, *(f"· {escape(line, 80)}" for line in saved.missing[:_MISSING_SHOWN])]
    return "\n".join(lines)
