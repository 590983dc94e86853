"""What every database of the house promises, whatever the engine."""

from collections.abc import Callable
from typing import Concatenate, Literal, Protocol

from sqlalchemy import MetaData
from sqlalchemy.engine import Connection

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)
"""All tables of the program; every ``store.py`` defines its own on it."""

type Dialect = Literal["sqlite", "postgresql"]

SIGNALS = "seraphim.signals"
"""Key in ``Connection.info`` under which a unit of work collects its signals."""


class Database(Protocol):
    """Runs units of work: plain functions that get a synchronous SQLAlchemy connection.

    A unit of work neither commits nor rolls back; it returns (and is kept) or raises (and is not).
    It may be run a second time when the engine asks for it, so it has no effects outside the
    database, and it must be quick: on SQLite all writes share one thread.
    """

    @property
    def dialect(self) -> Dialect:
        """Which engine this is."""
        ...

    async def write[**P, T](
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``fn`` in a transaction; returns after it is durably committed.

        Raises what ``fn`` raised (nothing of it was kept), or a :class:`DatabaseError`.
        A cancelled caller does not learn whether its work was kept.
        """
        ...

    async def read[**P, T](
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``fn`` on a connection that cannot write."""
        ...

    def watch(self, topic: str, callback: Callable[[], None]) -> Callable[[], None]:
        """Call ``callback`` on the loop after each commit that signalled ``topic``.

        Returns the function that ends the watching.
        """
        ...

    async def ping(self) -> None:
        """Raise a :class:`DatabaseError` when the database does not answer."""
        ...

    async def close(self) -> None:
        """Finish what is in hand, then let go of every connection."""
        ...


def signal(conn: Connection, topic: str) -> None:
    """Tell the watchers of ``topic`` once this unit of work is committed; never if it is not."""
    pending: set[str] = conn.info.setdefault(SIGNALS, set())
    pending.add(topic)


def take_signals(conn: Connection) -> set[str]:
    """Return what the unit of work signalled, and forget it."""
    return conn.info.pop(SIGNALS, None) or set[str]()


class Watchers:
    """Who wants to hear of which topic after a commit."""

    def __init__(self) -> None:
        self._by_topic: dict[str, list[Callable[[], None]]] = {}

    def watch(self, topic: str, callback: Callable[[], None]) -> Callable[[], None]:
        """Add a callback; returns the function that takes it away again."""
        callbacks = self._by_topic.setdefault(topic, [])
        callbacks.append(callback)

        def end() -> None:
            if callback in callbacks:
                callbacks.remove(callback)

        return end

    def tell(self, topics: set[str]) -> None:
        """Call every watcher of ``topics``."""
        for topic in topics:
            for callback in tuple(self._by_topic.get(topic, ())):
                callback()
