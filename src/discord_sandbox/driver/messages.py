"""Messages as a person sees them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from discord_sandbox.interactions.component_rules import BUTTON, SELECTS, walk

type Json = dict[str, Any]

_EPHEMERAL, _LOADING = 1 << 6, 1 << 7


@dataclass(frozen=True, slots=True)
class MessageView:
    """One state of a message; `data` is Discord's message object."""

    data: Json

    @property
    def id(self) -> str:
        """Its snowflake."""
        return self.data["id"]

    @property
    def channel_id(self) -> str:
        """Where it is."""
        return self.data["channel_id"]

    @property
    def author(self) -> str:
        """The author's username."""
        return self.data["author"]["username"]

    @property
    def content(self) -> str:
        """Its plain content."""
        return self.data["content"]

    @property
    def embeds(self) -> list[Json]:
        """Its embeds as Discord returns them."""
        return self.data["embeds"]

    @property
    def components(self) -> list[Json]:
        """Its root components."""
        return self.data["components"]

    @property
    def attachments(self) -> list[Json]:
        """Its files; `url` can be fetched."""
        return self.data["attachments"]

    @property
    def ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return bool(self.data.get("flags", 0) & _EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Whether it still says "thinking..."."""
        return bool(self.data.get("flags", 0) & _LOADING)

    @property
    def edited(self) -> bool:
        """Whether it was edited."""
        return self.data.get("edited_timestamp") is not None

    @property
    def text(self) -> str:
        """Everything there is to read: content, embeds, text displays, labels; line by line."""
        return "\n".join(part for part in self._texts() if part)

    @property
    def buttons(self) -> list[Json]:
        """Its buttons in their order."""
        return [one for one in walk(self.components) if one["type"] == BUTTON]

    @property
    def selects(self) -> list[Json]:
        """Its select menus in their order."""
        return [one for one in walk(self.components) if one["type"] in SELECTS]

    def find_button(self, name: str) -> Json | None:
        """The button with this custom id, label or emoji; variation selectors do not count."""
        plain = name.removesuffix("\ufe0f")
        for button in self.buttons:
            emoji = (button.get("emoji", {}).get("name") or "").removesuffix("\ufe0f")
            if name in (button.get("custom_id"), button.get("label")) or (emoji and plain == emoji):
                return button
        return None

    def find_select(self, name: str | None = None) -> Json | None:
        """The menu with this custom id or placeholder; without a name the only one."""
        menus = self.selects
        if name is None:
            return menus[0] if len(menus) == 1 else None
        for menu in menus:
            if name in (menu["custom_id"], menu.get("placeholder")):
                return menu
        return None

    def _texts(self) -> Iterator[str]:
        yield self.content
        for embed in self.embeds:
            yield embed.get("author", {}).get("name", "")
            yield embed.get("title", "")
            yield embed.get("description", "")
            for field in embed.get("fields", ()):
                yield field["name"]
                yield field["value"]
            yield embed.get("footer", {}).get("text", "")
        for component in walk(self.components):
            yield component.get("content", "")
            yield component.get("label", "")
