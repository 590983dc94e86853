"""What the coins of a guild did, day by day and by what they were moved for."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from seraphim.kernel.marks import N_

DAY_MS = 86_400_000
SPANS_DAYS = (7, 30, 90)
"""What can be looked at."""
MAX_GROUPS = 7
"""Groups that are told apart; the others are one."""
OTHER = "other"

_ALIASES: Mapping[str, str] = {"game": "games", "item": "shop", "inventory": "shop"}
_SEPARATOR = re.compile(r"[._:]")

GROUP_TITLES: Mapping[str, str] = {
    "daily": N_("Daily"),
    "work": N_("Work"),
    "beg": N_("Begging"),
    "crime": N_("Crime"),
    "rob": N_("Robberies"),
    "fish": N_("Fishing"),
    "mine": N_("Mining"),
    "hunt": N_("Hunting"),
    "give": N_("Gifts"),
    "games": N_("Games"),
    "shop": N_("Shop"),
    "trade": N_("Trades"),
    "eco": N_("Administrators"),
    OTHER: N_("Other"),
}
"""How a group is called; one that is not here shows its own name."""


@dataclass(frozen=True, slots=True)
class Flow:
    """What one kind of transfer did on one day (number of days since 1970, UTC).

    ``minted`` coins came into being (a system account paid more than it took), ``burned`` ones
    ceased to be; ``moved`` is the sum of all amounts.
    """

    day: int
    kind: str
    minted: int
    burned: int
    moved: int
    transfers: int


@dataclass(frozen=True, slots=True)
class GroupTotal:
    """What a group did in the whole span."""

    group: str
    minted: int
    burned: int
    transfers: int

    @property
    def net(self) -> int:
        """Coins it added to the supply; negative when it took."""
        return self.minted - self.burned


@dataclass(frozen=True, slots=True)
class SupplyView:
    """A span of days, the last of which is today.

    ``supply`` are the coins at the end of each day. ``daily`` has for each group what it added on
    each day (negative: took), the groups that moved the supply most first, at most
    :data:`MAX_GROUPS` and ``other``. ``totals`` has every group.
    """

    days: Sequence[int]
    supply: Sequence[int]
    daily: Mapping[str, Sequence[int]]
    totals: Sequence[GroupTotal]
    transfers: int

    @property
    def current(self) -> int:
        """The coins that exist now."""
        return self.supply[-1]

    @property
    def minted(self) -> int:
        """Coins that came into being in the span."""
        return sum(total.minted for total in self.totals)

    @property
    def burned(self) -> int:
        """Coins that ceased to be in the span."""
        return sum(total.burned for total in self.totals)

    @property
    def sources(self) -> list[GroupTotal]:
        """The groups that added coins, the strongest first."""
        return sorted((one for one in self.totals if one.net > 0), key=lambda one: -one.net)

    @property
    def sinks(self) -> list[GroupTotal]:
        """The groups that took coins away, the strongest first."""
        return sorted((one for one in self.totals if one.net < 0), key=lambda one: one.net)


def group_of(kind: str) -> str:
    """Return the group of a transfer's kind: what stands before its first ``.``, ``_`` or ``:``."""
    head = _SEPARATOR.split(kind, maxsplit=1)[0]
    return _ALIASES.get(head, head)


def day_of(at_ms: int) -> int:
    """Return the number of the day (UTC, since 1970)."""
    return at_ms // DAY_MS


def supply_view(flows: Iterable[Flow], before: int, today: int, span_days: int) -> SupplyView:
    """Put flows together.

    Args:
        flows: Of the span; days outside of it (a clock that was moved) count as its nearest day.
        before: Coins that existed when the span began.
        today: The last day.
        span_days: How many days, today included.
    """
    first = today - span_days + 1
    days = range(first, today + 1)
    by_group: defaultdict[str, list[int]] = defaultdict(lambda: [0] * span_days)
    minted: defaultdict[str, int] = defaultdict(int)
    burned: defaultdict[str, int] = defaultdict(int)
    counts: defaultdict[str, int] = defaultdict(int)
    for flow in flows:
        group = group_of(flow.kind)
        index = min(max(flow.day - first, 0), span_days - 1)
        by_group[group][index] += flow.minted - flow.burned
        minted[group] += flow.minted
        burned[group] += flow.burned
        counts[group] += flow.transfers
    supply: list[int] = []
    total = before
    for index in range(span_days):
        total += sum(values[index] for values in by_group.values())
        supply.append(total)
    totals = [GroupTotal(name, minted[name], burned[name], counts[name]) for name in by_group]
    return SupplyView(
        days=tuple(days),
        supply=tuple(supply),
        daily=_strongest(by_group),
        totals=tuple(sorted(totals, key=lambda one: (-abs(one.net), one.group))),
        transfers=sum(counts.values()),
    )


def _strongest(by_group: Mapping[str, Sequence[int]]) -> dict[str, Sequence[int]]:
    moving = [name for name, values in by_group.items() if any(values)]
    moving.sort(key=lambda name: (-sum(abs(value) for value in by_group[name]), name))
    if len(moving) <= MAX_GROUPS + 1:
        return {name: tuple(by_group[name]) for name in moving}
    shown: dict[str, Sequence[int]] = {name: tuple(by_group[name]) for name in moving[:MAX_GROUPS]}
    rest = [by_group[name] for name in moving[MAX_GROUPS:]]
    shown[OTHER] = tuple(sum(column) for column in zip(*rest, strict=True))
    return shown
