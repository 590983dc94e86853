"""Fixtures for databases and Redis on real servers, started only when a test asks for one."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis import Redis
from tests.support.servers import PostgresServer, ValkeyServer, run_apart

from seraphim.kernel.db import Database, open_database
from seraphim.kernel.migrate import migrate

ENGINES = ("sqlite", "postgres")
TEMPLATE = "seraphim_template"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this test process."""
    server = PostgresServer()
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    """A migrated database that fresh ones are copied from."""
    run_apart(postgres_server.execute(f"CREATE DATABASE {TEMPLATE}"))
    run_apart(migrate(postgres_server.url(TEMPLATE)))
    return TEMPLATE


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that fresh ones are copied from."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    run_apart(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(params=ENGINES)
async def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The URL of a database without tables, on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'seraphim.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = await server.create()
    yield server.url(name)
    await server.drop(name)


@pytest.fixture(params=ENGINES)
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The URL of a fresh, migrated database, on each engine."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        shutil.copyfile(template, tmp_path / "seraphim.db")
        yield f"sqlite:///{tmp_path / 'seraphim.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = await server.create(request.getfixturevalue("postgres_template"))
    yield server.url(name)
    await server.drop(name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh, migrated, open database, on each engine."""
    db = await open_database(database_url)
    yield db
    await db.close()


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[ValkeyServer]:
    """A Valkey server of this test process."""
    server = ValkeyServer()
    server.start()
    yield server
    server.remove()


@pytest.fixture
def redis_url(valkey_server: ValkeyServer) -> str:
    """The URL of an empty Redis."""
    with Redis.from_url(valkey_server.url) as redis:  # pyright: ignore[reportUnknownMemberType] - redis-py types its options loosely
        redis.flushall()  # pyright: ignore[reportUnknownMemberType] - as above
    return valkey_server.url
