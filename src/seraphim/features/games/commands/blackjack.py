"""``/blackjack``."""

from collections.abc import Sequence

import discord
from discord import app_commands

from seraphim.features.games.commands.desk import Desk
from seraphim.features.games.commands.face import PlainFace, Say, Shown, move_button
from seraphim.features.games.commands.outcome import result_line, tone_of
from seraphim.features.games.commands.pictures.blackjack import PaintedHand, blackjack_picture
from seraphim.features.games.rules.blackjack import Action, Blackjack, Hand, possible, won
from seraphim.features.games.rules.blackjack_value import expected_value
from seraphim.features.games.rules.cards import name_of, total_of
from seraphim.features.games.service.orders import View
from seraphim.features.games.service.settings import GamesSettings
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand, slash
from seraphim.surfaces.discord.layout import RowItem
from seraphim.surfaces.discord.replies import embed
from seraphim.surfaces.pictures import paint

_ENDINGS = {
    "natural": N_("Blackjack!"),
    "win": N_("You win"),
    "push": N_("Push"),
    "lose": N_("Dealer wins"),
}
_BUTTONS: dict[Action, tuple[str, discord.ButtonStyle]] = {
    "hit": (N_("Hit"), discord.ButtonStyle.primary),
    "stand": (N_("Stand"), discord.ButtonStyle.success),
    "double": (N_("Double"), discord.ButtonStyle.secondary),
    "split": (N_("Split"), discord.ButtonStyle.secondary),
}


class BlackjackFace(PlainFace):
    """The table: the dealer's cards above, the member's below."""

    kind = "blackjack"
    title = N_("Blackjack")
    emoji = "🃏"

    async def paint(self, view: View, say: Say) -> Shown:
        """Show the cards; the dealer's second one once the round is over."""
        state: Blackjack = view.state
        over = state.is_over
        dealer = state.dealer if over else state.dealer[:1]
        hands = [_painted(state, number, say) for number in range(len(state.hands))]
        picture = await paint(
            "blackjack.png",
            blackjack_picture(
                say(N_("Dealer")), dealer, total_of(dealer)[0], hands, hole_hidden=not over
            ),
        )
        lines = [say(N_("Dealer: {cards}"), cards=_cards(dealer, total_of(dealer)[0]))]
        lines += [self._hand_line(state, number, say) for number in range(len(state.hands))]
        if over:
            lines.append(result_line(view, say))
        else:
            staked = say.coins(sum(hand.stake for hand in state.hands))
            lines.append(f"-# {say(N_('Bet: {stake}. An abandoned hand stands.'), stake=staked)}")
        title = f"{self.emoji} {say(self.title)}"
        shown = embed(title, "\n".join(lines), tone_of(view) if over else "info")
        return Shown(shown, (self._buttons(view, say),), picture)

    def odds(self, settings: GamesSettings, say: Say) -> Sequence[str]:
        """Tell the rules and what the best play is worth."""
        del settings
        return (
            say(N_("An endless shoe: every card is as likely as any other, whatever lay before.")),
            say(N_("The dealer looks for a natural first and stands on every 17.")),
            say(N_("A natural pays 3:2, a win 1:1, an equal total gives the bet back.")),
            say(N_("Two cards of one value may be split once; split aces get one card each.")),
            say(N_("Any first two cards may be doubled, but for split aces.")),
            say(N_("A hand that is abandoned stands, which is never better than playing it.")),
            say(N_("With the best play there is:")),
            say.expects(expected_value("best")),
        )

    def _hand_line(self, state: Blackjack, number: int, say: Say) -> str:
        hand = state.hands[number]
        pointer = "▸ " if state.is_split and number == state.active else ""
        text = say(N_("You: {cards}"), cards=_cards(hand.cards, hand.total))
        ending = f" · **{say(_ENDINGS[won(state, hand)])}**" if state.is_over else ""
        return f"{pointer}{text}{ending}"

    def _buttons(self, view: View, say: Say) -> Sequence[RowItem]:
        return [
            move_button(view, action, say(_BUTTONS[action][0]), style=_BUTTONS[action][1])
            for action in possible(view.state)
        ]


def blackjack_command(desk: Desk) -> AnyCommand:
    """Return ``/blackjack``."""

    @slash("blackjack", N_("Come closer to 21 than the dealer."), free_text=("bet",))
    @app_commands.describe(bet=N_("How much: 250, 1.5k, half, all"))
    async def blackjack(interaction: discord.Interaction, bet: str) -> None:
        await desk.open(interaction, "blackjack", bet)

    return blackjack


def _cards(cards: Sequence[int], total: int) -> str:
    names = " ".join(name_of(card) for card in cards)
    return f"{names} (**{total}**)"


def _painted(state: Blackjack, number: int, say: Say) -> PaintedHand:
    hand: Hand = state.hands[number]
    caption = ""
    if state.is_over:
        caption = say(_ENDINGS[won(state, hand)])
    elif hand.is_bust:
        caption = say(N_("Bust"))
    ending = won(state, hand) if state.is_over else None
    return PaintedHand(
        hand.cards,
        hand.total,
        say(N_("You")),
        caption,
        is_active=state.is_split and number == state.active,
        tone="good" if ending in {"win", "natural"} else "even" if ending == "push" else "bad",
    )
