"""Every command and component of music, in the order in which help shows them."""

from seraphim.features.music.commands.arranging import arranging_commands, undo_button
from seraphim.features.music.commands.buttons import buttons
from seraphim.features.music.commands.control import control_commands
from seraphim.features.music.commands.filters import filter_commands, filter_components
from seraphim.features.music.commands.grab import grab_command
from seraphim.features.music.commands.history import HistoryCommands
from seraphim.features.music.commands.looking import looking_commands
from seraphim.features.music.commands.lyrics import LyricsCommands
from seraphim.features.music.commands.modes import mode_commands
from seraphim.features.music.commands.play import play_commands, play_this
from seraphim.features.music.commands.playlists import PlaylistCommands
from seraphim.features.music.commands.search import search_command, search_menu
from seraphim.features.music.commands.seeking import seeking_commands
from seraphim.features.music.commands.settings_panel import MusicPanel
from seraphim.features.music.commands.voting import skip_commands, vote_button
from seraphim.features.music.service import MusicParts
from seraphim.surfaces.discord.commands import Registered
from seraphim.surfaces.discord.components import Component
from seraphim.surfaces.discord.paginator import Paginator


def music_commands(
    parts: MusicParts,
    pages: Paginator,
    playlists: PlaylistCommands,
    history: HistoryCommands,
    panel: MusicPanel,
    lyrics: LyricsCommands,
) -> tuple[Registered, ...]:
    """Return the commands and context menus."""
    return (
        *play_commands(parts.music),
        search_command(parts.music),
        play_this(parts.music),
        *control_commands(parts),
        *skip_commands(parts.voting),
        *seeking_commands(parts.steering),
        *mode_commands(parts.steering),
        *filter_commands(parts),
        *arranging_commands(parts),
        *looking_commands(parts.music, pages),
        lyrics.command(),
        history.command(),
        grab_command(parts.music),
        playlists.group(),
        panel.command(),
    )


def music_components(
    parts: MusicParts,
    pages: Paginator,
    playlists: PlaylistCommands,
    history: HistoryCommands,
    panel: MusicPanel,
    lyrics: LyricsCommands,
) -> tuple[Component, ...]:
    """Return what answers to buttons, menus and forms."""
    return (
        *buttons(parts, pages),
        search_menu(parts.music),
        vote_button(parts.voting),
        undo_button(parts.arranging),
        *filter_components(parts),
        *playlists.components(),
        *history.components(),
        *panel.components(),
        *lyrics.components(),
    )
