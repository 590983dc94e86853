"""Trace ids and spans: which request a log line, an event or a job belongs to."""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Protocol

from seraphim.kernel.dice import Dice, SystemDice

_trace_id: ContextVar[str | None] = ContextVar("seraphim_trace_id", default=None)
_dice: Dice = SystemDice()


class Tracer(Protocol):
    """Opens spans in some tracing system."""

    def span(
        self, name: str, attributes: dict[str, str | int | float | bool]
    ) -> AbstractContextManager[object]:
        """Return a context manager that is open while the work runs."""
        ...


class _Tracing:
    """The tracer in force; None until OTLP is configured."""

    tracer: Tracer | None = None


def set_tracer(tracer: Tracer | None) -> None:
    """Choose where spans go; called once at start by ``configure_traces``."""
    _Tracing.tracer = tracer


def new_trace_id() -> str:
    """Start a new trace in this context; returns its id (16 hexadecimal characters)."""
    trace_id = f"{_dice.integer(0, 2**64 - 1):016x}"
    _trace_id.set(trace_id)
    return trace_id


def current_trace_id() -> str | None:
    """Return the id of the trace this code runs in, or None outside of one."""
    return _trace_id.get()


@contextmanager
def trace(trace_id: str | None = None) -> Generator[str]:
    """Run the block inside a trace: the given one (an event's, a job's) or a new one."""
    token = _trace_id.set(trace_id)
    try:
        yield trace_id or new_trace_id()
    finally:
        _trace_id.reset(token)


@contextmanager
def span(name: str, **attributes: str | float | bool) -> Generator[None]:
    """Measure the block as a span when tracing is configured; costs next to nothing if not."""
    tracer = _Tracing.tracer
    if tracer is None:
        yield
        return
    trace_id = current_trace_id()
    known = {"seraphim.trace_id": trace_id} if trace_id else {}
    with tracer.span(name, {**known, **attributes}):
        yield
