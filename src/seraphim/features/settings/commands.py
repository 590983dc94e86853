"""``/settings view|change|reset``, generated from every feature's settings model."""

from collections.abc import Sequence

import discord
from discord import app_commands

from seraphim.features.settings.rules import nearest, show
from seraphim.features.settings.service import Change, SettingField, SettingsService
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import UserId
from seraphim.kernel.texts import N_, Translator
from seraphim.surfaces.discord.commands import title_of, traits
from seraphim.surfaces.discord.components import (
    Component,
    UnknownComponent,
    custom_id,
    selected,
)
from seraphim.surfaces.discord.guards import guild_id_of, require_permissions
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.layout import RowItem, button, option, row_view, select
from seraphim.surfaces.discord.paginator import Page, Paginator
from seraphim.surfaces.discord.replies import embed, reply, update

_PAGE_SIZE = 10
_MAX_CHOICES = 25
_DISABLED_FEATURES = "disabled_features"


class SettingsCommands:
    """The group of commands, its menu, its pages and its undo button."""

    def __init__(self, service: SettingsService) -> None:
        self._service = service
        self._pages = Paginator("settings", "view", self._page)

    def components(self) -> tuple[Component, ...]:
        """Return what the buttons and the menu need."""
        return (
            self._pages.component,
            Component("settings", "menu", self._choose),
            Component("settings", "undo", self._undo),
        )

    def group(self) -> app_commands.Group:
        """Return the commands."""
        group = app_commands.Group(
            name="settings",
            description=N_("See and change what the bot does on this server."),
            default_permissions=discord.Permissions(manage_guild=True),
        )
        self._add_view(group)
        self._add_change(group)
        self._add_reset(group)
        return group

    def _add_view(self, group: app_commands.Group) -> None:
        @group.command(
            name="view",
            description=N_("See the settings of a feature."),
            extras=dict(traits(private=True)),
        )
        @app_commands.describe(feature=N_("The feature whose settings you want to see"))
        async def view(interaction: discord.Interaction, feature: str | None = None) -> None:
            require_permissions(interaction, manage_guild=True)
            chosen = feature or self._service.list_models()[0].feature
            self._service.get_model(chosen)
            await self._pages.send(interaction, chosen, ephemeral=True)

        view.autocomplete("feature")(self._feature_choices)

    def _add_change(self, group: app_commands.Group) -> None:
        @group.command(
            name="change",
            description=N_("Change one setting."),
            extras=dict(traits(private=True)),
        )
        @app_commands.describe(
            feature=N_("The feature"),
            setting=N_("The setting to change"),
            value=N_("The new value"),
        )
        async def change(
            interaction: discord.Interaction, feature: str, setting: str, value: str
        ) -> None:
            require_permissions(interaction, manage_guild=True)
            done = await self._service.change(
                guild_id_of(interaction), feature, setting, value, UserId(interaction.user.id)
            )
            await self._tell(interaction, done)

        change.autocomplete("feature")(self._feature_choices)
        change.autocomplete("setting")(self._setting_choices)
        change.autocomplete("value")(self._value_choices)

    def _add_reset(self, group: app_commands.Group) -> None:
        @group.command(
            name="reset",
            description=N_("Set one setting back to its default."),
            extras=dict(traits(private=True)),
        )
        @app_commands.describe(feature=N_("The feature"), setting=N_("The setting to set back"))
        async def reset(interaction: discord.Interaction, feature: str, setting: str) -> None:
            require_permissions(interaction, manage_guild=True)
            done = await self._service.reset(
                guild_id_of(interaction), feature, setting, UserId(interaction.user.id)
            )
            await self._tell(interaction, done)

        reset.autocomplete("feature")(self._feature_choices)
        reset.autocomplete("setting")(self._setting_choices)

    async def _tell(self, interaction: discord.Interaction, done: Change) -> None:
        translate = translator_for(interaction)
        shape = done.field.shape
        text = f"{show(done.before, shape)} → **{show(done.after, shape)}**"
        shown = embed(translate(done.field.title), text, "good")
        shown.set_footer(text=f"{done.feature} · {done.field.name}")
        undo = button(
            translate(N_("Undo")),
            custom_id("settings", "undo", done.feature, done.version),
            emoji="↩️",
        )
        await reply(interaction, embed=shown, view=row_view([undo]), ephemeral=True)

    async def _undo(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        require_permissions(interaction, manage_guild=True)
        match args:
            case (feature, version) if version.isdecimal():
                fields = await self._service.take_back(
                    guild_id_of(interaction), feature, int(version), UserId(interaction.user.id)
                )
            case _:
                raise UnknownComponent
        translate = translator_for(interaction)
        values = await self._service.values(guild_id_of(interaction), feature)
        lines: list[str] = []
        for name in fields:
            field = self._service.get_field(feature, name)
            lines.append(f"{translate(field.title)}: {show(values[name], field.shape)}")
        await update(interaction, embed=embed(translate(N_("Taken back")), "\n".join(lines)))

    async def _choose(self, interaction: discord.Interaction, _args: tuple[str, ...]) -> None:
        require_permissions(interaction, manage_guild=True)
        chosen = selected(interaction)
        if not chosen:
            raise UnknownComponent
        await self._pages.show(interaction, chosen[0])

    async def _page(
        self, interaction: discord.Interaction, number: int, args: tuple[str, ...]
    ) -> Page:
        require_permissions(interaction, manage_guild=True)
        if not args:
            raise UnknownComponent
        feature = args[0]
        translate = translator_for(interaction)
        fields = self._service.list_fields(feature)
        values = await self._service.values(guild_id_of(interaction), feature)
        pages = max(1, -(-len(fields) // _PAGE_SIZE))
        number = min(max(1, number), pages)
        shown = embed(
            translate(N_("Settings: {feature}"), feature=title_of(feature, translate)),
            translate(N_("Change one with {command}."), command="`/settings change`"),
        )
        for field in fields[(number - 1) * _PAGE_SIZE : number * _PAGE_SIZE]:
            value = show(values[field.name], field.shape)
            mark = "" if values[field.name] == field.default else " ✎"
            shown.add_field(
                name=f"{translate(field.title)}{mark}",
                value=f"{value}\n-# {translate(field.description)}"[:1024],
                inline=False,
            )
        return Page(shown, number, pages, (self._menu(feature, translate),))

    def _menu(self, feature: str, translate: Translator) -> Sequence[RowItem]:
        options = [
            option(
                title_of(model.feature, translate), model.feature, default=model.feature == feature
            )
            for model in self._service.list_models()
        ]
        menu_id = custom_id("settings", "menu")
        return (select(menu_id, options, placeholder=translate(N_("Choose a feature"))),)

    async def _feature_choices(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        translate = translator_for(interaction)
        pairs = [
            (title_of(model.feature, translate), model.feature)
            for model in self._service.list_models()
        ]
        return _choices(nearest(typed, pairs, _MAX_CHOICES))

    async def _setting_choices(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        translate = translator_for(interaction)
        try:
            fields = self._service.list_fields(_chosen(interaction, "feature"))
        except SeraphimError:
            return []
        pairs = [(translate(field.title), field.name) for field in fields]
        return _choices(nearest(typed, pairs, _MAX_CHOICES))

    async def _value_choices(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        try:
            field = self._service.get_field(
                _chosen(interaction, "feature"), _chosen(interaction, "setting")
            )
        except SeraphimError:
            return []
        # In a list only the part after the last comma is being typed.
        head, comma, tail = typed.rpartition(",") if field.shape.is_list else ("", "", typed)
        found = nearest(tail, self._values(interaction, field), _MAX_CHOICES)
        if not found:
            return _choices([(typed, typed)] if typed.strip() else [])
        kept = f"{head}{comma} " if comma else ""
        return _choices([(f"{kept}{label}", f"{kept}{value}") for label, value in found])

    def _values(
        self, interaction: discord.Interaction, field: SettingField
    ) -> list[tuple[str, str]]:
        guild = interaction.guild
        match field.shape.kind:
            case "switch" | "choice":
                return [(choice, choice) for choice in field.shape.choices]
            case "channel" if guild is not None:
                return [(f"#{channel.name}", str(channel.id)) for channel in guild.channels]
            case "role" if guild is not None:
                return [(f"@{role.name}", str(role.id)) for role in guild.roles[1:]]
            case _ if field.name == _DISABLED_FEATURES:
                return [(name, name) for name in self._service.feature_names()]
            case _:
                return []


def _chosen(interaction: discord.Interaction, option_name: str) -> str:
    """Return what has been typed into another option so far."""
    return str(getattr(interaction.namespace, option_name, "") or "")


def _choices(pairs: Sequence[tuple[str, str]]) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=label[:100], value=value[:100]) for label, value in pairs]
