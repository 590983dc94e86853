"""Watches over the books: a full audit every hour, a quick one for the health page.

The books are read in slices, a short transaction each, so that they may be of any size. A slice
sees one snapshot, and each promise concerns one transfer or one account, so movements made
meanwhile cannot look like faults.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from seraphim.features.economy.service.ledger import Bank
from seraphim.features.economy.store import ledger_audit as store
from seraphim.features.economy.store.ledger_audit import Finding
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database
from seraphim.kernel.feature import HealthReport
from seraphim.kernel.jobs import Job, JobHandler, RecurringJob

AUDIT_KIND = "economy.audit"
QUICK_TRANSFERS = 1_000
"""The newest transfers, which the health page has checked each time."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit found: nothing, if all is well."""

    at_ms: int
    transfers: int
    accounts: int
    findings: tuple[Finding, ...]


async def audit(db: Database, bank: Bank, clock: Clock) -> AuditReport:
    """Check every transfer, account and escrow; bounded only by the size of the books."""
    return await _audit(db, bank.escrow_reasons, clock, newest=None)


async def quick_audit(db: Database, bank: Bank, clock: Clock) -> AuditReport:
    """Check the newest transfers and the open escrows."""
    return await _audit(db, bank.escrow_reasons, clock, newest=QUICK_TRANSFERS)


async def _audit(
    db: Database,
    reasons: Mapping[str, store.EscrowIsOpen],
    clock: Clock,
    *,
    newest: int | None,
) -> AuditReport:
    last_transfer, last_account = await db.read(store.last_ids)
    first = 0 if newest is None else max(0, last_transfer - newest)
    found: list[Finding] = []
    for after in range(first, last_transfer, store.TRANSFERS_A_SLICE):
        until = min(after + store.TRANSFERS_A_SLICE, last_transfer)
        found += await db.read(store.audit_transfers, after, until)
        found += await db.read(store.audit_strays, after, until)
    if newest is None:
        for after in range(0, last_account, store.ACCOUNTS_A_SLICE):
            until = min(after + store.ACCOUNTS_A_SLICE, last_account)
            found += await db.read(store.audit_accounts, after, until)
    found += await db.read(store.audit_escrows, reasons)
    return AuditReport(
        at_ms=clock.now_ms(),
        transfers=last_transfer - first,
        accounts=0 if newest is not None else last_account,
        findings=tuple(found[: store.MAX_FINDINGS]),
    )


class LedgerWatch:
    """The hourly audit and the health check of the ledger.

    Wire :attr:`handler` and :attr:`recurring` as jobs, and :meth:`check` as the health check
    ``ledger``.
    """

    def __init__(self, db: Database, bank: Bank, clock: Clock) -> None:
        self._db = db
        self._bank = bank
        self._clock = clock
        self._last: AuditReport | None = None

    @property
    def last(self) -> AuditReport | None:
        """The newest full audit of this process."""
        return self._last

    @property
    def handler(self) -> JobHandler:
        """Keeps the promise of the hourly audit."""
        return JobHandler(AUDIT_KIND, run=self._run)

    @property
    def recurring(self) -> RecurringJob:
        """When the full audit runs: seven minutes past every hour."""
        return RecurringJob(AUDIT_KIND, "7 * * * *")

    async def audit(self) -> AuditReport:
        """Run a full audit now and remember it; what it finds is logged as an error each."""
        report = await audit(self._db, self._bank, self._clock)
        self._last = report
        for finding in report.findings:
            _log.error(
                "ledger audit found a fault",
                rule=finding.rule,
                guild_id=finding.guild_id,
                subject=finding.subject,
                detail=finding.detail,
            )
        return report

    async def check(self) -> HealthReport:
        """Tell whether the newest transfers and the last full audit are in order."""
        quick = await quick_audit(self._db, self._bank, self._clock)
        findings = quick.findings or (self._last.findings if self._last else ())
        figures = {"transfers_checked": float(quick.transfers), "findings": float(len(findings))}
        if findings:
            first = findings[0]
            detail = f"{first.rule}: {first.detail} (guild {first.guild_id}, no. {first.subject})"
            return HealthReport("unhealthy", detail, figures)
        if self._last is None:
            return HealthReport("healthy", "The newest movements add up.", figures)
        minutes = max(0, self._clock.now_ms() - self._last.at_ms) // 60_000
        return HealthReport(
            "healthy", f"All books added up {minutes} min ago, the newest movements do.", figures
        )

    async def _run(self, job: Job) -> None:
        del job
        await self.audit()
