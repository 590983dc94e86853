"""What can go wrong with a database, as errors a person can act on.

The drivers' own exceptions differ between SQLite and asyncpg; :func:`translate` turns the ones that
are about the *database* (not about the statement) into these classes. Violated constraints stay
:class:`sqlalchemy.exc.IntegrityError`, because stores decide by them.
"""

import errno
import socket

from seraphim.kernel.errors import SeraphimError

_NO_WAY = frozenset({errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN})


class DatabaseError(SeraphimError):
    """The database could not do its work; nothing of the unit of work was kept."""

    code = "database"
    http_status = 503
    message = "The database could not do that: {reason}"


class DatabaseBusy(DatabaseError):
    """Another process holds the database's lock, or too much work is waiting for it."""

    code = "database_busy"
    message = "The database is busy: {reason} Nothing was changed; try again in a moment."


class DatabaseReadOnly(DatabaseError):
    """The database file or its folder cannot be written."""

    code = "database_read_only"
    message = (
        "The database cannot be written: {reason} "
        "Make the file and its folder writable for the bot's user. Nothing was changed."
    )


class DatabaseFull(DatabaseError):
    """The disk has no room left for the database."""

    code = "database_full"
    message = "The disk is full: {reason} Free some space. Nothing was changed."


class DatabaseCorrupt(DatabaseError):
    """The file is damaged, or is no database at all."""

    code = "database_corrupt"
    message = (
        "The database file cannot be trusted: {reason} "
        "It was not touched; restore a backup or point the settings at the right file."
    )


class DatabaseGone(DatabaseError):
    """The database cannot be reached, or the connection broke."""

    code = "database_gone"
    message = "The database cannot be reached: {reason}"


class OutcomeUnknown(DatabaseGone):
    """The connection broke while COMMIT was under way: it may have been kept, or not.

    Idempotency keys make it safe to try again.
    """

    code = "database_outcome_unknown"
    message = "The connection to the database broke during the commit: {reason}"


class DatabaseClosed(DatabaseError):
    """The program is shutting down and takes no more work."""

    code = "database_closed"
    message = "Seraphim is shutting down. Nothing was changed."


# Primary result codes, https://www.sqlite.org/rescode.html
_SQLITE_BY_CODE: dict[int, type[DatabaseError]] = {
    5: DatabaseBusy,  # SQLITE_BUSY
    6: DatabaseBusy,  # SQLITE_LOCKED
    8: DatabaseReadOnly,  # SQLITE_READONLY
    10: DatabaseGone,  # SQLITE_IOERR
    11: DatabaseCorrupt,  # SQLITE_CORRUPT
    13: DatabaseFull,  # SQLITE_FULL
    14: DatabaseGone,  # SQLITE_CANTOPEN
    26: DatabaseCorrupt,  # SQLITE_NOTADB
}

_SQLITE_BY_TEXT: tuple[tuple[str, type[DatabaseError]], ...] = (
    ("locked", DatabaseBusy),
    ("readonly", DatabaseReadOnly),
    ("disk i/o", DatabaseGone),
    ("malformed", DatabaseCorrupt),
    ("disk is full", DatabaseFull),
    ("unable to open", DatabaseGone),
    ("not a database", DatabaseCorrupt),
)

_POSTGRES_BY_CLASS: dict[str, type[DatabaseError]] = {
    "08": DatabaseGone,  # connection exception
    "28": DatabaseGone,  # invalid authorization
    "3D": DatabaseGone,  # the database does not exist
    "53": DatabaseBusy,  # insufficient resources (too many connections ...)
    "57": DatabaseGone,  # operator intervention (shutdown, crash)
    "58": DatabaseGone,  # system error
    "XX": DatabaseCorrupt,  # internal error, corrupted data
}

_POSTGRES_BY_CODE: dict[str, type[DatabaseError]] = {
    "25006": DatabaseReadOnly,  # read_only_sql_transaction
    "53100": DatabaseFull,  # disk_full
    "55P03": DatabaseBusy,  # lock_not_available
    "57014": DatabaseBusy,  # query_canceled: the statement ran into its time limit
    "40001": DatabaseBusy,  # serialization_failure
    "40P01": DatabaseBusy,  # deadlock_detected
}

RETRYABLE_STATES = frozenset({"40001", "40P01"})
"""SQLSTATEs after which PostgreSQL has rolled back and asks for the same work again."""


def sqlstate(error: BaseException) -> str | None:
    """Return the five-character SQLSTATE somewhere below ``error``, if there is one."""
    for cause in _chain(error):
        state = getattr(cause, "sqlstate", None)
        if isinstance(state, str):
            return state
    return None


def translate(error: BaseException) -> DatabaseError | None:
    """Return the error a person can act on, or None when it is about the statement itself."""
    for cause in _chain(error):
        if isinstance(cause, DatabaseError):
            return cause
        kind = _kind(cause)
        if kind is not None:
            return kind(reason=_sentence(cause))
    return None


def _kind(error: BaseException) -> type[DatabaseError] | None:
    code: object = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int):
        return _SQLITE_BY_CODE.get(code & 0xFF)
    state: object = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return _POSTGRES_BY_CODE.get(state) or _POSTGRES_BY_CLASS.get(state[:2])
    module = type(error).__module__
    if module.startswith(("sqlite3", "pysqlite3")):
        text = str(error).lower()
        return next((kind for part, kind in _SQLITE_BY_TEXT if part in text), None)
    if _is_unreachable(error) or (
        module.startswith("asyncpg") and "connection" in str(error).lower()
    ):
        return DatabaseGone
    return None


def _is_unreachable(error: BaseException) -> bool:
    """Whether there is no way to the server: refused, silent, no socket, no name, no route."""
    kinds = (ConnectionError, TimeoutError, FileNotFoundError, socket.gaierror)
    return isinstance(error, kinds) or (isinstance(error, OSError) and error.errno in _NO_WAY)


def _chain(error: BaseException | None) -> list[BaseException]:
    """List ``error`` and what it wraps, the innermost last; bounded against cycles."""
    found: list[BaseException] = []
    while error is not None and error not in found and len(found) < 8:  # noqa: PLR2004 - deep enough for SQLAlchemy's wrappers
        found.append(error)
        original: object = getattr(error, "orig", None)
        error = original if isinstance(original, BaseException) else error.__cause__
    return found


def _sentence(error: BaseException) -> str:
    text = (str(error).strip().splitlines() or [""])[0] or type(error).__name__
    return text if text.endswith((".", "!", "?")) else text + "."
