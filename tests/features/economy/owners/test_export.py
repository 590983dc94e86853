"""The ledger as a file: whole, in order, bounded in memory, harmless in a spreadsheet."""

import csv
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from io import StringIO

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.features.economy.owners.ledgers import ANN, BEN, DAY, ELSEWHERE, GUILD, Ledger
from yarl import URL

from seraphim.features.economy.public import MINT, escrow, person
from seraphim.features.economy.routes import routes
from seraphim.features.economy.rules.exporting import COLUMNS, PostingRow, guarded, lines
from seraphim.features.economy.rules.links import (
    LedgerLink,
    LinkExpired,
    LinkInvalid,
    sign,
    verify,
)
from seraphim.features.economy.service.export import (
    MAX_STALLED_A_GUILD,
    STALLED_SECONDS,
    ExportBusy,
    LedgerExport,
    Span,
)
from seraphim.features.economy.store import export as store
from seraphim.features.economy.store.ledger_reading import forget_person
from seraphim.kernel.dice import SeededDice
from seraphim.kernel.feature import Feature
from seraphim.kernel.ids import GuildId
from seraphim.surfaces.web.app import create_app
from seraphim.surfaces.web.server import serve

FOREVER = 10**15


@dataclass(frozen=True)
class Answer:
    """What the web server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def code(self) -> str:
        """The code of a problem."""
        return json.loads(self.body)["code"]


type Get = Callable[[str], Awaitable[Answer]]
CSV = Span(GUILD, "csv", 0, FOREVER)
JSON_LINES = Span(GUILD, "jsonl", 0, FOREVER)


@pytest.fixture
def export(ledger: Ledger) -> LedgerExport:
    return LedgerExport(ledger.db, ledger.clock, SeededDice(1))


async def whole(export: LedgerExport, span: Span) -> bytes:
    return b"".join([chunk async for chunk in export.chunks(span)])


def rows_of(file: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(file.decode(), newline="")))


async def test_every_transfer_has_its_sides_in_order(
    ledger: Ledger, export: LedgerExport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "PAGE_TRANSFERS", 3)
    for amount in range(1, 11):
        await ledger.earn(ANN, amount)
        if amount % 3 == 0:
            await ledger.clock.advance(DAY)
    await ledger.move(MINT, person(ANN), 5, "daily", ELSEWHERE)
    rows = rows_of(await whole(export, CSV))
    assert [int(row["amount"]) for row in rows] == [
        amount for number in range(1, 11) for amount in (-number, number)
    ]
    assert {row["account"] for row in rows} == {"mint", str(ANN)}
    assert rows[-1]["balance_after"] == "55"
    assert rows[0]["at"] == "2026-01-01T00:00:00.000+00:00"
    said = [json.loads(line) for line in (await whole(export, JSON_LINES)).splitlines()]
    assert len(said) == 20
    assert said[1]["account"] == str(ANN), "ids are text: JavaScript would round them"


async def test_escrows_and_erased_members_have_names_that_tell_them_apart(
    ledger: Ledger, export: LedgerExport
) -> None:
    await ledger.earn(ANN, 10)
    await ledger.move(person(ANN), escrow("game:1"), 4, "game.dice")
    await ledger.db.write(forget_person, GUILD, ANN)
    names = {row["account"] for row in rows_of(await whole(export, CSV))}
    (erased,) = names - {"mint", "escrow game:1"}
    assert erased.startswith("erased ")
    assert str(ANN) not in (await whole(export, JSON_LINES)).decode()


async def test_only_the_asked_days_are_in_it(ledger: Ledger, export: LedgerExport) -> None:
    for amount in (1, 2, 3):
        await ledger.earn(ANN, amount)
        await ledger.clock.advance(DAY)
    start = ledger.clock.now_ms() - 3 * 86_400_000
    span = Span(GUILD, "csv", start + 86_400_000, start + 86_400_000)
    assert [row["amount"] for row in rows_of(await whole(export, span))] == ["-2", "2"]


async def test_an_empty_ledger_is_a_file_with_a_heading(export: LedgerExport) -> None:
    assert (await whole(export, CSV)).decode().split(",") == [*COLUMNS[:-1], "details\r\n"]
    assert await whole(export, JSON_LINES) == b""


async def test_a_file_larger_than_the_limit_is_not_collected(
    ledger: Ledger, export: LedgerExport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "PAGE_TRANSFERS", 2)
    for _ in range(9):
        await ledger.earn(ANN, 1)
    file = await whole(export, CSV)
    assert await export.collect(CSV, len(file)) == file
    for _ in range(6):
        assert await export.collect(CSV, len(file) // 2) is None
    assert await export.collect(CSV, len(file)) == file, "given-up exports hold no place"


async def test_too_many_at_once_are_refused(ledger: Ledger, export: LedgerExport) -> None:
    await ledger.earn(ANN, 1)
    elsewhere = Span(ELSEWHERE, "csv", 0, FOREVER)
    held = [export.chunks(span) for span in (elsewhere, elsewhere, CSV, CSV)]
    for each in held:
        await anext(each)
    with pytest.raises(ExportBusy):
        await whole(export, Span(GuildId(3), "csv", 0, FOREVER))
    await held.pop().aclose()
    assert rows_of(await whole(export, CSV))
    for each in held:
        await each.aclose()


async def test_one_server_leaves_room_for_the_others(ledger: Ledger, export: LedgerExport) -> None:
    await ledger.earn(ANN, 1)
    elsewhere = Span(ELSEWHERE, "csv", 0, FOREVER)
    held = [export.chunks(elsewhere) for _ in range(2)]
    for each in held:
        await anext(each)
    with pytest.raises(ExportBusy):
        await whole(export, elsewhere)
    assert rows_of(await whole(export, CSV))
    for each in held:
        await each.aclose()


async def test_readers_who_stopped_reading_hold_nobody_up(
    ledger: Ledger, export: LedgerExport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "PAGE_TRANSFERS", 1)
    for _ in range(3):
        await ledger.earn(ANN, 1)
    held = [export.chunks(CSV) for _ in range(2)]
    for each in held:
        await anext(each)
    await ledger.clock.advance(STALLED_SECONDS)
    pieces = [piece async for piece in held[0]]
    assert len(pieces) == 3, "who goes on reading gets the rest"
    assert len(rows_of(await whole(export, CSV))) == 6
    for _ in range(MAX_STALLED_A_GUILD - 1):
        held.append(export.chunks(CSV))
        await anext(held[-1])
        await ledger.clock.advance(STALLED_SECONDS)
    with pytest.raises(ExportBusy):
        await whole(export, CSV)
    for each in held:
        await each.aclose()


class TestSpreadsheets:
    @pytest.mark.parametrize(
        "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1dcmd"]
    )
    def test_formulas_are_text(self, text: str) -> None:
        assert guarded(text) == "'" + text

    def test_ordinary_text_is_left_alone(self) -> None:
        assert guarded("a prize = fine") == "a prize = fine"

    @given(st.text(st.characters(codec="utf-8"), max_size=60))
    def test_any_reason_is_one_cell_and_no_formula(self, reason: str) -> None:
        row = PostingRow(1, 0, "eco.add", reason, 5, "{}", -1, None, None, -3, None)
        (read,) = csv.reader(StringIO(lines("csv", [row]).decode(), newline=""))
        assert len(read) == len(COLUMNS)
        cell = read[COLUMNS.index("reason")]
        assert cell.removeprefix("'") == reason.removeprefix("'")
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
        assert read[COLUMNS.index("amount")] == "-3", "numbers stay numbers"


class TestLinks:
    link = LedgerLink(GUILD, "csv", 5, 10, 1000)

    def test_a_signed_link_says_what_it_gives(self) -> None:
        assert verify(sign(self.link, "key"), "key", 999) == self.link

    def test_it_runs_out(self) -> None:
        with pytest.raises(LinkExpired):
            verify(sign(self.link, "key"), "key", 1000)

    @given(st.text(max_size=120))
    def test_nothing_else_opens(self, token: str) -> None:
        with pytest.raises(LinkInvalid):
            verify(token, "key", 0)

    def test_a_changed_link_opens_nothing(self) -> None:
        token = sign(self.link, "key")
        for changed in (
            token.replace(str(GUILD), str(ELSEWHERE)),
            token.replace(".1000.", ".9000."),
            token.replace("csv", "jsonl"),
            token[:-1],
            token + "A",
            token.rpartition(".")[0] + ".",
        ):
            with pytest.raises(LinkInvalid):
                verify(changed, "key", 0)
        with pytest.raises(LinkInvalid):
            verify(token, "another key", 0)


@pytest.fixture
async def get(export: LedgerExport) -> AsyncIterator[Get]:
    """Fetch from a server that has the ledger's route."""
    server = await serve(
        create_app([Feature("economy", "", routes=routes(export))]), "127.0.0.1", 0
    )
    async with aiohttp.ClientSession() as session:

        async def fetch(query: str) -> Answer:
            async with session.get(URL(f"{server.url}/economy/ledger{query}", encoded=True)) as got:
                return Answer(got.status, got.headers, await got.read())

        yield fetch
    await server.stop()


