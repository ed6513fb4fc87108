import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import events
from contracts.envelope import Envelope, Unreadable, decode, encode, read
from contracts.events import EVENTS
from contracts.upcasts import UPCASTS, upcast

GOLDEN = Path(__file__).parent / "golden"
BODIES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(GOLDEN.glob("*.json"))}
FOUND = BODIES["hazard.found"]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
texts = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "So"]), min_size=1, max_size=40)
moments = st.datetimes(
    datetime(1950, 1, 1),  # noqa: DTZ001  (the strategy adds the zone)
    datetime(2199, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-3, minutes=-30))]),
)


def as_bytes(value: object) -> bytes:
    """A body as it might lie in the stream."""
    return json.dumps(value, ensure_ascii=False).encode()


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a JSON value, by its path."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(one for key, held in inner for one in places(held, (*path, key)))]


def put(value: Any, path: tuple[str | int, ...], new: object) -> object:  # noqa: ANN401  (any JSON value)
    """A copy with something else at that place."""
    if not path:
        return new
    copy = json.loads(json.dumps(value))
    inner = copy
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = new
    return copy


@st.composite
def envelopes(draw: st.DrawFn) -> Envelope:
    """Any event, with any of its optional fields left out, any words and any times."""
    body = draw(st.sampled_from(list(BODIES.values())))
    kind = EVENTS[body["type"]]
    optional = [name for name, field in kind.model_fields.items() if not field.is_required() and name in body["data"]]
    gone = draw(st.sets(st.sampled_from(optional)))
    data = {name: value for name, value in body["data"].items() if name not in gone}
    data |= {"occurred_at": draw(moments).isoformat(), "recorded_at": draw(moments).isoformat()}
    data["actor"] = data["actor"] | {"name": draw(texts)}
    data |= {name: draw(texts) for name in ("reasons", "description", "statement", "scope") if name in data}
    event = read(kind.type, kind.schema_version, data)
    assert not isinstance(event, Unreadable), event.detail
    return replace(
        decode(as_bytes(body)),
        event=event,
        version=draw(st.integers(1, 10_000)),
        correlation_id=draw(st.none() | texts_id),
    )


texts_id = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_:-]{0,20}", fullmatch=True).filter(str.isascii)


@given(envelope=envelopes())
def test_what_is_written_is_read_again(envelope: Envelope) -> None:
    """Any event, whatever of it is left out, and the envelope around it."""
    assert decode(encode(envelope)) == envelope


@given(envelope=envelopes())
def test_writing_twice_gives_the_same_bytes(envelope: Envelope) -> None:
    """The chain hashes bytes: the same event must not have two forms."""
    assert encode(decode(encode(envelope))) == encode(envelope)


@given(body=st.binary(max_size=300))
def test_no_bytes_stop_a_reader(body: bytes) -> None:
    """A history can always be folded and shown: what is no event reads as damaged."""
    read = decode(body)
    assert isinstance(read.event, Unreadable)
    assert read.event.why == "damaged"


@given(name=st.sampled_from(sorted(BODIES)), data=st.data(), new=json_values)
def test_no_damage_to_an_event_stops_a_reader(name: str, data: st.DataObject, new: object) -> None:
    """Any place of any body replaced by anything: an event or Unreadable, never an exception."""
    path = data.draw(st.sampled_from(places(BODIES[name])))
    event = decode(as_bytes(put(BODIES[name], path, new))).event if _sayable(new) else None
    assert event is None or isinstance(event, Unreadable | events.Event)


@given(
    name=st.sampled_from(sorted(BODIES)), cut=st.integers(0, 2_000), flip=st.integers(0, 2_000), bit=st.integers(0, 7)
)
def test_no_torn_or_flipped_body_stops_a_reader(name: str, cut: int, flip: int, bit: int) -> None:
    """A disk that lies, a message cut short."""
    body = bytearray(as_bytes(BODIES[name]))
    body[flip % len(body)] ^= 1 << bit
    assert isinstance(decode(bytes(body)).event, Unreadable | events.Event)
    assert isinstance(decode(bytes(body)[:cut]).event, Unreadable | events.Event)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"data":' * 100_000,
        b'{"id": ' + b"9" * 5_000 + b"}",
        b'{"id": ' + b"9" * 4_299 + b', "version": ' + b"9" * 4_299 + b"}",
        b'{"version": true}',
        b'{"version": 1e400}',
        b'{"id": "\\ud800"}',
        b'{"id": NaN, "data": Infinity}',
        b'{"id": ["x"], "type": {}}',
    ],
    ids=["lists", "objects", "digits", "most digits", "bool", "float", "surrogate", "nan", "kinds"],
)
def test_a_hostile_body_is_damaged_and_nothing_worse(body: bytes) -> None:
    """Nesting and numbers without end, half characters, other kinds."""
    assert isinstance(decode(body).event, Unreadable)


