"""What a guild can decide about its economy."""

import unicodedata
from typing import Any, ClassVar, Self

from pydantic import Field, field_validator, model_validator

from seraphim.features.economy.rules.catches import Span
from seraphim.features.economy.rules.earning import CrimeTerms, DailyTerms, PayTerms
from seraphim.features.economy.rules.ledger import MAX_BALANCE
from seraphim.features.economy.rules.robbing import RobTerms
from seraphim.kernel.ids import ChannelId
from seraphim.kernel.marks import N_
from seraphim.kernel.settings import FeatureSettings

MAX_PAY = 1_000_000_000
"""The most one command may pay: far below what an account holds."""
MAX_MINUTES = 30 * 24 * 60
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_JOINER = "\N{ZERO WIDTH JOINER}"  # holds composed emoji together
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS


def _coins(default: int, title: str, description: str) -> Any:  # noqa: ANN401 - as pydantic's Field
    return Field(default=default, ge=0, le=MAX_PAY, title=title, description=description)


def _percent(default: int, title: str, description: str) -> Any:  # noqa: ANN401 - as above
    return Field(default=default, ge=0, le=100, title=title, description=description)


def _minutes(default: int, title: str) -> Any:  # noqa: ANN401 - as above
    return Field(
        default=default,
        ge=1,
        le=MAX_MINUTES,
        title=title,
        description=N_("Minutes until the same member can do it again."),
    )


