"""Buttons, selects and modals that carry everything they need in their custom id.

discord.py keeps each sent view in memory until it times out, and forgets it at a restart. Ours are
finished before they are sent, so that it keeps nothing; ``components.py`` routes the clicks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, override

import discord
from discord import ui

MAX_ROWS = 5
"""Action rows in one message (Discord, "Component Reference")."""
MAX_ROW_BUTTONS = 5
MAX_SELECT_OPTIONS = 25
MAX_LABEL = 80
"""Characters on a button (Discord refuses the whole message for one more)."""


class SentView(ui.View):
    """A view that is over before it is sent; discord.py stores only unfinished ones."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @override
    def is_finished(self) -> bool:
        return True


class SentModal(ui.Modal):
    """A modal that is over before it is opened; its answer arrives at a ``Component``."""

    @override
    def is_finished(self) -> bool:
        return True


type RowItem = (
    ui.Button[SentView]
    | ui.Select[SentView]
    | ui.UserSelect[SentView]
    | (ui.RoleSelect[SentView] | ui.ChannelSelect[SentView])
)


def row_view(*rows: Sequence[RowItem]) -> SentView:
    """Return a view whose rows hold the given items, from top to bottom.

    Args:
        rows: Up to five rows of up to five buttons, or one select each; empty rows are left out.

    Raises:
        ValueError: There are more rows than a message can have, or too many items in one.
    """
    filled = [row for row in rows if row]
    if len(filled) > MAX_ROWS:
        raise ValueError(f"a message has at most {MAX_ROWS} rows, not {len(filled)}")
    view = SentView()
    for number, row in enumerate(filled):
        for item in row:
            item.row = number
            view.add_item(item)
    return view


def button(
    label: str | None,
    custom_id: str,
    *,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    emoji: str | None = None,
    disabled: bool = False,
) -> ui.Button[SentView]:
    """Return a button, its label cut to 80; ``custom_id`` is of :func:`components.custom_id`."""
    label = cut(label, MAX_LABEL) if label else None
    return ui.Button(label=label, custom_id=custom_id, style=style, emoji=emoji, disabled=disabled)


def link(label: str, url: str, *, emoji: str | None = None) -> ui.Button[SentView]:
    """Return a button that opens ``url`` in the member's browser."""
    return ui.Button(label=label, url=url, emoji=emoji)


def option(
    label: str,
    value: str,
    *,
    description: str | None = None,
    emoji: str | None = None,
    default: bool = False,
) -> discord.SelectOption:
    """Return one line of a select; label and description are cut to Discord's 100 characters."""
    return discord.SelectOption(
        label=cut(label, 100),
        value=value,
        description=cut(description, 100) if description else None,
        emoji=emoji,
        default=default,
    )


def select(
    custom_id: str,
    options: Sequence[discord.SelectOption],
    *,
    placeholder: str | None = None,
    min_values: int = 1,
    max_values: int = 1,
    disabled: bool = False,
) -> ui.Select[SentView]:
    """Return a select menu of the first 25 ``options``."""
    shown = list(options[:MAX_SELECT_OPTIONS])
    return ui.Select(
        custom_id=custom_id,
        options=shown,
        placeholder=cut(placeholder, 150) if placeholder else None,
        min_values=min_values,
        max_values=min(max_values, max(1, len(shown))),
        disabled=disabled,
    )


@dataclass(frozen=True, slots=True)
class Field:
    """One text input of a modal."""

    name: str
    """The key of the answer in :func:`components.modal_values`."""
    label: str
    placeholder: str | None = None
    default: str | None = None
    required: bool = True
    paragraph: bool = False
    min_length: int | None = None
    max_length: int | None = 4000


def modal(custom_id: str, title: str, *fields: Field) -> SentModal:
    """Return a modal with up to five text fields; open it with :func:`replies.open_modal`.

    Raises:
        ValueError: No field, or more than five.
    """
    if not 1 <= len(fields) <= MAX_ROWS:
        raise ValueError("a modal has one to five fields")
    opened = SentModal(title=cut(title, 45), custom_id=custom_id, timeout=None)
    for field in fields:
        style = discord.TextStyle.paragraph if field.paragraph else discord.TextStyle.short
        text_input: ui.TextInput[Any] = ui.TextInput(
            custom_id=field.name,
            style=style,
            placeholder=cut(field.placeholder, 100) if field.placeholder else None,
            default=field.default,
            required=field.required,
            min_length=field.min_length,
            max_length=field.max_length,
        )
        opened.add_item(ui.Label(text=cut(field.label, 45), component=text_input))
    return opened


def cut(text: str, limit: int) -> str:
    """Return ``text``, shortened with an ellipsis to at most ``limit`` characters."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
