"""``/help``: the catalogue by feature, one command in full, or a search."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from rapidfuzz import fuzz, process, utils

from seraphim.features.status.rules import clamp, pages_of
from seraphim.kernel.errors import NotFound
from seraphim.kernel.feature import Feature
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand, CommandEntry, entries, slash, title_of
from seraphim.surfaces.discord.components import Component, custom_id, selected
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.layout import RowItem, option, select
from seraphim.surfaces.discord.link import DiscordLink
from seraphim.surfaces.discord.paginator import Page, Paginator
from seraphim.surfaces.discord.replies import embed, reply

if TYPE_CHECKING:
    from seraphim.kernel.texts import Translator

_PAGE_SIZE = 8
_MAX_CHOICES = 25
_MAX_FOUND = 10
_LEAST_SCORE = 55.0
_EVERYTHING = "all"


class Help:
    """The help command, its pages and its menu."""

    def __init__(self, link: DiscordLink, catalogue: Callable[[], Sequence[Feature]]) -> None:
        self._link = link
        self._catalogue = catalogue
        self._pages = Paginator("status", "help", self._page)

    def components(self) -> tuple[Component, ...]:
        """Return what the buttons and the menu need."""
        return (self._pages.component, Component("status", "help-menu", self._choose))

    def command(self) -> AnyCommand:
        """Return the command."""

        @slash("help", N_("See what the bot can do, or look up a command."), private=True)
        @app_commands.describe(query=N_("A command or a word that describes what you want"))
        async def help_(interaction: discord.Interaction, query: str | None = None) -> None:
            if query is None or not query.strip():
                await self._pages.send(interaction, _EVERYTHING, ephemeral=True)
            else:
                await self._look_up(interaction, query.strip().removeprefix("/")[:100])

        @help_.autocomplete("query")
        async def _(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
            translate = translator_for(interaction)
            return [
                app_commands.Choice(name=_line(entry, translate)[:100], value=entry.name[:100])
                for entry in self._search(typed.removeprefix("/"), translate, _MAX_CHOICES)
            ]

        return help_

    async def _look_up(self, interaction: discord.Interaction, query: str) -> None:
        translate = translator_for(interaction)
        everything = entries(self._catalogue())
        exact = [entry for entry in everything if entry.name.casefold() == query.casefold()]
        if exact:
            await reply(interaction, embed=self._detail(exact[0], translate), ephemeral=True)
            return
        found = self._search(query, translate, _MAX_FOUND)
        if not found:
            raise NotFound(what=translate(N_("a command for “{query}”"), query=query))
        title = translate(N_("Commands for “{query}”"), query=query)
        lines = "\n".join(self._block(entry, translate) for entry in found)
        await reply(interaction, embed=embed(title, lines), ephemeral=True)

    async def _choose(self, interaction: discord.Interaction, _args: tuple[str, ...]) -> None:
        chosen = selected(interaction)
        await self._pages.show(interaction, chosen[0] if chosen else _EVERYTHING)

    async def _page(
        self, interaction: discord.Interaction, number: int, args: tuple[str, ...]
    ) -> Page:
        translate = translator_for(interaction)
        features = [feature for feature in self._catalogue() if feature.commands]
        wanted = args[0] if args else _EVERYTHING
        chosen = next((feature for feature in features if feature.name == wanted), None)
        menu = (self._menu(features, wanted, translate),)
        if chosen is None:
            return Page(self._overview(features, translate), 1, 1, (menu,))
        pages = pages_of(entries([chosen]), _PAGE_SIZE)
        number = clamp(number, len(pages))
        shown = embed(
            title_of(chosen.name, translate),
            "\n".join(
                (
                    f"*{translate(chosen.summary)}*\n",
                    *(self._block(entry, translate) for entry in pages[number - 1]),
                )
            ),
        )
        return Page(shown, number, len(pages), (menu,))

    def _overview(self, features: Sequence[Feature], translate: "Translator") -> discord.Embed:
        shown = embed(
            translate(N_("What I can do")),
            translate(N_("Choose a topic below, or type {help} with a word to search.")).replace(
                "{help}", self._mention("help")
            ),
        )
        for feature in features[:_MAX_CHOICES]:
            count = len(entries([feature]))
            commands = translate.plural("{n} command", "{n} commands", count)
            shown.add_field(
                name=title_of(feature.name, translate),
                value=f"{translate(feature.summary)}\n-# {commands}",
            )
        return shown

    def _menu(self, features: Sequence[Feature], wanted: str, translate: "Translator") -> RowItem:
        options = [
            option(translate(N_("Overview")), _EVERYTHING, default=wanted == _EVERYTHING),
            *(
                option(
                    title_of(feature.name, translate),
                    feature.name,
                    description=translate(feature.summary),
                    default=feature.name == wanted,
                )
                for feature in features[: _MAX_CHOICES - 1]
            ),
        ]
        return select(
            custom_id("status", "help-menu"), options, placeholder=translate(N_("Choose a topic"))
        )

    def _detail(self, entry: CommandEntry, translate: "Translator") -> discord.Embed:
        shown = embed(f"/{entry.name}" if entry.kind == "slash" else entry.name)
        shown.description = f"{self._shown_name(entry)}\n{self._described(entry, translate)}"
        for name, description, required in entry.options[:_MAX_CHOICES]:
            suffix = "" if required else f" · *{translate(N_('optional'))}*"
            shown.add_field(name=f"`{name}`", value=translate(description) + suffix, inline=False)
        if entry.needs_permissions:
            names = ", ".join(name.replace("_", " ").title() for name in entry.needs_permissions)
            shown.set_footer(text=translate(N_("Needs: {permissions}"), permissions=names))
        return shown

    def _block(self, entry: CommandEntry, translate: "Translator") -> str:
        return f"{self._shown_name(entry)} — {self._described(entry, translate)}"

    def _shown_name(self, entry: CommandEntry) -> str:
        return self._mention(entry.name) if entry.kind == "slash" else f"**{entry.name}**"

    def _described(self, entry: CommandEntry, translate: "Translator") -> str:
        if entry.kind == "slash":
            return translate(entry.description)
        return translate(N_("right-click a message or member, then Apps"))

    def _mention(self, name: str) -> str:
        command_id = self._link.command_ids.get(name.partition(" ")[0])
        return f"`/{name}`" if command_id is None else f"</{name}:{command_id}>"

    def _search(self, query: str, translate: "Translator", limit: int) -> list[CommandEntry]:
        everything = entries(self._catalogue())
        if not query.strip():
            return everything[:limit]
        texts = {
            number: f"{entry.name} {translate(entry.description)}"
            for number, entry in enumerate(everything)
        }
        ranked = process.extract(
            query, texts, scorer=_score, processor=utils.default_process, limit=limit
        )
        return [everything[number] for _, score, number in ranked if score >= _LEAST_SCORE]


def _score(query: str, text: str, **_: object) -> float:
    """Rank by the name's beginning first, then by the nearest words anywhere."""
    near = fuzz.partial_token_ratio(query, text)
    return near + 20.0 if text.startswith(query) else near


def _line(entry: CommandEntry, translate: "Translator") -> str:
    described = translate(entry.description)
    prefix = "/" if entry.kind == "slash" else ""
    return f"{prefix}{entry.name} · {described}" if described else f"{prefix}{entry.name}"
