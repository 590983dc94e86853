"""What a guild allows: where, how often, how much."""

from sqlalchemy.engine import Connection

from seraphim.features.games.rules.errors import (
    BetOutOfBounds,
    GameCoolingDown,
    GameOff,
    LossLimitReached,
    RoundsUsedUp,
    TooManyGames,
    WrongChannel,
)
from seraphim.features.games.service.settings import GamesSettings
from seraphim.features.games.store import games as store
from seraphim.kernel.ids import ChannelId, GuildId, UserId

MAX_OPEN_GAMES = 10
"""Games a member may sit at at the same time, in one guild."""
TRIVIA = "triviabet"
_DAY_MS = 86_400_000
_NAMED_CHANNELS = 5


def check_place(settings: GamesSettings, kind: str, channel_id: ChannelId) -> None:
    """Raise GameOff or WrongChannel when the game is not played here."""
    if kind in settings.disabled_games:
        raise GameOff
    if settings.channels and channel_id not in settings.channels:
        named = ", ".join(f"<#{channel}>" for channel in settings.channels[:_NAMED_CHANNELS])
        raise WrongChannel(channels=named)


def check_pace(
    conn: Connection,
    settings: GamesSettings,
    guild_id: GuildId,
    user_id: UserId,
    kind: str,
    now_ms: int,
) -> None:
    """Raise GameCoolingDown or TooManyGames when the member should pause first."""
    pause_ms = settings.cooldown_seconds * 1000
    last_ms = store.last_seated_ms(conn, guild_id, user_id, kind, since_ms=now_ms - pause_ms)
    if last_ms is not None and pause_ms:
        # A clock that was set back makes nobody wait longer than the pause.
        left_ms = min(pause_ms, last_ms + pause_ms - now_ms)
        if left_ms > 0:
            raise GameCoolingDown(retry_after_seconds=-(-left_ms // 1000))
    if kind == TRIVIA:
        began_ms = now_ms - now_ms % _DAY_MS
        rounds = store.count_since(conn, guild_id, user_id, kind, began_ms)
        if rounds >= settings.trivia_daily_rounds:
            raise RoundsUsedUp(
                rounds=settings.trivia_daily_rounds, ends=f"<t:{(began_ms + _DAY_MS) // 1000}:R>"
            )
    opened = store.count_open(conn, guild_id, user_id)
    if opened >= MAX_OPEN_GAMES:
        raise TooManyGames(open=opened)


def highest_bet(settings: GamesSettings, kind: str) -> int:
    """Return the most that may be bet on a game."""
    if kind == TRIVIA:  # whoever knows the answers does not play against the house's odds
        return min(settings.max_bet, settings.trivia_max_bet)
    return settings.max_bet


def check_bet(bet: int, settings: GamesSettings, kind: str) -> int:
    """Return the bet, or raise BetOutOfBounds."""
    high = highest_bet(settings, kind)
    if not min(settings.min_bet, high) <= bet <= high:
        raise BetOutOfBounds(low=f"{min(settings.min_bet, high):,}", high=f"{high:,}")
    return bet


def check_loss(
    conn: Connection,
    settings: GamesSettings,
    guild_id: GuildId,
    user_id: UserId,
    coins: int,
    now_ms: int,
) -> None:
    """Raise LossLimitReached when losing ``coins`` more today would be too much."""
    limit = settings.daily_loss_limit
    if not limit:
        return
    began_ms = now_ms - now_ms % _DAY_MS
    lost = store.lost_since(conn, guild_id, user_id, began_ms)
    if lost + coins > limit:
        raise LossLimitReached(
            limit=f"{limit:,}",
            left=f"{max(0, limit - lost):,}",
            ends=f"<t:{(began_ms + _DAY_MS) // 1000}:R>",
        )
