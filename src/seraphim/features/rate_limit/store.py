"""The audit row of a refill."""

from sqlalchemy.engine import Connection

from seraphim.kernel.audit import AuditEntry, record


def record_reset(conn: Connection, entry: AuditEntry) -> None:
    """Write who refilled whose bucket."""
    record(conn, entry)
