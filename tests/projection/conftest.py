"""Databases for ledgers: SQLite in a fresh folder, PostgreSQL as a fresh database of a cluster of the tests' own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres
from tests.postgres import Cluster


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """Started when the first test asks for it."""
    if not postgres.available():
        pytest.skip(f"no PostgreSQL in {postgres.BINARIES}: set POSTGRES_BINARIES to the folder of initdb")
    with postgres.cluster(**postgres.FAST) as cluster:
        yield cluster


@pytest.fixture
def postgres_url(postgres_cluster: Cluster) -> Iterator[str]:
    """An empty database, gone after the test."""
    name = postgres_cluster.fresh_database()
    yield postgres_cluster.url(name)
    postgres_cluster.drop(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A file that is not there yet."""
    return f"sqlite:///{tmp_path / 'ledgers.sqlite'}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Both, one after the other: the same code runs on them."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["single"])
def servers(request: pytest.FixtureRequest) -> object:
    """One server: how it is followed on three is tested with the journal."""
    return request.getfixturevalue(request.param)
