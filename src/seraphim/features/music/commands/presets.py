"""What the presets of the sound are called, each with its sign and a line about it."""

from seraphim.features.music.rules.filters import Preset
from seraphim.kernel.texts import N_

PRESET_WORDS: dict[Preset, tuple[str, str, str]] = {
    "flat": ("🎵", N_("Flat"), N_("As recorded")),
    "bassboost": ("🔉", N_("Bass boost"), N_("More of what you feel in the stomach")),
    "nightcore": ("🌙", N_("Nightcore"), N_("Faster and higher")),
    "vaporwave": ("🌴", N_("Vaporwave"), N_("Slower and lower")),
    "karaoke": ("🎤", N_("Karaoke"), N_("Softer voices, so that you can sing")),
    "8d": ("🎧", N_("8D"), N_("The sound walks around you; for headphones")),
    "tremolo": ("〰️", N_("Tremolo"), N_("Trembling loudness")),
    "vibrato": ("🎻", N_("Vibrato"), N_("Trembling pitch")),
    "soft": ("☁️", N_("Soft"), N_("Without sharp highs")),
    "clarity": ("💎", N_("Clarity"), N_("Clear voices and highs")),
}
