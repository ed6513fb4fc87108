"""A ledger altered by hand is found out, row by row, on both databases."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from nats.aio.client import Client
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from services.journal.events import EventStore
from services.projection import comparing
from services.projection.asking import QuestionError
from services.projection.comparing import Difference, Differences
from services.projection.database import Database
from services.projection.ledger import Ledger
from services.projection.ledgers import hazards
from services.projection.soundness import AlteredLedger
from services.projection.verifying import verify
from tests.lives import store as keep
from tests.projection.folding import SITE
from tests.projection.lives_props import fill, lives, lives_store, opened_writer
from tests.projection.runner_props import DIARY, TALLY, raised
from tests.servers import Stream

TOLD = lives(hazards=30)
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ROWS, TOWNS, DAYS = (f"ledger_{one.name}_1" for one in (hazards.LEDGER, TALLY, DIARY))


@dataclass
class Place:
    """Events and ledgers that agree."""

    store: EventStore
    database: Database

    def alter(self, statement: str, **values: object) -> None:
        """What somebody with a database tool could do."""
        with self.database.writing() as connection:
            assert connection.execute(text(statement), values).rowcount > 0

    async def verify(self, ledger: Ledger = hazards.LEDGER) -> Differences:
        """Against the events."""
        return await verify(self.store, self.database, ledger, SITE)


@pytest.fixture
async def place(nc: Client, stream: Stream, database_url: str) -> AsyncIterator[Place]:
    """Thirty lives, three ledgers."""
    events = lives_store(nc, stream)
    await keep(events, TOLD)
    with opened_writer(database_url) as writer:
        await fill(writer, [hazards.LEDGER, TALLY, DIARY], TOLD)
        yield Place(events, writer.database)


FIRST = min(each.aggregate_id for each in TOLD)


async def test_a_sound_ledger(place: Place) -> None:
    """Rows, keys of counts and side tables agree."""
    for ledger in (hazards.LEDGER, TALLY, DIARY):
        found = await place.verify(ledger)
        assert (found.counted, found.missing, found.extra, found.different) == (0, [], [], [])
        assert found.rows >= (3 if ledger is TALLY else 30)
        assert found.sequence == len(TOLD)
    assert (await place.verify(DIARY)).rows == 30 + len(TOLD)


@pytest.mark.parametrize(
    ("change", "columns"),
    [
        ("c_place = 'elsewhere'", ("place",)),
        ("c_place = NULL, c_grade = 'x'", ("place", "grade")),
        ("born = born + 1", ("_born",)),
        ("sequence = 0", ("_sequence",)),
        ("page = 'x'", ("_page",)),
        ("shown = NOT shown", ("_shown",)),
        ('state = \'{"stage": "closed"}\'', ("_state",)),
        ("state = 'no json'", ("_state",)),
    ],
)
async def test_an_altered_row_is_named_with_its_columns(place: Place, change: str, columns: tuple[str, ...]) -> None:
    """Whatever was altered; what nobody sees too."""
    place.alter(f"UPDATE {ROWS} SET {change} WHERE key = :key", key=FIRST)  # noqa: S608
    found = await place.verify()
    assert found.counted == len(found.different) == 1
    [one] = found.different
    assert (one.key, set(one.columns)) == (FIRST, set(columns))


async def test_a_cell_of_another_event_is_named(place: Place) -> None:
    """A trace would lead astray; and a list that is none makes every cell doubtful."""
    with place.database.reading() as connection:
        cells = connection.execute(text(f"SELECT cells FROM {ROWS} WHERE key = :key"), {"key": FIRST}).scalar_one()  # noqa: S608
    first, *rest = cells[1:-1].split(",")
    assert int(first) > 0
    place.alter(f"UPDATE {ROWS} SET cells = :to WHERE key = :key", key=FIRST, to=f"[{int(first) + 1},{','.join(rest)}]")  # noqa: S608
    assert (await place.verify()).different == [Difference(FIRST, ("number",))]
    place.alter(f"UPDATE {ROWS} SET cells = :to WHERE key = :key", key=FIRST, to="[1]")  # noqa: S608
    [one] = (await place.verify()).different
    assert len(one.columns) == len(hazards.LEDGER.columns)


async def test_missing_and_extra_rows_are_named(place: Place) -> None:
    """At the beginning, in the middle and at the end of the order of keys."""
    place.alter(f"UPDATE {ROWS} SET key = 'zzz' WHERE key = :key", key=FIRST)  # noqa: S608
    found = await place.verify()
    assert (found.counted, found.missing, found.extra) == (2, [Difference(FIRST)], [Difference("zzz")])
    place.alter(f"UPDATE {ROWS} SET key = '000' WHERE key = 'zzz'")  # noqa: S608
    assert (await place.verify()).extra == [Difference("000")]
    place.alter(f"DELETE FROM {ROWS}")  # noqa: S608
    found = await place.verify()
    assert found.counted == len(found.missing) == found.rows == len({each.aggregate_id for each in TOLD})


async def test_members_and_side_tables_count_too(place: Place) -> None:
    """A key that was put into a count, a line that was altered beside a ledger."""
    first = f"(SELECT min(sequence) FROM {TOWNS}_members)"  # noqa: S608
    place.alter(f"UPDATE {TOWNS}_members SET member = 'intruder' WHERE sequence = {first}")  # noqa: S608
    found = await place.verify(TALLY)
    assert [(len(found.missing), len(found.extra)), found.extra[0].beside] == [(1, 1), "members"]
    assert found.extra[0].key.endswith(" open intruder")
    place.alter(f"UPDATE {DAYS}_lines SET type = 'x' WHERE sequence = 5")  # noqa: S608
    assert (await place.verify(DIARY)).different == [Difference("5", ("type",), "lines")]


async def test_many_differences_are_counted_and_some_told(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table altered as a whole does not fill the memory."""
    monkeypatch.setattr(comparing, "NAMED", 3)
    place.alter(f"UPDATE {ROWS} SET c_place = 'x'")  # noqa: S608
    found = await place.verify()
    assert (found.counted, len(found.different)) == (found.rows, 3)


