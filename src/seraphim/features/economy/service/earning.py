"""Earning: one payment and one cooldown in one transaction, answered the same when repeated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from seraphim.features.economy.rules import catches, stories
from seraphim.features.economy.rules.earning import (
    LastClaim,
    Outcome,
    Roll,
    StillWaiting,
    boosted,
    commit_crime,
    daily_coins,
    pay,
    ready_ms,
    streak_at,
)
from seraphim.features.economy.rules.ledger import MINT, TREASURY, JsonValue, Receipt, person
from seraphim.features.economy.service.claims import Earner, Entry, find_answer, take_coins, whole
from seraphim.features.economy.service.ledger import Bank
from seraphim.features.economy.service.settings import EconomySettings
from seraphim.features.economy.store.cooldowns import (
    StoredClaim,
    find_claim,
    list_last_claims,
    save_claim,
)
from seraphim.features.economy.store.item_effects import consume_effect
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database, write_keyed
from seraphim.kernel.dice import Dice
from seraphim.kernel.settings import GuildSettings

BOOSTED = frozenset({"daily", "work", "fish", "mine", "hunt"})
"""Actions whose gain a booster multiplies."""


@dataclass(frozen=True, slots=True)
class Earned:
    """What an attempt brought.

    ``coins`` is what the balance gained (negative: a fine), ``balance`` what it was just after,
    ``again_ms`` when the same may be done again, ``streak`` the day in a row (``/daily``; else 0),
    ``boost_percent`` 100 without a booster.
    """

    action: str
    what: str
    coins: int
    success: bool
    balance: int
    again_ms: int
    streak: int = 0
    boost_percent: int = 100
    repeated: bool = False


type _Play = Callable[[EconomySettings, Roll], Outcome]

_PLAYS: Mapping[str, _Play] = {
    "work": lambda settings, roll: pay(settings.work, tuple(stories.WORK), roll),
    "beg": lambda settings, roll: pay(settings.beg, tuple(stories.BEG), roll),
    "crime": lambda settings, roll: commit_crime(
        settings.crime, tuple(stories.CRIME_WON), tuple(stories.CRIME_LOST), roll
    ),
    "fish": lambda settings, roll: catches.find(catches.FISH, settings.fish, roll),
    "mine": lambda settings, roll: catches.find(catches.ORES, settings.mine, roll),
    "hunt": lambda settings, roll: catches.hunt(
        catches.ANIMALS, settings.hunt, settings.hunt_percent, roll
    ),
}
ACTIONS = ("daily", *_PLAYS)
"""What can be earned by; each is a command of the same name."""
PAUSED = (*ACTIONS, "rob")
"""What a member waits for."""


class Earning:
    """The use cases of earning."""

    def __init__(
        self, db: Database, settings: GuildSettings, clock: Clock, dice: Dice, bank: Bank
    ) -> None:
        self._db = db
        self._settings = settings
        self._clock = clock
        self._dice = dice
        self._bank = bank

    async def earn(self, who: Earner, action: str, key: str) -> Earned:
        """Do one of ACTIONS.

        Args:
            who: Who earns.
            action: What they do.
            key: The idempotency key: the same again answers the same and pays nothing.

        Raises:
            StillWaiting: The pause is not over.
            AccountFrozen: A moderator has frozen the account.
            BalanceLimit: The account is full.
        """
        settings = await self._settings.get(who.guild_id, EconomySettings)
        claim = Claim(who, action, key, settings)
        return await write_keyed(
            self._db, make_claim, self._bank, claim, self._dice.integer, self._clock.now_ms()
        )

    async def waiting(self, who: Earner) -> dict[str, int]:
        """Return until when (Unix ms) a member waits for what; what is ready is left out."""
        settings = await self._settings.get(who.guild_id, EconomySettings)
        claims = await self._db.read(list_last_claims, who.guild_id, who.user_id)
        now_ms = self._clock.now_ms()
        found: dict[str, int] = {}
        for action, last in claims.items():
            if action not in PAUSED:
                continue
            ready = ready_ms(last, settings.pause_ms(action))
            if now_ms < ready:
                found[action] = ready
        return found


@dataclass(frozen=True, slots=True)
class Claim:
    """A wish to be paid."""

    who: Earner
    action: str
    key: str
    settings: EconomySettings


def make_claim(conn: Connection, bank: Bank, claim: Claim, roll: Roll, now_ms: int) -> Earned:
    """Pay and start the pause, in the caller's transaction; see :meth:`Earning.earn`."""
    guild_id, user_id = claim.who.guild_id, claim.who.user_id
    before = find_claim(conn, guild_id, user_id, claim.action)
    known = find_answer(conn, bank, claim.who, claim.key, before)
    if known is not None:
        return _earned(known.details, known.balance, repeated=True)
    last = None if before is None else before.last
    pause_ms = claim.settings.pause_ms(claim.action)
    ready = ready_ms(last, pause_ms)
    if now_ms < ready:
        raise StillWaiting(command=claim.action, until_ms=ready)
    again_ms = now_ms + pause_ms
    outcome, streak = _play(claim, last, now_ms, roll)
    boost = 100
    if outcome.coins > 0 and claim.action in BOOSTED:
        boost = consume_effect(conn, guild_id, user_id, claim.action, now_ms)
    details: dict[str, JsonValue] = {
        "action": claim.action,
        "what": outcome.what,
        "success": outcome.success,
        "streak": streak,
        "boost": boost,
        "again_ms": again_ms,
    }
    receipt = _move(conn, bank, claim, boosted(outcome.coins, boost), details)
    if receipt is not None and receipt.repeated:
        return _earned(receipt.details, receipt.balances[user_id], repeated=True)
    balance = (
        bank.balance(conn, guild_id, user_id) if receipt is None else receipt.balances[user_id]
    )
    stored = {"coins": 0, **(details if receipt is None else receipt.details), "balance": balance}
    after = StoredClaim(LastClaim(now_ms, again_ms, streak), claim.key, stored)
    if not save_claim(conn, guild_id, user_id, claim.action, after, before=before):
        # A second claim at the same moment was first; the whole transaction is taken back.
        raise StillWaiting(command=claim.action, until_ms=again_ms)
    return _earned(stored, balance)


