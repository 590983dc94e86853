"""The commands, buttons and listeners of music."""

from seraphim.features.music.commands.buttons import buttons
from seraphim.features.music.commands.control import control_commands
from seraphim.features.music.commands.listeners import INTENTS, listeners
from seraphim.features.music.commands.looking import looking_commands, queue_pages
from seraphim.features.music.commands.play import play_command
from seraphim.features.music.commands.venue import DiscordVenue

__all__ = [
    "INTENTS",
    "DiscordVenue",
    "buttons",
    "control_commands",
    "listeners",
    "looking_commands",
    "play_command",
    "queue_pages",
]