@pytest.mark.parametrize("name", BODIES)
def test_a_reader_survives_our_additions(name: str) -> None:
    """Fields that a newer writer adds are ignored, at every depth."""
    body = json.loads(json.dumps(BODIES[name]))
    for path in places(body):
        inner: Any = body
        for key in path:
            inner = inner[key]
        if isinstance(inner, dict):
            inner["added_next_year"] = {"mood": "calm"}
    assert decode(as_bytes(body)) == decode(as_bytes(BODIES[name]))


def test_an_event_of_a_newer_schema_says_so() -> None:
    """It is not damaged: a newer program wrote it, and commands on it are refused as newer_schema."""
    newer = decode(as_bytes(FOUND | {"schema_version": 3}))
    assert newer.event == Unreadable("newer_schema", "hazard.found 3")
    assert (newer.aggregate_id, newer.version) == (FOUND["aggregate_id"], 1)


def test_an_event_of_an_unknown_type_says_so() -> None:
    """As above: this program has never heard of it."""
    assert decode(as_bytes(FOUND | {"type": "hazard.dreamt"})).event == Unreadable("newer_schema", "hazard.dreamt 2")


def test_a_damaged_event_keeps_what_can_be_read_of_its_envelope() -> None:
    """Who looks for it learns which hazard and which version."""
    damaged = decode(as_bytes(FOUND | {"previous_hash": "torn"}))
    assert isinstance(damaged.event, Unreadable)
    assert damaged.event.why == "damaged"
    assert "previous_hash" in damaged.event.detail
    assert (damaged.aggregate_id, damaged.version) == (FOUND["aggregate_id"], 1)


def test_an_event_whose_words_are_damaged_is_damaged() -> None:
    """The envelope is whole, what it holds is not."""
    damaged = decode(as_bytes(FOUND | {"data": FOUND["data"] | {"area": "moon"}}))
    assert isinstance(damaged.event, Unreadable)
    assert damaged.event.why == "damaged"
    assert damaged.type == "hazard.found"


def test_what_could_not_be_read_is_never_written() -> None:
    """Writing it again would make an event of a fault."""
    with pytest.raises(TypeError, match="unreadable"):
        encode(decode(b"{}"))


def test_an_absent_field_is_not_written() -> None:
    """Fields that say nothing take no room for ever."""
    assert b"null" not in encode(decode(as_bytes(FOUND)))


def test_an_upcast_step_that_is_missing_is_no_exception_to_a_reader() -> None:
    """A schema version that never was reads as damaged."""
    assert isinstance(read("hazard.found", 0, {}), Unreadable)
    with pytest.raises(KeyError):
        upcast("hazard.graded", 1, {}, 2)


@pytest.mark.parametrize(
    "step",
    [
        lambda body: body["founder"],
        lambda body: body["found_by"]["name"],
        lambda body: body["found_by"].pop(),
        lambda body: body["found_by"][9],
    ],
    ids=["KeyError", "TypeError", "AttributeError", "IndexError"],
)
def test_an_upcast_that_stumbles_over_a_damaged_body_stops_no_reader(
    monkeypatch: pytest.MonkeyPatch, step: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    """A step is written for whole bodies; whatever it raises on another one, the history can still be shown."""
    monkeypatch.setitem(UPCASTS, ("hazard.found", 1), step)
    stumbled = read("hazard.found", 1, {"found_by": "海岚县"})
    assert isinstance(stumbled, Unreadable)
    assert stumbled.why == "damaged"


@pytest.mark.parametrize("found_by", ["", None])
def test_the_upcast_of_a_finding_without_a_body_has_no_bodies(found_by: str | None) -> None:
    """Version 1 left the field empty where an enterprise found it by itself."""
    assert upcast("hazard.found", 1, {"found_by": found_by}, 2) == {"found_by": []}
    assert upcast("hazard.found", 1, {}, 2) == {"found_by": []}


def test_an_upcast_leaves_what_it_was_given_alone() -> None:
    """The old body is shown beside the new one; it must not change under the reader."""
    old = {"found_by": "海岚县应急管理局"}
    upcast("hazard.found", 1, old, 2)
    assert old == {"found_by": "海岚县应急管理局"}


def _sayable(value: object) -> bool:
    try:
        as_bytes(value)
    except UnicodeEncodeError:  # half a character cannot even be sent
        return False
    return True
