"""Ledgers as readers see them, on both databases."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, text

from contracts.events import RectificationPlanned
from services.projection import generations, positions, queries
from services.projection.asking import QuestionError, column, condition
from services.projection.database import Database
from services.projection.ledger import Column
from services.projection.ledgers import hazards
from services.projection.pages import Book, Row
from services.projection.positions import Position
from services.projection.queries import View, opened, record
from services.projection.shelf import Shelf
from services.projection.soundness import AlteredLedger
from tests.projection.folding import SITE
from tests.projection.lives_props import fill, lives, opened_writer
from tests.projection.runner_props import TALLY, raised

LEDGER = hazards.LEDGER
TOLD = [
    told._replace(event=told.event.model_copy(update={"funds": Decimal(place % 20) * 500}))
    if isinstance(told.event, RectificationPlanned)
    else told
    for place, told in enumerate(lives())
]
Truth = Callable[[Row], bool]


@pytest.fixture
async def filled(database_url: str) -> AsyncIterator[Database]:
    """All lives in two ledgers."""
    with opened_writer(database_url) as writer:
        await fill(writer, [LEDGER, TALLY], TOLD)
        yield writer.database


def keys(view: View, *said: str, **part: Any) -> list[str]:  # noqa: ANN401 (of rows)
    """Of the lines for which all of these hold."""
    where = [condition(view.ledger, one, SITE) for one in said]
    found = [row.key for row in view.rows(where, **part)]
    if not part:
        assert view.count(where) == len(found)
    return found


def amount(row: Row) -> int:
    """In fen; nothing is below everything."""
    return row.get("funds") if row.get("funds") is not None else -1


@pytest.mark.parametrize(
    ("said", "truth"),
    [
        ("等级=重大事故隐患", lambda row: row.get("grade") == "重大事故隐患"),
        ("grade!=重大事故隐患", lambda row: row.get("grade") != "重大事故隐患"),
        ("grade=", lambda row: row.get("grade") is None),
        ("等级!=", lambda row: row.get("grade") is not None),
        ("stage~整改", lambda row: "整改" in (row.get("stage") or "")),
        ("编号~32062", lambda row: "32062" in (row.get("number") or "")),
        ("stage~%", lambda _: False),
        ("资金（元）>5000", lambda row: amount(row) > 500_000),
        ("funds<=5000.00", lambda row: 0 <= amount(row) <= 500_000),
        ("funds!=5000", lambda row: amount(row) != 500_000),
        ("重新立项（次）>=1", lambda row: (row.get("reopened") or 0) >= 1),
        ("found_at=2024-04", lambda row: (row.get("found_at") or "").startswith("2024-04")),
        ("found_at!=2024-04", lambda row: not (row.get("found_at") or "").startswith("2024-04")),
        ("发现时间>=2024-04-15", lambda row: (row.get("found_at") or "") >= "2024-04-15"),
        ("发现时间<=2024-04-15", lambda row: "2" <= (row.get("found_at") or "") < "2024-04-16"),
        ("found_at>2024-04-15", lambda row: (row.get("found_at") or "") >= "2024-04-16"),
        ("found_at<2024-04-15", lambda row: "2" <= (row.get("found_at") or "") < "2024-04-15"),
        ("整改时限<2024-06", lambda row: "2" <= (row.get("due") or "") < "2024-06"),
    ],
)
async def test_conditions_by_kind(filled: Database, said: str, truth: Truth) -> None:
    """Texts, numbers, yuan, days; a month is all of it, the empty is told apart."""
    with opened(filled, LEDGER) as view:
        everything = list(view.rows())
        expected = [row.key for row in everything if truth(row)]
        assert keys(view, said) == expected
        if said != "stage~%":
            assert 0 < len(expected) < len(everything), "the condition tells nothing apart"


async def test_conditions_are_all_to_hold(filled: Database) -> None:
    """Each narrows the others."""
    with opened(filled, LEDGER) as view:
        both = keys(view, "等级=重大事故隐患", "found_at>=2024-05")
        assert both == [key for key in keys(view, "等级=重大事故隐患") if key in keys(view, "found_at>=2024-05")]
        assert both


async def test_a_moment_in_another_zone(filled: Database) -> None:
    """It is the same instant."""
    with opened(filled, LEDGER) as view:
        there = next(row.get("found_at") for row in view.rows())
        assert there.endswith("+08:00")
        utc = condition(LEDGER, f"found_at={there}", SITE)
        assert condition(LEDGER, f"found_at={_in_utc(there)}", SITE) == utc
        assert view.count([utc]) >= 1


def _in_utc(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(UTC).isoformat()


async def test_every_page_and_every_line_once(filled: Database) -> None:
    """By the key of the last line, or by number: the same lines in the same order."""
    with opened(filled, LEDGER) as view:
        everything = [row.key for row in view.rows()]
        assert len(everything) == view.count() > 50
        paged, after = [], None
        while part := [row.key for row in view.rows(limit=7, after=after)]:
            paged += part
            after = part[-1]
        assert paged == everything
        assert [key for n in range(1, 30) for key in keys(view, limit=7, page=n)] == everything
        major = keys(view, "等级=重大事故隐患")
        assert keys(view, "等级=重大事故隐患", limit=5, page=2) == major[5:10]
        assert keys(view, "等级=重大事故隐患", limit=5, after=major[4]) == major[5:10]
        born = [row.born for row in view.rows()]
        assert born == sorted(born)
        with pytest.raises(QuestionError, match="不是隐患台账的行"):
            list(view.rows(after="nowhere"))


async def test_a_row_is_found_as_people_name_it(filled: Database) -> None:
    """By its key, its short number in any case, how it begins; a wrong check character finds nothing."""
    with opened(filled, LEDGER) as view:
        row = next(view.rows())
        number = row.get("number")
        for said in (row.key, number, number.lower(), number[:-2], row.key[:20], f" {row.key} "):
            assert view.find(said) == [row.key]
        wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
        assert view.find(wrong) == view.find("") == view.find("zzz") == []
        assert len(view.find(row.key[:4])) == 10


async def test_a_line_for_programs(filled: Database) -> None:
    """Money in yuan, each cell with its event, a count with its keys."""
    with opened(filled, LEDGER) as view:
        row = next(row for row in view.rows() if row.get("funds"))
        told = record(row, LEDGER)
        assert told["funds"] == f"{row.get('funds') / 100:.2f}"
        assert told.keys() == {*LEDGER.by_key, "_key", "_sequence", "_cells"}
        assert {name for name in LEDGER.by_key if told[name] is not None} <= told["_cells"].keys()
    with opened(filled, TALLY) as view:
        row = next(row for row in view.rows() if row.get("open"))
        members = view.members([row.key])[row.key]
        told = record(row, TALLY, members)
        assert len(told["_keys"]["open"]) == len(set(told["_keys"]["open"])) == told["open"]


async def test_readers_keep_the_older_version_until_the_next_is_there(filled: Database) -> None:
    """Its own columns, also one that the next version has no more."""
    newer = raised(replace(LEDGER, columns=(Column("fresh", "新栏"), *LEDGER.columns[2:])))
    with opened(filled, LEDGER) as view:
        before = [record(row, view.ledger) for row in view.rows()]
    with opened(filled, newer) as view:
        assert view.position.version == LEDGER.version
        assert [record(row, view.ledger) for row in view.rows()] == before
        assert "fresh" not in view.ledger.by_key


def test_a_ledger_that_was_never_built(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A sentence, no empty table."""
    with (
        opened_writer(f"sqlite:///{tmp_path_factory.mktemp('none') / 'l.sqlite'}") as writer,
        pytest.raises(QuestionError, match="还没有建好"),
        opened(writer.database, LEDGER),
    ):
        pass


