"""What a guild can decide about its games."""

from typing import ClassVar, Literal

from pydantic import Field

from seraphim.kernel.ids import ChannelId
from seraphim.kernel.marks import N_
from seraphim.kernel.settings import FeatureSettings

type GameName = Literal[
    "blackjack",
    "coinflip",
    "crash",
    "dice",
    "doubleornothing",
    "duel",
    "heist",
    "highlow",
    "mysterybox",
    "race",
    "roulette",
    "rps",
    "slots",
    "triviabet",
]


class GamesSettings(FeatureSettings):
    """Settings of the feature ``games``. No payout that can be set favours the players."""

    feature: ClassVar[str] = "games"

    min_bet: int = Field(
        default=10,
        ge=1,
        le=10**9,
        title=N_("Smallest bet"),
        description=N_("The least a member may bet, coins."),
    )
    max_bet: int = Field(
        default=10_000,
        ge=1,
        le=10**9,
        title=N_("Highest bet"),
        description=N_("The most a member may bet at once, coins."),
    )
    daily_loss_limit: int = Field(
        default=0,
        ge=0,
        le=10**15,
        title=N_("Daily loss limit"),
        description=N_("The most a member may lose from midnight to midnight (UTC); 0: no limit."),
    )
    cooldown_seconds: int = Field(
        default=3,
        ge=0,
        le=86_400,
        title=N_("Pause between games"),
        description=N_("Seconds a member waits before opening the same game again."),
    )
    disabled_games: tuple[GameName, ...] = Field(
        default=(),
        max_length=20,
        title=N_("Games switched off"),
        description=N_("Games nobody can open here."),
    )
    channels: tuple[ChannelId, ...] = Field(
        default=(),
        max_length=50,
        title=N_("Channels"),
        description=N_("Where games may be played; empty: everywhere."),
    )
    coinflip_payout_percent: int = Field(
        default=195,
        ge=150,
        le=200,
        title=N_("Coinflip pays"),
        description=N_("Per cent of the bet for a coin called right; 200 would be fair."),
    )
    dice_return_percent: int = Field(
        default=95,
        ge=80,
        le=100,
        title=N_("Dice pay"),
        description=N_("Per cent of a fair payout for a right guess."),
    )
    mysterybox_payout_percent: int = Field(
        default=100,
        ge=80,
        le=106,
        title=N_("Mystery boxes pay"),
        description=N_("Per cent of the published table of contents."),
    )
    doubleornothing_win_percent: int = Field(
        default=49,
        ge=30,
        le=50,
        title=N_("Double or nothing: chance"),
        description=N_("Chance of each doubling, per cent; 50 would be fair."),
    )
    highlow_keep_percent: int = Field(
        default=99,
        ge=80,
        le=100,
        title=N_("High or low pays"),
        description=N_("Per cent of a fair payout for each right guess."),
    )
    slots_payout_percent: int = Field(
        default=100,
        ge=80,
        le=105,
        title=N_("Slots pay"),
        description=N_("Per cent of the published table of payouts."),
    )
    crash_edge_percent: int = Field(
        default=3,
        ge=0,
        le=20,
        title=N_("Crash: the house's part"),
        description=N_("Per cent of all bets that stay with the house on average."),
    )
    race_return_percent: int = Field(
        default=95,
        ge=80,
        le=100,
        title=N_("Race pays"),
        description=N_("Per cent of a fair payout for the winner."),
    )
    heist_return_percent: int = Field(
        default=95,
        ge=80,
        le=100,
        title=N_("Heist pays"),
        description=N_("Per cent of a fair payout on average."),
    )
    duel_fee_percent: int = Field(
        default=4,
        ge=0,
        le=20,
        title=N_("Duel: fee"),
        description=N_("Per cent of the pot that the house keeps."),
    )
    rps_win_percent: int = Field(
        default=190,
        ge=150,
        le=200,
        title=N_("Rock, paper, scissors pays"),
        description=N_("Per cent of the bet for a win; 200 would be fair."),
    )
    roulette_open_seconds: int = Field(
        default=45,
        ge=10,
        le=600,
        title=N_("Roulette: time to bet"),
        description=N_("Seconds until the wheel turns by itself."),
    )
    crash_join_seconds: int = Field(
        default=15,
        ge=5,
        le=300,
        title=N_("Crash: time to join"),
        description=N_("Seconds until the rocket starts."),
    )
    race_join_seconds: int = Field(
        default=30,
        ge=5,
        le=300,
        title=N_("Race: time to bet"),
        description=N_("Seconds until the race starts."),
    )
    heist_join_seconds: int = Field(
        default=30,
        ge=5,
        le=300,
        title=N_("Heist: time to join"),
        description=N_("Seconds until the crew sets out."),
    )
    duel_accept_seconds: int = Field(
        default=60,
        ge=10,
        le=600,
        title=N_("Duel: time to accept"),
        description=N_("Seconds a challenge stands."),
    )
    trivia_seconds: int = Field(
        default=20,
        ge=5,
        le=300,
        title=N_("Trivia: time to answer"),
        description=N_("Seconds for the answer to a question."),
    )
    trivia_daily_rounds: int = Field(
        default=10,
        ge=1,
        le=1000,
        title=N_("Trivia: rounds a day"),
        description=N_("How many questions a member may bet on in a day."),
    )
    trivia_max_bet: int = Field(
        default=250,
        ge=1,
        le=10**9,
        title=N_("Trivia: highest bet"),
        description=N_("The most a member may bet on an answer, coins."),
    )
