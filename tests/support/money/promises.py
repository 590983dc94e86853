"""What members were told: every answer that says that coins moved is a promise of the bot.

A promise is read off the answer that a member saw, by its words and its interaction's id, and
knows nothing of the bot's memory. The books must hold it after any crash.
"""

import re
from dataclasses import dataclass
from typing import Literal

from discord_sandbox.driver import MessageView

type Kind = Literal["transfer", "game", "move", "trade"]

SYMBOL = "✨"
_AMOUNT = rf"([\d,]+) {SYMBOL}"
_MINUS = "\N{MINUS SIGN}"
_GAINED = re.compile(rf"## ([+{_MINUS}]){_AMOUNT}")
_GIVEN = re.compile(rf"gave \*\*{_AMOUNT}\*\* to")
_DEALT = re.compile(rf"for \*\*{_AMOUNT}\*\*\. You have \*\*{_AMOUNT}\*\* (?:left|now)")
_BALANCE = re.compile(rf"Balance(?:: |\n\*\*){_AMOUNT}")
_REFUSED = re.compile(r"^[a-z_]+(\.[a-z_]+)*( · \w+)?$")


@dataclass(frozen=True, slots=True)
class Promise:
    """What one answer said.

    ``key`` is the interaction's id; of a trade, the trade's number. ``amount`` are the coins that
    were said to have moved and ``balance`` what the member was said to have just after, where the
    answer says it. ``over`` tells that a game was shown as finished.
    """

    kind: Kind
    key: str
    user_id: int
    command: str
    amount: int | None = None
    balance: int | None = None
    over: bool = False


def is_refusal(message: MessageView) -> bool:
    """Whether an answer is an error: private, with an error's code below it."""
    if not message.ephemeral:
        return False
    footers = [embed.get("footer", {}).get("text", "") for embed in message.embeds]
    return any(_REFUSED.match(footer) for footer in footers)


def is_over(message: MessageView) -> bool:
    """Whether a game's message shows its end."""
    return message.find_button("Again") is not None


def claimed(key: str, user_id: int, command: str, text: str) -> Promise | None:
    """Read the answer of an earning command; None when nothing was paid."""
    found = _GAINED.search(text)
    if found is None:
        return None
    return Promise("transfer", key, user_id, command, _number(found[2]), _balance(text))


def given(key: str, user_id: int, text: str) -> Promise | None:
    """Read the answer of ``/give``."""
    found = _GIVEN.search(text)
    if found is None:
        return None
    return Promise("transfer", key, user_id, "give", _number(found[1]), _balance(text))


def dealt(key: str, user_id: int, command: str, text: str) -> Promise | None:
    """Read the answer of ``/buy`` or ``/sell``."""
    found = _DEALT.search(text)
    if found is None:
        return None
    return Promise("transfer", key, user_id, command, _number(found[1]), _number(found[2]))


def played(kind: Kind, key: str, user_id: int, command: str, message: MessageView) -> Promise:
    """Read the answer of a command that opens or joins a game, or of a click at one."""
    over = is_over(message)
    balance = _balance(message.text) if over else None
    return Promise(kind, key, user_id, command, balance=balance, over=over)


def _balance(text: str) -> int | None:
    found = _BALANCE.search(text)
    return None if found is None else _number(found[1])


def _number(text: str) -> int:
    return int(text.replace(",", ""))
