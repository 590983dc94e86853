"""What music counts."""

from collections.abc import Callable
from functools import partial

from seraphim.features.music.ports import AudioBackend, AudioFigures, FailureClass
from seraphim.kernel.telemetry import Metrics

_GAUGES: dict[str, tuple[str, Callable[[AudioFigures], float]]] = {
    "players": ("Players in a voice channel.", lambda it: it.players),
    "playing": ("Players that send sound.", lambda it: it.playing),
    "transcoding": ("Players whose sound is encoded anew.", lambda it: _extra(it, "transcoding")),
    "late_p99_seconds": (
        "How late 99 % of the voice packets of the last minute left at most.",
        lambda it: it.late_p99_ms / 1000,
    ),
    "packets_sent": ("Voice packets sent since the start.", lambda it: it.packets_sent),
    "packets_lost": (
        "Voice packets the system refused to send since the start.",
        lambda it: _extra(it, "packets_lost"),
    ),
    "underruns": (
        "Times since the start that a player had no packet ready when one was due.",
        lambda it: it.underruns,
    ),
    "lanes_crashed": (
        "Players since the start that were ended because their sending failed.",
        lambda it: _extra(it, "lanes_crashed"),
    ),
}
"""Gauges, not counters, because they are read at each scrape, off a backend that sums them itself;
figures a backend does not have stay 0."""


class MusicFigures:
    """Counters of tracks, and gauges that ask the backend at each scrape."""

    def __init__(self, metrics: Metrics, audio: AudioBackend) -> None:
        self._started = metrics.counter("seraphim_music_tracks_total", "Tracks that began to play.")
        self._failed = metrics.counter(
            "seraphim_music_track_failures_total",
            "Tracks that could not be played, by class of failure.",
            ("failure",),
        )
        self._saved = metrics.counter(
            "seraphim_music_tracks_saved_total",
            "Tracks that another source played after their own had failed, by class of failure.",
            ("failure",),
        )
        for name, (help_text, read) in _GAUGES.items():
            metrics.gauge(f"seraphim_music_{name}", help_text).read_from(
                partial(_read, audio, read)
            )

    def started(self) -> None:
        """Count a track that began."""
        self._started.add()

    def failed(self, failure: FailureClass) -> None:
        """Count a track that could not be played."""
        self._failed.add(failure=failure)

    def saved(self, failure: FailureClass) -> None:
        """Count a track that was played from elsewhere."""
        self._saved.add(failure=failure)


def _read(audio: AudioBackend, read: Callable[[AudioFigures], float]) -> float:
    return float(read(audio.figures()))


def _extra(figures: AudioFigures, name: str) -> float:
    return figures.extra.get(name, 0.0)
