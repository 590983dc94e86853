"""The shop's own check: no piece was made or lost."""

from seraphim.features.economy.store.items import list_miscounted
from seraphim.kernel.db import Database
from seraphim.kernel.feature import HealthCheck, HealthReport


def shop_check(db: Database) -> HealthCheck:
    """Return the check that every piece sold is with a member or used up."""

    async def check() -> HealthReport:
        wrong, items, sold = await db.read(list_miscounted)
        figures = {"items": float(items), "pieces_sold": float(sold)}
        if wrong:
            listed = ", ".join(f"#{number}" for number in wrong)
            return HealthReport("unhealthy", f"pieces made or lost: items {listed}", figures)
        return HealthReport("healthy", "", figures)

    return HealthCheck("shop", check)
