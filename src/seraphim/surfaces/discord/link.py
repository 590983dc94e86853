"""How the connection to Discord is doing, for those who know no Discord library."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

type LinkState = Literal["starting", "connected", "resuming", "closed"]


class ConnectedClient(Protocol):
    """What the link asks of a client."""

    @property
    def latency(self) -> float:
        """Return seconds between heartbeat and acknowledgement; NaN or infinite when unknown."""
        ...

    def guild_count(self) -> int:
        """Return the number of guilds the bot is in."""
        ...

    def shard_total(self) -> int:
        """Return the number of shards this process runs."""
        ...

    def link_state(self) -> LinkState:
        """Return how the connection is."""
        ...


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """The connection at one moment."""

    state: LinkState
    latency_seconds: float | None
    guilds: int
    shards: int


class DiscordLink:
    """Handed out before the client exists; answers "starting" until it is attached."""

    def __init__(self) -> None:
        self._client: ConnectedClient | None = None
        self.command_ids: Mapping[str, int] = {}
        """Ids of the registered commands by name, for clickable mentions; empty before the sync."""

    def attach(self, client: ConnectedClient) -> None:
        """Follow this client from now on."""
        self._client = client

    def facts(self) -> LinkFacts:
        """Return the connection's facts at this moment."""
        client = self._client
        if client is None:
            return LinkFacts("starting", None, 0, 0)
        latency = client.latency
        return LinkFacts(
            client.link_state(),
            latency if math.isfinite(latency) else None,
            client.guild_count(),
            client.shard_total(),
        )
