"""Words from lrclib.net, a free service without keys."""

from seraphim.adapters.lrclib.lyrics import PUBLIC_URL, LrclibLyrics

__all__ = ["PUBLIC_URL", "LrclibLyrics"]
