"""Sessions on nodes outlive the process, on both engines."""

from seraphim.features.music.service.nodes import StoredNodeSessions
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database


async def test_the_last_session_of_each_node_is_kept(database: Database) -> None:
    sessions = StoredNodeSessions(database, ManualClock())
    assert await sessions.find("eu") is None
    await sessions.keep("eu", "first")
    await sessions.keep("us", "other")
    await sessions.keep("eu", "second")
    after_a_restart = StoredNodeSessions(database, ManualClock())
    assert await after_a_restart.find("eu") == "second"
    assert await after_a_restart.find("us") == "other"
