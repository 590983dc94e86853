"""Logs: structlog to stderr, JSON or console, never a secret, always the trace id."""

import logging
import re
import sys
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any, Protocol, TextIO, cast

import structlog
from structlog.typing import Processor

from seraphim.kernel.config import Config
from seraphim.kernel.telemetry.trace import current_trace_id

REDACTED = "[redacted]"

_SECRET_NAME = re.compile(
    r"token|secret|password|passwd|authorization|api_?key|dsn|cookie|signature", re.IGNORECASE
)
_SECRET_VALUES = re.compile(
    r"[MNO][A-Za-z0-9_-]{17,}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,}"  # Discord bot tokens
    r"|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"  # JWT
    r"|\b(?:sk|rk|pk|whsec)_[A-Za-z0-9_]{16,}"  # Stripe
    r"|\bsk-[A-Za-z0-9_-]{20,}"  # OpenAI
    r"|(?<=/webhooks/)(\d+)/[A-Za-z0-9_-]{20,}"  # Discord webhook and interaction tokens
    r"|(?<=/interactions/)(\d+)/[A-Za-z0-9_-]{20,}"
    r"|(?<=://)[^\s/:@]*:[^\s/@]+(?=@)"  # user:password inside an address
    r"|(?<=Bot )[A-Za-z0-9_.-]{20,}|(?<=Bearer )[A-Za-z0-9_.~+/-]{16,}"
)
_QUIET = {"discord": logging.WARNING, "aiohttp.access": logging.WARNING, "alembic": logging.WARNING}
_MAX_DEPTH = 4


class Logger(Protocol):
    """The part of structlog's logger that is used; fields are keyword arguments."""

    def debug(self, event: str, **fields: object) -> None:
        """Log what only a developer wants to see."""
        ...

    def info(self, event: str, **fields: object) -> None:
        """Log that something expected happened."""
        ...

    def warning(self, event: str, **fields: object) -> None:
        """Log that something needs attention, but works."""
        ...

    def error(self, event: str, **fields: object) -> None:
        """Log that something failed."""
        ...

    def exception(self, event: str, **fields: object) -> None:
        """Log that something failed, with the traceback of the exception being handled."""
        ...


def get_logger(name: str) -> Logger:
    """Return the logger of a module; usable at import, before logging is configured."""
    logger: Logger = structlog.get_logger(name)
    return logger


def configure_logging(config: Config, stream: TextIO | None = None) -> None:
    """Send our logs and those of the libraries to ``stream`` (stderr), in the chosen format."""
    out = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        _add_trace_id,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # Tracebacks become text before the secrets are taken out, whatever renders the line.
    shared.append(structlog.processors.format_exc_info)
    if config.logs_as == "json":
        renderer: Processor = structlog.processors.JSONRenderer(default=str)
    else:
        renderer = structlog.dev.ConsoleRenderer(
            colors=out.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    level = logging.getLevelNamesMapping()[config.log_level.upper()]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                redact,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(max(least, level))


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Replace what looks like a secret, by the name of the field or by its shape."""
    for key, value in event.items():
        if key.startswith("_"):
            continue
        event[key] = REDACTED if _SECRET_NAME.search(key) else _clean(value, 0)
    return event


def redact_text(text: str) -> str:
    """Return ``text`` without the token-like parts."""
    return _SECRET_VALUES.sub(
        lambda match: (
            next((g for g in match.groups() if g), "")
            + ("/" if any(match.groups()) else "")
            + REDACTED
        ),
        text,
    )


def _clean(value: object, depth: int) -> object:
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, (int, float, bool, type(None))):
        return value
    if depth >= _MAX_DEPTH:
        return REDACTED
    if isinstance(value, Mapping):
        items = cast("Mapping[object, object]", value)
        return {
            str(key): REDACTED if _SECRET_NAME.search(str(key)) else _clean(item, depth + 1)
            for key, item in items.items()
        }
    if isinstance(value, (list, tuple, set, frozenset)):
        values = cast("Iterable[object]", value)
        return [_clean(item, depth + 1) for item in values]
    return redact_text(str(value))


def _add_trace_id(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> Mapping[str, Any]:
    trace_id = current_trace_id()
    if trace_id is not None:
        event.setdefault("trace_id", trace_id)
    return event
