"""The start of a session: is this IDENTIFY valid, and may it happen now?"""

import secrets
import time
from collections import deque
from typing import Any, cast

from discord_sandbox.gateway.connection import Refused
from discord_sandbox.gateway.protocol import (
    ALL_INTENTS,
    GUILDS_PER_SHARD,
    IDENTIFY_WINDOW_SECONDS,
    LARGE_THRESHOLD_DEFAULT,
    PRIVILEGED_FLAGS,
    SESSION_STARTS_PER_DAY,
    Close,
)
from discord_sandbox.gateway.session import Session
from discord_sandbox.world.models import Application
from discord_sandbox.world.state import WorldState

Json = dict[str, Any]

DAY_SECONDS = 86_400.0
SHARD_PAIR = 2


class Starts:
    """Who may start a session, and how often.

    Attributes:
        max_concurrency: Identify keys (`shard_id % max_concurrency`) that may start at once.
        limits_identify: Whether a second IDENTIFY of a key within five seconds is answered
            with Invalid Session. Off unless asked for: a developer restarts a bot more often.
    """

    def __init__(self, world: WorldState) -> None:
        """Remember nothing yet."""
        self.max_concurrency = 1
        self.limits_identify = False
        self._world = world
        self._identified: dict[tuple[int, int], float] = {}
        self._starts: deque[float] = deque(maxlen=SESSION_STARTS_PER_DAY)

    def left(self) -> tuple[int, int]:
        """Starts left today, and milliseconds until one comes back."""
        now = time.monotonic()
        while self._starts and now - self._starts[0] > DAY_SECONDS:
            self._starts.popleft()
        reset_seconds = DAY_SECONDS - (now - self._starts[0]) if self._starts else 0.0
        return SESSION_STARTS_PER_DAY - len(self._starts), int(reset_seconds * 1000)

    def authenticate(self, token: object) -> Application:
        """The application of a token.

        Raises:
            Refused: 4004, unknown or revoked.
        """
        application = None
        if isinstance(token, str):
            application = self._world.bot_by_token(token.removeprefix("Bot "))
        if application is None:
            raise Refused(Close.AUTHENTICATION_FAILED, "Authentication failed.")
        return application

    def new_session(self, data: Json) -> Session:
        """The session that an IDENTIFY asks for.

        Args:
            data: The payload's `d`.

        Raises:
            Refused: 4004, 4002, 4013, 4014, 4010 or 4011.
        """
        application = self.authenticate(data.get("token"))
        if not isinstance(data.get("properties"), dict):
            raise Refused(Close.DECODE_ERROR, "properties must be an object")
        intents = data.get("intents")
        if not isinstance(intents, int):
            raise Refused(Close.DECODE_ERROR, "intents must be an integer")
        if not 0 <= intents <= ALL_INTENTS:
            raise Refused(Close.INVALID_INTENTS, "Invalid intent(s).")
        for intent, flags in PRIVILEGED_FLAGS.items():
            if intents & intent and not application.flags & flags:
                raise Refused(Close.DISALLOWED_INTENTS, "Disallowed intent(s).")
        threshold = data.get("large_threshold", LARGE_THRESHOLD_DEFAULT)
        session = Session(
            id=secrets.token_hex(16),
            voice_id=secrets.token_hex(16),
            application=application,
            intents=intents,
            shard=_shard(data.get("shard")),
            shard_named="shard" in data,
            large_threshold=threshold if isinstance(threshold, int) else LARGE_THRESHOLD_DEFAULT,
        )
        guilds = self._world.guilds_of(session.bot_id)
        if sum(1 for guild in guilds if session.routes(guild.id)) > GUILDS_PER_SHARD:
            raise Refused(Close.SHARDING_REQUIRED, "Sharding required.")
        return session

    def admits(self, session: Session) -> bool:
        """Whether the session may start now; a start is counted."""
        key = (session.bot_id, session.shard[0] % self.max_concurrency)
        now = time.monotonic()
        last = self._identified.get(key)
        if self.limits_identify and last is not None and now - last < IDENTIFY_WINDOW_SECONDS:
            return False
        self._identified[key] = now
        self._starts.append(now)
        return True


def _shard(value: object) -> tuple[int, int]:
    if value is None:
        return (0, 1)
    pair = cast("list[object]", value) if isinstance(value, list) else []
    if len(pair) == SHARD_PAIR:
        shard_id, shards = pair
        if isinstance(shard_id, int) and isinstance(shards, int) and 0 <= shard_id < shards:
            return shard_id, shards
    raise Refused(Close.INVALID_SHARD, "Invalid shard.")
