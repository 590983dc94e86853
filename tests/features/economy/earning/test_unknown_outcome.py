"""The connection breaks during COMMIT: the member is told what happened, and it happened once."""

from collections.abc import Callable
from typing import Concatenate, cast

import pytest
from sqlalchemy.engine import Connection
from tests.features.economy.earning.till import ANN, BEN, Till

from seraphim.kernel import db as kernel_db
from seraphim.kernel.db import Database, DatabaseGone, OutcomeUnknown, keyed
from seraphim.kernel.db.keyed import ATTEMPTS


class Breaking:
    """A database whose connection breaks during COMMIT, with the work kept or not."""

    def __init__(self, db: Database, *, keeps: bool, gone: int = 0) -> None:
        self._db = db
        self._keeps = keeps
        self._breaks = 1
        self._gone = gone

    async def write[**P, T](
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        if self._breaks:
            self._breaks -= 1
            if self._keeps:
                await self._db.write(fn, *args, **kwargs)
            raise OutcomeUnknown(reason="it broke")
        if self._gone:
            self._gone -= 1
            raise DatabaseGone(reason="it is away")
        return await self._db.write(fn, *args, **kwargs)


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyed, "PAUSE_SECONDS", 0)


@pytest.mark.parametrize("keeps", [True, False])
async def test_a_gift_happens_once_and_is_told(till: Till, keeps: bool) -> None:  # noqa: FBT001 - a case
    await till.fund(ANN, 100)
    till.accounts._db = cast("Database", Breaking(till.db, keeps=keeps, gone=1))
    gift = await till.give(ANN, BEN, "half", "key")
    assert (gift.amount, gift.balance, gift.repeated) == (50, 50, keeps)
    assert (await till.balance(ANN), await till.balance(BEN)) == (50, 50)


@pytest.mark.parametrize("keeps", [True, False])
async def test_a_daily_is_paid_once_and_told(till: Till, keeps: bool) -> None:  # noqa: FBT001 - a case
    till.earning._db = cast("Database", Breaking(till.db, keeps=keeps))
    earned = await till.earn("daily", key="key")
    assert (earned.coins, earned.repeated) == (100, keeps)
    assert await till.balance(ANN) == 100


async def test_a_database_that_stays_away_leaves_the_outcome_unknown(till: Till) -> None:
    await till.fund(ANN, 100)
    away = Breaking(till.db, keeps=True, gone=ATTEMPTS)
    till.accounts._db = cast("Database", away)
    with pytest.raises(OutcomeUnknown):
        await till.give(ANN, BEN, "half", "key")
    with pytest.raises(DatabaseGone) as gone:
        await kernel_db.write_keyed(
            cast("Database", away), lambda _conn: pytest.fail("it is away still")
        )
    assert not isinstance(gone.value, OutcomeUnknown)