class TestRoute:
    async def test_a_link_gives_the_file_and_lasts_15_minutes(
        self, ledger: Ledger, export: LedgerExport, get: Get
    ) -> None:
        await ledger.earn(ANN, 10)
        token = await export.sign(CSV)
        again = LedgerExport(ledger.db, ledger.clock, SeededDice(2))
        assert await again.open(token) == CSV, "the key is the database's: a restart keeps it"
        await ledger.clock.advance(14 * 60)
        answer = await get(f"?token={token}")
        assert answer.status == 200
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert answer.headers["cache-control"] == "no-store"
        assert answer.body == await whole(export, CSV)
        await ledger.clock.advance(60)
        gone = await get(f"?token={token}")
        assert (gone.status, gone.code) == (410, "economy.link_expired")

    @pytest.mark.parametrize(
        "query", ["", "?token=", "?token=x", "?token=%00%ff...", "?token=....."]
    )
    async def test_without_a_signature_there_is_nothing(self, get: Get, query: str) -> None:
        answer = await get(query)
        assert (answer.status, answer.code) == (403, "economy.link_invalid")

    async def test_json_lines_are_named_so(
        self, ledger: Ledger, export: LedgerExport, get: Get
    ) -> None:
        await ledger.earn(BEN, 10)
        answer = await get(f"?token={await export.sign(JSON_LINES)}")
        assert answer.headers["content-type"] == "application/x-ndjson"
        assert len(answer.body.splitlines()) == 2

    async def test_too_many_downloads_are_told_to_come_again(
        self, ledger: Ledger, export: LedgerExport, get: Get
    ) -> None:
        await ledger.earn(BEN, 10)
        held = [export.chunks(CSV) for _ in range(2)]
        for each in held:
            await anext(each)
        answer = await get(f"?token={await export.sign(CSV)}")
        assert (answer.status, answer.code) == (503, "economy.export_busy")
        for each in held:
            await each.aclose()
