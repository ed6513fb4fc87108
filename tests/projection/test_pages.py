from hypothesis import given
from hypothesis import strategies as st
from runner_props import ALL, DIARY, SITE, TALLY, fresh, tables, told

from services.journal.library import Notification
from services.projection import positions
from services.projection.entries import Entry, entries
from services.projection.generations import begin
from services.projection.ledger import Ledger
from services.projection.pages import Row
from services.projection.volume import Volume

HISTORY = entries(
    [
        Notification(one.originator_id, one.originator_version, one.topic, one.state, number)
        for number, one in enumerate(told("events"), 1)
    ],
    SITE,
)


def entered(ledger: Ledger, cuts: list[int], pages: int) -> object:
    """The tables after the history in parts of these sizes, so many pages being kept from one to the next."""
    with fresh("sqlite://", throwaway=True) as writer:
        database, start = writer.database, 0
        database.open()
        with database.writing() as connection:
            volume = Volume(database, ledger, begin(database, ledger, connection), pages=pages)
        for size in [*cuts, len(HISTORY)]:
            with database.writing() as connection:
                volume.enter(connection, HISTORY[start : start + size])
                positions.advance(connection, [volume.position])
            start += size
        return tables(database, [ledger], positions.BUILDING)


WHOLE = {ledger.name: entered(ledger, [], 1000) for ledger in ALL}


@given(st.sampled_from(ALL), st.lists(st.integers(1, 60), max_size=6), st.integers(0, 3))
def test_however_the_history_is_cut_the_tables_are_the_same(ledger: Ledger, cuts: list[int], pages: int) -> None:
    """A page that was put away and read again is the page that it was."""
    assert entered(ledger, cuts, pages) == WHOLE[ledger.name]


def entry(sequence: int) -> Entry:
    """Some event with that place."""
    return Entry(sequence, "hazard", "320623104-1", 1, "hazard.found", b"", SITE)


def test_a_cell_remembers_the_event_that_set_it_last() -> None:
    """Also that it was emptied; what was never said has none."""
    row = Row("a", "a", 1)
    row.set(entry(1), due="2026-05-01", place=None)
    row.set(entry(2), due=None)
    assert (row.get("due"), row.cells, row.sequence) == (None, {"due": 2}, 2)


def test_a_count_is_as_many_as_its_members() -> None:
    """In the database, of every row that counts."""
    found = WHOLE[TALLY.name]["tally"]  # type: ignore[index]
    for row in found["rows"]:
        members = [one for one in found["members"] if one[:2] == (row["key"], "open")]
        assert len(members) == (row["c_open"] or 0)
    assert found["members"]


def test_every_event_has_its_line() -> None:
    """Of those that the diary reads."""
    found = WHOLE[DIARY.name]["diary"]  # type: ignore[index]
    assert [line[0] for line in found["lines"]] == [one.sequence for one in HISTORY]
