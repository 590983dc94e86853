"""OTLP traces and Sentry errors: only when configured, and only when installed."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from seraphim.kernel.config import Config
from seraphim.kernel.telemetry.logs import get_logger, redact_text
from seraphim.kernel.telemetry.trace import set_tracer

_HINT = "install the extra: pip install 'seraphim[telemetry]'"


def configure_exporters(config: Config) -> Callable[[], None]:
    """Start what the settings ask for; returns the function that flushes and stops it.

    A library that is missing is a warning, never a reason not to start.
    """
    stops: list[Callable[[], None]] = []
    if config.otlp_endpoint is not None:
        _try("traces", lambda: stops.append(_start_otlp(config.otlp_endpoint or "")))
    if config.sentry_dsn is not None:
        dsn = config.sentry_dsn.get_secret_value()
        _try("errors", lambda: stops.append(_start_sentry(dsn, config.environment)))

    def stop() -> None:
        for each in stops:
            each()

    return stop


def _try(what: str, start: Callable[[], None]) -> None:
    try:
        start()
    except ImportError as error:
        get_logger(__name__).warning(
            "telemetry library missing", what=what, missing=error.name, hint=_HINT
        )
    except Exception as error:  # noqa: BLE001 - sight is never worth the bot itself
        get_logger(__name__).warning("telemetry not started", what=what, reason=str(error))


def _start_otlp(endpoint: str) -> Callable[[], None]:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 - an extra
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - an extra
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - an extra
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - an extra

    provider = TracerProvider(resource=Resource.create({"service.name": "seraphim"}))
    address = endpoint if endpoint.endswith("/v1/traces") else f"{endpoint}/v1/traces"
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=address)))
    tracer = provider.get_tracer("seraphim")

    class OtlpTracer:
        def span(
            self, name: str, attributes: dict[str, str | int | float | bool]
        ) -> AbstractContextManager[object]:
            return tracer.start_as_current_span(name, attributes=attributes)

    set_tracer(OtlpTracer())

    def stop() -> None:
        set_tracer(None)
        provider.shutdown()

    return stop


def _start_sentry(dsn: str, environment: str) -> Callable[[], None]:
    import sentry_sdk  # noqa: PLC0415 - an extra

    def clean(event: dict[str, object], _hint: object) -> dict[str, object]:
        message = event.get("message")
        if isinstance(message, str):
            event["message"] = redact_text(message)
        return event

    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        send_default_pii=False,
        include_local_variables=False,
        max_breadcrumbs=20,
        before_send=clean,  # pyright: ignore[reportArgumentType] - Sentry's Event is a dict with known keys
    )
    return lambda: sentry_sdk.get_client().close(timeout=2.0)
