"""``/history``: what was played, and what the guild likes, with a menu to queue songs again."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal, get_args

import discord
from discord import app_commands

from seraphim.features.music.commands.added import added_embed
from seraphim.features.music.commands.caller import caller_of, guild_command
from seraphim.features.music.commands.paint import FEATURE
from seraphim.features.music.commands.reasons import asked_by
from seraphim.features.music.rules.picture import clock_time, track_line
from seraphim.features.music.rules.queue import Outcome
from seraphim.features.music.rules.statistics import Day, hours
from seraphim.features.music.rules.text import clean
from seraphim.features.music.rules.track import Track
from seraphim.features.music.service.statistics import PERIOD_DAYS, Period, Statistics
from seraphim.kernel.ids import GuildId
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand
from seraphim.surfaces.discord.components import Component, UnknownComponent, custom_id, selected
from seraphim.surfaces.discord.guards import guild_id_of
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.layout import RowItem, SentView, option, row_view, select
from seraphim.surfaces.discord.paginator import Page, Paginator
from seraphim.surfaces.discord.replies import embed, reply, update
from seraphim.surfaces.pictures import Picture, Series, paint, stacked_chart, theme

if TYPE_CHECKING:
    from seraphim.kernel.texts import Translator

type View = Literal["recent", "songs", "listeners", "hours"]
type Shown = tuple[discord.Embed, SentView, Picture | None]

PAGE_SIZE = 10
VIEWS: tuple[View, ...] = get_args(View.__value__)
PERIODS: tuple[Period, ...] = get_args(Period.__value__)
VIEW_WORDS: dict[View, tuple[str, str]] = {
    "recent": ("🕘", N_("Played last")),
    "songs": ("🏆", N_("Top songs")),
    "listeners": ("🎧", N_("Top listeners")),
    "hours": ("📊", N_("Hours by day")),
}
PERIOD_WORDS: dict[Period, str] = {
    "week": N_("the last 7 days"),
    "month": N_("the last 30 days"),
    "year": N_("the last 365 days"),
}
_OUTCOMES: dict[Outcome, str] = {"played": "▶", "skipped": "⏭", "failed": "⚠"}
_MEDALS = ("🥇", "🥈", "🥉")
_LABEL = 100
_MONTHS_FROM = 100
"""Days of a chart from which on a bar stands for a week."""
_WEEK = 7


class HistoryCommands:
    """The command, its pages and its menus."""

    def __init__(self, statistics: Statistics) -> None:
        self._statistics = statistics
        self._pages = Paginator(FEATURE, "history", self._page)

    def command(self) -> AnyCommand:
        """Return the command."""

        @guild_command("history", N_("What was played here, and what this server likes."))
        @app_commands.describe(
            view=N_("What to show; the songs played last if you do not say"),
            period=N_("Over which time the lists and the chart go; a month if you do not say"),
        )
        @app_commands.choices(
            view=[app_commands.Choice(name=VIEW_WORDS[each][1], value=each) for each in VIEWS],
            period=[app_commands.Choice(name=PERIOD_WORDS[each], value=each) for each in PERIODS],
        )
        async def history(
            interaction: discord.Interaction, view: str = "recent", period: str = "month"
        ) -> None:
            if view == "hours":
                shown, buttons, picture = await self._hours(interaction, _period(period))
                await reply(interaction, embed=shown, view=buttons, picture=picture)
            else:
                await self._pages.send(interaction, view, period)

        return history

    def components(self) -> tuple[Component, ...]:
        """Return the pages, and what the menus below them do."""
        return (
            self._pages.component,
            Component(FEATURE, "historyview", self._change_view),
            Component(FEATURE, "again", self._play_again),
        )

    async def _change_view(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        chosen = selected(interaction)
        view = _view(chosen[0] if chosen else "")
        period = _period(args[0] if args else "")
        if view == "hours":
            shown, buttons, picture = await self._hours(interaction, period)
            await update(interaction, embed=shown, view=buttons, picture=picture)
        else:
            await self._pages.show(interaction, view, period)

    async def _play_again(self, interaction: discord.Interaction, _: tuple[str, ...]) -> None:
        wanted = [int(value) for value in selected(interaction) if value.isdecimal()]
        added = await self._statistics.play_again(caller_of(interaction), wanted)
        await reply(interaction, embed=added_embed(added, translator_for(interaction, public=True)))

    async def _page(
        self, interaction: discord.Interaction, number: int, args: tuple[str, ...]
    ) -> Page:
        say = translator_for(interaction, public=True)
        guild_id = guild_id_of(interaction)
        view = _view(args[0] if args else "")
        period = _period(args[1] if len(args) > 1 else "")
        match view:
            case "songs":
                page = await self._songs(guild_id, period, number, say)
            case "listeners":
                page = await self._listeners(guild_id, period, number, say)
            case _:
                page = await self._recent(guild_id, number, say)
        rows = (*page.rows, [_view_menu(view, period, say)])
        return Page(page.embed, page.number, page.pages, rows)

    async def _recent(self, guild_id: GuildId, number: int, say: "Translator") -> Page:
        count, _ = await self._statistics.history(guild_id, start=0, limit=0)
        number, pages = _clamp(number, count)
        start = (number - 1) * PAGE_SIZE
        _, played = await self._statistics.history(guild_id, start=start, limit=PAGE_SIZE)
        lines: list[str] = []
        for each in played:
            by = asked_by(each.entry, say)
            when = f"<t:{each.ended_at_ms // 1000}:R>"
            mark = _OUTCOMES[each.outcome]
            lines.append(f"{mark} {track_line(each.entry.track)}{by} · {when}")
        shown = _titled("recent", lines, say, empty=N_("Nothing has been played here yet."))
        if played:
            shown.set_footer(text=say(N_("▶ played · ⏭ skipped · ⚠ could not be played")))
        menu = _again_menu([(each.sequence, each.entry.track) for each in played], say)
        return Page(shown, number, pages, menu)

    async def _songs(
        self, guild_id: GuildId, period: Period, number: int, say: "Translator"
    ) -> Page:
        found = await self._statistics.top_songs(guild_id, period)
        number, pages = _clamp(number, len(found))
        start = (number - 1) * PAGE_SIZE
        here = found[start : start + PAGE_SIZE]
        lines = [
            f"{_place(place)} {track_line(each.track)} · **{each.times} ▶**"
            for place, each in enumerate(here, start + 1)
        ]
        empty = N_("No song was played to its end in this time.")
        shown = _titled("songs", lines, say, empty=empty)
        shown.set_footer(
            text=say(
                N_("Played to the end in {period}; the newest 5,000 songs count."),
                period=say(PERIOD_WORDS[period]),
            )
        )
        menu = _again_menu([(each.sequence, each.track) for each in here], say)
        return Page(shown, number, pages, menu)

    async def _listeners(
        self, guild_id: GuildId, period: Period, number: int, say: "Translator"
    ) -> Page:
        found = await self._statistics.top_listeners(guild_id, period)
        number, pages = _clamp(number, len(found))
        start = (number - 1) * PAGE_SIZE
        lines = [
            f"{_place(place)} <@{each.user_id}> · **{_duration(each.listened_ms, say)}**"
            for place, each in enumerate(found[start : start + PAGE_SIZE], start + 1)
        ]
        empty = N_("Nobody has listened in this time.")
        shown = _titled("listeners", lines, say, empty=empty)
        shown.set_footer(
            text=say(
                N_("In {period}. Whoever has switched off their sound does not count."),
                period=say(PERIOD_WORDS[period]),
            )
        )
        return Page(shown, number, pages)

    async def _hours(self, interaction: discord.Interaction, period: Period) -> Shown:
        say = translator_for(interaction, public=True)
        days = await self._statistics.days(guild_id_of(interaction), period)
        sounded = sum(day.sounded_ms for day in days)
        listened = sum(day.listened_ms for day in days)
        emoji, title = VIEW_WORDS["hours"]
        shown = embed(f"{emoji} {say(title)}")
        shown.add_field(name=say(N_("Music")), value=_duration(sounded, say))
        shown.add_field(name=say(N_("Listened, all together")), value=_duration(listened, say))
        shown.set_footer(
            text=say(N_("In {period}; days end at midnight UTC."), period=say(PERIOD_WORDS[period]))
        )
        picture = await paint("hours.png", draw_hours(days, say))
        return shown, row_view([_view_menu("hours", period, say)]), picture


def draw_hours(days: Sequence[Day], say: "Translator") -> str:
    """Return the chart: how many hours of music each day had, weeks in a long time."""
    size = _WEEK if len(days) > _MONTHS_FROM else 1
    groups = [days[start : start + size] for start in range(0, len(days), size)]
    labels = [_date(group[0].day) for group in groups]
    sounded = [hours(sum(day.sounded_ms for day in group)) for group in groups]
    title = say(N_("Hours of music by week")) if size > 1 else say(N_("Hours of music by day"))
    if max(sounded) < 1:
        sounded = [60 * value for value in sounded]
        title = (
            say(N_("Minutes of music by week")) if size > 1 else say(N_("Minutes of music by day"))
        )
    series = [Series(title, sounded, theme.SERIES[0])]
    return stacked_chart(title, labels, series, subtitle="UTC")


def _view_menu(view: View, period: Period, say: "Translator") -> RowItem:
    options = [
        option(say(label), each, emoji=emoji, default=each == view)
        for each, (emoji, label) in VIEW_WORDS.items()
    ]
    return select(custom_id(FEATURE, "historyview", period), options)


def _again_menu(
    songs: Sequence[tuple[int, Track]], say: "Translator"
) -> tuple[Sequence[RowItem], ...]:
    if not songs:
        return ()
    options = [
        option(
            clean(track.title, _LABEL),
            str(sequence),
            description=clean(
                " · ".join(
                    part
                    for part in (
                        track.artist or "",
                        "" if track.duration_ms is None else clock_time(track.duration_ms),
                    )
                    if part
                ),
                _LABEL,
            ),
        )
        for sequence, track in songs
    ]
    menu = select(
        custom_id(FEATURE, "again"),
        options,
        placeholder=say(N_("Queue songs again")),
        max_values=len(options),
    )
    return ([menu],)


def _titled(view: View, lines: Sequence[str], say: "Translator", *, empty: str) -> discord.Embed:
    emoji, title = VIEW_WORDS[view]
    return embed(f"{emoji} {say(title)}", "\n".join(lines) or say(empty))


def _place(number: int) -> str:
    return _MEDALS[number - 1] if number <= len(_MEDALS) else f"`{number}`"


def _duration(milliseconds: int, say: "Translator") -> str:
    minutes = milliseconds // 60_000
    if minutes == 0:
        return say(N_("{seconds} s"), seconds=milliseconds // 1000)
    if minutes < 60:  # noqa: PLR2004 - minutes an hour
        return say(N_("{minutes} min"), minutes=minutes)
    return say(N_("{hours} h {minutes} min"), hours=minutes // 60, minutes=minutes % 60)


def _date(day: int) -> str:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)
    return f"{at:%m-%d}"


def _clamp(number: int, count: int) -> tuple[int, int]:
    pages = max(1, math.ceil(count / PAGE_SIZE))
    return min(max(1, number), pages), pages


def _view(text: str) -> View:
    if text not in VIEWS:
        raise UnknownComponent
    return text


def _period(text: str) -> Period:
    if text not in PERIOD_DAYS:
        raise UnknownComponent
    return text
