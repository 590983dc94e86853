"""Per-guild settings: one model a feature, stored as JSON, versioned, audited, cached."""

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

import msgspec
from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import BigInteger, Column, Integer, Table, Text, select
from sqlalchemy.engine import Connection

from seraphim.kernel.audit import AuditEntry, record
from seraphim.kernel.bus import Bus, Topic
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database, metadata
from seraphim.kernel.db.upsert import insert_into
from seraphim.kernel.errors import InvalidInput, SeraphimError
from seraphim.kernel.ids import GuildId, Ids, UserId
from seraphim.kernel.telemetry.logs import get_logger

log = get_logger(__name__)

CACHE_SIZE = 20_000
"""Guild and feature pairs kept in memory; about 1 kB each."""
MAX_BODY_BYTES = 65_536

GUILD_SETTINGS = Table(
    "guild_settings",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("feature", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("updated_ms", BigInteger, nullable=False),
)


class FeatureSettings(BaseModel):
    """What a guild may set of one feature. Every field has a default and a description.

    Unknown fields in a stored row are ignored, so that an older version can read a newer one's.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", validate_default=True)

    feature: ClassVar[str]


class SettingsConflict(SeraphimError):
    """Somebody else changed the same settings in between."""

    code = "settings_conflict"
    http_status = 409
    message = "Somebody else changed these settings just now. Look at them again, then repeat."


class SettingsChanged(msgspec.Struct, frozen=True):
    """Announced on the bus so that every process forgets its copy."""

    guild_id: int
    feature: str


SETTINGS_CHANGED = Topic("settings.changed", SettingsChanged)

type _Stored = tuple[int, str]


class GuildSettings:
    """Reads and changes the settings of guilds."""

    def __init__(self, db: Database, bus: Bus, clock: Clock, ids: Ids) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock
        self._ids = ids
        self._cache: OrderedDict[tuple[int, str], tuple[int, FeatureSettings]] = OrderedDict()
        self._generation = 0

    async def start(self) -> None:
        """Listen for changes that other processes make."""
        await self._bus.subscribe(SETTINGS_CHANGED, self._forget)

    async def get[M: FeatureSettings](self, guild_id: GuildId, model: type[M]) -> M:
        """Return the guild's settings, or the defaults; usually from memory."""
        return (await self.get_versioned(guild_id, model))[1]

    async def get_versioned[M: FeatureSettings](
        self, guild_id: GuildId, model: type[M]
    ) -> tuple[int, M]:
        """Return the version (0: nothing stored yet) and the settings."""
        key = (guild_id, model.feature)
        cached = self._cache.get(key)
        if cached is not None and isinstance(cached[1], model):
            self._cache.move_to_end(key)
            return cached[0], cached[1]
        generation = self._generation
        stored = await self._db.read(find_settings, guild_id, model.feature)
        found = (0, model()) if stored is None else (stored[0], parse(model, stored[1]))
        # A change that came in while we read must not be covered by what we read.
        if generation == self._generation:
            self._remember(key, found)
        return found

    async def change[M: FeatureSettings](
        self,
        guild_id: GuildId,
        model: type[M],
        changes: Mapping[str, object],
        *,
        actor_id: UserId,
        source: str,
        expected_version: int | None = None,
    ) -> M:
        """Change some fields; validated, versioned, audited, announced.

        Raises InvalidInput (which field, and what it takes), and SettingsConflict when
        ``expected_version`` is given and is not the stored one.
        """
        entry = AuditEntry(
            id=self._ids.new(),
            at_ms=self._clock.now_ms(),
            guild_id=guild_id,
            actor_id=actor_id,
            action="settings.change",
            subject=model.feature,
            before=None,
            after=None,
            source=source,
        )
        version, changed = await self._change(model, changes, entry, expected_version)
        self._generation += 1
        self._remember((guild_id, model.feature), (version, changed))
        try:
            await self._bus.publish(SETTINGS_CHANGED, SettingsChanged(guild_id, model.feature))
        except SeraphimError:
            log.warning("settings change not announced", feature=model.feature)
        return changed

    async def _change[M: FeatureSettings](
        self,
        model: type[M],
        changes: Mapping[str, object],
        entry: AuditEntry,
        expected_version: int | None,
    ) -> tuple[int, M]:
        """Run the unit of work; again when two made a guild's first row at the same time."""
        try:
            return await self._db.write(_change, model, changes, entry, expected_version)
        except SettingsConflict:
            if expected_version is not None:
                raise
        # Now the row exists, and reading it for update makes the two wait for each other.
        return await self._db.write(_change, model, changes, entry, expected_version)

    def _remember(self, key: tuple[int, str], value: tuple[int, FeatureSettings]) -> None:
        self._cache[key] = value
        self._cache.move_to_end(key)
        if len(self._cache) > CACHE_SIZE:
            self._cache.popitem(last=False)

    async def _forget(self, message: SettingsChanged) -> None:
        self._generation += 1
        self._cache.pop((message.guild_id, message.feature), None)


def find_settings(
    conn: Connection, guild_id: GuildId, feature: str, *, to_change: bool = False
) -> _Stored | None:
    """Return the stored version and body of one feature's settings; locked if ``to_change``."""
    query = select(GUILD_SETTINGS.c.version, GUILD_SETTINGS.c.body).where(
        GUILD_SETTINGS.c.guild_id == guild_id, GUILD_SETTINGS.c.feature == feature
    )
    row = conn.execute(query.with_for_update() if to_change else query).first()
    return None if row is None else (row.version, row.body)


def parse[M: FeatureSettings](model: type[M], body: str) -> M:
    """Read a stored body; a field whose value no longer fits falls back to its default."""
    values: dict[str, Any] = json.loads(body)
    try:
        return model.model_validate(values)
    except ValidationError as error:
        wrong = {str(detail["loc"][0]) for detail in error.errors() if detail["loc"]}
        log.warning("stored settings no longer fit", feature=model.feature, fields=sorted(wrong))
        kept = {name: value for name, value in values.items() if name not in wrong}
        try:
            return model.model_validate(kept)
        except ValidationError:
            return model()


def _change[M: FeatureSettings](
    conn: Connection,
    model: type[M],
    changes: Mapping[str, object],
    entry: AuditEntry,
    expected_version: int | None,
) -> tuple[int, M]:
    guild_id = entry.guild_id
    assert guild_id is not None  # noqa: S101 - change() gives it; narrows the type
    stored = find_settings(conn, guild_id, model.feature, to_change=True)
    version = 0 if stored is None else stored[0]
    if expected_version is not None and expected_version != version:
        raise SettingsConflict
    before = model() if stored is None else parse(model, stored[1])
    after = _validated(model, before, changes)
    body = after.model_dump_json()
    if len(body) > MAX_BODY_BYTES:
        raise InvalidInput(reason="That is more text than these settings can hold.")
    _store(conn, guild_id, model.feature, version, body, entry.at_ms)
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    differing = [name for name in new if old.get(name) != new[name]]
    before_values = {name: old.get(name) for name in differing}
    after_values = {name: new[name] for name in differing}
    record(conn, replace(entry, before=before_values, after=after_values))
    return version + 1, after


def _validated[M: FeatureSettings](model: type[M], before: M, changes: Mapping[str, object]) -> M:
    unknown = [name for name in changes if name not in model.model_fields]
    if unknown:
        raise InvalidInput(reason=f"There is no setting named {unknown[0][:100]}.")
    try:
        return model.model_validate({**before.model_dump(), **changes})
    except ValidationError as error:
        detail = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in detail["loc"]) or model.feature
        raise InvalidInput(reason=f"{field}: {detail['msg']}.") from error


def _store(
    conn: Connection, guild_id: GuildId, feature: str, version: int, body: str, now_ms: int
) -> None:
    """Write version + 1, unless somebody else has: then the unit of work is refused."""
    statement = insert_into(conn, GUILD_SETTINGS).values(
        guild_id=guild_id, feature=feature, version=version + 1, body=body, updated_ms=now_ms
    )
    stored = conn.execute(
        statement.on_conflict_do_update(
            index_elements=[GUILD_SETTINGS.c.guild_id, GUILD_SETTINGS.c.feature],
            set_={"version": version + 1, "body": body, "updated_ms": now_ms},
            where=GUILD_SETTINGS.c.version == version,
        ).returning(GUILD_SETTINGS.c.version)
    ).scalar_one_or_none()
    if stored is None:
        raise SettingsConflict
