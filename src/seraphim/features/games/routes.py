"""The page on which anybody verifies a game in their own browser."""

from collections.abc import Mapping
from pathlib import Path

from litestar import MediaType, Response, get
from litestar.handlers import HTTPRouteHandler

PAGE_PATH = "/fair"
_FOLDER = Path(__file__).parent / "page"
HEADERS: Mapping[str, str] = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
}
"""It fetches nothing, sends nothing and runs only its own script."""


def routes() -> tuple[HTTPRouteHandler, ...]:
    """Return ``/fair`` with its script and its style."""
    page, script, style = (
        (_FOLDER / name).read_text(encoding="utf-8")
        for name in ("fair.html", "fair.js", "fair.css")
    )

    @get(PAGE_PATH, media_type=MediaType.HTML, sync_to_thread=False)
    def fair() -> Response[str]:
        """Give the page; it needs no sign-in and knows nothing of any member."""
        return Response(page, media_type=MediaType.HTML, headers=dict(HEADERS))

    @get(f"{PAGE_PATH}/fair.js", sync_to_thread=False)
    def fair_script() -> Response[str]:
        """Give the script that plays a game again."""
        return Response(script, media_type="text/javascript", headers=dict(HEADERS))

    @get(f"{PAGE_PATH}/fair.css", sync_to_thread=False)
    def fair_style() -> Response[str]:
        """Give the page's style."""
        return Response(style, media_type="text/css", headers=dict(HEADERS))

    return (fair, fair_script, fair_style)