async def test_a_table_without_its_columns_is_a_sentence(place: Place) -> None:
    """It says how to mend it."""
    with place.database.writing() as connection:
        connection.execute(text(f"ALTER TABLE {ROWS} DROP COLUMN c_place"))
    with pytest.raises(AlteredLedger, match=r"缺少列 c_place.*bihuan ledger rebuild hazards"):
        await place.verify()


async def test_a_column_added_by_hand_is_named(place: Place) -> None:
    """Also beside the ledger's own rows."""
    for table in (DAYS, f"{DAYS}_lines"):
        with place.database.writing() as connection:
            connection.execute(text(f"ALTER TABLE {table} ADD COLUMN note TEXT"))
    found = await place.verify(DIARY)
    assert found.extra == [Difference(DAYS, ("note",)), Difference(f"{DAYS}_lines", ("note",))]
    assert found.counted == 2


async def test_a_place_past_the_end_of_the_stream_is_a_sentence(place: Place) -> None:
    """Nobody waits for events that were never told."""
    place.alter("UPDATE bihuan_ledgers SET sequence = 99999 WHERE name = 'hazards'")
    with pytest.raises(AlteredLedger, match=r"99999.*bihuan ledger rebuild hazards"):
        await place.verify()


@SQLITE
async def test_a_row_that_vanished_by_a_value_that_no_program_writes(place: Place) -> None:
    """Neither 0 nor 1: no reader finds the row, and a new table takes no such value."""
    alter = f"UPDATE {ROWS} SET shown = 7 WHERE key = :key"  # noqa: S608
    with pytest.raises(IntegrityError, match="CHECK"):
        place.alter(alter, key=FIRST)
    with place.database.writing() as connection:
        connection.execute(text("PRAGMA ignore_check_constraints = 1"))
        connection.execute(text(alter), {"key": FIRST})
    assert (await place.verify()).different == [Difference(FIRST, ("_shown",))]


@SQLITE
@pytest.mark.parametrize("value", ["x'00ff'", "''", "'􏿿'"])
async def test_a_key_of_another_sort_is_named(place: Place, value: str) -> None:
    """Bytes where texts stand: one row too many, and one that is missing."""
    place.alter(f"UPDATE {ROWS} SET key = {value} WHERE key = :key", key=FIRST)  # noqa: S608
    found = await place.verify()
    assert (found.counted, len(found.extra), found.missing) == (2, 1, [Difference(FIRST)])


@SQLITE
@pytest.mark.parametrize(
    ("change", "column"),
    [("state = x'00ff'", "_state"), ("c_place = x'00ff'", "place"), ("page = x'00'", "_page"), ("born = 'x'", "_born")],
)
async def test_a_value_of_another_sort_is_named(place: Place, change: str, column: str) -> None:
    """SQLite keeps whatever somebody writes into it."""
    place.alter(f"UPDATE {ROWS} SET {change} WHERE key = :key", key=FIRST)  # noqa: S608
    assert (await place.verify()).different == [Difference(FIRST, (column,))]


async def test_older_rules_are_no_fault(place: Place) -> None:
    """Such a ledger is to be rebuilt, not to be verified by other rules."""
    with pytest.raises(QuestionError, match="旧版规则"):
        await place.verify(raised(hazards.LEDGER))
