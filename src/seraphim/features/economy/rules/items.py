"""What a shop can hold: kinds of items, effects as data, and what a description must look like.

All amounts are coins, all durations seconds.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from seraphim.kernel.errors import InvalidInput
from seraphim.kernel.ids import GuildId, RoleId
from seraphim.kernel.marks import N_

type ItemKind = Literal["role", "effect", "collectible"]

KINDS: tuple[ItemKind, ...] = ("role", "effect", "collectible")
MAX_ITEMS = 100
"""Items on sale in one guild."""
MAX_NAME, MAX_DESCRIPTION, MAX_EMOJI = 60, 300, 64
MAX_PRICE = 10**12
MAX_STOCK = 10**9
MAX_QUANTITY = 1000
"""Pieces that change hands at a time."""
MAX_LEVEL = 10_000
MIN_DURATION_SECONDS = 60
MAX_DURATION_SECONDS = 366 * 86_400
DEFAULT_EMOJI: Mapping[ItemKind, str] = {"role": "🎭", "effect": "✨", "collectible": "💎"}


@dataclass(frozen=True, slots=True)
class EffectKind:
    """One thing an item can do when it is used. New effects are new lines of :data:`EFFECTS`."""

    name: str
    title: str
    sentence: str
    """What it does, for the member; ``{percent}`` is filled in."""
    uses: int
    """How often one piece works before it is spent."""
    seconds: int
    """How long it waits for its moment, unless the item says otherwise."""
    percent: int = 100
    """What the reward is multiplied by; 100 changes nothing."""


EFFECTS: Mapping[str, EffectKind] = {
    effect.name: effect
    for effect in (
        EffectKind(
            "shield", N_("Shield"), N_("Stops the next robbery against you."), 1, 7 * 86_400
        ),
        EffectKind(
            "work", N_("Double shift"), N_("Your next /work pays {percent} %."), 1, 86_400, 200
        ),
        EffectKind(
            "daily", N_("Second helping"), N_("Your next /daily pays {percent} %."), 1, 172_800, 200
        ),
        EffectKind(
            "fish", N_("Golden bait"), N_("Your next /fish is worth {percent} %."), 1, 86_400, 200
        ),
        EffectKind(
            "mine", N_("Dynamite"), N_("Your next /mine is worth {percent} %."), 1, 86_400, 200
        ),
        EffectKind(
            "hunt", N_("Silver arrow"), N_("Your next /hunt is worth {percent} %."), 1, 86_400, 200
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything of an item that administrators write; stock is changed by restocking only."""

    name: str
    kind: ItemKind
    price: int
    emoji: str = ""
    description: str = ""
    member_limit: int | None = None
    """Pieces a member may hold at a time; None: any number."""
    role_id: RoleId | None = None
    duration_seconds: int | None = None
    """Of a role, or how long an effect waits; None: for good, or the effect's own time."""
    effect: str | None = None
    required_role_id: RoleId | None = None
    required_level: int | None = None

    @property
    def picture(self) -> str:
        """Return the emoji that stands for the item."""
        return self.emoji or DEFAULT_EMOJI[self.kind]


@dataclass(frozen=True, slots=True)
class Item:
    """An item as it is stored."""

    item_id: int
    guild_id: GuildId
    terms: Terms
    stock: int | None
    """Pieces left to buy; None: never runs out."""
    sold: int
    """Pieces that members have or have used up: sales less what came back."""
    used: int
    """Pieces that were used up or whose time has passed."""
    version: int
    """Counts the administrators' changes."""
    removed: bool


def check_terms(terms: Terms) -> Terms:
    """Return the terms with their texts trimmed.

    Raises:
        InvalidInput: Something does not fit; says what would.
    """
    name = " ".join(terms.name.split())
    if not 1 <= len(name) <= MAX_NAME or any(not char.isprintable() for char in name):
        raise InvalidInput(reason=N_("A name has 1 to 60 characters."))
    if len(terms.description) > MAX_DESCRIPTION:
        raise InvalidInput(reason=N_("A description has at most 300 characters."))
    if not 1 <= terms.price <= MAX_PRICE:
        raise InvalidInput(reason=N_("A price lies between 1 and 1,000,000,000,000 coins."))
    _check_bounds(terms)
    _check_kind(terms)
    return replace(
        terms, name=name, description=terms.description.strip(), emoji=check_emoji(terms.emoji)
    )


