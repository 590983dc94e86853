"""What the rounds of several members share: joining from a command, and the list of results."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import discord

from seraphim.features.games.commands.desk import Desk
from seraphim.features.games.commands.face import NO_VALUE, Say, move_id
from seraphim.features.games.commands.outcome import gain_of
from seraphim.features.games.rules.errors import MoveNotPossible, RoundOpen
from seraphim.features.games.rules.game import Plain
from seraphim.features.games.service.orders import View
from seraphim.kernel.ids import UserId
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.layout import Field, SentModal, modal
from seraphim.surfaces.discord.replies import embed, reply

LISTED = 12
"""Members a list names; the others are counted."""
_BET_CHARACTERS = 20


async def open_or_join(
    desk: Desk,
    interaction: discord.Interaction,
    kind: str,
    bet: str,
    options: Mapping[str, Plain],
) -> View:
    """Open the channel's round as the answer to a command, or join the one that is open."""
    try:
        return await desk.open(interaction, kind, bet, options)
    except RoundOpen:
        found = await desk.find_open(interaction, kind)
        if found is None:
            raise
    view = await desk.act(interaction, found.id, "join", bet=bet, options=options, on_message=False)
    say = await desk.say(interaction)
    place = f"https://discord.com/channels/{found.guild_id}/{found.channel_id}"
    if view.game.message_id is not None:  # otherwise the opener's answer is still on its way
        place += f"/{view.game.message_id}"
    seat = view.seat_of(UserId(interaction.user.id))
    told = say(
        N_("You are in with **{stake}**. [The round is here.]({place})"),
        stake=say.coins(0 if seat is None else seat.stake),
        place=place,
    )
    await reply(interaction, embed=embed(None, told, "good"), ephemeral=True)
    return view


def bet_form(view: View, title: str, value: str, say: Say, *more: Field) -> SentModal:
    """Return the form of a "join" button, which asks for the bet."""
    stake = view.game.opening.stake
    target = move_id(steady(view), "join", value or NO_VALUE)
    bet = Field(
        "bet",
        say(N_("Your bet")),
        placeholder=say(N_("250, 1.5k, half, all")),
        default=str(stake),
        max_length=_BET_CHARACTERS,
    )
    return modal(target, title, bet, *more)


def steady(view: View) -> View:
    """Return the view whose buttons keep their ids from version to version.

    Discord refuses a click on an id that an edit has just replaced, and in a round of many
    somebody's edit is always on its way. These rounds do not look at the version.
    """
    return replace(view, game=replace(view.game, version=0))


def member_of(view: View, seat: int, say: Say) -> str:
    """Return a mention of who sits on a seat."""
    user_id = view.member(seat)
    return say(N_("Somebody")) if user_id is None else f"<@{user_id}>"


def called(view: View, seat: int) -> dict[str, Any]:
    """Return what makes a message tell the member on a seat that it is for them.

    A mention in an embed tells nobody, and a challenge stands for a minute.
    """
    user_id = view.member(seat)
    return {} if user_id is None else {"content": f"<@{user_id}>", "pings": (user_id,)}


def gain_text(view: View, seat: int, say: Say) -> str:
    """Return a signed amount: ``+120 ✨``, or ``±0 ✨``."""
    gain = gain_of(view, seat)
    sign = "+" if gain > 0 else "\N{MINUS SIGN}" if gain < 0 else "±"
    return f"{sign}{say.coins(abs(gain))}"


def seat_lines(view: View, say: Say, notes: Mapping[int, str]) -> str:
    """Return a line a seat: the member and a note; beyond a dozen the others are counted."""
    numbers = [seat.number for seat in view.seats]
    lines = [f"{member_of(view, n, say)} · {notes.get(n, '')}" for n in numbers[:LISTED]]
    if len(numbers) > LISTED:
        lines.append(say(N_("… and {count} more"), count=len(numbers) - LISTED))
    return "\n".join(lines)


def other_member(interaction: discord.Interaction, user: discord.Member | discord.User) -> UserId:
    """Return whom a member challenges.

    Raises:
        MoveNotPossible: It is the member, a bot, or somebody who is not on the server.
    """
    if user.id == interaction.user.id:
        raise MoveNotPossible(reason=N_("You cannot challenge yourself."))
    if user.bot:
        raise MoveNotPossible(reason=N_("Bots have no coins. Challenge a member."))
    if not isinstance(user, discord.Member):
        raise MoveNotPossible(reason=N_("This person is not on the server any more."))
    return UserId(user.id)
