"""A parlour on each engine."""

import pytest
from tests.features.games.core.parlour import ANN, BEN, Parlour

from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database


@pytest.fixture
async def parlour(database: Database) -> Parlour:
    """Two members with coins, no pause between games."""
    made = Parlour(database, ManualClock())
    await made.fund(ANN)
    await made.fund(BEN)
    await made.set(cooldown_seconds=0)
    return made
