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
"""It fetches nothing, sends nothing and runs only its own scripts."""
SCRIPTS = ("fair.js", "draws.js", "house.js", "rounds.js")
"""The page itself, the draws, and the rules of the games against the house and among members."""


def routes() -> tuple[HTTPRouteHandler, ...]:
    """Return ``/fair`` with its scripts and its style."""
    page, style = (
        (_FOLDER / name).read_text(encoding="utf-8") for name in ("fair.html", "fair.css")
    )

    @get(PAGE_PATH, media_type=MediaType.HTML, sync_to_thread=False)
    def fair() -> Response[str]:
        """Give the page; it needs no sign-in and knows nothing of any member."""
        return Response(page, media_type=MediaType.HTML, headers=dict(HEADERS))

    @get(f"{PAGE_PATH}/fair.css", sync_to_thread=False)
    def fair_style() -> Response[str]:
        """Give the page's style."""
        return Response(style, media_type="text/css", headers=dict(HEADERS))

    return (fair, *(_script(name) for name in SCRIPTS), fair_style)


def _script(name: str) -> HTTPRouteHandler:
    body = (_FOLDER / name).read_text(encoding="utf-8")

    @get(f"{PAGE_PATH}/{name}", name=f"fair.{name}", sync_to_thread=False)
    def fair_script() -> Response[str]:
        """Give one of the scripts that play a game again."""
        return Response(body, media_type="text/javascript", headers=dict(HEADERS))

    return fair_script
