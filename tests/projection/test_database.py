import asyncio
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from runner_props import ALL, DIARY, SITE, TALLY, Teller, Undisturbed, fresh, raised, tables, told
from sqlalchemy import event, text
from sqlalchemy.engine import make_url

from services.journal.events import EventStore
from services.projection import database as databases
from services.projection import runner as runners
from services.projection.database import Database, DatabaseTrouble, trouble
from services.projection.entries import UnapplicableError
from services.projection.generations import all_positions
from services.projection.lanes import Writer
from services.projection.queries import opened
from services.projection.runner import Runner
from tests.postgres import Cluster
from tests.servers import Stream


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits half a minute for a lock here."""
    monkeypatch.setattr(databases, "BUSY", 0.1)


def path_of(url: str) -> Path:
    """The file of a SQLite database."""
    return Path(make_url(url).database or "")


async def caught_up(store: EventStore, url: str) -> dict[str, Any]:
    """What the tables say after everything was entered."""
    with fresh(url) as writer:
        runner = Runner(store, writer, ALL)
        await runner.prepare()
        await runner.catch_up()
        return tables(writer.database, ALL)


async def refused(store: EventStore, url: str) -> str:
    """What is said of a database that cannot be written now."""
    with pytest.raises(DatabaseTrouble) as trouble:
        await caught_up(store, url)
    return str(trouble.value)


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Somebody else writes, and takes his time."""
    if url.startswith("sqlite"):
        other = sqlite3.connect(path_of(url), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.close()
        return
    with psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string()) as other:
        other.execute("LOCK TABLE bihuan_ledgers, bihuan_facts IN ACCESS EXCLUSIVE MODE")
        yield


async def test_a_locked_database_is_named_and_goes_on(
    store: EventStore, stream: Stream, database_url: str, tmp_path: Path
) -> None:
    """Nobody waits for ever; when the other has gone, the same events are entered once."""
    teller, truth = Teller(store, told(stream.root)), Undisturbed(store, tmp_path)
    await teller.tell(50)
    await caught_up(store, database_url)
    until = await teller.tell(50)
    with locked(database_url):
        assert "占用" in await refused(store, database_url)
    assert await caught_up(store, database_url) == {one.name: await truth.upto(one, until) for one in ALL}


async def test_a_read_only_file_is_named(store: EventStore, stream: Stream, sqlite_url: str) -> None:
    """Opened with mode=ro, which binds root too; file permissions do not."""
    teller = Teller(store, told(stream.root))
    await teller.tell(20)
    await caught_up(store, sqlite_url)
    await teller.tell(20)
    said = await refused(store, f"sqlite:///file:{path_of(sqlite_url)}?mode=ro&uri=true")
    assert "只读" in said


