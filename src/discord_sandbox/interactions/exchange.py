"""Interactions while they live: made by a person, answered by an application, then expired."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from discord_sandbox.interactions.checks import Json
from discord_sandbox.interactions.registry import Command
from discord_sandbox.world.models import Application, Channel, Dispatch, Guild, Message, User

PING, COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 1, 2, 3, 4, 5

ANSWER_SECONDS = 3.0
TOKEN_SECONDS = 15 * 60.0
MAX_LIVING = 10_000
"""Interactions kept; the oldest are forgotten first, long after their tokens expired."""

type State = Literal["created", "acknowledged", "deferred", "answered", "failed"]
type Notice = Callable[[int, str, Json], None]
"""Called with (user id, event name, data) for a person's own client."""


@dataclass(slots=True, eq=False)
class Interaction:
    """One interaction and what became of it.

    Attributes:
        kind: 2 command, 3 component, 4 autocomplete, 5 modal submit.
        created: The clock's monotonic seconds.
        data: The payload's `data`.
        source: The message whose component was used, also for a modal that came from one.
        trigger: For a modal submit: the interaction that opened the modal.
        callback_type: How it was answered, None before.
        original: The message `@original` means.
        followup_ids: Messages sent with its token.
        modal: The open modal, as answered with type 9.
        choices: Resolves when an autocomplete is answered; None for the other kinds.
    """

    id: int
    token: str
    kind: int
    application: Application
    user: User
    channel: Channel
    guild: Guild | None
    created: float
    data: Json
    command: Command | None = None
    source: Message | None = None
    trigger: Interaction | None = None
    state: State = "created"
    callback_type: int | None = None
    original: Message | None = None
    followup_ids: set[int] = field(default_factory=set[int])
    modal: Json | None = None
    choices: asyncio.Future[list[Json]] | None = None

    @property
    def owners(self) -> Json:
        """`authorizing_integration_owners`: installed to the guild, or "0" in a DM."""
        return {"0": str(self.guild.id) if self.guild is not None else "0"}


class Exchange:
    """Every living interaction, found by id (callbacks) or by token (follow-ups).

    Args:
        new_id: Makes snowflakes.
        now: Monotonic seconds of the sandbox's clock, so that a test can move time.
        emit: Sends a dispatch to the gateway.
    """

    def __init__(
        self, new_id: Callable[[], int], now: Callable[[], float], emit: Callable[[Dispatch], None]
    ) -> None:
        self._new_id = new_id
        self._now = now
        self._emit = emit
        self._by_id: dict[int, Interaction] = {}
        self._by_token: dict[str, Interaction] = {}
        self._notices: list[Notice] = []
        self._timers: dict[int, asyncio.TimerHandle] = {}
        self.answer_seconds = ANSWER_SECONDS
        self.token_seconds = TOKEN_SECONDS

    def subscribe(self, notice: Notice) -> Callable[[], None]:
        """Tell `notice` what happens to people's interactions; returns how to stop it."""
        self._notices.append(notice)
        return lambda: self._notices.remove(notice)

    def notify(self, user_id: int, name: str, data: Json) -> None:
        """Tell a person's clients something that the gateway does not carry."""
        for notice in tuple(self._notices):
            notice(user_id, name, data)

    def open(
        self,
        kind: int,
        application: Application,
        user: User,
        channel: Channel,
        data: Json,
        *,
        command: Command | None = None,
        source: Message | None = None,
        trigger: Interaction | None = None,
    ) -> Interaction:
        """Make an interaction; it reaches the application with `dispatch`."""
        # Real tokens are base64 of "interaction:<id>:<secret>"; clients must not read them.
        token = secrets.token_urlsafe(120)
        interaction = Interaction(
            id=self._new_id(),
            token=token,
            kind=kind,
            application=application,
            user=user,
            channel=channel,
            guild=channel.guild,
            created=self._now(),
            data=data,
            command=command,
            source=source,
            trigger=trigger,
        )
        if kind == AUTOCOMPLETE:
            interaction.choices = asyncio.get_running_loop().create_future()
        while len(self._by_id) >= MAX_LIVING:
            oldest = self._by_id.pop(next(iter(self._by_id)))
            self._by_token.pop(oldest.token, None)
        self._by_id[interaction.id] = interaction
        self._by_token[token] = interaction
        return interaction

    def dispatch(self, interaction: Interaction, payload: Json) -> None:
        """Send INTERACTION_CREATE to the application's bot and start the three seconds."""
        self.set_state(interaction, "created")
        self._emit(
            Dispatch(
                "INTERACTION_CREATE",
                payload,
                guild_id=interaction.guild.id if interaction.guild is not None else None,
                only_user_ids=frozenset({interaction.application.bot.id}),
            )
        )
        loop = asyncio.get_running_loop()
        self._timers[interaction.id] = loop.call_later(
            self.answer_seconds, self._time_out, interaction
        )

    def close(self) -> None:
        """Stop the timers; for the server's end."""
        for handle in self._timers.values():
            handle.cancel()
        self._timers.clear()

    def expire(self) -> None:
        """Fail what was not answered in time; for tests that move the clock."""
        limit = self._now() - self.answer_seconds
        for interaction in tuple(self._by_id.values()):
            if interaction.state == "created" and interaction.created < limit:
                self._time_out(interaction)

    def _time_out(self, interaction: Interaction) -> None:
        if interaction.state == "created":
            self.fail(interaction, "The application did not respond")

    def fail(self, interaction: Interaction, reason: str) -> None:
        """Let the person see that it failed."""
        # Before the state: whoever waits for the answer finds the reason there.
        self.notify(
            interaction.user.id,
            "INTERACTION_FAILED",
            {"interaction_id": str(interaction.id), "reason": reason},
        )
        self.set_state(interaction, "failed")
        if interaction.choices is not None and not interaction.choices.done():
            interaction.choices.set_result([])

    def set_state(
        self, interaction: Interaction, state: State, message: Message | None = None
    ) -> None:
        """Move on, and tell the person's clients; `message` answers in place of the original."""
        interaction.state = state
        timer = self._timers.pop(interaction.id, None) if state != "created" else None
        if timer is not None:
            timer.cancel()
        answered = message or interaction.original
        self.notify(
            interaction.user.id,
            "INTERACTION_STATE",
            {
                "interaction_id": str(interaction.id),
                "state": state,
                "callback_type": interaction.callback_type,
                "message_id": str(answered.id) if answered is not None else None,
            },
        )

    def find(self, interaction_id: int, token: str) -> Interaction | None:
        """The interaction to answer, None when unknown or more than three seconds old."""
        interaction = self._by_id.get(interaction_id)
        if interaction is None or interaction.token != token:
            return None
        late = self._now() - interaction.created > self.answer_seconds
        if interaction.callback_type is None and late:
            return None
        return interaction

    def find_by_token(self, token: str) -> Interaction | None:
        """The interaction a follow-up belongs to, expired or not."""
        return self._by_token.get(token)

    def find_by_id(self, interaction_id: int) -> Interaction | None:
        """An interaction by id, for the person who started it."""
        return self._by_id.get(interaction_id)

    def token_expired(self, interaction: Interaction) -> bool:
        """Whether the fifteen minutes are over."""
        return self._now() - interaction.created > self.token_seconds
