"""How the owners' view is worded and drawn."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import discord
from babel.dates import format_skeleton

from seraphim.features.economy.rules.amounts import CoinWords, format_coins, format_number
from seraphim.features.economy.rules.ledger import Account
from seraphim.features.economy.rules.supply import (
    DAY_MS,
    GROUP_TITLES,
    OTHER,
    GroupTotal,
    SupplyView,
    group_of,
)
from seraphim.features.economy.service.administration import AccountView, Adjustment
from seraphim.features.economy.store.ledger_reading import StatementLine
from seraphim.kernel.texts import N_, Translator
from seraphim.surfaces.discord.layout import cut
from seraphim.surfaces.discord.replies import embed
from seraphim.surfaces.pictures import Box, Series, canvas, chart_heading, covered, plot, theme

_WIDTH, _HEIGHT = 480, 520
_SUPPLY_BOX = Box(20, 52, 440, 180)
_FLOW_BOX = Box(20, 294, 440, 214)
_LISTED = 6
_COLOURED = ("daily", "work", "games", "shop", "fish", "crime", "mine", OTHER)
"""Groups in the order of the theme's colours."""
_SECOND_MS = 1000
_REASON_CHARACTERS = 60


def signed(amount: int, words: CoinWords) -> str:
    """Return the amount with its sign: ``+1,250 ✨``."""
    mark = "+" if amount >= 0 else "\N{MINUS SIGN}"
    return f"{mark}{format_coins(abs(amount), words)}"


def group_title(group: str, translate: Translator) -> str:
    """Return the name of a group of transfers."""
    title = GROUP_TITLES.get(group)
    return group.capitalize() if title is None else translate(title)


def adjustment_embed(
    done: Adjustment, words: CoinWords, translate: Translator, *, undone: bool = False
) -> discord.Embed:
    """Return what an administrator sees after a change."""
    title = N_("Taken back") if undone else N_("Coins changed")
    lines = [
        f"<@{done.user_id}> **{signed(done.delta, words)}**",
        translate(N_("Balance: {balance}"), balance=f"**{format_coins(done.balance, words)}**"),
    ]
    if done.reason:
        lines.append(translate(N_("Reason: {reason}"), reason=done.reason))
    shown = embed(translate(title), "\n".join(lines), "info" if undone else "good")
    return shown.set_footer(text=translate(N_("Transfer {number}"), number=done.transfer_id))


def account_embed(
    member: discord.Member | discord.User,
    account: AccountView,
    words: CoinWords,
    translate: Translator,
) -> discord.Embed:
    """Return a member's account."""
    lines = [f"{member.mention} **{format_coins(account.balance, words)}**"]
    if account.frozen:
        lines.append(f"❄ {translate(N_('This account is frozen.'))}")
    shown = embed(translate(N_("Account")), "\n".join(lines), "warn" if account.frozen else "info")
    if account.lines:
        shown.add_field(
            name=translate(N_("Newest movements")),
            value="\n".join(_line(each, words, translate) for each in account.lines)[:1024],
            inline=False,
        )
    return shown


def _line(line: StatementLine, words: CoinWords, translate: Translator) -> str:
    what = group_title(group_of(line.kind), translate)
    others = ", ".join(_account(each) for each in line.others[:2])
    moment = f"<t:{line.at_ms // _SECOND_MS}:R>"
    facts = [what, others]
    if line.reason:
        facts.append(cut(line.reason, _REASON_CHARACTERS))
    return f"{moment} **{signed(line.amount, words)}** {' · '.join(facts)}"


def _account(account: Account) -> str:
    if account.kind == "person":
        return f"<@{account.number}>" if account.number else "—"
    return f"`{account.name}`"


def supply_embed(view: SupplyView, words: CoinWords, translate: Translator) -> discord.Embed:
    """Return the figures of the supply; the picture beside it draws them."""
    change = view.minted - view.burned
    shown = embed(
        translate(N_("Coins of this server")),
        f"**{format_coins(view.current, words)}** · "
        + translate(
            N_("{change} in {days} days"), change=signed(change, words), days=len(view.days)
        ),
    )
    for title, totals in ((N_("Sources"), view.sources), (N_("Sinks"), view.sinks)):
        shown.add_field(name=translate(title), value=_totals(totals, translate), inline=True)
    return shown.set_footer(
        text=translate.plural(
            "{n} transfer in these days", "{n} transfers in these days", view.transfers
        )
    )


def _totals(totals: Sequence[GroupTotal], translate: Translator) -> str:
    if not totals:
        return "—"
    lines = [_total(each.group, each.net, translate) for each in totals[:_LISTED]]
    rest = sum(each.net for each in totals[_LISTED:])
    if rest:
        lines.append(_total(OTHER, rest, translate))
    return "\n".join(lines)[:1024]


def _total(group: str, net: int, translate: Translator) -> str:
    mark = "+" if net >= 0 else "\N{MINUS SIGN}"
    return f"{group_title(group, translate)} **{mark}{format_number(abs(net))}**"


def supply_picture(view: SupplyView, translate: Translator) -> str:
    """Return the chart: the supply above, below it what each group added or took on each day."""
    labels = [_day_label(day, translate.locale) for day in view.days]
    days = translate(N_("last {days} days"), days=len(view.days))
    empty = translate(N_("No coins have moved in these days."))
    supply = Series("supply", view.supply) if any(view.supply) else Series("supply", ())
    colours = _colours(view.daily)
    flows = [
        Series(group_title(group, translate), values, colours[group])
        for group, values in view.daily.items()
    ]
    return canvas(
        _WIDTH,
        _HEIGHT,
        chart_heading(translate(N_("Coins in circulation")), days, _WIDTH),
        plot(
            _SUPPLY_BOX,
            "area",
            labels if supply.values else (),
            [supply] if supply.values else [],
            empty=empty,
            from_zero=True,
        ),
        f'<g transform="translate(0 242)">'
        f"{chart_heading(translate(N_('Sources and sinks')), translate(N_('a day')), _WIDTH)}</g>",
        plot(_FLOW_BOX, "bars", labels if flows else (), flows, empty=empty),
        f'<path d="M24 242H456" stroke="{theme.LINE}"/>',
    )


def _colours(groups: Iterable[str]) -> dict[str, str]:
    """Give each group its own colour, the same in every span; groups without one take the rest."""
    wanted = list(groups)
    own = {each: theme.SERIES[_COLOURED.index(each)] for each in wanted if each in _COLOURED}
    free = [colour for colour in theme.SERIES if colour not in own.values()]
    return {each: own[each] if each in own else free.pop() for each in wanted}


def _day_label(day: int, locale: str) -> str:
    moment = datetime.fromtimestamp(day * DAY_MS / 1000, UTC)
    written = format_skeleton("MMMd", moment, locale=locale)
    return written if covered(written) else f"{moment:%m-%d}"