def _check_bounds(terms: Terms) -> None:
    limit, level, seconds = terms.member_limit, terms.required_level, terms.duration_seconds
    if limit is not None and not 1 <= limit <= MAX_STOCK:
        raise InvalidInput(reason=N_("A limit a member is 1 or more; leave it empty for none."))
    if level is not None and not 1 <= level <= MAX_LEVEL:
        raise InvalidInput(reason=N_("A level lies between 1 and 10,000."))
    if seconds is not None and not MIN_DURATION_SECONDS <= seconds <= MAX_DURATION_SECONDS:
        raise InvalidInput(reason=N_("A duration lies between a minute and a year: 2h, 7d, 4w."))


def _check_kind(terms: Terms) -> None:
    if (terms.kind == "role") != (terms.role_id is not None):
        raise InvalidInput(reason=N_("An item of the kind role names a role, and no other does."))
    if (terms.kind == "effect") != (terms.effect is not None):
        raise InvalidInput(
            reason=N_("An item of the kind effect names an effect, and no other does.")
        )
    if terms.effect is not None and terms.effect not in EFFECTS:
        raise InvalidInput(reason=N_("I do not know this effect. Choose one from the list."))
    if terms.kind == "collectible" and terms.duration_seconds is not None:
        raise InvalidInput(reason=N_("A collectible has no duration."))


_CUSTOM_EMOJI = re.compile(r"^<a?:[A-Za-z0-9_]{2,32}:([0-9]{15,20})>$", re.ASCII)
_BASE = "[\U0001f000-\U0001faff\u203c-\u3299]\ufe0f?[\U0001f3fb-\U0001f3ff]?"
_FLAG = "[\U0001f1e6-\U0001f1ff]{2}"
_KEYCAP = "[0-9#*]\ufe0f?\u20e3"
_ONE_EMOJI = re.compile(f"^(?:{_FLAG}|{_KEYCAP}|{_BASE}(?:\u200d{_BASE}){{0,6}})$")
_MENU_RANGES = (
    range(0x1F300, 0x1F650),
    range(0x1F680, 0x1F700),
    range(0x1F7E0, 0x1F7EC),
    range(0x1F90C, 0x1FA00),
    range(0x1FA70, 0x1FB00),
)
_JOINERS = frozenset({"\u200d", "\ufe0f"})


def check_emoji(text: str) -> str:
    """Return the emoji trimmed; empty means the kind's own.

    Raises:
        InvalidInput: It is not one emoji.
    """
    emoji = text.strip()
    if not emoji or _CUSTOM_EMOJI.match(emoji) or _ONE_EMOJI.match(emoji):
        return emoji
    raise InvalidInput(reason=N_("That is not one emoji. Take one from Discord's list."))


def custom_emoji_id(emoji: str) -> int | None:
    """Return the id of a server's own emoji, None for one that everybody has."""
    found = _CUSTOM_EMOJI.match(emoji)
    return None if found is None else int(found[1])


def fits_menus(emoji: str) -> bool:
    """Say whether an emoji that everybody has is surely one for Discord's menus too.

    Discord refuses the whole message for a sign it does not count as an emoji, so that one doubtful
    sign would close a shop. Doubtful ones are shown in the text only.
    """
    signs = [char for char in emoji if char not in _JOINERS]
    return bool(signs) and all(
        any(ord(char) in block for block in _MENU_RANGES) and unicodedata.category(char) != "Cn"
        for char in signs
    )


_DURATION = re.compile(r"(\d{1,6})\s*(s|m|h|d|w)", re.ASCII | re.IGNORECASE)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_NOTHING = frozenset({"", "-", "—", "none", "never", "forever"})


def parse_duration(text: str) -> int | None:
    """Return seconds for ``90m``, ``2h``, ``7d``, ``1w 3d``; None for nothing or "forever".

    Raises:
        InvalidInput: It is no duration, or out of bounds.
    """
    typed = text.strip().casefold()
    if typed in _NOTHING:
        return None
    if _DURATION.sub("", typed).strip(" ,"):
        raise InvalidInput(reason=N_("A duration lies between a minute and a year: 2h, 7d, 4w."))
    total = sum(int(number) * _SECONDS[unit.lower()] for number, unit in _DURATION.findall(typed))
    if not MIN_DURATION_SECONDS <= total <= MAX_DURATION_SECONDS:
        raise InvalidInput(reason=N_("A duration lies between a minute and a year: 2h, 7d, 4w."))
    return total


def show_duration(seconds: int) -> str:
    """Return ``7d``, ``1h 30m``: the two largest units."""
    parts: list[str] = []
    left = seconds
    for unit in ("w", "d", "h", "m", "s"):
        count, left = divmod(left, _SECONDS[unit])
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts[:2]) or "0s"
