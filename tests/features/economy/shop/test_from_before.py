"""A database from before the shop remembered what was paid."""

import shutil
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import Connection

from seraphim.kernel.db import open_database
from seraphim.kernel.migrate import MIGRATIONS_DIR, migrate_database

BEFORE = "0011"


async def test_pieces_from_before_count_as_bought_at_the_present_price(
    empty_database_url: str, tmp_path: Path
) -> None:
    older = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS_DIR, older, ignore=shutil.ignore_patterns("__pycache__"))
    for version in (older / "versions").glob("[0-9]*.py"):
        if version.name[:4] > BEFORE:
            version.unlink()
    db = await open_database(empty_database_url)
    await migrate_database(db, older)
    await db.write(_stock_up)
    await migrate_database(db)
    assert await db.read(_paid) == [300, 10**15]
    await db.close()


def _stock_up(conn: Connection) -> None:
    for number, price, quantity in ((1, 100, 3), (2, 10**12, 10**9)):
        conn.execute(
            text(
                "INSERT INTO shop_items (id, guild_id, name, name_key, kind, price, emoji,"
                " description, sold, used, version, removed, created_ms) VALUES (:n, 1, :name,"
                " :name, 'collectible', :price, '', '', :quantity, 0, 1, false, 0)"
            ),
            {"n": number, "name": f"thing {number}", "price": price, "quantity": quantity},
        )
        conn.execute(
            text(
                "INSERT INTO shop_inventory (guild_id, user_id, item_id, quantity)"
                " VALUES (1, 11, :n, :quantity)"
            ),
            {"n": number, "quantity": quantity},
        )


def _paid(conn: Connection) -> list[int]:
    return list(conn.execute(text("SELECT paid FROM shop_inventory ORDER BY item_id")).scalars())
