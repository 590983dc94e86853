"""Times and limits of the nodes' client."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tuning:
    """How long things may take, in seconds."""

    ping_seconds: float = 0.4
    """How often a node is asked whether it is there."""
    silent_seconds: float = 1.2
    """A node that has said nothing for so long, not even to a ping, counts as gone."""
    again_seconds: float = 0.6
    """A connection that broke is opened once more before the players move; so long at most."""
    connect_seconds: float = 5.0
    request_seconds: float = 5.0
    load_seconds: float = 20.0
    """A node that has to open a song first may take so long."""
    voice_seconds: float = 10.0
    """How long Discord may take to let the bot into a channel."""
    enter_seconds: float = 3.0
    """How long Discord may take when the bot enters again what it was in; then once more."""
    back_seconds: float = 30.0
    """A voice connection that does not come back within so long is given up."""
    resume_seconds: int = 60
    """How long a node plays on while the bot is away."""
    unclaimed_seconds: float = 30.0
    """A player found on a node that nobody takes over is ended after so long."""
    renew_seconds: float = 45.0
    """When, after a restart, the voice connection passes to the new gateway session at the latest.
    It does so in the next pause before that; Discord does not document how long the old session
    stands."""
    lost_seconds: float = 30.0
    """A player without any node for so long is given up."""
    voice_grace_seconds: float = 0.6
    """How long after the end of a node's voice connection Discord may take to name a new server."""
    first_retry_seconds: float = 0.5
    longest_retry_seconds: float = 30.0
    refused_retry_seconds: float = 60.0
    """After a wrong password: it will not become right by itself."""
