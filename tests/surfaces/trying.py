"""A feature whose commands behave in every way the surface must bear."""

import asyncio
from typing import ClassVar

import discord
from discord import app_commands
from pydantic import Field

from seraphim.kernel.errors import NotFound
from seraphim.kernel.feature import Feature
from seraphim.kernel.settings import FeatureSettings
from seraphim.surfaces.discord.client import Listen
from seraphim.surfaces.discord.commands import AnyCommand, slash
from seraphim.surfaces.discord.components import (
    Component,
    custom_id,
    modal_values,
    selected,
)
from seraphim.surfaces.discord.layout import Field as ModalField
from seraphim.surfaces.discord.layout import button, modal, option, row_view, select
from seraphim.surfaces.discord.paginator import Page, Paginator
from seraphim.surfaces.discord.replies import (
    acknowledge,
    defer,
    embed,
    open_modal,
    post,
    reply,
    revise,
    update,
)
from seraphim.surfaces.pictures import canvas, paint, text

WAYS = ("now", "late", "posted", "revised")


class TryingSettings(FeatureSettings):
    """Settings of every shape."""

    feature: ClassVar[str] = "trying"

    volume: int = Field(default=100, ge=0, le=200, title="Volume", description="How loud it is.")
    enabled: bool = Field(default=True, title="Enabled", description="Whether it works.")