def _play(claim: Claim, last: LastClaim | None, now_ms: int, roll: Roll) -> tuple[Outcome, int]:
    if claim.action != "daily":
        return _PLAYS[claim.action](claim.settings, roll), 0
    terms = claim.settings.daily
    streak = streak_at(last, now_ms, terms.window_ms)
    return Outcome("daily", daily_coins(terms, streak)), streak


def _move(
    conn: Connection, bank: Bank, claim: Claim, coins: int, details: dict[str, JsonValue]
) -> Receipt | None:
    """Pay a gain, or take a fine as far as there are coins; None when nothing moved."""
    guild_id, user_id = claim.who.guild_id, claim.who.user_id
    me = person(user_id)
    if coins > 0:
        return bank.transfer(
            conn,
            guild_id,
            MINT,
            me,
            coins,
            key=claim.key,
            kind=claim.action,
            details={**details, "coins": coins},
        )
    entry = Entry(claim.key, claim.action, details)
    return take_coins(conn, bank, claim.who, user_id, TREASURY, -coins, entry)


def _earned(stored: Mapping[str, JsonValue], balance: int, *, repeated: bool = False) -> Earned:
    return Earned(
        action=str(stored["action"]),
        what=str(stored["what"]),
        coins=whole(stored["coins"]),
        success=bool(stored["success"]),
        balance=balance,
        again_ms=whole(stored["again_ms"]),
        streak=whole(stored["streak"]),
        boost_percent=whole(stored["boost"]),
        repeated=repeated,
    )
