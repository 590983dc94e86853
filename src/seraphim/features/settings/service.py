"""Every feature's settings through one door: list, read, change, take back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic.fields import FieldInfo

from seraphim.features.settings.rules import Shape, read, shape_of
from seraphim.features.settings.store import find_last_change
from seraphim.kernel.db import Database
from seraphim.kernel.errors import NotFound, SeraphimError
from seraphim.kernel.feature import Feature
from seraphim.kernel.ids import GuildId, UserId
from seraphim.kernel.marks import N_
from seraphim.kernel.settings import FeatureSettings, GuildSettings


class NothingToTakeBack(SeraphimError):
    """The change has been taken back already, or never was."""

    code = "settings.nothing_to_take_back"
    http_status = 409
    message = N_("There is nothing to take back.")


@dataclass(frozen=True, slots=True)
class SettingField:
    """One field of one feature's settings."""

    name: str
    title: str
    description: str
    shape: Shape
    default: object


@dataclass(frozen=True, slots=True)
class Change:
    """What has been changed."""

    feature: str
    field: SettingField
    before: object
    after: object
    version: int
    """The settings' version after the change; the undo button carries it."""


class SettingsService:
    """Changes and shows settings generically, from each feature's model."""

    def __init__(
        self,
        db: Database,
        settings: GuildSettings,
        catalogue: Callable[[], Sequence[Feature]],
    ) -> None:
        self._db = db
        self._settings = settings
        self._catalogue = catalogue

    def list_models(self) -> list[type[FeatureSettings]]:
        """Return the settings models of all features that have one."""
        models = (feature.settings for feature in self._catalogue())
        return [
            model for model in models if model is not None and issubclass(model, FeatureSettings)
        ]

    def feature_names(self) -> list[str]:
        """Return the names of all features, for settings that name them."""
        return [feature.name for feature in self._catalogue()]

    def get_model(self, feature: str) -> type[FeatureSettings]:
        """Return a feature's model.

        Raises:
            NotFound: The feature does not exist or has no settings.
        """
        for model in self.list_models():
            if model.feature == feature:
                return model
        raise NotFound(what=f"“{feature[:50]}”")

    def list_fields(self, feature: str) -> list[SettingField]:
        """Return the fields of a feature's settings, in the model's order."""
        model = self.get_model(feature)
        return [_field(name, info) for name, info in model.model_fields.items()]

    def get_field(self, feature: str, name: str) -> SettingField:
        """Return one field.

        Raises:
            NotFound: There is none of this name.
        """
        for field in self.list_fields(feature):
            if field.name == name:
                return field
        raise NotFound(what=f"“{feature[:50]} {name[:50]}”")

    async def values(self, guild_id: GuildId, feature: str) -> dict[str, object]:
        """Return the values in force, by field name."""
        found = await self._settings.get(guild_id, self.get_model(feature))
        return {name: getattr(found, name) for name in type(found).model_fields}

    async def change(
        self, guild_id: GuildId, feature: str, name: str, typed: str, actor_id: UserId
    ) -> Change:
        """Set one field to what was typed.

        Raises:
            InvalidInput: The field does not take that; says what it takes.
            NotFound: There is no such feature or field.
        """
        field = self.get_field(feature, name)
        return await self._set(guild_id, feature, field, read(typed, field.shape), actor_id)

    async def reset(self, guild_id: GuildId, feature: str, name: str, actor_id: UserId) -> Change:
        """Set one field back to its default."""
        field = self.get_field(feature, name)
        return await self._set(guild_id, feature, field, field.default, actor_id)

    async def take_back(
        self, guild_id: GuildId, feature: str, version: int, actor_id: UserId
    ) -> list[str]:
        """Undo the change that made ``version``; return the names of the fields.

        Raises:
            SettingsConflict: They have been changed since.
            NothingToTakeBack: There is no such change.
        """
        model = self.get_model(feature)
        last = await self._db.read(find_last_change, guild_id, feature)
        if last is None or not last.before:
            raise NothingToTakeBack
        await self._settings.change(
            guild_id,
            model,
            last.before,
            actor_id=actor_id,
            source="discord undo",
            expected_version=version,
        )
        return sorted(last.before)

    async def _set(
        self, guild_id: GuildId, feature: str, field: SettingField, value: object, actor_id: UserId
    ) -> Change:
        model = self.get_model(feature)
        version, before = await self._settings.get_versioned(guild_id, model)
        after = await self._settings.change(
            guild_id,
            model,
            {field.name: value},
            actor_id=actor_id,
            source="discord",
            expected_version=version,
        )
        old, new = getattr(before, field.name), getattr(after, field.name)
        return Change(feature, field, old, new, version + 1)


def _field(name: str, info: FieldInfo) -> SettingField:
    return SettingField(
        name=name,
        title=info.title or name.replace("_", " ").capitalize(),
        description=info.description or "",
        shape=shape_of(info.annotation),
        default=info.get_default(call_default_factory=True),
    )