@pytest.mark.parametrize(
    ("said", "because"),
    [
        ("没有的列=1", "编号（number）"),
        ("=1", "没有“”这一列"),
        ("等级", "应形如"),
        ("", "应形如"),
        ("等级>", "缺少值"),
        ("资金（元）>很多", "应为元"),
        ("资金（元）=0.001", "应为元"),
        ("资金（元）=NaN", "应为元"),
        ("资金（元）=1e999999999", "应为元"),
        ("资金（元）~5", "不能用"),
        ("重新立项（次）=1.5", "应为整数"),
        ("due=5月1日", "应形如 2026"),
        ("due=2026-13", "应形如 2026"),
        ("found_at=2026-05-01T08:30:00", "应形如 2026"),
        ("place=\x00", "不可见"),
    ],
)
def test_a_condition_that_makes_no_sense(said: str, because: str) -> None:
    """Says what would: the columns that there are, or what a value looks like."""
    with pytest.raises(QuestionError, match=because):
        condition(LEDGER, said, SITE)


def test_columns_go_by_key_or_title() -> None:
    """Blanks around do not matter."""
    assert column(LEDGER, " 整改时限 ") == column(LEDGER, "due")


@pytest.mark.parametrize("ties", [1, 2, 3, 500])
def test_a_page_by_number_is_that_part_of_all_lines(
    database_url: str, monkeypatch: pytest.MonkeyPatch, ties: int
) -> None:
    """However many lines one event began, and also past the last."""
    monkeypatch.setattr(queries, "TIES", ties)
    database = Database(database_url)
    database.open()
    with database.writing() as connection:
        position = generations.begin(database, hazards.LEDGER, connection)
        book = Book(lambda _: {}, 0)
        for number in range(40):
            key, born = f"row-{97 - number}", number // 7 + 1
            book.changed[key] = Row(key, key, born, born, shown=number % 5 > 0)
        Shelf(database, hazards.LEDGER, position.generation).save(connection, book)
        positions.switch(connection, position)
    with opened(database, hazards.LEDGER) as view:
        every = [row.key for row in view.rows()]
        assert len(every) == 32
        for limit in (1, 3, 10, 40):
            pages = [[row.key for row in view.rows(limit=limit, page=page)] for page in range(1, 36)]
            assert [key for page in pages for key in page] == every[: 35 * limit]
    database.close()


