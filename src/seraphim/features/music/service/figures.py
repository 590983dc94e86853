"""What music counts."""

from seraphim.features.music.ports import AudioBackend, FailureClass
from seraphim.kernel.telemetry import Metrics


class MusicFigures:
    """Counters of tracks, and gauges that ask the backend at each scrape."""

    def __init__(self, metrics: Metrics, audio: AudioBackend) -> None:
        self._started = metrics.counter("seraphim_music_tracks_total", "Tracks that began to play.")
        self._failed = metrics.counter(
            "seraphim_music_track_failures_total",
            "Tracks that could not be played, by class of failure.",
            ("failure",),
        )
        metrics.gauge("seraphim_music_players", "Players in a voice channel.").read_from(
            lambda: float(audio.figures().players)
        )
        metrics.gauge("seraphim_music_playing", "Players that send sound.").read_from(
            lambda: float(audio.figures().playing)
        )

    def started(self) -> None:
        """Count a track that began."""
        self._started.add()

    def failed(self, failure: FailureClass) -> None:
        """Count a track that could not be played."""
        self._failed.add(failure=failure)
