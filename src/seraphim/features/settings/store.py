"""Reading back what a change has replaced."""

from dataclasses import dataclass
from typing import Any, cast

import msgspec
from sqlalchemy import select
from sqlalchemy.engine import Connection

from seraphim.kernel.audit import AUDIT_LOG
from seraphim.kernel.ids import GuildId


@dataclass(frozen=True, slots=True)
class LastChange:
    """The newest change of one feature's settings."""

    actor_id: int
    before: dict[str, Any]
    """The fields that changed, with what they held."""


def find_last_change(conn: Connection, guild_id: GuildId, feature: str) -> LastChange | None:
    """Return the newest change of a feature's settings in a guild."""
    row = conn.execute(
        select(AUDIT_LOG.c.actor_id, AUDIT_LOG.c.before)
        .where(
            AUDIT_LOG.c.guild_id == guild_id,
            AUDIT_LOG.c.subject == feature,
            AUDIT_LOG.c.action == "settings.change",
        )
        .order_by(AUDIT_LOG.c.at_ms.desc(), AUDIT_LOG.c.id.desc())
        .limit(1)
    ).first()
    if row is None or row.before is None:
        return None
    return LastChange(row.actor_id, cast("dict[str, Any]", msgspec.json.decode(row.before)))