async def test_a_read_only_postgres_is_named(
    store: EventStore, stream: Stream, postgres_url: str, postgres_cluster: Cluster
) -> None:
    """A standby, or a database that somebody froze."""
    await Teller(store, told(stream.root)).tell(20)
    name = make_url(postgres_url).database
    postgres_cluster.ask(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    assert "只读" in await refused(store, postgres_url)


async def test_without_the_right_to_create_tables_it_is_named(
    store: EventStore, postgres_url: str, postgres_cluster: Cluster
) -> None:
    """An account that may connect and no more."""
    postgres_cluster.ask("DROP ROLE IF EXISTS guest")
    postgres_cluster.ask("CREATE ROLE guest LOGIN")
    url = make_url(postgres_url).set(username="guest").render_as_string()
    assert "权限" in await refused(store, url)


@pytest.mark.parametrize("room", [0, 2, 4, 6, 8])
async def test_a_full_database_is_named_and_holds_whole_transactions(
    store: EventStore, stream: Stream, sqlite_url: str, tmp_path: Path, room: int
) -> None:
    """Wherever in a transaction the disk fills: the rows are those of the checkpoint, and with room it goes on."""
    teller, truth = Teller(store, told(stream.root)), Undisturbed(store, tmp_path)
    await teller.tell(20)
    await caught_up(store, sqlite_url)
    until = await teller.tell(200)
    with fresh(sqlite_url) as writer:
        limit(writer.database, room)
        runner = Runner(store, writer, ALL)
        with pytest.raises(DatabaseTrouble, match="磁盘已满"):
            await runner.catch_up()
    with fresh(sqlite_url) as writer:
        [there] = {one.sequence for one in all_positions(writer.database).values()}
        assert not any(one.stopped_at for one in all_positions(writer.database).values())
        assert tables(writer.database, ALL) == {one.name: await truth.upto(one, there) for one in ALL}
    assert await caught_up(store, sqlite_url) == {one.name: await truth.upto(one, until) for one in ALL}


def limit(database: Database, room: int) -> None:
    """The file may grow by so many pages, and the cache is so small that it spills while a transaction is written."""

    @event.listens_for(database.engine, "connect")
    def bounded(driver: Any, _: object) -> None:  # noqa: ANN401 (sqlite3.Connection)
        [pages] = driver.execute("PRAGMA page_count").fetchone()
        driver.execute("PRAGMA cache_size=10")
        driver.execute(f"PRAGMA max_page_count={pages + room}")


async def test_a_database_of_a_newer_program_is_named(store: EventStore, database_url: str) -> None:
    """What every ledger shares has another structure there: nothing is touched."""
    await caught_up(store, database_url)
    with fresh(database_url) as writer, writer.database.writing() as connection:
        connection.execute(text("UPDATE bihuan_facts SET value = '2' WHERE name = 'schema'"))
    assert "更新版本" in await refused(store, database_url)


async def test_a_ledger_of_a_newer_program_is_named(store: EventStore, stream: Stream, database_url: str) -> None:
    """An older program neither writes into it nor takes it down nor shows it; its other ledgers go on."""
    teller, newer = Teller(store, told(stream.root)), [raised(TALLY)]
    await teller.tell(20)
    with fresh(database_url) as writer:
        await caught_up(store, database_url)
        await Runner(store, writer, newer).catch_up()
        before = tables(writer.database, newer)
        last = await teller.tell(20)
        older = Runner(store, writer, ALL)
        await older.prepare()
        await older.catch_up()
        assert tables(writer.database, newer) == before
        with pytest.raises(DatabaseTrouble, match="tally 由更新版本"), opened(writer.database, TALLY):
            pass
        with opened(writer.database, DIARY) as view:
            assert view.sequence == last


@pytest.mark.parametrize("said", ["abc", "", "-1", "１"])
async def test_a_schema_that_is_no_number_is_named(store: EventStore, database_url: str, said: str) -> None:
    """Somebody altered it: nothing is touched."""
    await caught_up(store, database_url)
    with fresh(database_url) as writer, writer.database.writing() as connection:
        connection.execute(text("UPDATE bihuan_facts SET value = :said WHERE name = 'schema'"), {"said": said})
    assert "不是数" in await refused(store, database_url)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true"])
def test_ledgers_in_memory_are_refused(url: str) -> None:
    """Each connection would see another database, and none would be left in the end."""
    with pytest.raises(DatabaseTrouble, match="sqlite:///"):
        Database(url)


@pytest.mark.parametrize(
    "content", [b"not a database, but long enough to be taken for one " * 100, b"SQLite format 3\0"]
)
async def test_another_file_is_named_and_left_as_it_is(store: EventStore, sqlite_url: str, content: bytes) -> None:
    """Somebody pointed at the wrong file."""
    path_of(sqlite_url).write_bytes(content)
    assert "不是台账数据库" in await refused(store, sqlite_url)
    assert path_of(sqlite_url).read_bytes() == content


async def test_a_folder_that_is_missing_is_named(store: EventStore, tmp_path: Path) -> None:
    """It is not created: a typing error would go unnoticed."""
    assert "打不开" in await refused(store, f"sqlite:///{tmp_path}/missing/ledgers.sqlite")
    assert not (tmp_path / "missing").exists()


@pytest.mark.parametrize(
    "url", ["", "ledgers.sqlite", "nosuch://host/x", "mysql://host/x", "postgresql+psycopg://host:port/x"]
)
def test_an_address_that_is_none_says_how_it_should_look(url: str) -> None:
    """Before anything is opened."""
    with pytest.raises(DatabaseTrouble, match="postgresql\\+psycopg://"):
        Database(url)


def test_the_password_is_in_no_sentence() -> None:
    """Of a server that does not answer."""
    with fresh("postgresql+psycopg://me:geheim@127.0.0.1:1/x") as writer, pytest.raises(DatabaseTrouble) as trouble:
        writer.database.open()
    assert "连不上" in str(trouble.value)
    assert "geheim" not in str(trouble.value)


def test_sqlite_waits_for_the_disk(sqlite_url: str) -> None:
    """Write-ahead log, and synchronous FULL: what was committed survives a power cut."""
    with fresh(sqlite_url) as writer, writer.database.writing() as connection:
        said = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
    assert said == ["wal", 2]


async def test_postgres_may_go_and_come_back(
    store: EventStore,
    stream: Stream,
    postgres_cluster: Cluster,
    postgres_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Killed under running ledgers: they wait, and go on where they were."""
    monkeypatch.setattr(runners, "PATIENCE", 0.05)
    teller, truth = Teller(store, told(stream.root)), Undisturbed(store, tmp_path)
    with fresh(postgres_url) as writer:
        runner = Runner(store, writer, ALL)
        await runner.prepare()
        running = asyncio.create_task(runner.run())
        await reached(writer.database, await teller.tell(30))
        postgres_cluster.stop(signal.SIGQUIT)
        until = await teller.tell(30)
        with pytest.raises(DatabaseTrouble, match="连不上"):
            await asyncio.to_thread(all_positions, writer.database)
        postgres_cluster.start()  # in this thread: the server dies with the one that started it
        await reached(writer.database, until)
        assert tables(writer.database, ALL) == {one.name: await truth.upto(one, until) for one in ALL}
        assert not running.done()
        running.cancel()
        await asyncio.wait([running])


async def test_processes_that_start_together_begin_one_generation(
    store: EventStore, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On an empty database, all at once; each waits for the others."""
    monkeypatch.setattr(databases, "BUSY", 30.0)
    writers = [Writer(Database(database_url), SITE) for _ in range(6)]
    await asyncio.gather(*(Runner(store, writer, ALL).prepare() for writer in writers))
    await asyncio.gather(*(Runner(store, writer, ALL).catch_up() for writer in writers))
    assert sorted(all_positions(writers[0].database)) == [
        (one.name, 1) for one in sorted(ALL, key=lambda one: one.name)
    ]
    for writer in writers:
        writer.close()
        writer.database.close()


def test_words_of_an_event_are_never_taken_for_the_database_speaking(database_url: str) -> None:
    """A description may well say that a disk is full."""
    for said in ("database is locked", "malformed", "no space left on device", "permission denied"):
        wrong = ValueError(said)
        wrong.__context__ = UnapplicableError(1, said)
        assert trouble(wrong, database_url) is None


async def reached(database: Database, until: int) -> None:
    """Wait for every ledger to be there, for readers; the database may be away meanwhile."""
    async with asyncio.timeout(30):
        while True:
            with suppress(DatabaseTrouble):
                there = (await asyncio.to_thread(all_positions, database)).values()
                if len(there) == len(ALL) and all((one.standing, one.sequence) == ("current", until) for one in there):
                    return
            await asyncio.sleep(0.02)
