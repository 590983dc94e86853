"""Members who earn, give, buy, trade and play without end, and remember what they were told."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from tests.support.money import promises
from tests.support.money.promises import Kind, Promise

from discord_sandbox.driver import ExpectationFailed, Member, MessageView, OperationRefused
from discord_sandbox.driver.options import slash_options
from discord_sandbox.driver.replies import Modal, Reply

CLAIMS = ("daily", "work", "beg", "crime", "fish", "mine", "hunt")
AT_ONCE = ("coinflip", "dice", "slots")
ALONE = ("blackjack", "highlow", "doubleornothing", "mysterybox", "rps", "triviabet")
TOGETHER = ("roulette", "crash", "race", "heist")
GOODS = ("Gem", "Rarity", "Knight")
_OPTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "coinflip": ("side", ("heads", "tails")),
    "dice": ("guess", ("under", "over", "odd", "even", "doubles")),
    "roulette": ("space", ("red", "black", "odd", "17")),
    "race": ("racer", ("comet", "falcon", "hare", "snail")),
}
_CLOSING = ("stand", "take", "leave", "accept", "box", "spin", "throw", "answer")
"""Moves that bring a game to its end soonest."""
_ANSWER_SECONDS = 8.0
_MOVES_IN_A_ROW = 4


class Weather:
    """Whether the bot is there: members wait while it is not, and give up old answers."""

    def __init__(self) -> None:
        self.fair = asyncio.Event()
        self.crashes = 0
        self.over = False


class Gambler:
    """One member.

    Args:
        member: The person on the sandbox.
        friends: Who they give to, trade with and challenge; filled by the caller.
        dice: What they decide by.
        weather: When they may act.
        told: Where they write down what they were told.
    """

    def __init__(
        self,
        member: Member,
        friends: "Sequence[Gambler]",
        dice: random.Random,
        weather: Weather,
        told: list[Promise],
    ) -> None:
        self.member = member
        self.user_id = int(member.id)
        self._friends = friends
        self._dice = dice
        self._weather = weather
        self._told = told
        self._shown: dict[str, Promise] = {}
        """Messages of games this member has opened, until they show an end."""
        self.answers = 0
        self.refusals = 0
        self._turns: tuple[tuple[int, Callable[[], Awaitable[None]]], ...] = (
            (12, self._claim),
            (16, self._give),
            (8, self._buy),
            (5, self._sell),
            (5, self._trade),
            (16, self._play_at_once),
            (14, self._play_alone),
            (10, self._play_together),
            (4, self._duel),
            (20, self._go_on),
        )

    async def live(self) -> None:
        """Act until the trial is over."""
        weights = [weight for weight, _ in self._turns]
        while not self._weather.over:
            await self._weather.fair.wait()
            await asyncio.sleep(0)  # a turn that ends at once must not take the others theirs
            if self.member.connection.closed:
                await self.member.connection.open()  # too slow for the sandbox, as clients may be
            turn = self._dice.choices(self._turns, weights)[0][1]
            try:
                await turn()
            except (ExpectationFailed, OperationRefused, LookupError):
                # The answer died with the bot, or the button was gone: a member shrugs.
                continue

    async def finish(self, message_id: str, channel_id: str) -> bool:
        """Make the move that ends a game soonest; False when there is nothing to press."""
        message = await self._find(message_id, channel_id)
        buttons = [] if message is None else _moves_of(message)
        if message is None or not buttons:
            return False
        buttons.sort(key=_closing_rank)
        try:
            return await self._press(message, buttons[0]) is not None
        except (ExpectationFailed, OperationRefused, LookupError):
            return False

    async def _find(self, message_id: str, channel_id: str) -> MessageView | None:
        known = self.member.connection.messages
        if message_id not in known:
            await self.member.channel(channel_id).messages()
        return known.get(message_id)

    # -- what members do ------------------------------------------------------------------------

    async def _claim(self) -> None:
        action = self._dice.choice(CLAIMS)
        answer = await self._use(action)
        if answer is not None:
            self._note(promises.claimed(answer.interaction_id, self.user_id, action, answer.text))

    async def _give(self) -> None:
        amount = self._dice.choice(("1", "7", "50", "1.5k", "1%"))
        answer = await self._use("give", user=self._friend().member, amount=amount)
        if answer is not None:
            self._note(promises.given(answer.interaction_id, self.user_id, answer.text))

    async def _buy(self) -> None:
        await self._deal("buy")

    async def _sell(self) -> None:
        await self._deal("sell")

    async def _deal(self, command: str) -> None:
        answer = await self._use(command, item=self._dice.choice(GOODS))
        if answer is not None:
            key = answer.interaction_id
            self._note(promises.dealt(key, self.user_id, command, answer.text))

    async def _trade(self) -> None:
        friend = self._friend()
        opened = await self._use("trade", user=friend.member)
        if opened is None:
            return
        coins = next(b for b in opened.message.buttons if "trade-coins" in b["custom_id"])
        number = str(coins["custom_id"]).rsplit(":", 1)[1]
        asked = await self._click(opened.message, coins["custom_id"])
        if asked is None or asked.modal is None:
            return
        await self._submit(asked.modal, {"coins": str(self._dice.randint(1, 40))})
        for who in (self, friend):
            message = await who._find(opened.message.id, opened.message.channel_id)
            if message is None:
                return
            confirm = next(b for b in message.buttons if "trade-confirm" in b["custom_id"])
            answer = await who._click(message, confirm["custom_id"])
            if answer is not None and "🤝 Done" in answer.text:
                self._note(Promise("trade", number, self.user_id, "trade"))

    async def _play_at_once(self) -> None:
        await self._play(self._dice.choice(AT_ONCE))

    async def _play_together(self) -> None:
        await self._play(self._dice.choice(TOGETHER))

    async def _play_alone(self) -> None:
        message = await self._play(self._dice.choice(ALONE))
        for _ in range(_MOVES_IN_A_ROW):
            # Now and then somebody walks away and leaves the game as it is.
            if message is None or not (moves := _moves_of(message)) or self._dice.random() < 0.1:
                return
            message = await self._press(message, self._dice.choice(moves))

    async def _duel(self) -> None:
        friend = self._friend()
        opened = await self._open("duel", bet=self._bet(), user=friend.member)
        if opened is None:
            return
        message = await friend._find(opened.id, opened.channel_id)
        if message is not None and (moves := _moves_of(message)):
            await friend._press(message, friend._dice.choice(moves))

    async def _go_on(self) -> None:
        """Make a move at some message of a game in sight: an own one, a round, or a stranger's."""
        messages = self.member.connection.messages
        mine = [messages[one] for one in self._shown if one in messages]
        others = [one for one in messages.values() if _moves_of(one)]
        known = mine if mine and self._dice.random() < 0.8 else others
        if known and (moves := _moves_of(message := self._dice.choice(known))):
            await self._press(message, self._dice.choice(moves))

    # -- how they do it -------------------------------------------------------------------------

    def _friend(self) -> "Gambler":
        return self._dice.choice([one for one in self._friends if one is not self])

    def _bet(self) -> str:
        return str(self._dice.choice((10, 25, 40, 100)))

    def _note(self, promise: Promise | None) -> None:
        if promise is not None:
            self._told.append(promise)

    async def _play(self, kind: str) -> MessageView | None:
        options: dict[str, Any] = {"bet": self._bet()}
        if kind in _OPTIONS:
            name, values = _OPTIONS[kind]
            options[name] = self._dice.choice(values)
        return await self._open(kind, **options)

    async def _open(self, kind: str, **options: Any) -> MessageView | None:
        answer = await self._use(kind, **options)
        if answer is None:
            return None
        key, message = answer.interaction_id, answer.message
        promise = promises.played("game", key, self.user_id, kind, message)
        self._note(promise)
        if not promise.over and not message.ephemeral:
            self._shown[message.id] = promise
        return message

    async def _press(self, message: MessageView, button: dict[str, Any]) -> MessageView | None:
        """Make a move at a game; fills in the form it may open."""
        command = str(button["custom_id"]).split(":")[1]
        answer = await self._click(message, button["custom_id"])
        if answer is not None and answer.modal is not None:
            fields = {"bet": self._bet()} | ({"number": "17"} if command == "roulette" else {})
            known = answer.modal.fields
            answer = await self._submit(
                answer.modal, {name: text for name, text in fields.items() if name in known}
            )
        if answer is None:
            return None
        self._note(_told_by(answer, "move", self.user_id, command))
        return answer.message

    async def _use(self, command: str, **options: Any) -> Reply | None:
        """Use a command; None when it was refused or never answered."""
        connection = self.member.connection
        found = await self.member.command(command)
        asked = await connection.ask(
            "slash",
            channel_id=self.member.channel(self._place).id,
            command_id=found["id"],
            options=slash_options(found, command, options),
        )
        return await self._answer(asked["interaction_id"], f"/{command}")

    async def _click(self, message: MessageView, custom_id: str) -> Reply | None:
        asked = await self.member.connection.ask(
            "click", channel_id=message.channel_id, message_id=message.id, custom_id=custom_id
        )
        return await self._answer(asked["interaction_id"], custom_id)

    async def _submit(self, modal: Modal, values: dict[str, str]) -> Reply | None:
        asked = await self.member.connection.ask(
            "modal_submit",
            interaction_id=modal.data["interaction_id"],
            custom_id=modal.custom_id,
            fields=values,
        )
        return await self._answer(asked["interaction_id"], modal.custom_id)

    async def _answer(self, interaction_id: str, what: str) -> Reply | None:
        connection, crashes = self.member.connection, self._weather.crashes

        def state() -> str:
            return connection.interactions.get(interaction_id, {}).get("state", "created")

        def known() -> bool:
            # Who says that it is thinking and dies will not come back to it.
            forsaken = state() != "created" and self._weather.crashes != crashes
            return state() in {"answered", "acknowledged", "failed"} or forsaken

        await connection.until(known, f"an answer to {what}", _ANSWER_SECONDS)
        self._look_at_ends()
        if state() != "answered":
            return None
        answer = Reply(connection, interaction_id, what)
        self.answers += 1
        if answer.modal is None and promises.is_refusal(answer.message):
            self.refusals += 1
            return None
        return answer

    def _look_at_ends(self) -> None:
        """Write down which of the own games have been shown as finished meanwhile."""
        known = self.member.connection.messages
        for message_id, promise in list(self._shown.items()):
            message = known.get(message_id)
            if message is not None and promises.is_over(message):
                del self._shown[message_id]
                self._note(Promise("game", promise.key, self.user_id, promise.command, over=True))

    @property
    def _place(self) -> str:
        return f"table-{self.table}"

    table: int = 0
    """Which channel this member plays in."""


def _told_by(answer: Reply, kind: Kind, user_id: int, command: str) -> Promise | None:
    if answer.message.ephemeral:
        return None  # a private word, such as that a bet is on the table
    return promises.played(kind, answer.interaction_id, user_id, command, answer.message)


def _moves_of(message: MessageView) -> list[dict[str, Any]]:
    """Return the buttons of a game's message that make a move."""
    return [
        button
        for button in message.buttons
        if not button.get("disabled")
        and str(button.get("custom_id", "")).startswith("games:")
        and str(button["custom_id"]).split(":")[1] not in {"again", "odds"}
    ]


def _closing_rank(button: dict[str, Any]) -> int:
    parts = str(button["custom_id"]).split(":")
    action = parts[4] if len(parts) > 4 else ""
    return _CLOSING.index(action) if action in _CLOSING else len(_CLOSING)
