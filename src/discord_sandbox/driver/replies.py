"""What came of an interaction: a reply, a modal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from discord_sandbox.driver.connection import PersonConnection
from discord_sandbox.driver.errors import InteractionFailed
from discord_sandbox.driver.messages import Json, MessageView


async def wait_for_answer(
    connection: PersonConnection, interaction_id: str, what: str, timeout: float | None = None
) -> Reply:
    """Wait until the application has answered.

    A deferred answer counts once it has been completed by an edit or a follow-up; a deferred
    update (type 6) counts at once.

    Raises:
        InteractionFailed: The application let the three seconds pass.
        ExpectationFailed: It deferred and never completed the answer in time.
    """

    def state() -> str:
        return connection.interactions.get(interaction_id, {}).get("state", "created")

    await connection.until(
        lambda: state() in ("answered", "acknowledged", "failed"),
        f"the application to answer {what} (it is {state()!r})",
        timeout,
    )
    if state() == "failed":
        reason = connection.interactions[interaction_id]["reason"]
        raise InteractionFailed(f"{what}: {reason}", await connection.wire.transcript())
    return Reply(connection, interaction_id, what)


class Reply:
    """An answered interaction, and the message it made or changed, as it is now.

    Attributes:
        interaction_id: The interaction's snowflake.
        what: What the person did, for error messages.
    """

    def __init__(self, connection: PersonConnection, interaction_id: str, what: str) -> None:
        self._connection = connection
        self.interaction_id = interaction_id
        self.what = what

    def __repr__(self) -> str:
        return f"<Reply to {self.what}: {self.text!r}>"

    @property
    def message_id(self) -> str | None:
        """The answer's message, None when the answer was a modal."""
        return self._connection.interactions[self.interaction_id].get("message_id")

    @property
    def message(self) -> MessageView:
        """The message in its present state.

        Raises:
            LookupError: The answer was a modal, or the message was deleted.
        """
        message = self._connection.messages.get(self.message_id or "")
        if message is None:
            raise LookupError(f"{self.what} has no message (a modal, or it was deleted)")
        return message

    @property
    def deleted(self) -> bool:
        """Whether there is no message (any more)."""
        return (self.message_id or "") not in self._connection.messages

    @property
    def content(self) -> str:
        """The message's content."""
        return self.message.content

    @property
    def embeds(self) -> list[Json]:
        """The message's embeds."""
        return self.message.embeds

    @property
    def text(self) -> str:
        """Everything there is to read in the message; empty without one."""
        return "" if self.deleted else self.message.text

    @property
    def ephemeral(self) -> bool:
        """Whether only this person sees it."""
        return self.message.ephemeral

    @property
    def modal(self) -> Modal | None:
        """The modal it opened, None if it opened none."""
        found = self._connection.interactions[self.interaction_id].get("modal")
        return None if found is None else Modal(self._connection, found)

    @property
    def followups(self) -> list[MessageView]:
        """Further messages of the same interaction, oldest first."""
        return [
            message
            for message in self._connection.messages.values()
            if message.id != self.message_id
            and message.data.get("interaction_metadata", {}).get("id") == self.interaction_id
        ]

    async def until(
        self, expected: Callable[[MessageView], bool], timeout: float | None = None
    ) -> MessageView:
        """Wait until the message looks as expected; returns it.

        Raises:
            ExpectationFailed: It does not in time; the transcript is printed.
        """

        def holds() -> bool:
            return not self.deleted and expected(self.message)

        sentence = f"the reply to {self.what} to change; it reads: {self.text!r}"
        await self._connection.until(holds, sentence, timeout)
        return self.message

    async def until_deleted(self, timeout: float | None = None) -> None:
        """Wait until the message is gone."""
        await self._connection.until(
            lambda: self.deleted, f"the reply to {self.what} to be deleted", timeout
        )

    async def followup(
        self, expected: Callable[[MessageView], bool] = lambda _: True, timeout: float | None = None
    ) -> MessageView:
        """Wait for a follow-up message that looks as expected."""
        await self._connection.until(
            lambda: any(expected(one) for one in self.followups),
            f"a follow-up to {self.what}; there are {[one.text for one in self.followups]!r}",
            timeout,
        )
        return next(one for one in self.followups if expected(one))

    async def click(self, name: str, timeout: float | None = None) -> Reply:
        """Press the button with this label, custom id or emoji; waits for the answer."""
        return await click(self._connection, self.message, name, timeout)

    async def select(
        self, *values: object, menu: str | None = None, timeout: float | None = None
    ) -> Reply:
        """Choose from a select menu; waits for the answer.

        Args:
            values: Option values or labels; ids (or members, roles, channels) in entity menus.
            menu: Custom id or placeholder, when there are several.
            timeout: Seconds.
        """
        return await select(self._connection, self.message, values, menu, timeout)


