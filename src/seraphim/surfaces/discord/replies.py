"""Answering an interaction, whether or not it has been deferred in the meantime."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from io import BytesIO
from typing import Literal, cast

import discord

from seraphim.surfaces.discord.handling import handling_of
from seraphim.surfaces.discord.layout import SentModal, SentView, cut
from seraphim.surfaces.pictures import Picture

type Tone = Literal["info", "good", "warn", "bad"]

COLOURS: dict[Tone, int] = {
    "info": 0x7C6CF0,  # the seraph's violet
    "good": 0x3FB883,
    "warn": 0xE8A93C,
    "bad": 0xE5534B,
}
NO_MENTIONS = discord.AllowedMentions.none()
_TITLE_CHARACTERS = 256
_DESCRIPTION_CHARACTERS = 4096


def embed(
    title: str | None = None, description: str | None = None, tone: Tone = "info"
) -> discord.Embed:
    """Return an embed in the tone's colour; too long texts are cut to Discord's limits."""
    return discord.Embed(
        title=cut(title, _TITLE_CHARACTERS) if title else None,
        description=cut(description, _DESCRIPTION_CHARACTERS) if description else None,
        colour=COLOURS[tone],
    )


async def reply(
    interaction: discord.Interaction,
    *,
    embed: discord.Embed | None = None,
    content: str | None = None,
    view: SentView | None = None,
    picture: Picture | None = None,
    files: Sequence[discord.File] = (),
    pings: Sequence[int] = (),
    ephemeral: bool = False,
) -> None:
    """Send a message as the answer: the response itself, or a follow-up when deferred.

    A private answer to a publicly deferred command removes the public "thinking" line first, as
    Discord gives the first follow-up the privacy of the deferral.

    Args:
        interaction: What is answered.
        embed: Shows ``picture``, if there is one.
        content: Plain text.
        view: Buttons and menus.
        picture: Attached; without an embed it stands alone.
        files: Further attachments.
        pings: Users who are told, if ``content`` mentions them; by default nobody is.
        ephemeral: Only the member sees the answer.

    Raises:
        discord.HTTPException: Discord refused the message or cannot be reached.
    """
    handling = handling_of(interaction)
    embed, attached = with_picture(embed, picture)
    sent_files = [*attached, *files]
    shown_embed = discord.utils.MISSING if embed is None else embed
    shown_view = discord.utils.MISSING if view is None else view
    told = NO_MENTIONS if not pings else _mentions(pings)
    async with handling.answer_lock:
        if not interaction.response.is_done():
            await interaction.response.send_message(
                content,
                embed=shown_embed,
                view=shown_view,
                files=sent_files,
                ephemeral=ephemeral,
                allowed_mentions=told,
            )
            return
        if handling.deferred_privately is False and ephemeral:
            await interaction.delete_original_response()
        handling.deferred_privately = None
        await interaction.followup.send(
            discord.utils.MISSING if content is None else content,
            embed=shown_embed,
            view=shown_view,
            files=sent_files,
            ephemeral=ephemeral,
            allowed_mentions=told,
        )


async def update(
    interaction: discord.Interaction,
    *,
    embed: discord.Embed | None = None,
    content: str | None = None,
    view: SentView | None = None,
    picture: Picture | None = None,
) -> None:
    """Change the message that the pressed component sits on; what is None disappears from it.

    Raises:
        discord.HTTPException: Discord refused the change or cannot be reached.
    """
    embed, attached = with_picture(embed, picture)
    async with handling_of(interaction).answer_lock:
        if interaction.response.is_done():
            await interaction.edit_original_response(
                content=content,
                embed=embed,
                view=view,
                attachments=attached,
                allowed_mentions=NO_MENTIONS,
            )
        else:
            await interaction.response.edit_message(
                content=content,
                embed=embed,
                view=view,
                attachments=attached,
                allowed_mentions=NO_MENTIONS,
            )


async def post(
    channel: discord.abc.Messageable,
    *,
    embed: discord.Embed | None = None,
    content: str | None = None,
    view: SentView | None = None,
    picture: Picture | None = None,
) -> discord.Message:
    """Send a message that answers no interaction.

    Raises:
        discord.HTTPException: Discord refused the message or cannot be reached.
    """
    embed, attached = with_picture(embed, picture)
    return await channel.send(
        content,
        embed=discord.utils.MISSING if embed is None else embed,
        view=discord.utils.MISSING if view is None else view,
        files=attached,
        allowed_mentions=NO_MENTIONS,
    )


async def revise(
    message: discord.Message | discord.PartialMessage,
    *,
    embed: discord.Embed | None = None,
    content: str | None = None,
    view: SentView | None = None,
    picture: Picture | None = None,
) -> None:
    """Change a message of ours outside of an interaction; what is None disappears from it.

    ``channel.get_partial_message(message_id)`` gives a message without asking Discord for it.

    Raises:
        discord.HTTPException: Discord refused the change, or the message is gone.
    """
    embed, attached = with_picture(embed, picture)
    await message.edit(
        content=content,
        embed=embed,
        view=view,
        attachments=attached,
        allowed_mentions=NO_MENTIONS,
    )


def with_picture(
    embed: discord.Embed | None, picture: Picture | None
) -> tuple[discord.Embed | None, list[discord.File]]:
    """Return a copy of the embed that shows the picture, and the picture as an attachment."""
    if picture is None:
        return embed, []
    if embed is not None:
        embed = copy(embed).set_image(url=f"attachment://{picture.name}")
    return embed, [discord.File(BytesIO(picture.png), filename=picture.name)]


async def acknowledge(interaction: discord.Interaction) -> None:
    """Answer a click without showing anything; the message stays as it is."""
    async with handling_of(interaction).answer_lock:
        if not interaction.response.is_done():
            await interaction.response.defer()


async def defer(interaction: discord.Interaction, *, ephemeral: bool = False) -> None:
    """Say "thinking" now and answer within 15 minutes; does nothing when already answered.

    The surface does this by itself after two seconds; call it where slowness is certain.
    """
    handling = handling_of(interaction)
    async with handling.answer_lock:
        if interaction.response.is_done():
            return
        await interaction.response.defer(ephemeral=ephemeral)
        if interaction.type is discord.InteractionType.application_command:
            handling.deferred_privately = ephemeral


async def open_modal(interaction: discord.Interaction, modal: SentModal) -> None:
    """Open a form; it must be the first answer to the interaction.

    Raises:
        discord.InteractionResponded: Something has been answered already.
    """
    async with handling_of(interaction).answer_lock:
        await interaction.response.send_modal(modal)


@dataclass(frozen=True, slots=True)
class _Told:
    """A user in ``allowed_mentions``, whose ids Discord's description wants as text."""

    id: str


def _mentions(users: Sequence[int]) -> discord.AllowedMentions:
    told = cast("list[discord.abc.Snowflake]", [_Told(str(user)) for user in users])
    return discord.AllowedMentions(everyone=False, roles=False, users=told, replied_user=False)
