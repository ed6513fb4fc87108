from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import from_json, to_json
from runner_props import SITE, body, golden

from contracts.envelope import Unreadable, decode
from contracts.events import EVENTS
from services.journal.library import Notification
from services.projection.entries import Entry, UnapplicableError, entries

OWN = "320623104-00000000-0000-0000-0000-000000000064"
NAMES = st.sampled_from(sorted(EVENTS))
DAYS = st.dates().map(str)
MOMENTS = st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat())
LEAVES = st.one_of(
    st.text(max_size=30),
    DAYS,
    MOMENTS,
    st.integers(),
    st.booleans(),
    st.none(),
    st.lists(st.text(max_size=3), max_size=2),
)


def entry(wire_name: str, stored: bytes) -> Entry:
    """As it comes out of the stream."""
    return Entry(1, "hazard", OWN, 1, wire_name, stored, SITE)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401 (JSON)
    """Where something stands that is no object and no list."""
    if isinstance(value, dict):
        return [one for key, inner in value.items() for one in leaves(inner, (*path, key))]
    if isinstance(value, list):
        return [one for key, inner in enumerate(value) for one in leaves(inner, (*path, key))]
    return [path]


@pytest.mark.parametrize("wire_name", sorted(EVENTS))
def test_what_the_service_stores_is_read_the_fast_way(wire_name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And says the same as read with every check."""
    stored = body(golden(wire_name), OWN, 1)
    careful = decode(stored).event
    monkeypatch.setattr(Entry, "_carefully", None)
    read = entry(wire_name, stored).event
    assert (type(read), read) == (type(careful), careful)
    assert body(read, OWN, 1) == stored


@given(wire_name=NAMES, data=st.data())
def test_whatever_was_stored_both_ways_of_reading_agree(wire_name: str, data: st.DataObject) -> None:
    """A body with other values in it: if the service could have stored it, it is the same event."""
    stored = from_json(body(golden(wire_name), OWN, 1))
    places = leaves(stored["data"], ("data",))
    for *steps, last in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=4, unique=True)):
        inner: Any = stored
        for step in steps:
            inner = inner[step]
        inner[last] = data.draw(LEAVES)
    careful = decode(to_json(stored)).event
    if isinstance(careful, Unreadable):
        return
    again = body(careful, OWN, 1)
    read = entry(wire_name, again).event
    assert (type(read), read) == (type(careful), careful)
    assert body(read, OWN, 1) == again


@given(wire_name=NAMES, data=st.data())
def test_a_damaged_body_is_an_event_or_a_reason(wire_name: str, data: st.DataObject) -> None:
    """Any bytes anywhere in it: nothing else ever rises, and the ledger that reads it can stop with a sentence."""
    stored = body(golden(wire_name), OWN, 1)
    start = data.draw(st.integers(0, len(stored)))
    damaged = stored[:start] + data.draw(st.binary(max_size=6)) + stored[start + data.draw(st.integers(0, 6)) :]
    told = said(entry(wire_name, damaged))
    assert told
    assert isinstance(told, str | EVENTS[wire_name])


def said(found: Entry) -> object:
    """The event, or why it cannot be entered."""
    try:
        return found.event
    except UnapplicableError as wrong:
        return wrong.reason


@given(st.text(alphabet="ab01.-*", max_size=40))
def test_any_subject_has_a_place(tail: str) -> None:
    """The stream takes whatever begins with its root; a message that is nobody's is no accident of the reader."""
    [found] = entries([Notification(f"events.{tail}", 1, "", b"", 1)], SITE)
    assert found.sequence == 1


def test_a_body_at_another_hazards_place_is_damaged() -> None:
    """Sound as it is, it was not stored by the service there."""
    stored = body(golden("hazard.closed"), OWN, 1)
    with pytest.raises(UnapplicableError, match="its place says otherwise"):
        _ = Entry(1, "hazard", OWN[:-1] + "5", 1, "hazard.closed", stored, SITE).event
