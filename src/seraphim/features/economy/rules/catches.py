"""What can be caught, dug up and hunted: data with weights, worth and rarity.

The worths are those of the default spans; a guild's own span stretches them evenly
(:func:`worth`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from seraphim.features.economy.rules.earning import Outcome, Roll
from seraphim.kernel.marks import N_

type Rarity = Literal["common", "uncommon", "rare", "epic", "legendary"]

RARITIES: dict[Rarity, tuple[str, str]] = {
    "common": ("⚪", N_("Common")),
    "uncommon": ("🟢", N_("Uncommon")),
    "rare": ("🔵", N_("Rare")),
    "epic": ("🟣", N_("Epic")),
    "legendary": ("🟡", N_("Legendary")),
}
"""A mark and a title for each."""


@dataclass(frozen=True, slots=True)
class Span:
    """What the plainest and the rarest are worth."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Catch:
    """One thing that can be found. Of ``sum(weights)`` attempts ``weight`` bring it."""

    name: str
    title: str
    emoji: str
    weight: int
    coins: int
    rarity: Rarity


FISH = (
    Catch("boot", N_("an old boot"), "🥾", 150, 5, "common"),
    Catch("herring", N_("a herring"), "🐟", 240, 15, "common"),
    Catch("perch", N_("a perch"), "🐟", 210, 25, "common"),
    Catch("shrimp", N_("a net full of shrimps"), "🦐", 160, 40, "uncommon"),
    Catch("salmon", N_("a salmon"), "🍣", 110, 60, "uncommon"),
    Catch("pufferfish", N_("a pufferfish"), "🐡", 70, 90, "rare"),
    Catch("octopus", N_("an octopus"), "🐙", 40, 140, "rare"),
    Catch("shark", N_("a shark"), "🦈", 15, 250, "epic"),
    Catch("koi", N_("the golden koi"), "🎏", 5, 500, "legendary"),
)
ORES = (
    Catch("gravel", N_("a bucket of gravel"), "🪨", 180, 10, "common"),
    Catch("coal", N_("coal"), "⚫", 250, 20, "common"),
    Catch("copper", N_("copper ore"), "🟠", 200, 35, "common"),
    Catch("iron", N_("iron ore"), "🔩", 160, 55, "uncommon"),
    Catch("silver", N_("a vein of silver"), "🥈", 110, 90, "uncommon"),
    Catch("gold", N_("a gold nugget"), "🥇", 65, 150, "rare"),
    Catch("emerald", N_("an emerald"), "💚", 25, 250, "epic"),
    Catch("diamond", N_("a diamond"), "💎", 10, 400, "legendary"),
)
ANIMALS = (
    Catch("hare", N_("a hare"), "🐇", 230, 30, "common"),
    Catch("duck", N_("a wild duck"), "🦆", 210, 50, "common"),
    Catch("turkey", N_("a turkey"), "🦃", 180, 80, "common"),
    Catch("raccoon", N_("a raccoon"), "🦝", 150, 120, "uncommon"),
    Catch("boar", N_("a boar"), "🐗", 110, 170, "uncommon"),
    Catch("deer", N_("a deer"), "🦌", 75, 260, "rare"),
    Catch("bear", N_("a bear"), "🐻", 33, 420, "epic"),
    Catch("stag", N_("the white stag"), "🦄", 12, 750, "legendary"),
)
COLOURS: dict[Rarity, int] = {
    "common": 0x8A93A6,
    "uncommon": 0x3FB883,
    "rare": 0x4C8DF6,
    "epic": 0xA45DF0,
    "legendary": 0xF2C14E,
}
"""The edge of an embed that shows one."""
ESCAPED = "escaped"
"""What a hunt without luck brings."""


def worth(catch: Catch, catches: Sequence[Catch], span: Span) -> int:
    """Return what a catch is worth where the plainest and the rarest are worth ``span``."""
    least, most = catches[0].coins, catches[-1].coins
    # Rounded half up, in whole numbers.
    return span.low + (2 * (catch.coins - least) * (span.high - span.low) + most - least) // (
        2 * (most - least)
    )


def find(catches: Sequence[Catch], span: Span, roll: Roll) -> Outcome:
    """Return one of the catches, each as likely as its weight says."""
    drawn = roll(1, sum(catch.weight for catch in catches))
    for catch in catches:
        drawn -= catch.weight
        if drawn <= 0:
            return Outcome(catch.name, worth(catch, catches, span))
    raise ValueError("the roll was above the sum of the weights")


def hunt(catches: Sequence[Catch], span: Span, percent: int, roll: Roll) -> Outcome:
    """Return a catch in ``percent`` of all cases, or else nothing."""
    if roll(1, 100) <= percent:
        return find(catches, span, roll)
    return Outcome(ESCAPED, 0, success=False)


def percent_of(catch: Catch, catches: Sequence[Catch]) -> str:
    """Return how many of a hundred finds are this one: ``11`` or ``0.5``."""
    return f"{100 * catch.weight / sum(each.weight for each in catches):.3g}"


def mean_coins(catches: Sequence[Catch], span: Span) -> Fraction:
    """Return the exact expected worth of one find."""
    total = sum(catch.weight for catch in catches)
    return Fraction(sum(catch.weight * worth(catch, catches, span) for catch in catches), total)
