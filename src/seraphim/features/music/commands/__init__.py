"""The commands, buttons and listeners of music."""

from seraphim.features.music.commands.assembly import music_commands, music_components
from seraphim.features.music.commands.history import HistoryCommands
from seraphim.features.music.commands.listeners import INTENTS, listeners
from seraphim.features.music.commands.looking import queue_pages
from seraphim.features.music.commands.lyrics import DiscordBoard, LyricsCommands
from seraphim.features.music.commands.playlists import PlaylistCommands
from seraphim.features.music.commands.settings_panel import MusicPanel
from seraphim.features.music.commands.venue import DiscordVenue

__all__ = [
    "INTENTS",
    "DiscordBoard",
    "DiscordVenue",
    "HistoryCommands",
    "LyricsCommands",
    "MusicPanel",
    "PlaylistCommands",
    "listeners",
    "music_commands",
    "music_components",
    "queue_pages",
]