def test_a_reader_meets_a_switch(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever read where a ledger stands just before it was replaced is given the one in its place."""
    database = Database(database_url)
    database.open()
    with database.writing() as connection:
        positions.switch(connection, generations.begin(database, hazards.LEDGER, connection))
    read, switched = positions.positions, list[bool]()

    def then_switched(connection: Connection, *, lock: bool = False) -> dict[positions.Key, Position]:
        found = read(connection, lock=lock)
        if not switched:
            switched.append(True)
            with database.writing() as other:
                before = positions.switch(other, generations.begin(database, hazards.LEDGER, other))
                assert before is not None
                Shelf(database, hazards.LEDGER, before.generation).drop(other)
        return found

    monkeypatch.setattr("services.projection.queries.positions.positions", then_switched)
    with opened(database, hazards.LEDGER) as view:
        assert list(view.rows()) == []
        assert view.position.generation == (1 if database.is_sqlite else 2)
    database.close()


@pytest.mark.parametrize(
    ("statement", "because"),
    [
        ("DROP TABLE ledger_hazards_1", "表 ledger_hazards_1 不在了"),
        ("DROP TABLE ledger_hazards_1_members", "表 ledger_hazards_1_members 不在了"),
        ("ALTER TABLE ledger_hazards_1 DROP COLUMN c_place", "缺少列 c_place"),
        ("ALTER TABLE ledger_hazards_1 DROP COLUMN cells", "缺少列 cells"),
        ("UPDATE ledger_hazards_1 SET cells = 'x'", "这一行"),
        ("UPDATE ledger_hazards_1 SET cells = '[1]'", "这一行"),
        ("UPDATE ledger_hazards_1 SET cells = replace(cells, '[', '[{}')", "这一行"),
        ("UPDATE ledger_hazards_1 SET state = '{'", "这一行"),
        ("UPDATE ledger_hazards_1 SET cells = '[' || '\"x\"' || substr(cells, instr(cells, ','))", "编号"),
        ("UPDATE ledger_hazards_1 SET c_place = x'00ff'", "“地点”不成样子"),
        ("UPDATE ledger_hazards_1 SET c_funds = 'x'", "“资金（元）”不成样子"),
    ],
)
def test_an_altered_ledger_is_a_sentence(sqlite_url: str, statement: str, because: str) -> None:
    """With its name, what is wrong, and what to do; no other ledger suffers."""
    with opened_writer(sqlite_url) as writer:
        asyncio.run(fill(writer, [LEDGER, TALLY], TOLD[:50]))
        with writer.database.writing() as connection:
            connection.execute(text(statement))
        with (
            pytest.raises(AlteredLedger, match=f"隐患台账（hazards）.*{because}.*bihuan ledger rebuild hazards"),
            opened(writer.database, LEDGER) as view,
        ):
            list(view.rows())
        with opened(writer.database, TALLY) as view:
            assert list(view.rows())


async def test_the_keys_of_a_count_have_one_order(filled: Database) -> None:
    """By the event that counted them in, then by their characters, whatever the database's language."""
    many = ["b", "B", "a-1", "a1", "_"]
    with filled.writing() as connection:
        connection.execute(text("DELETE FROM ledger_tally_1_members"))
        for member in many:
            values = {"member": member, "sequence": 9 if member == "b" else 10}
            said = """INSERT INTO ledger_tally_1_members VALUES ('x', 'open', :member, :sequence)"""
            connection.execute(text(said), values)
    with opened(filled, TALLY) as view:
        assert list(view.members(["x"])["x"]["open"]) == ["b", "B", "_", "a-1", "a1"]
