"""The shop on each engine."""

import pytest
from tests.features.economy.shop.shops import House

from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database


@pytest.fixture
def house(database: Database) -> House:
    """A shop with empty shelves and members without coins."""
    return House(database, ManualClock())