async def click(
    connection: PersonConnection, message: MessageView, name: str, timeout: float | None = None
) -> Reply:
    """Press a button of any message; see `Reply.click`."""
    button = message.find_button(name)
    if button is None:
        there = [one.get("label") or one.get("custom_id") for one in message.buttons]
        raise await connection.wire.fail(f"no button {name!r}; there are {there!r}")
    result = await connection.ask(
        "click",
        channel_id=message.channel_id,
        message_id=message.id,
        custom_id=button.get("custom_id", ""),
    )
    return await wait_for_answer(
        connection, result["interaction_id"], f"a press of {name!r}", timeout
    )


async def select(
    connection: PersonConnection,
    message: MessageView,
    values: Sequence[object],
    menu: str | None,
    timeout: float | None = None,
) -> Reply:
    """Choose from a menu of any message; see `Reply.select`."""
    component = message.find_select(menu)
    if component is None:
        there = [one["custom_id"] for one in message.selects]
        raise await connection.wire.fail(f"no select menu {menu!r}; there are {there!r}")
    by_label = {one["label"]: one["value"] for one in component.get("options", ())}
    chosen = [plain(value) for value in values]
    result = await connection.ask(
        "select",
        channel_id=message.channel_id,
        message_id=message.id,
        custom_id=component["custom_id"],
        values=[by_label.get(str(value), str(value)) for value in chosen],
    )
    return await wait_for_answer(
        connection, result["interaction_id"], f"a choice of {chosen!r}", timeout
    )


def plain(value: object) -> Any:
    """An id for anything that has one, other values unchanged."""
    found = getattr(value, "id", None)
    return found if isinstance(found, str) else value


def _plain_value(value: object) -> Any:
    if isinstance(value, list | tuple):
        return [plain(one) for one in cast("Sequence[object]", value)]
    return plain(value)


class Modal:
    """An open modal."""

    def __init__(self, connection: PersonConnection, data: Json) -> None:
        self._connection = connection
        self.data = data

    @property
    def title(self) -> str:
        """Its title."""
        return self.data["title"]

    @property
    def custom_id(self) -> str:
        """Its custom id."""
        return self.data["custom_id"]

    @property
    def fields(self) -> dict[str, Json]:
        """Its fields by custom id; `label` is the text beside each."""
        found: dict[str, Json] = {}
        for root in self.data["components"]:
            inside = [root["component"]] if "component" in root else root.get("components", [])
            for field in inside:
                found[field["custom_id"]] = {"label": root.get("label"), **field}
        return found

    async def submit(
        self, values: dict[str, Any] | None = None, timeout: float | None = None, **more: Any
    ) -> Reply:
        """Send it and wait for the answer.

        Args:
            values: By custom id or label: a text, a boolean, or a list of values or ids.
            timeout: Seconds.
            more: The same, as keywords.

        Raises:
            OperationRefused: The modal does not accept these values.
        """
        by_label = {field["label"]: key for key, field in self.fields.items() if field["label"]}
        filled = {
            by_label.get(name, name): _plain_value(value)
            for name, value in ((values or {}) | more).items()
        }
        result = await self._connection.ask(
            "modal_submit",
            interaction_id=self.data["interaction_id"],
            custom_id=self.custom_id,
            fields=filled,
        )
        return await wait_for_answer(
            self._connection, result["interaction_id"], f"the modal {self.title!r}", timeout
        )
