"""Sentences about an ending that several games share."""

from seraphim.features.games.commands.face import Say
from seraphim.features.games.service.orders import View
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.replies import Tone


def gain_of(view: View, seat: int = 0) -> int:
    """Return what a seat gained (negative: lost) so far."""
    return view.payouts.get(seat, 0) - view.stakes.get(seat, 0)


def tone_of(view: View, seat: int = 0) -> Tone:
    """Return the colour of an ending."""
    gain = gain_of(view, seat)
    return "good" if gain > 0 else "warn" if gain == 0 else "bad"


def result_line(view: View, say: Say, seat: int = 0) -> str:
    """Return what a seat won or lost, and what its member holds now if that is known."""
    stake, payout = view.stakes.get(seat, 0), view.payouts.get(seat, 0)
    gain = payout - stake
    if gain > 0:
        line = say(
            N_("You win **{gain}**: {payout} for a bet of {stake}."),
            gain=say.coins(gain),
            payout=say.coins(payout),
            stake=say.coins(stake),
        )
    elif gain == 0:
        line = say(N_("You get your bet of **{stake}** back."), stake=say.coins(stake))
    elif payout:
        line = say(
            N_("You get {payout} back of {stake}: **{loss}** lost."),
            payout=say.coins(payout),
            stake=say.coins(stake),
            loss=say.coins(-gain),
        )
    else:
        line = say(N_("You lose **{stake}**."), stake=say.coins(stake))
    user_id = view.member(seat)
    balance = None if user_id is None else view.balances.get(user_id)
    if balance is None:
        return line
    return f"{line}\n-# {say(N_('Balance: {balance}'), balance=say.coins(balance))}"


def signed(amount: int, say: Say) -> str:
    """Return ``+250 ✨``, ``-100 ✨`` or ``±0 ✨``."""
    sign = "+" if amount > 0 else "−" if amount < 0 else "±"  # noqa: RUF001 - a minus sign
    return f"{sign}{say.coins(abs(amount))}"
