"""Settings of every feature through one door, on both engines."""

from collections.abc import Sequence
from typing import ClassVar, Literal

import pytest
from pydantic import Field
from sqlalchemy.engine import Connection

from seraphim.features.settings.service import NothingToTakeBack, SettingsService
from seraphim.kernel.audit import AuditEntry, list_entries
from seraphim.kernel.bus import InProcessBus
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database
from seraphim.kernel.errors import InvalidInput, NotFound
from seraphim.kernel.feature import Feature
from seraphim.kernel.ids import GuildId, RoleId, SequenceIds, UserId
from seraphim.kernel.settings import FeatureSettings, GuildSettings, SettingsConflict

GUILD, ADA = GuildId(1), UserId(10)


class MusicSettings(FeatureSettings):
    feature: ClassVar[str] = "music"

    volume: int = Field(default=100, ge=0, le=200, title="Volume", description="How loud.")
    loop: Literal["off", "queue"] = "off"
    dj_role: RoleId | None = None


def catalogue() -> Sequence[Feature]:
    return [Feature("status", "Status"), Feature("music", "Music", settings=MusicSettings)]


@pytest.fixture
def service(database: Database) -> SettingsService:
    settings = GuildSettings(database, InProcessBus(), ManualClock(), SequenceIds())
    return SettingsService(database, settings, catalogue)


async def test_only_features_with_settings_are_listed(service: SettingsService) -> None:
    assert [model.feature for model in service.list_models()] == ["music"]
    assert [field.name for field in service.list_fields("music")] == ["volume", "loop", "dj_role"]
    assert service.get_field("music", "loop").title == "Loop"


async def test_unknown_names_are_said(service: SettingsService) -> None:
    with pytest.raises(NotFound, match="cooking"):
        service.get_model("cooking")
    with pytest.raises(NotFound, match="loudness"):
        await service.change(GUILD, "music", "loudness", "5", ADA)


async def test_a_change_is_stored_and_tells_before_and_after(service: SettingsService) -> None:
    done = await service.change(GUILD, "music", "volume", "50 %", ADA)
    assert (done.before, done.after, done.version) == (100, 50, 1)
    assert (await service.values(GUILD, "music"))["volume"] == 50
    assert (await service.values(GuildId(2), "music"))["volume"] == 100


async def test_the_models_own_limits_hold(service: SettingsService) -> None:
    with pytest.raises(InvalidInput, match="200"):
        await service.change(GUILD, "music", "volume", "500", ADA)
    assert (await service.values(GUILD, "music"))["volume"] == 100


async def test_a_change_is_audited(service: SettingsService, database: Database) -> None:
    await service.change(GUILD, "music", "loop", "queue", ADA)
    entry = (await database.read(entries))[0]
    assert (entry.actor_id, entry.subject, entry.source) == (ADA, "music", "discord")
    assert (entry.before, entry.after) == ({"loop": "off"}, {"loop": "queue"})


def entries(conn: Connection) -> list[AuditEntry]:
    return list_entries(conn, GUILD)


async def test_the_last_change_can_be_taken_back(service: SettingsService) -> None:
    await service.change(GUILD, "music", "volume", "80", ADA)
    done = await service.change(GUILD, "music", "volume", "50", ADA)
    assert await service.take_back(GUILD, "music", done.version, ADA) == ["volume"]
    assert (await service.values(GUILD, "music"))["volume"] == 80


async def test_taking_back_is_refused_once_somebody_changed_more(service: SettingsService) -> None:
    done = await service.change(GUILD, "music", "volume", "80", ADA)
    await service.change(GUILD, "music", "loop", "queue", UserId(11))
    with pytest.raises(SettingsConflict):
        await service.take_back(GUILD, "music", done.version, ADA)
    assert (await service.values(GUILD, "music"))["volume"] == 80


async def test_a_change_is_taken_back_once(service: SettingsService) -> None:
    done = await service.change(GUILD, "music", "volume", "80", ADA)
    await service.take_back(GUILD, "music", done.version, ADA)
    with pytest.raises(SettingsConflict):
        await service.take_back(GUILD, "music", done.version, ADA)


async def test_nothing_changed_is_nothing_to_take_back(service: SettingsService) -> None:
    with pytest.raises(NothingToTakeBack):
        await service.take_back(GUILD, "music", 0, ADA)


async def test_a_reset_brings_the_default_back(service: SettingsService) -> None:
    await service.change(GUILD, "music", "dj_role", "123456789012345678", ADA)
    done = await service.reset(GUILD, "music", "dj_role", ADA)
    assert (done.before, done.after) == (123456789012345678, None)
