"""``/shopadmin``: the shop's shelves, for administrators."""

import discord
from discord import app_commands

from seraphim.features.economy.commands.shop_forms import (
    FIELDS,
    check_role,
    item_form,
    read_kind,
    read_limit,
    read_price,
    show_value,
)
from seraphim.features.economy.commands.shop_words import FEATURE, MAX_CHOICES, item_lines
from seraphim.features.economy.ports import Roles
from seraphim.features.economy.rules.items import (
    EFFECTS,
    KINDS,
    MAX_DESCRIPTION,
    MAX_EMOJI,
    MAX_LEVEL,
    MAX_NAME,
    MAX_STOCK,
    ItemKind,
    Terms,
    parse_duration,
)
from seraphim.features.economy.rules.shop import REFUSALS
from seraphim.features.economy.service.shop import Shop
from seraphim.features.economy.service.shop_editing import Edited, ShopEditing
from seraphim.kernel.ids import GuildId, RoleId, UserId
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import traits
from seraphim.surfaces.discord.components import (
    Component,
    UnknownComponent,
    custom_id,
    modal_values,
)
from seraphim.surfaces.discord.guards import guild_id_of, require_permissions
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.layout import button, row_view
from seraphim.surfaces.discord.replies import embed, open_modal, reply, update

_KIND_TITLES: dict[ItemKind, str] = {
    "role": N_("Role"),
    "effect": N_("Item with an effect"),
    "collectible": N_("Collectible"),
}
type Choices = list[app_commands.Choice[str]]


