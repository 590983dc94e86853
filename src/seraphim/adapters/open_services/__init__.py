"""Free services without keys: words from lrclib.net, parts of videos from SponsorBlock.

They share a package because they share how a service that nobody pays for is asked.
"""

from seraphim.adapters.open_services.lrclib import LrclibLyrics
from seraphim.adapters.open_services.sponsorblock import SponsorBlockSegments

__all__ = ["LrclibLyrics", "SponsorBlockSegments"]
