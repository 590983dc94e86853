"""The ledger under test, on each engine."""

import pytest
from tests.features.economy.owners.ledgers import Ledger

from seraphim.features.economy.public import Bank
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database


@pytest.fixture
def ledger(database: Database) -> Ledger:
    """An empty ledger."""
    clock = ManualClock()
    return Ledger(database, clock, Bank(clock))
