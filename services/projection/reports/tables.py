"""Several ledgers in one consistent view, all as far as they must be."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection

from services.projection import positions
from services.projection.asking import QuestionError
from services.projection.database import Database
from services.projection.ledger import Ledger
from services.projection.positions import Position
from services.projection.queries import View
from services.projection.shelf import Shelf


class Tables:
    """For as long as the transaction lasts; blocks: for a thread."""

    def __init__(self, database: Database, connection: Connection) -> None:
        self.connection = connection
        self._database = database
        self._positions = positions.positions(connection)
        self._views: dict[str, View] = {}

    def __getitem__(self, ledger: Ledger) -> View:
        """Raises QuestionError where it was never built, is of another version, or has stopped."""
        if ledger.name not in self._views:
            position = self._position(ledger)
            shelf = Shelf(self._database, ledger, position.generation)
            self._views[ledger.name] = View(self.connection, shelf, position, sqlite=self._database.is_sqlite)
        return self._views[ledger.name]

    def together(self, ledgers: Sequence[Ledger], least: int) -> int | None:
        """The sequence at which they all stand; None where they stand at several, or before `least`."""
        reached = {self._position(ledger).sequence for ledger in ledgers}
        return reached.pop() if len(reached) == 1 and min(reached) >= least else None

    def check(self, ledgers: Sequence[Ledger], least: int) -> None:
        """Raises QuestionError where one lacks an event that is to be counted."""
        for ledger in ledgers:
            if (missing := least - self._position(ledger).sequence) > 0:
                raise QuestionError(
                    f"{ledger.title}还差 {missing} 条事件，现在出表会漏计：请稍后再试。The ledger lags behind."
                )

    def _position(self, ledger: Ledger) -> Position:
        position = positions.current(self._positions, ledger.name)
        if position is None or position.version != ledger.version:
            reason = f"{ledger.title}还没有建好：请先运行 bihuan up，或稍后再试。The ledger is not built yet."
            raise QuestionError(reason)
        if position.stopped_at is not None:
            raise QuestionError(
                f"{ledger.title}停在第 {position.stopped_at} 号事件（{position.stopped_why}），出表会漏计："
                "用 bihuan ledger status 查看。The ledger has stopped."
            )
        return position


@contextmanager
def reading(database: Database) -> Iterator[Tables]:
    """Raises DatabaseTrouble."""
    with database.reading() as connection:
        yield Tables(database, connection)
