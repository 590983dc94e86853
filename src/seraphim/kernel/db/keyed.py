"""Writes that carry an idempotency key, for callers who must tell somebody how they ended."""

import asyncio
from collections.abc import Callable
from typing import Concatenate

from sqlalchemy.engine import Connection

from seraphim.kernel.db.errors import DatabaseGone, OutcomeUnknown
from seraphim.kernel.db.port import Database

ATTEMPTS = 3
PAUSE_SECONDS = 0.3
"""Between two attempts: a server that has just restarted takes a moment."""


async def write_keyed[**P, T](
    db: Database, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run a unit of work that does nothing when its key is known, and learn how it ended.

    When the connection breaks during COMMIT nobody knows whether the unit was kept. A member who
    is told so repeats the command, under a new key, and it may happen twice. Here the same key is
    asked for again: what was kept answers as it did, what was not happens now.

    Raises:
        OutcomeUnknown: It broke during COMMIT, and the database did not come back in time.
    """
    unknown: OutcomeUnknown | None = None
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return await db.write(fn, *args, **kwargs)
        except OutcomeUnknown as error:
            unknown = error
        except DatabaseGone:
            if unknown is None:
                raise
        if attempt < ATTEMPTS:
            await asyncio.sleep(PAUSE_SECONDS)
    raise unknown or RuntimeError("no attempt was made")
