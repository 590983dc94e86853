"""The ledger as a file, for whoever holds a signed link."""

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery
from litestar.response import Stream

from seraphim.features.economy.rules.exporting import CONTENT_TYPES
from seraphim.features.economy.rules.links import LEDGER_PATH
from seraphim.features.economy.service.export import LedgerExport


def routes(export: LedgerExport) -> tuple[HTTPRouteHandler, ...]:
    """Return ``/economy/ledger``."""

    @get(LEDGER_PATH)
    async def ledger(token: FromQuery[str] = "") -> Stream:
        """Stream the ledger that the token gives access to; it lasts 15 minutes."""
        span = await export.open(token)
        chunks = export.chunks(span)
        name = f"ledger-{span.guild_id}.{span.form}"
        return Stream(
            chunks,
            media_type=CONTENT_TYPES[span.form],
            headers={"content-disposition": f'attachment; filename="{name}"'},
        )

    return (ledger,)