class Trying:
    """The feature, and what happened to it."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.release = asyncio.Event()
        self.pages = Paginator("trying", "pages", _page, owner_only=True)

    def feature(self) -> Feature:
        """Return the manifest."""
        return Feature(
            name="trying",
            summary="Trying things out.",
            commands=(
                self._menu(),
                *self._plain(),
                *self._failing(),
                *self._slow(),
                self._drawing(),
            ),
            components=(
                self.pages.component,
                Component("trying", "press", self._press),
                Component("trying", "choose", self._choose),
                Component("trying", "form", self._form),
                Component("trying", "silent", self._silent),
                Component("trying", "slow", self._slow_press),
                Component("trying", "break", self._break),
                Component("trying", "repaint", self._repaint),
                Component("trying", "plain", self._without_picture),
            ),
            discord_listeners=(Listen("guild_channel_create", self._listen),),
            settings=TryingSettings,
        )

    def _plain(self) -> list[AnyCommand]:
        @slash("hello", "Say hello.")
        @app_commands.describe(name="Whom to greet")
        async def hello(interaction: discord.Interaction, name: str) -> None:
            self.calls.append("hello")
            await reply(interaction, content=f"Hello {name}!")

        @hello.autocomplete("name")
        async def _(
            _interaction: discord.Interaction, typed: str
        ) -> list[app_commands.Choice[str]]:
            if typed == "break":
                raise RuntimeError("broken suggestion")
            return [app_commands.Choice(name=typed.upper(), value=typed.upper())]

        @slash("pages", "Turn pages.")
        async def pages(interaction: discord.Interaction) -> None:
            await self.pages.send(interaction, "letters")

        @slash("form", "Open a form.")
        async def form(interaction: discord.Interaction) -> None:
            fields = (ModalField("name", "Your name"), ModalField("why", "Why", required=False))
            opened = modal(custom_id("trying", "form", 7), "About you", *fields)
            await open_modal(interaction, opened)

        return [hello, pages, form]

    def _failing(self) -> list[AnyCommand]:
        @slash("refuse", "Be refused.")
        async def refuse(_interaction: discord.Interaction) -> None:
            raise NotFound(what="that song")

        @slash("crash", "Fail unexpectedly.")
        async def crash(_interaction: discord.Interaction) -> None:
            raise RuntimeError("the password is hunter2")

        @slash("mute", "Answer nothing.")
        async def mute(_interaction: discord.Interaction) -> None:
            self.calls.append("mute")

        return [refuse, crash, mute]

    def _slow(self) -> list[AnyCommand]:
        @slash("slow", "Answer late.")
        async def slow(interaction: discord.Interaction) -> None:
            await self.release.wait()
            await reply(interaction, content="At last.")

        @slash("slowcrash", "Fail late.")
        async def slowcrash(_interaction: discord.Interaction) -> None:
            await self.release.wait()
            raise NotFound(what="patience")

        @slash("deferred", "Defer and be refused.")
        async def deferred(interaction: discord.Interaction) -> None:
            await defer(interaction)
            raise NotFound(what="that song")

        return [slow, slowcrash, deferred]

    def _menu(self) -> AnyCommand:
        @slash("panel", "Show buttons.")
        async def panel(interaction: discord.Interaction) -> None:
            buttons = [
                button(name.capitalize(), custom_id("trying", name, 1))
                for name in ("press", "silent", "slow", "break")
            ]
            buttons.append(button("Gone", custom_id("trying", "gone", 1)))
            options = [option("Red", "r"), option("Blue", "b")]
            choice = select(custom_id("trying", "choose"), options, placeholder="Colour")
            await reply(interaction, content="Panel", view=row_view(buttons, [choice]))

        return panel

    def _drawing(self) -> AnyCommand:
        @slash("draw", "Show a picture.")
        @app_commands.describe(how="Which way the message goes")
        @app_commands.choices(how=[app_commands.Choice(name=way, value=way) for way in WAYS])
        async def draw(interaction: discord.Interaction, how: str) -> None:
            buttons = [
                button(name.capitalize(), custom_id("trying", name))
                for name in ("repaint", "plain")
            ]
            buttons.append(button("Later", custom_id("trying", "repaint", "late")))
            picture = await paint("first.png", canvas(160, 80, text(20, 50, "First")))
            shown, view = embed("Drawn", "first"), row_view(buttons)
            if how == "late":
                await defer(interaction)
            if how in {"now", "late"}:
                await reply(interaction, embed=shown, view=view, picture=picture)
                return
            assert isinstance(interaction.channel, discord.TextChannel)
            sent = await post(interaction.channel, embed=shown, view=view, picture=picture)
            if how == "revised":
                second = await paint("second.png", canvas(200, 80, text(20, 50, "Second")))
                partial = interaction.channel.get_partial_message(sent.id)
                await revise(partial, embed=embed("Drawn", "second"), view=view, picture=second)
            await reply(interaction, content="posted", ephemeral=True)

        return draw

    async def _repaint(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        if args:
            await acknowledge(interaction)
        picture = await paint("second.png", canvas(200, 80, text(20, 50, "Second")))
        await update(interaction, embed=embed("Drawn", "second"), picture=picture)

    async def _without_picture(
        self, interaction: discord.Interaction, _args: tuple[str, ...]
    ) -> None:
        await update(interaction, embed=embed("Drawn", "plain"))

    async def _press(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        await update(interaction, content=f"Pressed {args[0]} by {interaction.user.name}")

    async def _choose(self, interaction: discord.Interaction, _args: tuple[str, ...]) -> None:
        await reply(interaction, content=f"Chose {selected(interaction)[0]}", ephemeral=True)

    async def _form(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        values = modal_values(interaction)
        await reply(interaction, content=f"{args[0]}: {values['name']} / {values['why']}")

    async def _silent(self, _interaction: discord.Interaction, _args: tuple[str, ...]) -> None:
        self.calls.append("silent")

    async def _slow_press(self, interaction: discord.Interaction, _args: tuple[str, ...]) -> None:
        await self.release.wait()
        await update(interaction, content="Pressed at last")

    async def _break(self, _interaction: discord.Interaction, _args: tuple[str, ...]) -> None:
        raise RuntimeError("a button broke")

    async def _listen(self, channel: discord.abc.GuildChannel) -> None:
        self.calls.append(f"channel {channel.name}")
        raise RuntimeError("a listener broke")


async def _page(_interaction: discord.Interaction, number: int, args: tuple[str, ...]) -> Page:
    number = min(max(1, number), 5)
    return Page(embed(f"{args[0]} {number}", "abcde"[number - 1]), number, 5)
