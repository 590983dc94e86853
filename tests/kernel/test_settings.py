"""Per-guild settings: validated, versioned, audited, cached, and fresh in every process."""

import asyncio
from typing import ClassVar

import pytest
from pydantic import Field
from sqlalchemy import text

from seraphim.kernel import settings as settings_module
from seraphim.kernel.audit import list_entries
from seraphim.kernel.bus import InProcessBus
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database
from seraphim.kernel.errors import InvalidInput
from seraphim.kernel.ids import GuildId, SequenceIds, UserId
from seraphim.kernel.settings import FeatureSettings, GuildSettings, SettingsConflict

GUILD, OTHER_GUILD, ADA = GuildId(1 << 60), GuildId(7), UserId(1001)


class Music(FeatureSettings):
    feature: ClassVar[str] = "music"

    volume: int = Field(default=100, ge=0, le=200, description="Percent.")
    announce: bool = True
    dj_role: int | None = None


class Older(FeatureSettings):
    feature: ClassVar[str] = "music"

    volume: int = Field(default=50, ge=0, le=100)


def on(db: Database, bus: InProcessBus) -> GuildSettings:
    return GuildSettings(db, bus, ManualClock(), SequenceIds("audit"))


@pytest.fixture
async def bus() -> InProcessBus:
    return InProcessBus()


@pytest.fixture
async def settings(database: Database, bus: InProcessBus) -> GuildSettings:
    settings = on(database, bus)
    await settings.start()
    return settings


async def test_a_guild_without_settings_has_the_defaults(settings: GuildSettings) -> None:
    assert await settings.get(GUILD, Music) == Music()
    assert await settings.get_versioned(GUILD, Music) == (0, Music())


async def test_a_change_is_kept_for_that_guild_and_survives_a_restart(
    settings: GuildSettings, database: Database
) -> None:
    changed = await settings.change(GUILD, Music, {"volume": 40}, actor_id=ADA, source="discord")
    assert changed.volume == 40
    fresh = on(database, InProcessBus())
    assert (await fresh.get(GUILD, Music)).volume == 40
    assert (await fresh.get(OTHER_GUILD, Music)).volume == 100


async def test_every_change_is_in_the_audit_log_with_before_and_after(
    settings: GuildSettings, database: Database
) -> None:
    await settings.change(GUILD, Music, {"volume": 40}, actor_id=ADA, source="discord")
    await settings.change(
        GUILD, Music, {"volume": 60, "dj_role": 5}, actor_id=ADA, source="dashboard"
    )
    newest = (await database.read(list_entries, GUILD))[0]
    assert (newest.actor_id, newest.source, newest.subject) == (ADA, "dashboard", "music")
    assert newest.before == {"volume": 40, "dj_role": None}
    assert newest.after == {"volume": 60, "dj_role": 5}
    assert len(await database.read(list_entries, GUILD)) == 2
    assert await database.read(list_entries, OTHER_GUILD) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"volume": 900}, "volume: .*200"), ({"loudness": 1}, "no setting named loudness")],
)
async def test_a_wrong_value_is_refused_and_nothing_changes(
    settings: GuildSettings, database: Database, changes: dict[str, object], sentence: str
) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        await settings.change(GUILD, Music, changes, actor_id=ADA, source="discord")
    assert await settings.get_versioned(GUILD, Music) == (0, Music())
    assert await database.read(list_entries, GUILD) == []


async def test_who_saves_an_outdated_page_is_refused(settings: GuildSettings) -> None:
    version, _ = await settings.get_versioned(GUILD, Music)
    await settings.change(
        GUILD, Music, {"volume": 1}, actor_id=ADA, source="a", expected_version=version
    )
    with pytest.raises(SettingsConflict):
        await settings.change(
            GUILD, Music, {"volume": 2}, actor_id=ADA, source="b", expected_version=version
        )
    assert (await settings.get(GUILD, Music)).volume == 1


async def test_changes_at_the_same_time_lose_nothing(settings: GuildSettings) -> None:
    await asyncio.gather(
        *(
            settings.change(GUILD, Music, change, actor_id=ADA, source="x")
            for change in ({"volume": 3}, {"announce": False}, {"dj_role": 9}) * 4
        )
    )
    version, found = await settings.get_versioned(GUILD, Music)
    assert version == 12
    assert found == Music(volume=3, announce=False, dj_role=9)


async def test_another_process_forgets_its_copy(
    settings: GuildSettings, database: Database, bus: InProcessBus
) -> None:
    other = on(database, bus)
    await other.start()
    assert (await other.get(GUILD, Music)).volume == 100
    await settings.change(GUILD, Music, {"volume": 11}, actor_id=ADA, source="x")
    async with asyncio.timeout(10):
        while (await other.get(GUILD, Music)).volume != 11:
            await asyncio.sleep(0)


async def test_reads_come_from_memory_until_the_cache_is_full(
    settings: GuildSettings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings_module, "CACHE_SIZE", 2)
    for guild in (1, 2, 3):
        await settings.get(GuildId(guild), Music)
    assert len(settings._cache) == 2
    await database.close()
    assert await settings.get(GuildId(3), Music) == Music()  # no database needed


async def test_a_stored_value_that_no_longer_fits_becomes_the_default(
    settings: GuildSettings, database: Database
) -> None:
    await settings.change(
        GUILD, Music, {"volume": 150, "announce": False}, actor_id=ADA, source="x"
    )
    assert await on(database, InProcessBus()).get(GUILD, Older) == Older(volume=50)
    await database.write(
        lambda conn: (
            conn.execute(
                text("""UPDATE guild_settings SET body = '{"volume": "loud", "announce": false}'""")
            )
            and None
        )
    )
    found = await on(database, InProcessBus()).get(GUILD, Music)
    assert found == Music(volume=100, announce=False)
