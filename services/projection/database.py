"""The database that holds the ledgers: SQLite unless a URL names PostgreSQL; the same code for both.

One transaction writes rows and checkpoint together. What goes wrong with the database is a DatabaseTrouble with a
sentence; nothing is half-written then.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final

from sqlalchemy import Column as SqlColumn
from sqlalchemy import Connection, Engine, MetaData, Table, Text, create_engine, event, func, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    OperationalError,
    SQLAlchemyError,
)

SCHEMA: Final = 1
"""Of what every ledger shares. A database with a later one belongs to a newer program."""
BUSY: Final = 30.0
"""Seconds to wait for another process that writes."""

_OPENING: Final = 0x62696875616E
"""Of the lock under which one process creates the tables, and others wait: on PostgreSQL both would try."""
META: Final = MetaData()
FACTS: Final = Table("bihuan_facts", META, SqlColumn("name", Text, primary_key=True), SqlColumn("value", Text))
"""About the database itself: its schema, and the runner's present trouble."""


_SCHEMA: Final = select(FACTS.c.value).where(FACTS.c.name == "schema")


class DatabaseTrouble(Exception):
    """The database cannot be used now; the message says why and what to do."""


class ReadOnly(DatabaseTrouble):
    """It may be read and not written."""


_TROUBLES: Final = (
    ("database is locked", "台账数据库被其他程序占用：请关闭占用它的程序后再试。The database is locked"),
    ("readonly database", "台账数据库是只读的：请检查文件和文件夹的权限。The database is read-only"),
    ("read-only transaction", "台账数据库是只读的：请连接可写的主库。The database is read-only"),
    ("permission denied", "没有台账数据库的写权限：请检查账号授权。No permission to write"),
    ("disk is full", "磁盘已满：请腾出空间，台账会从断点继续。The disk is full"),
    ("no space left", "磁盘已满：请腾出空间，台账会从断点继续。The disk is full"),
    ("could not extend file", "磁盘已满：请腾出空间，台账会从断点继续。The disk is full"),
    ("disk i/o error", "磁盘读写出错：请检查磁盘。The disk failed"),
    ("unable to open", "打不开台账数据库：请检查文件夹是否存在、可写。The database cannot be opened"),
    ("not a database", "这个文件不是台账数据库：请换一个文件。The file is no database"),
    ("malformed", "台账数据库已损坏：请改用新文件，台账会从事件重建。The database is damaged; use a new file"),
    ("lock timeout", "台账数据库被其他程序占用：请稍后再试。The database is locked"),
)
_READ_ONLY: Final = frozenset({"readonly database", "read-only transaction", "permission denied"})
_ONE_ROW: Final = frozenset({"54000"})
"""What PostgreSQL calls an operational error although one value is to blame: too long for an index."""


def trouble(error: BaseException, place: str) -> DatabaseTrouble | None:
    """What the driver says, in a sentence; None where it is no trouble of the database as a whole.

    Also where it is only what the error came after: SQLite ends the transaction when the disk is full, and what is
    heard last is that there is nothing to roll back.
    """
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, DBAPIError) and (named := _trouble(found, place)) is not None:
            return named
        found = found.__cause__ or found.__context__
    return None


def _trouble(error: DBAPIError, place: str) -> DatabaseTrouble | None:
    if isinstance(error, DataError | IntegrityError) or getattr(error.orig, "sqlstate", None) in _ONE_ROW:
        return None
    said = str(error.orig)
    for sign, sentence in _TROUBLES:
        if sign in said.lower():
            return (ReadOnly if sign in _READ_ONLY else DatabaseTrouble)(f"{sentence} ({place}).")
    if error.connection_invalidated or (isinstance(error, OperationalError) and not place.startswith("sqlite")):
        first = said.strip().partition("\n")[0] or type(error).__name__
        return DatabaseTrouble(
            f"连不上台账数据库：请检查 BIHUAN_LEDGERS 和数据库服务。No connection ({place}: {first})."
        )
    return None


