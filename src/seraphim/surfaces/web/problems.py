"""Errors as problem details (RFC 9457): the same codes and sentences as on Discord."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException

from seraphim.kernel.errors import RateLimited, SeraphimError
from seraphim.kernel.telemetry import current_trace_id, get_logger, new_trace_id

_log = get_logger(__name__)
_MEDIA_TYPE = "application/problem+json"


def problem(
    status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None
) -> Response[dict[str, object]]:
    """Return a problem details answer; ``code`` is documented in the reference of errors."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "trace_id": current_trace_id() or new_trace_id(),
    }
    return Response(body, status_code=status, media_type=_MEDIA_TYPE, headers=dict(headers or {}))


def on_business_error(
    _: Request[Any, Any, Any], error: SeraphimError
) -> Response[dict[str, object]]:
    """Say a business error with its own status and sentence."""
    headers: dict[str, str] = {}
    if isinstance(error, RateLimited):
        headers["retry-after"] = str(error.parameters.get("retry_after_seconds", 1))
    return problem(error.http_status, error.code, str(error), headers=headers)


def on_http_error(_: Request[Any, Any, Any], error: HTTPException) -> Response[dict[str, object]]:
    """Say what Litestar refused: unknown path, wrong method, invalid body."""
    code = HTTPStatus(error.status_code).name.lower()
    return problem(error.status_code, code, error.detail, headers=error.headers)


def on_unexpected_error(
    request: Request[Any, Any, Any], error: Exception
) -> Response[dict[str, object]]:
    """Log a fault of ours once, and say no more than its trace id."""
    if current_trace_id() is None:
        new_trace_id()
    _log.error("web request failed", path=request.url.path, exc_info=error)
    return problem(500, SeraphimError.code, SeraphimError.message)


EXCEPTION_HANDLERS: dict[type[Exception], Any] = {
    SeraphimError: on_business_error,
    HTTPException: on_http_error,
    Exception: on_unexpected_error,
}
