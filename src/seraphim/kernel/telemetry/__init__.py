"""Sight: logs, metrics, traces, errors."""

from seraphim.kernel.telemetry.exporters import configure_exporters
from seraphim.kernel.telemetry.logs import Logger, configure_logging, get_logger
from seraphim.kernel.telemetry.metrics import (
    CounterMetric,
    GaugeMetric,
    HistogramMetric,
    Metrics,
)
from seraphim.kernel.telemetry.trace import current_trace_id, new_trace_id, span, trace

__all__ = [
    "CounterMetric",
    "GaugeMetric",
    "HistogramMetric",
    "Logger",
    "Metrics",
    "configure_exporters",
    "configure_logging",
    "current_trace_id",
    "get_logger",
    "new_trace_id",
    "span",
    "trace",
]
