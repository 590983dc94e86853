"""Which node plays for a guild: the one that is near the voice server and has little to do.

The load follows the penalties that Lavalink's first clients have used (a playing player is 1; an
idle CPU is 0 and a full one about 1,300; missing and silent frames grow likewise):

    players + 1.05^(100 x load) x 10 - 10
            + 1.03^(500 x missing / 3000) x 600 - 600
            + 2 x (1.03^(500 x silent / 3000) x 300 - 300)

where *missing* and *silent* are frames a player and minute, of 3,000. The distance adds 0 for the
same place or region, 50 for the same continent, 200 for another, 25 for a node whose region nobody
has said.
"""

import re
from typing import Final

from seraphim.adapters.lavalink.messages import Stats

_FRAMES_A_MINUTE: Final = 3000
_LARGEST_POWER: Final = 500.0
_ANOTHER: Final = 200.0
_SAME_CONTINENT: Final = 50.0
_UNSAID: Final = 25.0

REGIONS: Final[dict[str, tuple[str, ...]]] = {
    "us-east": ("ewr", "iad", "atl", "mia", "bos", "jfk", "lga", "yyz", "yul", "newark"),
    "us-central": ("ord", "dfw", "iah", "msp", "den", "mci", "stl"),
    "us-west": ("sea", "sjc", "lax", "sfo", "pdx", "phx", "slc", "yvr"),
    "south-america": ("gru", "gig", "scl", "eze", "bog", "lim", "santiago", "brazil"),
    "europe-west": ("ams", "rtm", "rotterdam", "fra", "lhr", "lon", "cdg", "mad", "mrs", "dub"),
    "europe-east": ("waw", "buh", "otp", "prg", "vie", "bud", "sof", "russia", "dme", "svo"),
    "europe-north": ("arn", "hel", "osl", "cph", "fin", "finland", "sto"),
    "middle-east": ("dxb", "tlv", "jed", "doh", "ruh", "bah", "dubai"),
    "africa": ("jnb", "cpt", "los", "nbo", "cai", "southafrica"),
    "india": ("bom", "maa", "del", "hyd", "india"),
    "asia-east": ("nrt", "hnd", "tyo", "icn", "sel", "hkg", "tpe", "japan", "hongkong"),
    "asia-south-east": ("sin", "cgk", "bkk", "kul", "mnl", "sgn", "singapore"),
    "oceania": ("syd", "mel", "akl", "per", "bne", "sydney"),
}
"""Regions and the place names that Discord's voice endpoints use for them (airport codes, mostly;
the older names are words). Seen in the wild: Discord documents none of them."""
_CONTINENT: Final[dict[str, str]] = {
    "us-east": "america",
    "us-central": "america",
    "us-west": "america",
    "south-america": "america",
    "europe-west": "europe",
    "europe-east": "europe",
    "europe-north": "europe",
    "middle-east": "europe",
    "africa": "africa",
    "india": "asia",
    "asia-east": "asia",
    "asia-south-east": "asia",
    "oceania": "oceania",
}
_SHORT: Final = {"us": "america", "eu": "europe", "na": "america", "sa": "south-america"}
_PLACE: Final = re.compile(r"^(?:c-)?([a-z-]*[a-z])(?=\d|-|\.)")


def place_of(endpoint: str) -> str | None:
    """Return where a voice server stands: ``ewr`` of ``c-ewr07-d2466d40.discord.media:443``."""
    match = _PLACE.match(endpoint.lower())
    return match[1] if match else None


def distance(region: str | None, endpoint: str) -> float:
    """Return how far a node is from a voice server, in penalties.

    Args:
        region: What the owner said: a place (``ewr``), a region (``us-east``), a continent
            (``us``, ``europe``), or None.
        endpoint: The voice server's host.
    """
    if region is None:
        return _UNSAID
    place, own = place_of(endpoint), region.lower()
    if place is None:
        return _SAME_CONTINENT
    there, here = _region_of(place), _region_of(own)
    if place == own or (there is not None and there == here):
        return 0.0
    if there is not None and here is None:
        return 0.0 if _SHORT.get(own, own) in {_CONTINENT[there], there} else _ANOTHER
    near = there is not None and here is not None and _CONTINENT[here] == _CONTINENT[there]
    return _SAME_CONTINENT if near else _ANOTHER


def load(stats: Stats | None, own_players: int) -> float:
    """Return how busy a node is, in penalties.

    Args:
        stats: What it sent last; once a minute, so that they may be old.
        own_players: How many of our players it has now.
    """
    if stats is None:
        return float(own_players)
    total = float(max(own_players, stats.playing_players))
    total += _power(1.05, 100 * max(0.0, stats.cpu.system_load)) * 10 - 10
    frames = stats.frame_stats
    if frames is not None:
        total += _power(1.03, 500 * max(0, frames.deficit) / _FRAMES_A_MINUTE) * 600 - 600
        total += 2 * (_power(1.03, 500 * max(0, frames.nulled) / _FRAMES_A_MINUTE) * 300 - 300)
    return total


def _power(base: float, exponent: float) -> float:
    return base ** min(exponent, _LARGEST_POWER)


def _region_of(place: str) -> str | None:
    for region, places in REGIONS.items():
        if place in places or place == region:
            return region
    return None