class ShopAdminCommands:
    """The group of commands, its form and its undo button."""

    def __init__(self, shop: Shop, editing: ShopEditing, roles: Roles) -> None:
        self._shop = shop
        self._editing = editing
        self._roles = roles

    def components(self) -> tuple[Component, ...]:
        """Return what the form and the undo button need."""
        return (
            Component(FEATURE, "shop-form", self._submit),
            Component(FEATURE, "shop-undo", self._undo),
        )

    def group(self) -> app_commands.Group:
        """Return the commands."""
        group = app_commands.Group(
            name="shopadmin",
            description=N_("Fill the shop of this server and change what is in it."),
            default_permissions=discord.Permissions(manage_guild=True),
        )
        self._add_add(group)
        self._add_edit(group)
        self._add_require(group)
        self._add_remove(group)
        self._add_restock(group)
        return group

    def _add_add(self, group: app_commands.Group) -> None:
        @group.command(
            name="add",
            description=N_("Put a new item on sale."),
            extras=dict(
                traits(
                    private=True, free_text=("name", "price", "description", "emoji", "duration")
                )
            ),
        )
        @app_commands.describe(
            kind=N_("What it is"),
            name=N_("Its name, up to 60 characters"),
            price=N_("Its price in coins: 250, 1.5k"),
            description=N_("What members read below the name"),
            emoji=N_("The picture before the name"),
            stock=N_("How many there are; leave it out for no end"),
            limit=N_("How many one member may have at a time"),
            role=N_("Of the kind role: the role members get"),
            effect=N_("Of the kind effect: what it does"),
            duration=N_("How long the role lasts or the effect waits: 2h, 7d"),
            required_role=N_("Only members with this role may buy it"),
            required_level=N_("Only members from this level may buy it"),
        )
        @app_commands.choices(
            kind=[app_commands.Choice(name=_KIND_TITLES[kind], value=kind) for kind in KINDS],
            effect=[
                app_commands.Choice(name=one.title, value=one.name) for one in EFFECTS.values()
            ],
        )
        async def add(  # noqa: PLR0913, PLR0917 - each is an option of the command
            interaction: discord.Interaction,
            kind: str,
            name: app_commands.Range[str, 1, MAX_NAME],
            price: app_commands.Range[str, 1, 32],
            description: app_commands.Range[str, 0, MAX_DESCRIPTION] = "",
            emoji: app_commands.Range[str, 0, MAX_EMOJI] = "",
            stock: app_commands.Range[int, 0, MAX_STOCK] | None = None,
            limit: app_commands.Range[int, 1, MAX_STOCK] | None = None,
            role: discord.Role | None = None,
            effect: str | None = None,
            duration: app_commands.Range[str, 1, 32] | None = None,
            required_role: discord.Role | None = None,
            required_level: app_commands.Range[int, 1, MAX_LEVEL] | None = None,
        ) -> None:
            require_permissions(interaction, manage_guild=True)
            terms = Terms(
                name=name,
                kind=read_kind(kind),
                price=read_price(price),
                emoji=emoji,
                description=description,
                member_limit=limit,
                role_id=None if role is None else RoleId(role.id),
                duration_seconds=None if duration is None else parse_duration(duration),
                effect=effect,
                required_role_id=None if required_role is None else RoleId(required_role.id),
                required_level=required_level,
            )
            check_role(interaction, role)
            done = await self._editing.add(
                guild_id_of(interaction), terms, stock, UserId(interaction.user.id)
            )
            await self._tell(interaction, N_("On sale"), done)

    def _add_edit(self, group: app_commands.Group) -> None:
        @group.command(
            name="edit",
            description=N_("Change name, price, picture, description and limit in a form."),
            extras=dict(traits(private=True)),
        )
        @app_commands.describe(item=N_("What you want to change"))
        @app_commands.autocomplete(item=self._suggest)
        async def edit(interaction: discord.Interaction, item: str) -> None:
            require_permissions(interaction, manage_guild=True)
            found = await self._shop.get_item(guild_id_of(interaction), item)
            await open_modal(interaction, item_form(found, translator_for(interaction)))

    def _add_require(self, group: app_commands.Group) -> None:
        @group.command(
            name="require",
            description=N_("Change who may buy an item, and how long it lasts."),
            extras=dict(traits(private=True, free_text=("duration",))),
        )
        @app_commands.describe(
            item=N_("What you want to change"),
            role=N_("Only members with this role; leave it out for everybody"),
            level=N_("Only members from this level; leave it out for any"),
            duration=N_("How long the role lasts or the effect waits; leave it out to keep it"),
        )
        @app_commands.autocomplete(item=self._suggest)
        async def require(
            interaction: discord.Interaction,
            item: str,
            role: discord.Role | None = None,
            level: app_commands.Range[int, 1, MAX_LEVEL] | None = None,
            duration: app_commands.Range[str, 1, 32] | None = None,
        ) -> None:
            require_permissions(interaction, manage_guild=True)
            changes: dict[str, object] = {
                "required_role_id": None if role is None else RoleId(role.id),
                "required_level": level,
            }
            if duration is not None:
                changes["duration_seconds"] = parse_duration(duration)
            done = await self._editing.edit(
                guild_id_of(interaction), item, changes, UserId(interaction.user.id)
            )
            await self._tell(interaction, N_("Changed"), done)

    def _add_remove(self, group: app_commands.Group) -> None:
        @group.command(
            name="remove",
            description=N_("Take an item off sale. Members keep what they have."),
            extras=dict(traits(private=True)),
        )
        @app_commands.describe(item=N_("What you want to take off sale"))
        @app_commands.autocomplete(item=self._suggest)
        async def remove(interaction: discord.Interaction, item: str) -> None:
            require_permissions(interaction, manage_guild=True)
            done = await self._editing.remove(
                guild_id_of(interaction), item, UserId(interaction.user.id)
            )
            await self._tell(interaction, N_("Off sale"), done)

    def _add_restock(self, group: app_commands.Group) -> None:
        @group.command(
            name="restock",
            description=N_("Add pieces to the stock, take some away, or let it never end."),
            extras=dict(traits(private=True)),
        )
        @app_commands.describe(
            item=N_("What you want to restock"),
            pieces=N_("How many to add (below zero: to take away); leave it out for no end"),
        )
        @app_commands.autocomplete(item=self._suggest)
        async def restock(
            interaction: discord.Interaction,
            item: str,
            pieces: app_commands.Range[int, -MAX_STOCK, MAX_STOCK] | None = None,
        ) -> None:
            require_permissions(interaction, manage_guild=True)
            done = await self._editing.restock(
                guild_id_of(interaction), item, pieces, UserId(interaction.user.id)
            )
            await self._tell(interaction, N_("Restocked"), done)

    async def _suggest(self, interaction: discord.Interaction, typed: str) -> Choices:
        if interaction.guild_id is None:
            return []
        wanted = typed.strip().casefold()
        return [
            app_commands.Choice(name=item.terms.name, value=item.terms.name)
            for item in await self._shop.list_items(GuildId(interaction.guild_id))
            if wanted in item.terms.name.casefold()
        ][:MAX_CHOICES]

    async def _submit(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        require_permissions(interaction, manage_guild=True)
        match args:
            case (item_id, version) if item_id.isdecimal() and version.isdecimal():
                pass
            case _:
                raise UnknownComponent
        values = modal_values(interaction)
        changes: dict[str, object] = {
            "name": values.get("name", ""),
            "price": read_price(values.get("price", "")),
            "emoji": values.get("emoji", ""),
            "description": values.get("description", ""),
            "member_limit": read_limit(values.get("limit", "")),
        }
        done = await self._editing.edit_seen(
            guild_id_of(interaction),
            int(item_id),
            int(version),
            changes,
            UserId(interaction.user.id),
        )
        await self._tell(interaction, N_("Changed"), done)

    async def _undo(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        require_permissions(interaction, manage_guild=True)
        match args:
            case (item_id, version) if item_id.isdecimal() and version.isdecimal():
                done = await self._editing.take_back(
                    guild_id_of(interaction),
                    int(item_id),
                    int(version),
                    UserId(interaction.user.id),
                )
            case _:
                raise UnknownComponent
        say = translator_for(interaction)
        shown = await self._shown(interaction, N_("Taken back"), done)
        if done.item.removed:
            shown.set_footer(text=say(N_("It is off sale.")))
        await update(interaction, embed=shown)

    async def _tell(self, interaction: discord.Interaction, title: str, done: Edited) -> None:
        say = translator_for(interaction)
        shown = await self._shown(interaction, title, done)
        undo = button(
            say(N_("Undo")),
            custom_id(FEATURE, "shop-undo", done.item.item_id, done.item.version),
            emoji="↩️",
        )
        await reply(interaction, embed=shown, view=row_view([undo]), ephemeral=True)

    async def _shown(
        self, interaction: discord.Interaction, title: str, done: Edited
    ) -> discord.Embed:
        say, item = translator_for(interaction), done.item
        words = await self._shop.rules(item.guild_id)
        lines = [item_lines(item, words, say)]
        lines += [
            f"-# {say(FIELDS[name])}: {show_value(name, old)} → **{show_value(name, new)}**"
            for (name, old), new in zip(done.before.items(), done.after.values(), strict=False)
            if name in FIELDS
        ]
        shown = embed(say(title), "\n".join(lines), "good")
        if item.terms.role_id is not None and not item.removed:
            outcome = await self._roles.can_grant(item.guild_id, item.terms.role_id)
            if outcome.refusal is not None:
                shown.add_field(
                    name=say(N_("I cannot give this role")),
                    value=say(REFUSALS[outcome.refusal])
                    + " "
                    + say(N_("Until that changes, every purchase of it is paid back.")),
                    inline=False,
                )
        return shown
