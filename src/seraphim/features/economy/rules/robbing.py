"""Who may be robbed, what a robbery brings and what it costs."""

from dataclasses import dataclass
from typing import Literal

from seraphim.features.economy.rules.earning import Roll
from seraphim.features.economy.rules.ledger import MAX_BALANCE
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.marks import N_

type RobberyEnd = Literal["robbed", "caught", "shielded"]


class RobbingOff(SeraphimError):
    """The guild does not want robberies."""

    code = "economy.robbing_off"
    http_status = 403
    message = N_("🕊️ Nobody robs anybody on this server: the administrators have switched it off.")


class RobberTooPoor(SeraphimError):
    """The robber could not pay the fine."""

    code = "economy.robber_too_poor"
    http_status = 409
    message = N_("You need at least {least} to rob somebody; you have {balance}.")


class TargetTooPoor(SeraphimError):
    """There is too little to take."""

    code = "economy.target_too_poor"
    http_status = 409
    message = N_("{member} has fewer than {least}. Leave them alone.")


class TargetLeftInPeace(SeraphimError):
    """The same robber has tried the same target lately."""

    code = "economy.target_in_peace"
    http_status = 429
    message = N_("You have tried {member} already. They are on their guard until {when}.")


@dataclass(frozen=True, slots=True)
class RobTerms:
    """Chances and shares in per cent, the least balances in coins."""

    percent: int
    take_min_percent: int
    take_max_percent: int
    fine_percent: int
    target_min: int
    self_min: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was rolled: whether it works, and which share would be taken."""

    works: bool
    share_percent: int


def attempt(terms: RobTerms, roll: Roll) -> Attempt:
    """Roll for one robbery."""
    works = roll(1, 100) <= terms.percent
    return Attempt(works, roll(terms.take_min_percent, terms.take_max_percent))


def robber_gains(terms: RobTerms, tried: Attempt, robber_has: int, target_has: int) -> int:
    """Return what the robber gains from the target, or loses as a fine (negative).

    Rounded down; a robber whose account is nearly full takes what still fits.
    """
    if tried.works:
        return min(target_has * tried.share_percent // 100, MAX_BALANCE - robber_has)
    return -(robber_has * terms.fine_percent // 100)
