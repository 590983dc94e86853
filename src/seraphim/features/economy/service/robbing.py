"""Robbing: one attempt, its two pauses and the coins it moves in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from seraphim.features.economy.rules.amounts import format_coins
from seraphim.features.economy.rules.earning import (
    LastClaim,
    Roll,
    StillWaiting,
    ready_ms,
)
from seraphim.features.economy.rules.ledger import TREASURY, JsonValue, Receipt, person
from seraphim.features.economy.rules.members import IsYourself
from seraphim.features.economy.rules.robbing import (
    RobberTooPoor,
    RobberyEnd,
    RobbingOff,
    TargetLeftInPeace,
    TargetTooPoor,
    attempt,
    robber_gains,
)
from seraphim.features.economy.service.claims import (
    Earner,
    Entry,
    find_answer,
    refuse_frozen,
    take_coins,
    whole,
)
from seraphim.features.economy.service.ledger import Bank
from seraphim.features.economy.service.settings import HOUR_MS, EconomySettings
from seraphim.features.economy.store.cooldowns import StoredClaim, find_claim, save_claim
from seraphim.features.economy.store.item_effects import consume_shield
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database, write_keyed
from seraphim.kernel.dice import Dice
from seraphim.kernel.ids import UserId
from seraphim.kernel.settings import GuildSettings

ROB, ROB_TARGET = "rob", "rob_target"
_ENDS: Mapping[str, RobberyEnd] = {"robbed": "robbed", "caught": "caught", "shielded": "shielded"}


@dataclass(frozen=True, slots=True)
class Robbed:
    """How a robbery ended. ``coins`` is what the robber gained (negative: the fine)."""

    end: RobberyEnd
    target_id: UserId
    coins: int
    balance: int
    again_ms: int
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Robbery:
    """A wish to rob somebody."""

    who: Earner
    target_id: UserId
    key: str
    settings: EconomySettings


class Robbing:
    """The use case of robbing."""

    def __init__(
        self, db: Database, settings: GuildSettings, clock: Clock, dice: Dice, bank: Bank
    ) -> None:
        self._db = db
        self._settings = settings
        self._clock = clock
        self._dice = dice
        self._bank = bank

    async def rob(self, who: Earner, target_id: UserId, key: str) -> Robbed:
        """Try to rob a member; the caller has made sure that it is a person on the server.

        Raises:
            RobbingOff: The guild does not want it.
            IsYourself: Robber and target are the same.
            StillWaiting: The robber's pause is not over.
            TargetLeftInPeace: This robber has tried this target lately.
            RobberTooPoor: The robber has too little.
            TargetTooPoor: The target has too little.
            AccountFrozen: One of the two is frozen.
        """
        settings = await self._settings.get(who.guild_id, EconomySettings)
        robbery = Robbery(who, target_id, key, settings)
        return await write_keyed(
            self._db, make_robbery, self._bank, robbery, self._dice.integer, self._clock.now_ms()
        )


def make_robbery(conn: Connection, bank: Bank, robbery: Robbery, roll: Roll, now_ms: int) -> Robbed:
    """Rob in the caller's transaction; see :meth:`Robbing.rob`."""
    who, settings = robbery.who, robbery.settings
    before = find_claim(conn, who.guild_id, who.user_id, ROB)
    known = find_answer(conn, bank, who, robbery.key, before)
    if known is not None:
        return _robbed(known.details, known.balance, repeated=True)
    before_target = _check(conn, bank, robbery, before, now_ms)
    again_ms = now_ms + settings.pause_ms(ROB)
    details: dict[str, JsonValue] = {"target": robbery.target_id, "again_ms": again_ms}
    if consume_shield(conn, who.guild_id, robbery.target_id, now_ms):
        details["end"] = "shielded"
        receipt = None
    else:
        receipt = _strike(conn, bank, robbery, roll, details)
    if receipt is not None and receipt.repeated:
        return _robbed(receipt.details, receipt.balances[who.user_id], repeated=True)
    balance = (
        bank.balance(conn, who.guild_id, who.user_id)
        if receipt is None
        else receipt.balances[who.user_id]
    )
    stored = {"coins": 0, **(details if receipt is None else receipt.details), "balance": balance}
    after = StoredClaim(LastClaim(now_ms, again_ms), robbery.key, stored)
    saved = save_claim(conn, who.guild_id, who.user_id, ROB, after, before=before)
    if saved and settings.rob_target_hours:
        peace = StoredClaim(
            LastClaim(now_ms, now_ms + settings.rob_target_hours * HOUR_MS), robbery.key, {}
        )
        saved = save_claim(
            conn,
            who.guild_id,
            who.user_id,
            ROB_TARGET,
            peace,
            robbery.target_id,
            before=before_target,
        )
    if not saved:
        # A second robbery at the same moment was first; this whole transaction is taken back.
        raise StillWaiting(command=ROB, until_ms=again_ms)
    return _robbed(stored, balance)


def _check(
    conn: Connection, bank: Bank, robbery: Robbery, before: StoredClaim | None, now_ms: int
) -> StoredClaim | None:
    """Refuse a robbery that may not be; returns the last one of the same target."""
    who, target_id, settings = robbery.who, robbery.target_id, robbery.settings
    if not settings.rob_enabled:
        raise RobbingOff
    if target_id == who.user_id:
        raise IsYourself
    ready = ready_ms(None if before is None else before.last, settings.pause_ms(ROB))
    if now_ms < ready:
        raise StillWaiting(command=ROB, until_ms=ready)
    member = f"<@{target_id}>"
    before_target = find_claim(conn, who.guild_id, who.user_id, ROB_TARGET, target_id)
    if before_target is not None:
        peace_until = ready_ms(before_target.last, settings.rob_target_hours * HOUR_MS)
        if now_ms < peace_until:
            when = f"<t:{-(-peace_until // 1000)}:f>"
            raise TargetLeftInPeace(member=member, when=when)
    mine = bank.balance(conn, who.guild_id, who.user_id)
    if mine < settings.rob_self_min:
        raise RobberTooPoor(
            least=format_coins(settings.rob_self_min, settings),
            balance=format_coins(mine, settings),
        )
    if bank.balance(conn, who.guild_id, target_id) < settings.rob_target_min:
        raise TargetTooPoor(member=member, least=format_coins(settings.rob_target_min, settings))
    refuse_frozen(conn, who.guild_id, who.user_id, target_id)
    return before_target


def _strike(
    conn: Connection, bank: Bank, robbery: Robbery, roll: Roll, details: dict[str, JsonValue]
) -> Receipt | None:
    """Move what is robbed or fined; writes into ``details`` how it ended."""
    who, target_id, terms = robbery.who, robbery.target_id, robbery.settings.rob
    tried = attempt(terms, roll)
    details["end"] = "robbed" if tried.works else "caught"
    gains = robber_gains(
        terms,
        tried,
        bank.balance(conn, who.guild_id, who.user_id),
        bank.balance(conn, who.guild_id, target_id),
    )
    owner, receiver = (target_id, person(who.user_id)) if tried.works else (who.user_id, TREASURY)
    entry = Entry(robbery.key, ROB, details)
    return take_coins(conn, bank, who, owner, receiver, abs(gains), entry)


def _robbed(stored: Mapping[str, JsonValue], balance: int, *, repeated: bool = False) -> Robbed:
    return Robbed(
        end=_ENDS[str(stored["end"])],
        target_id=UserId(whole(stored["target"])),
        coins=whole(stored["coins"]),
        balance=balance,
        again_ms=whole(stored["again_ms"]),
        repeated=repeated,
    )
