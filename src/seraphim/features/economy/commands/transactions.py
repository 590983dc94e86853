"""``/transactions``: your own statement, page by page, and as a table."""

import re
from io import BytesIO
from typing import TYPE_CHECKING

import discord

from seraphim.features.economy.commands.words import FEATURE, SettingsOf, signed
from seraphim.features.economy.rules.amounts import format_coins
from seraphim.features.economy.rules.ledger import Account
from seraphim.features.economy.service.settings import EconomySettings
from seraphim.features.economy.service.statement import MAX_ROWS, StatementPage, Statements
from seraphim.features.economy.store.ledger_reading import StatementLine
from seraphim.kernel.ids import UserId
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand, slash
from seraphim.surfaces.discord.components import Component, UnknownComponent, custom_id
from seraphim.surfaces.discord.guards import guild_id_of
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.layout import SentView, button, cut, row_view
from seraphim.surfaces.discord.replies import embed, reply, update

if TYPE_CHECKING:
    from seraphim.kernel.texts import Translator

_KINDS = {
    "daily": ("🎁", N_("Daily")),
    "work": ("💼", N_("Work")),
    "beg": ("🙏", N_("Begging")),
    "crime": ("🕶️", N_("Crime")),
    "rob": ("🦹", N_("Robbery")),
    "fish": ("🎣", N_("Fishing")),
    "mine": ("⛏️", N_("Mining")),
    "hunt": ("🏹", N_("Hunting")),
    "give": ("💝", N_("Gift")),
    "shop": ("🛍️", N_("Shop")),
    "trade": ("🤝", N_("Trade")),
    "game": ("🎲", N_("Game")),
    "eco": ("🏛️", N_("Administration")),
}
_MAX_TRAIL = 6
"""Pages to go back; the newest page is always one press away."""
_REASON_CHARACTERS = 80


class TransactionCommands:
    """The statement. It is private, so its buttons are pressed by nobody else."""

    def __init__(self, statements: Statements, settings: SettingsOf) -> None:
        self._statements = statements
        self._settings = settings

    def components(self) -> tuple[Component, ...]:
        """Return what the buttons need."""
        return (
            Component(FEATURE, "statement", self._turn),
            Component(FEATURE, "statement-table", self._table),
        )

    def command(self) -> AnyCommand:
        """Return the command."""

        @slash("transactions", N_("What came into your account and what left it."), private=True)
        async def transactions(interaction: discord.Interaction) -> None:
            shown, view = await self._paint(interaction, ())
            await reply(interaction, embed=shown, view=view, ephemeral=True)

        return transactions

    async def _turn(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        if not args or not all(part.isascii() and part.isdecimal() for part in args[1:]):
            raise UnknownComponent
        shown, view = await self._paint(interaction, tuple(int(part) for part in args[1:]))
        await update(interaction, embed=shown, view=view)

    async def _table(self, interaction: discord.Interaction, _: tuple[str, ...]) -> None:
        guild_id, user_id = guild_id_of(interaction), UserId(interaction.user.id)
        table = await self._statements.table(guild_id, user_id)
        say = translator_for(interaction)
        text = say(N_("Your movements, the newest first, at most {rows}."), rows=f"{MAX_ROWS:,}")
        file = discord.File(BytesIO(table), filename="transactions.csv")
        await reply(interaction, embed=embed(None, text), files=[file], ephemeral=True)

    async def _paint(
        self, interaction: discord.Interaction, trail: tuple[int, ...]
    ) -> tuple[discord.Embed, SentView]:
        """Return a page. ``trail`` leads to it: where each page since the newest began."""
        guild_id, user_id = guild_id_of(interaction), UserId(interaction.user.id)
        words = await self._settings(guild_id)
        page = await self._statements.page(guild_id, user_id, trail[-1] if trail else None)
        say = translator_for(interaction)
        lines = [_line(line, words, say) for line in page.lines]
        shown = embed(
            say(N_("🧾 Your statement")),
            "\n".join(lines) or say(N_("Nothing has moved yet. /daily is a good start.")),
        )
        return shown, _buttons(page, trail, say)


def _buttons(page: StatementPage, trail: tuple[int, ...], say: "Translator") -> SentView:
    older = (*trail, page.older)[-_MAX_TRAIL:] if page.older else trail
    # The first part keeps the custom ids distinct where two lead to the same page.
    turns = (
        ("first", "⏮️", (), not trail),
        ("newer", "◀️", trail[:-1], not trail),
        ("older", "▶️", older, page.older is None),
    )
    items = [
        button(None, custom_id(FEATURE, "statement", name, *way), emoji=emoji, disabled=disabled)
        for name, emoji, way, disabled in turns
    ]
    table = button(
        say(N_("Table (CSV)")),
        custom_id(FEATURE, "statement-table"),
        emoji="📄",
        disabled=not page.lines,
    )
    return row_view([*items, table])


def _line(line: StatementLine, words: EconomySettings, say: "Translator") -> str:
    prefix = re.split(r"[_.:]", line.kind, maxsplit=1)[0]
    emoji, title = _KINDS.get(prefix, ("🔸", prefix.capitalize()))
    facts = [say(title)]
    facts += [_name(other, say) for other in line.others if other.kind == "person"]
    if line.reason:
        facts.append(cut(line.reason, _REASON_CHARACTERS))
    amount = signed(line.amount, words)
    balance = format_coins(line.balance, words)
    return f"{emoji} **{amount}** · {' · '.join(facts)}\n-# <t:{line.at_ms // 1000}:f> · {balance}"


def _name(account: Account, say: "Translator") -> str:
    return f"<@{account.number}>" if account.number else say(N_("a former member"))
