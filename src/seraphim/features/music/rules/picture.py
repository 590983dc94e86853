"""What the controller shows, as plain values: the Discord side only paints it."""

from dataclasses import dataclass, replace

from seraphim.features.music.rules.filters import Filters, Preset
from seraphim.features.music.rules.player import Autoplay, PauseReason, Player, Status
from seraphim.features.music.rules.queue import Entry, Loop
from seraphim.features.music.rules.segments import Segment, SegmentCategory
from seraphim.features.music.rules.text import MAX_NAME, escape
from seraphim.features.music.rules.track import Track
from seraphim.kernel.ids import UserId

BAR_CELLS = 18
NEXT_SHOWN = 3
_MINUTE_MS = 60_000
_HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything the controller's message is made of; texts are escaped."""

    status: Status
    pause_reason: PauseReason | None = None
    is_opening: bool = False
    """A song is about to play; nothing is heard yet."""
    title: str | None = None
    artist: str | None = None
    url: str | None = None
    artwork_url: str | None = None
    requested_by: UserId | None = None
    bar: str = ""
    elapsed: str = ""
    total: str = ""
    is_stream: bool = False
    volume_percent: int = 100
    next_up: tuple[str, ...] = ()
    waiting: int = 0
    waiting_time: str = ""
    has_history: bool = False
    is_here: bool = False
    is_muted: bool = False
    loop: Loop = "off"
    autoplay: Autoplay = "off"
    stays: bool = False
    reason: str | None = None
    """Why the player chose the song by itself, as it is stored; None when somebody asked for it."""
    follows: str = ""
    """What autoplay has chosen to come next."""
    follows_reason: str | None = None
    skipped: SegmentCategory | None = None
    """What was skipped last in the song."""
    skipped_length: str = ""
    preset: Preset = "flat"
    sound: str = ""
    """What else is changed: equalizer, speed, pitch."""
    """The preset's name, and speed and pitch where they differ; empty for the plain sound."""


def draw(
    player: Player,
    *,
    position_ms: int,
    following: Entry | None = None,
    skipped: Segment | None = None,
    live_title: str | None = None,
) -> Picture:
    """Describe a player at a moment.

    Args:
        player: The player.
        position_ms: How far its song is.
        following: What autoplay has chosen to come next.
        skipped: The part of the song that was skipped last.
        live_title: What its stream says it plays now.
    """
    current = player.queue.current
    upcoming = player.queue.upcoming
    common = Picture(
        status=player.status,
        pause_reason=player.pause_reason,
        is_opening=player.is_opening,
        volume_percent=player.volume_percent,
        next_up=tuple(line(entry) for entry in upcoming[:NEXT_SHOWN]),
        waiting=len(upcoming),
        waiting_time=clock_time(player.queue.duration_ms),
        has_history=bool(player.queue.history),
        is_here=player.is_here,
        is_muted=player.unmuted_percent is not None,
        loop=player.loop,
        autoplay=player.autoplay,
        stays=player.stay,
        follows="" if following is None else line(following),
        follows_reason=None if following is None else following.reason,
        preset=player.filters.preset,
        sound=_sound(player.filters),
    )
    if current is None:
        return common
    track = current.track
    artist = live_title or track.artist
    return replace(
        common,
        title=escape(track.title),
        artist=escape(artist, MAX_NAME) if artist else None,
        url=track.url,
        artwork_url=track.artwork_url,
        requested_by=current.requested_by,
        reason=current.reason,
        skipped=None if skipped is None else skipped.category,
        skipped_length="" if skipped is None else clock_time(skipped.end_ms - skipped.start_ms),
        bar=progress_bar(position_ms, track.duration_ms),
        elapsed=clock_time(position_ms),
        total="" if track.duration_ms is None else clock_time(track.duration_ms),
        is_stream=track.is_stream,
    )


def _sound(filters: Filters) -> str:
    parts = ["EQ"] if any(filters.equalizer_db) else []
    for mark, factor in (("⏱", filters.speed), ("♪", filters.pitch)):
        if factor != 1.0:
            parts.append(f"{mark} {factor:.0%}")
    return " · ".join(parts)


def line(entry: Entry, *, limit: int = 60) -> str:
    """Return an entry as one escaped line of a list: artist, title and length."""
    return track_line(entry.track, limit=limit)


def track_line(track: Track, *, limit: int = 60) -> str:
    """Return a track as one escaped line: title, artist and length."""
    name = escape(track.title, limit)
    if track.artist:
        name += f" · {escape(track.artist, limit // 2)}"
    length = clock_time(track.duration_ms) if track.duration_ms is not None else ""
    return f"{name} `{length}`" if length else name


def progress_bar(position_ms: int, duration_ms: int | None, cells: int = BAR_CELLS) -> str:
    """Return a bar with a knob where the song is; a song without length has no bar."""
    if not duration_ms or duration_ms < 0:
        return ""
    share = min(1.0, max(0.0, position_ms / duration_ms))
    knob = min(cells - 1, int(share * cells))
    return "━" * knob + "●" + "─" * (cells - knob - 1)


def clock_time(milliseconds: int) -> str:
    """Return a length as people write it: ``3:05``, ``1:02:09``."""
    value = max(0, milliseconds)
    hours, rest = divmod(value, _HOUR_MS)
    minutes, rest = divmod(rest, _MINUTE_MS)
    seconds = rest // 1000
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