class Database:
    """A place for ledgers. Its methods block: call them from a thread."""

    def __init__(self, url: str, *, throwaway: bool = False) -> None:
        """`throwaway`: to be deleted in any case, so nothing waits for the disk. Raises DatabaseTrouble."""
        self.url = url
        try:
            self.place = make_url(url).render_as_string(hide_password=True)
            _check_kept(make_url(url), throwaway=throwaway)
            self.engine = _engine(url, throwaway=throwaway)
        except (ArgumentError, NoSuchModuleError, ImportError, ValueError) as wrong:
            raise DatabaseTrouble(
                f"BIHUAN_LEDGERS 应形如 sqlite:///目录/ledgers.sqlite 或 postgresql+psycopg://用户@主机/库：{wrong}"
            ) from wrong

    @property
    def is_sqlite(self) -> bool:
        """Else PostgreSQL."""
        return self.engine.dialect.name == "sqlite"

    def open(self) -> None:
        """Create what every ledger shares; raises DatabaseTrouble, also where a newer program was here."""
        with self.reading() as connection:
            there = all(inspect(connection).has_table(name) for name in META.tables)
            schema = connection.execute(_SCHEMA).scalar() if there else None
        if schema is None:
            schema = self._create()
        if not (schema.isascii() and schema.isdigit()):
            raise DatabaseTrouble(
                f"台账数据库 {self.place} 的结构号“{schema[:60]}”不是数：请改用新的数据库，台账会从事件重建。"
                "Its schema is no number; use a new database."
            )
        if int(schema) > SCHEMA:
            raise DatabaseTrouble(
                f"台账数据库 {self.place} 由更新版本的程序建立（结构 {schema}，本程序 {SCHEMA}）："
                "请升级本程序，或改用新的数据库。The database belongs to a newer version; upgrade."
            )

    def _create(self) -> str:
        with self.writing() as connection:
            if not self.is_sqlite:
                connection.execute(select(func.pg_advisory_xact_lock(_OPENING)))
            META.create_all(connection)
            schema: str | None = connection.execute(_SCHEMA).scalar()
            if schema is None:
                connection.execute(FACTS.delete().where(FACTS.c.name == "schema"))
                connection.execute(FACTS.insert().values(name="schema", value=str(SCHEMA)))
        return schema or str(SCHEMA)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction; all of it or nothing. Raises DatabaseTrouble."""
        with self._explained(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view. Raises DatabaseTrouble."""
        engine = self.engine.execution_options(**self._view)
        with self._explained(), engine.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    def upsert(self, table: Table) -> Any:  # noqa: ANN401 (one of two dialects' Insert)
        """INSERT … ON CONFLICT for either database."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    @property
    def _view(self) -> dict[str, Any]:
        return {"reader": True} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            if (found := trouble(error, self.place)) is not None:
                raise found from error
            raise


def _check_kept(url: URL, *, throwaway: bool) -> None:
    """Each connection to a database in memory would see another one."""
    name = url.database or ""
    memory = name in {"", "file:"} or ":memory:" in name or url.query.get("mode") == "memory"
    if url.get_backend_name() == "sqlite" and memory and not throwaway:
        raise DatabaseTrouble(
            "台账不能放在内存里，一结束就没有了：BIHUAN_LEDGERS 应形如 sqlite:///目录/ledgers.sqlite。"
            "A database in memory is gone with the process; name a file."
        )


def _engine(url: str, *, throwaway: bool) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        return _patient(create_engine(url, pool_pre_ping=True, pool_size=2, connect_args={"connect_timeout": 10}))
    engine = create_engine(url, connect_args={"timeout": BUSY, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def settings(driver: Any, _: object) -> None:  # noqa: ANN401 (sqlite3.Connection)
        driver.isolation_level = None  # transactions are begun below, not guessed by the driver
        if throwaway:
            driver.execute("PRAGMA synchronous=OFF")
            driver.execute("PRAGMA journal_mode=OFF")
        else:
            _write_ahead(driver)
            driver.execute("PRAGMA synchronous=FULL")
        driver.execute("PRAGMA cache_size=-24576")
        driver.execute("PRAGMA wal_autocheckpoint=8000")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reader = connection.get_execution_options().get("reader")
        connection.exec_driver_sql("BEGIN" if reader else "BEGIN IMMEDIATE")

    return engine


def _write_ahead(driver: sqlite3.Connection) -> None:
    """Once for a file; two that begin together cannot both switch it, and SQLite does not let the second wait."""
    deadline = monotonic() + BUSY
    while driver.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            driver.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as wrong:
            if "locked" not in str(wrong) or monotonic() > deadline:
                raise
            sleep(0.02)
        else:
            break


def _patient(engine: Engine) -> Engine:
    @event.listens_for(engine, "connect")
    def settings(driver: Any, _: object) -> None:  # noqa: ANN401 (psycopg.Connection)
        driver.execute(f"SET lock_timeout = {round(BUSY * 1000)}")
        driver.commit()

    return engine


def default_url(data: Path) -> str:
    """Beside the events: <data>/ledgers.sqlite."""
    return f"sqlite:///{(data / 'ledgers.sqlite').absolute()}"
