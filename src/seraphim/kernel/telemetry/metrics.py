"""Metrics: one Prometheus registry a process, with a bound on every label's values."""

from collections.abc import Callable, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

MAX_LABEL_SETS = 200
"""Combinations of label values one metric keeps; later ones are counted as ``other``."""
OTHER = "other"
LATENCY_BUCKETS_SECONDS = (
    *(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5),
    *(1.0, 2.5, 5.0, 10.0),
)


class _Labels:
    """Remembers which label values were seen, and folds the rest into one."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = tuple(names)
        self._seen: set[tuple[str, ...]] = set()

    def values(self, given: dict[str, str]) -> tuple[str, ...]:
        """Return the values in the metric's order; ``other`` beyond the bound."""
        values = tuple(given[name] for name in self._names)
        if values in self._seen:
            return values
        if len(self._seen) < MAX_LABEL_SETS:
            self._seen.add(values)
            return values
        return (OTHER,) * len(self._names)


class CounterMetric:
    """A number that only grows."""

    def __init__(
        self, registry: CollectorRegistry, name: str, help_text: str, labels: Sequence[str]
    ) -> None:
        self._metric = Counter(name, help_text, labels, registry=registry)
        self._labels = _Labels(labels)

    def add(self, amount: float = 1, **labels: str) -> None:
        """Count ``amount`` more for these label values."""
        metric = self._metric.labels(*self._labels.values(labels)) if labels else self._metric
        metric.inc(amount)


class HistogramMetric:
    """A distribution, in the unit its name ends with."""

    def __init__(
        self,
        registry: CollectorRegistry,
        name: str,
        help_text: str,
        labels: Sequence[str],
        buckets: Sequence[float],
    ) -> None:
        self._metric = Histogram(name, help_text, labels, registry=registry, buckets=buckets)
        self._labels = _Labels(labels)

    def observe(self, value: float, **labels: str) -> None:
        """Add one measurement."""
        metric = self._metric.labels(*self._labels.values(labels)) if labels else self._metric
        metric.observe(value)


class GaugeMetric:
    """A number that goes up and down."""

    def __init__(
        self, registry: CollectorRegistry, name: str, help_text: str, labels: Sequence[str]
    ) -> None:
        self._metric = Gauge(name, help_text, labels, registry=registry)
        self._labels = _Labels(labels)

    def set(self, value: float, **labels: str) -> None:
        """Replace the number."""
        metric = self._metric.labels(*self._labels.values(labels)) if labels else self._metric
        metric.set(value)

    def read_from(self, function: Callable[[], float]) -> None:
        """Ask ``function`` at every scrape instead (metrics without labels only)."""
        self._metric.set_function(function)


class Metrics:
    """Makes metrics; asked twice for a name, it returns the same one."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._counters: dict[str, CounterMetric] = {}
        self._histograms: dict[str, HistogramMetric] = {}
        self._gauges: dict[str, GaugeMetric] = {}
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)

    def counter(self, name: str, help_text: str, labels: Sequence[str] = ()) -> CounterMetric:
        """Return the counter ``name`` (``seraphim_..._total``)."""
        if name not in self._counters:
            self._counters[name] = CounterMetric(self.registry, name, help_text, labels)
        return self._counters[name]

    def histogram(
        self,
        name: str,
        help_text: str,
        labels: Sequence[str] = (),
        buckets: Sequence[float] = LATENCY_BUCKETS_SECONDS,
    ) -> HistogramMetric:
        """Return the histogram ``name`` (``seraphim_..._seconds``)."""
        if name not in self._histograms:
            made = HistogramMetric(self.registry, name, help_text, labels, buckets)
            self._histograms[name] = made
        return self._histograms[name]

    def gauge(self, name: str, help_text: str, labels: Sequence[str] = ()) -> GaugeMetric:
        """Return the gauge ``name``."""
        if name not in self._gauges:
            self._gauges[name] = GaugeMetric(self.registry, name, help_text, labels)
        return self._gauges[name]

    def render(self) -> tuple[bytes, str]:
        """Return the text Prometheus scrapes, and its content type."""
        return generate_latest(self.registry), CONTENT_TYPE_LATEST
