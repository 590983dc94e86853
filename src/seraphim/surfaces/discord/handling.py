"""What the surface knows while it handles one interaction."""

import asyncio
from typing import TYPE_CHECKING, Protocol

import discord

if TYPE_CHECKING:
    from seraphim.kernel.texts import Texts, Translator

_KEY = "seraphim"


class Speaks(Protocol):
    """A client that can translate."""

    texts: "Texts"


class Handling:
    """State of one interaction, from its arrival to its last answer.

    Attributes:
        trace_id: Shown in the footer of an error and found in every log line of the interaction.
        persona: The voice the guild has chosen.
        answer_lock: Held while an answer is on its way, so that the automatic deferral and the
            command never both answer.
        deferred_privately: Whether the "thinking" message is ephemeral; None when not deferred.
    """

    __slots__ = ("answer_lock", "deferred_privately", "outcome", "persona", "trace_id")

    def __init__(self, trace_id: str = "", persona: str = "plain") -> None:
        self.trace_id = trace_id
        self.persona = persona
        self.outcome = "ok"
        self.answer_lock = asyncio.Lock()
        self.deferred_privately: bool | None = None


def handling_of(interaction: discord.Interaction) -> Handling:
    """Return the interaction's handling; makes one when the interaction came another way."""
    known = interaction.extras.get(_KEY)
    if isinstance(known, Handling):
        return known
    made = Handling()
    interaction.extras[_KEY] = made
    return made


def begin_handling(interaction: discord.Interaction, handling: Handling) -> None:
    """Attach ``handling`` to the interaction."""
    interaction.extras[_KEY] = handling


def translator_for(interaction: discord.Interaction, *, public: bool = False) -> "Translator":
    """Return the translator for an answer to this interaction.

    Args:
        interaction: Who asks, and where.
        public: The answer is seen by the whole channel, so it is said in the guild's language
            instead of the member's.
    """
    locale = interaction.locale
    if public and interaction.guild_locale is not None:
        locale = interaction.guild_locale
    client: Speaks = interaction.client  # pyright: ignore[reportAssignmentType]  # every client of ours has texts
    return client.texts.translator(str(locale.value), handling_of(interaction).persona)