class EconomySettings(FeatureSettings):
    """Settings of the feature ``economy``; every amount is in coins."""

    feature: ClassVar[str] = "economy"

    currency_name: str = Field(
        default="coins",
        min_length=1,
        max_length=32,
        title=N_("Name of the coins"),
        description=N_("What your coins are called, in the plural."),
    )
    currency_symbol: str = Field(
        default="✨",
        min_length=1,
        max_length=64,
        title=N_("Symbol of the coins"),
        description=N_("Stands behind every amount: an emoji, one of the server's, or letters."),
    )

    daily_reward: int = _coins(100, N_("Daily: coins"), N_("What /daily pays on the first day."))
    daily_streak_bonus: int = _coins(
        10, N_("Daily: streak bonus"), N_("What each further day in a row adds to /daily.")
    )
    daily_streak_days: int = Field(
        default=10,
        ge=0,
        le=365,
        title=N_("Daily: days that add"),
        description=N_("After so many days in a row the bonus grows no further."),
    )
    daily_hours: int = Field(
        default=24,
        ge=1,
        le=168,
        title=N_("Daily: hours between"),
        description=N_("Hours until the same member can take /daily again."),
    )
    daily_streak_hours: int = Field(
        default=48,
        ge=2,
        le=336,
        title=N_("Daily: streak hours"),
        description=N_("The streak goes on when the next /daily comes within so many hours."),
    )

    work_min: int = _coins(50, N_("Work: least"), N_("The least that /work pays."))
    work_max: int = _coins(150, N_("Work: most"), N_("The most that /work pays."))
    work_minutes: int = _minutes(60, N_("Work: pause"))
    beg_min: int = _coins(10, N_("Beg: least"), N_("The least that /beg brings."))
    beg_max: int = _coins(50, N_("Beg: most"), N_("The most that /beg brings."))
    beg_minutes: int = _minutes(30, N_("Beg: pause"))

    crime_percent: int = _percent(60, N_("Crime: chance"), N_("Per cent of crimes that succeed."))
    crime_win_min: int = _coins(100, N_("Crime: least loot"), N_("The least that a crime brings."))
    crime_win_max: int = _coins(300, N_("Crime: most loot"), N_("The most that a crime brings."))
    crime_fine_min: int = _coins(50, N_("Crime: least fine"), N_("The least that failing costs."))
    crime_fine_max: int = _coins(150, N_("Crime: most fine"), N_("The most that failing costs."))
    crime_minutes: int = _minutes(120, N_("Crime: pause"))

    rob_enabled: bool = Field(
        default=True,
        title=N_("Robbing allowed"),
        description=N_("Whether members can rob each other with /rob."),
    )
    rob_percent: int = _percent(50, N_("Rob: chance"), N_("Per cent of robberies that succeed."))
    rob_take_min_percent: int = _percent(
        5, N_("Rob: least share"), N_("The least a robber takes, per cent of the target's coins.")
    )
    rob_take_max_percent: int = _percent(
        15,
        N_("Rob: greatest share"),
        N_("The most a robber takes, per cent of those coins."),
    )
    rob_fine_percent: int = _percent(
        10, N_("Rob: fine"), N_("What failing costs, per cent of the robber's coins.")
    )
    rob_target_min: int = _coins(
        100, N_("Rob: target's least"), N_("Who has fewer coins cannot be robbed.")
    )
    rob_self_min: int = _coins(50, N_("Rob: robber's least"), N_("Who has fewer coins cannot rob."))
    rob_minutes: int = _minutes(180, N_("Rob: pause"))
    rob_target_hours: int = Field(
        default=24,
        ge=0,
        le=720,
        title=N_("Rob: target's peace"),
        description=N_("Hours in which the same robber cannot rob the same target again."),
    )

    fish_min: int = _coins(5, N_("Fish: least"), N_("What the plainest catch is worth."))
    fish_max: int = _coins(500, N_("Fish: most"), N_("What the rarest catch is worth."))
    fish_minutes: int = _minutes(30, N_("Fish: pause"))
    mine_min: int = _coins(10, N_("Mine: least"), N_("What the plainest find is worth."))
    mine_max: int = _coins(400, N_("Mine: most"), N_("What the rarest find is worth."))
    mine_minutes: int = _minutes(45, N_("Mine: pause"))
    hunt_percent: int = _percent(70, N_("Hunt: chance"), N_("Per cent of hunts that succeed."))
    hunt_min: int = _coins(30, N_("Hunt: least"), N_("What the plainest animal is worth."))
    hunt_max: int = _coins(750, N_("Hunt: most"), N_("What the rarest animal is worth."))
    hunt_minutes: int = _minutes(60, N_("Hunt: pause"))

    sell_back_percent: int = _percent(
        50, N_("Shop: buying back"), N_("What the shop pays back, per cent of the price.")
    )
    trade_minutes: int = Field(
        default=10,
        ge=1,
        le=1440,
        title=N_("Trade: minutes"),
        description=N_("Minutes a trade waits for both."),
    )

    mint_alert_coins: int = Field(
        default=0,
        ge=0,
        le=MAX_BALANCE,
        title=N_("Alert: coins created"),
        description=N_(
            "Tell me when more new coins than this come into being in the alert's hours;"
            " 0 tells nothing."
        ),
    )
    mint_alert_hours: int = Field(
        default=24,
        ge=1,
        le=168,
        title=N_("Alert: hours"),
        description=N_("The hours that the alert looks back."),
    )
    mint_alert_channel: ChannelId | None = Field(
        default=None,
        title=N_("Alert: channel"),
        description=N_("Where the alert about new coins is said."),
    )

    @field_validator("currency_name", "currency_symbol")
    @classmethod
    def _one_plain_line(cls, value: str) -> str:
        text = " ".join(value.split())
        hidden = (unicodedata.category(each) in _HIDDEN and each != _JOINER for each in text)
        if not text or any(hidden):
            raise ValueError("one line of visible text")
        return text

    @model_validator(mode="after")
    def _spans_hold(self) -> Self:
        for low, high in _SPANS:
            if getattr(self, low) > getattr(self, high):
                raise ValueError(f"{low} must not be above {high}; change that one first")
        if self.daily_streak_hours <= self.daily_hours:
            raise ValueError("daily_streak_hours must be above daily_hours, or no streak can grow")
        return self

    @property
    def daily(self) -> DailyTerms:
        """The terms of ``/daily``."""
        return DailyTerms(
            reward=self.daily_reward,
            bonus=self.daily_streak_bonus,
            bonus_days=self.daily_streak_days,
            window_ms=self.daily_streak_hours * HOUR_MS,
        )

    @property
    def work(self) -> PayTerms:
        """The terms of ``/work``."""
        return PayTerms(self.work_min, self.work_max)

    @property
    def beg(self) -> PayTerms:
        """The terms of ``/beg``."""
        return PayTerms(self.beg_min, self.beg_max)

    @property
    def crime(self) -> CrimeTerms:
        """The terms of ``/crime``."""
        return CrimeTerms(
            percent=self.crime_percent,
            loot=PayTerms(self.crime_win_min, self.crime_win_max),
            fine=PayTerms(self.crime_fine_min, self.crime_fine_max),
        )

    @property
    def rob(self) -> RobTerms:
        """The terms of ``/rob``."""
        return RobTerms(
            percent=self.rob_percent,
            take_min_percent=self.rob_take_min_percent,
            take_max_percent=self.rob_take_max_percent,
            fine_percent=self.rob_fine_percent,
            target_min=self.rob_target_min,
            self_min=self.rob_self_min,
        )

    @property
    def fish(self) -> Span:
        """What catches are worth, from the plainest to the rarest."""
        return Span(self.fish_min, self.fish_max)

    @property
    def mine(self) -> Span:
        """What finds are worth."""
        return Span(self.mine_min, self.mine_max)

    @property
    def hunt(self) -> Span:
        """What animals are worth."""
        return Span(self.hunt_min, self.hunt_max)

    def pause_ms(self, action: str) -> int:
        """Return how long a member waits between two of the same action."""
        if action == "daily":
            return self.daily_hours * HOUR_MS
        minutes: int = getattr(self, f"{action}_minutes")
        return minutes * MINUTE_MS


_SPANS = (
    ("work_min", "work_max"),
    ("beg_min", "beg_max"),
    ("crime_win_min", "crime_win_max"),
    ("crime_fine_min", "crime_fine_max"),
    ("rob_take_min_percent", "rob_take_max_percent"),
    ("fish_min", "fish_max"),
    ("mine_min", "mine_max"),
    ("hunt_min", "hunt_max"),
)
