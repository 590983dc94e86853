"""What Prometheus is told of the music."""

import discord
import pytest
from tests.features.music.fakes import FakeAudioBackend

from seraphim.adapters.voice_embedded import EmbeddedVoice
from seraphim.features.music.ports import AudioFigures
from seraphim.features.music.service.figures import MusicFigures
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.telemetry import Metrics


def test_the_backends_figures_are_read_at_each_scrape(monkeypatch: pytest.MonkeyPatch) -> None:
    audio, metrics = FakeAudioBackend(ManualClock()), Metrics()
    MusicFigures(metrics, audio)
    measured = AudioFigures(
        players=3,
        playing=2,
        packets_sent=5_000,
        underruns=4,
        late_p99_ms=1.5,
        extra={"transcoding": 1.0, "packets_lost": 7.0, "lanes_crashed": 6.0},
    )
    monkeypatch.setattr(audio, "figures", lambda: measured)
    expected = {
        "players": 3,
        "playing": 2,
        "transcoding": 1,
        "late_p99_seconds": 0.0015,
        "packets_sent": 5_000,
        "packets_lost": 7,
        "underruns": 4,
        "lanes_crashed": 6,
    }
    shown = {name: _gauge(metrics, name) for name in expected}
    assert shown == expected


def test_a_backend_without_lanes_shows_zeros() -> None:
    metrics = Metrics()
    MusicFigures(metrics, FakeAudioBackend(ManualClock()))
    assert _gauge(metrics, "lanes_crashed") == _gauge(metrics, "packets_lost") == 0


def _gauge(metrics: Metrics, name: str) -> float | None:
    return metrics.registry.get_sample_value(f"seraphim_music_{name}")


def test_the_embedded_voice_has_the_figures_that_are_shown() -> None:
    def no_client() -> discord.Client:
        raise AssertionError

    extra = EmbeddedVoice(no_client).figures().extra
    assert {"transcoding", "packets_lost", "lanes_crashed"} <= set(extra)
