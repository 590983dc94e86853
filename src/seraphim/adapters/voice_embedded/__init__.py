"""Music in this process: discord.py's voice connections, one shared pacer, PyAV for the files."""

from seraphim.adapters.voice_embedded.backend import EmbeddedVoice
from seraphim.adapters.voice_embedded.tuning import Tuning

__all__ = ["EmbeddedVoice", "Tuning"]
