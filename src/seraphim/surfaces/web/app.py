"""The web application: every feature's routes behind one set of headers and one kind of error."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast

from litestar import Litestar

from seraphim.kernel.feature import Feature
from seraphim.surfaces.web.headers import SecureHeaders
from seraphim.surfaces.web.problems import EXCEPTION_HANDLERS

if TYPE_CHECKING:
    from litestar.types import ASGIApp, ControllerRouterHandler

MAX_BODY_BYTES = 1_000_000


def create_app(features: Sequence[Feature], routes: Iterable[object] = ()) -> "ASGIApp":
    """Return the ASGI application with the routes of all features.

    Args:
        features: The catalogue; ``Feature.routes`` are Litestar route handlers or routers.
        routes: Further handlers that belong to no feature.
    """
    handlers = [route for feature in features for route in feature.routes] + list(routes)
    app = Litestar(
        route_handlers=cast("list[ControllerRouterHandler]", handlers),
        exception_handlers=cast("dict[Any, Any]", EXCEPTION_HANDLERS),
        openapi_config=None,
        logging_config=None,
        request_max_body_size=MAX_BODY_BYTES,
    )
    return SecureHeaders(app)
