"""The application's commands: told to Discord when they changed, and run through the pipeline."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast, override

import discord
from discord import app_commands
from discord.http import Route

from seraphim.kernel.feature import Feature
from seraphim.kernel.telemetry import get_logger
from seraphim.surfaces.discord.commands import commands_of, facts_of, faults, leaves
from seraphim.surfaces.discord.interactions import Facts, InteractionPipeline

if TYPE_CHECKING:
    from seraphim.kernel.texts import Texts

_log = get_logger(__name__)
_UNKNOWN = Facts("unknown command", "")
_NAMES = frozenset(
    {
        app_commands.TranslationContextLocation.command_name,
        app_commands.TranslationContextLocation.group_name,
        app_commands.TranslationContextLocation.parameter_name,
    }
)


class CatalogueFaulty(ValueError):
    """Commands that must not be shown to anybody; lists every fault."""


class CatalogTranslator(app_commands.Translator):
    """Translates descriptions and choices from the texts; names stay what members know."""

    def __init__(self, texts: "Texts") -> None:
        self._texts = texts

    @override
    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        if context.location in _NAMES:
            return None
        original = string.message
        translated = self._texts.translator(str(locale.value))(original)
        return None if translated == original else translated


class SeraphimTree(app_commands.CommandTree[Any]):
    """discord.py's tree with our pipeline around each call.

    Raises:
        CatalogueFaulty: A command lacks a description, a guard or the like.
    """

    def __init__(
        self,
        client: discord.Client,
        pipeline: InteractionPipeline,
        features: Sequence[Feature],
        texts: "Texts",
    ) -> None:
        super().__init__(
            client,
            allowed_contexts=app_commands.AppCommandContext(guild=True),
            allowed_installs=app_commands.AppInstallationType(guild=True),
        )
        found = faults(features)
        if found:
            raise CatalogueFaulty("; ".join(found))
        self._pipeline = pipeline
        self._translations = CatalogTranslator(texts)
        self._facts: dict[object, Facts] = {}
        for feature in features:
            for command in commands_of(feature):
                self.add_command(command)
                for leaf in leaves(command):
                    self._facts[leaf] = facts_of(leaf, feature)

    async def sync_changes(self) -> Mapping[str, int]:
        """Tell Discord the commands if it knows others; return their ids by name.

        One read at every start is cheaper than a stored digest is wrong: Discord's side may have
        been changed by another program, or forgotten by a sandbox.

        Raises:
            discord.HTTPException: Discord refused or cannot be reached.
        """
        application_id = self.client.application_id
        if application_id is None:
            raise app_commands.MissingApplicationID
        payload = await self.payload()
        http = self.client.http
        route = Route(
            "GET", "/applications/{application_id}/commands", application_id=application_id
        )
        known: list[Any] = await http.request(route, params={"with_localizations": "true"})
        if _digestible(known) != _digestible(payload):
            known = list(
                await http.bulk_upsert_global_commands(application_id, payload=cast("Any", payload))
            )
            _log.info("discord commands synced", commands=len(payload))
        return {str(command["name"]): int(command["id"]) for command in known}

    async def payload(self) -> list[dict[str, Any]]:
        """Return what Discord is told of the commands, translations included."""
        return [
            await command.get_translated_payload(self, self._translations)
            for command in self._get_all_commands(guild=None)
        ]

    @override
    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /
    ) -> None:
        """Hand the error to the pipeline, which called us."""
        raise error

    @override
    async def _call(self, interaction: discord.Interaction[Any]) -> None:
        call = super()._call
        if interaction.type is discord.InteractionType.autocomplete:
            await self._pipeline.run_autocomplete(interaction, lambda: call(interaction))
            return
        facts = self._facts.get(interaction.command, _UNKNOWN)
        await self._pipeline.run(interaction, facts, lambda: call(interaction))


_DEFAULTS: dict[str, object] = {
    "description": "",
    "name_localizations": None,
    "description_localizations": None,
    "default_member_permissions": None,
    "nsfw": False,
    "required": False,
    "autocomplete": False,
    "options": None,
    "choices": None,
    "channel_types": None,
    "contexts": None,
    "integration_types": None,
    "min_value": None,
    "max_value": None,
    "min_length": None,
    "max_length": None,
}
_ORDERLESS = frozenset({"contexts", "integration_types", "channel_types"})


def _digestible(commands: Sequence[Mapping[str, Any]]) -> list[object]:
    """Return the commands in one form, whether they come from us or from Discord.

    Discord leaves out what is default, sends permissions as text, and adds ids and versions.
    """
    return sorted((_plain(dict(command)) for command in commands), key=repr)


def _plain(node: dict[str, Any]) -> dict[str, object]:
    plain: dict[str, object] = {"name": node["name"]}
    if "type" in node or "description" in node:
        plain["type"] = node.get("type", 1)
    if "value" in node:
        plain["value"] = node["value"]
    for key, default in _DEFAULTS.items():
        value: Any = node.get(key)
        if value is None or value == default or value in ([], {}):
            continue
        if key in {"options", "choices"}:
            plain[key] = [_plain(dict(inner)) for inner in value]
        elif key in _ORDERLESS:
            plain[key] = sorted(value)
        elif key == "default_member_permissions":
            plain[key] = str(value)
        else:
            plain[key] = value
    return plain
