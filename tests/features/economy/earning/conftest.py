"""Earning on each engine."""

from collections.abc import AsyncIterator

import pytest
from tests.features.economy.earning.till import Till

from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database


@pytest.fixture
async def till(database: Database) -> AsyncIterator[Till]:
    """Members without coins; afterwards the books add up, whatever was done."""
    made = Till(database, ManualClock())
    yield made
    await made.assert_sound()
