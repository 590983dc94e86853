"""``/balance``, ``/give`` and ``/rob``."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from seraphim.features.economy.commands.people import other_person
from seraphim.features.economy.commands.words import (
    SettingsOf,
    account_embed,
    add_figures,
    earner_of,
    key_of,
    moment,
    signed,
)
from seraphim.features.economy.rules.amounts import MAX_TEXT, format_coins, parse_amount
from seraphim.features.economy.rules.errors import AmountInvalid
from seraphim.features.economy.service.accounts import Accounts
from seraphim.features.economy.service.earning import ACTIONS, PAUSED, Earning
from seraphim.features.economy.service.robbing import Robbing
from seraphim.kernel.ids import UserId
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand, slash
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.replies import Tone, reply

if TYPE_CHECKING:
    from seraphim.kernel.texts import Translator

type Suggest = Callable[
    [discord.Interaction, str], Coroutine[Any, Any, list[app_commands.Choice[str]]]
]
_SUGGESTED = ("100", "1k", "10k", "25%", "half", "all")
_ENDS: dict[str, tuple[str, Tone]] = {
    "robbed": (N_("🦹 You slipped a hand into {member}'s pocket, and nobody saw it."), "good"),
    "caught": (N_("👮 {member} caught your wrist. The fine goes to the treasury."), "bad"),
    "shielded": (N_("🛡️ {member} carries a shield. You leave with nothing but a bruise."), "warn"),
}


def money_commands(
    accounts: Accounts, earning: Earning, robbing: Robbing, settings: SettingsOf
) -> tuple[AnyCommand, ...]:
    """Return the commands."""
    return (
        _balance(accounts, earning, settings),
        _give(accounts, settings),
        _rob(robbing, settings),
    )


def _balance(accounts: Accounts, earning: Earning, settings: SettingsOf) -> AnyCommand:
    @slash("balance", N_("How many coins you have, or somebody else."))
    @app_commands.describe(user=N_("Whose coins you want to see"))
    async def balance(interaction: discord.Interaction, user: discord.User | None = None) -> None:
        who = earner_of(interaction)
        owner = interaction.user if user is None else user
        held = await accounts.holdings(who.guild_id, UserId(owner.id))
        words = await settings(who.guild_id)
        say = translator_for(interaction, public=True)
        lines = [f"## {format_coins(held.balance, words)}"]
        if held.frozen:
            lines.append(say(N_("🧊 This account is frozen.")))
        shown = account_embed(owner, "\n".join(lines))
        if held.position is not None:
            shown.add_field(name=say(N_("Rank")), value=f"#{held.position:,}")
        if owner.id == who.user_id and not held.frozen:  # frozen, nothing of it would pay
            waiting = await earning.waiting(who)
            _add_waiting(shown, say, waiting, PAUSED if words.rob_enabled else ACTIONS)
        shown.set_footer(text=words.currency_name)
        await reply(interaction, embed=shown)

    return balance


def _add_waiting(
    shown: discord.Embed, say: "Translator", waiting: Mapping[str, int], actions: Sequence[str]
) -> None:
    """Tell which commands are ready, and which will be when."""
    ready = [f"`/{action}`" for action in actions if action not in waiting]
    if ready:
        shown.add_field(name=say(N_("Ready now")), value=" ".join(ready), inline=False)
    soon = sorted((waiting[action], action) for action in actions if action in waiting)
    if soon:
        lines = [f"`/{action}` {moment(until_ms)}" for until_ms, action in soon]
        shown.add_field(name=say(N_("Ready later")), value="\n".join(lines), inline=False)


def _give(accounts: Accounts, settings: SettingsOf) -> AnyCommand:
    @slash("give", N_("Give some of your coins to somebody else."))
    @app_commands.describe(
        user=N_("Who gets the coins"), amount=N_("How many: 250, 1.5k, 25%, half, all")
    )
    @app_commands.autocomplete(amount=_amounts(accounts, settings))
    async def give(interaction: discord.Interaction, user: discord.User, amount: str) -> None:
        who, receiver_id = earner_of(interaction), other_person(interaction, user)
        gift = await accounts.give(who, receiver_id, amount, key_of(interaction))
        words = await settings(who.guild_id)
        say = translator_for(interaction, public=True)
        text = say(
            N_("💝 {giver} gave {coins} to {receiver}."),
            giver=interaction.user.mention,
            coins=f"**{format_coins(gift.amount, words)}**",
            receiver=user.mention,
        )
        shown = account_embed(interaction.user, text, "good")
        add_figures(shown, say, words, balance=gift.balance)
        await reply(interaction, embed=shown)

    return give


def _amounts(accounts: Accounts, settings: SettingsOf) -> Suggest:
    async def suggest(
        interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        who = earner_of(interaction)
        held = await accounts.holdings(who.guild_id, who.user_id)
        words = await settings(who.guild_id)
        found: list[app_commands.Choice[str]] = []
        for text in (typed.strip()[:MAX_TEXT],) if typed.strip() else _SUGGESTED:
            try:
                amount = parse_amount(text, available=held.balance)
            except AmountInvalid:
                continue
            if amount <= held.balance:
                # A server's own emoji would show as its code here.
                label = f"{text} · {amount:,} {words.currency_name}"
                found.append(app_commands.Choice(name=label[:100], value=text))
        return found

    return suggest


def _rob(robbing: Robbing, settings: SettingsOf) -> AnyCommand:
    @slash("rob", N_("Try to take some of somebody's coins. It can go wrong."))
    @app_commands.describe(user=N_("Whom you want to rob"))
    async def rob(interaction: discord.Interaction, user: discord.User) -> None:
        who, target_id = earner_of(interaction), other_person(interaction, user)
        robbed = await robbing.rob(who, target_id, key_of(interaction))
        words = await settings(who.guild_id)
        say = translator_for(interaction, public=True)
        sentence, tone = _ENDS[robbed.end]
        lines = [say(sentence, member=f"<@{robbed.target_id}>")]
        if robbed.coins:
            lines.append(f"## {signed(robbed.coins, words)}")
        shown = account_embed(interaction.user, "\n".join(lines), tone)
        add_figures(shown, say, words, balance=robbed.balance, again_ms=robbed.again_ms)
        await reply(interaction, embed=shown)

    return rob
